//! Whose total is explained.

use operations::ExplainSubject;

use crate::api::model::name::Name;
use crate::problem::Problem;
use crate::text::printable;

/// The subject that the parts of a query name together.
pub(super) fn named(
    router: Option<String>,
    username: Option<Name>,
    subscriber: Option<String>,
    session: Option<u64>,
    cycle: Option<u32>,
) -> Result<ExplainSubject, Problem> {
    match (router, username, subscriber, session, cycle) {
        (Some(router), username, None, None, None) => {
            Ok(ExplainSubject::Login { router, username: username.map(|name| name.0.into()) })
        }
        (None, None, Some(subscriber), None, cycle) => Ok(ExplainSubject::Subscriber { subscriber, cycle }),
        (Some(router), None, None, Some(session), None) => Ok(ExplainSubject::Session { router, session }),
        _ => Err(Problem::bad_request(
            "Say whose total: router and username, or subscriber (and cycle), or router and session; router alone is for the \
             octets of nobody on it.",
        )),
    }
}

/// The subject for people.
pub(super) fn words(subject: &ExplainSubject) -> String {
    let place = |router: &String| printable(router.as_bytes());
    match subject {
        ExplainSubject::Login { router, username: Some(name) } => {
            format!("{} on {}", printable(name), place(router))
        }
        ExplainSubject::Login { router, username: None } => format!("octets of nobody on {}", place(router)),
        ExplainSubject::Session { router, session } => format!("session {session} on {}", place(router)),
        ExplainSubject::Subscriber { subscriber, cycle } => {
            let cycle = cycle.map_or_else(|| "open cycle".to_owned(), |no| format!("cycle {no}"));
            format!("subscriber {}, {cycle}", printable(subscriber.as_bytes()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subject_and_only_one_is_named() {
        let ana = || Some(Name(b"ana"[..].into()));
        let text = |one: &str| Some(one.to_owned());
        assert!(named(text("tower"), ana(), None, None, None).is_ok());
        assert!(named(text("tower"), None, None, Some(1), None).is_ok());
        assert!(named(None, None, text("ana"), None, None).is_ok());
        assert!(named(None, None, None, None, None).is_err());
        assert!(named(None, ana(), None, None, None).is_err());
        assert!(named(text("tower"), ana(), None, Some(1), None).is_err());
        assert!(named(text("tower"), None, text("ana"), None, None).is_err());
        assert!(named(None, None, text("ana"), None, Some(1)).is_ok());
        assert!(named(text("tower"), ana(), None, None, Some(1)).is_err());
    }

    #[test]
    fn a_subject_that_hurts_is_escaped() {
        let subject =
            named(Some("t\u{1b}".into()), Some(Name(b"\xe9"[..].into())), None, None, None).unwrap();
        assert_eq!(words(&subject), "\\xe9 on t\\x1b");
    }
}
