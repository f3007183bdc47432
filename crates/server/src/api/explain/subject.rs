//! Whose total is explained.

use operations::ExplainSubject;

use crate::api::model::login_kind::LoginKind;
use crate::api::model::name::Name;
use crate::problem::Problem;
use crate::text::printable;

/// The subject that the parts of a query name together.
pub(super) fn named(
    router: Option<String>,
    (username, kind): (Option<Name>, Option<LoginKind>),
    subscriber: Option<String>,
    session: Option<u64>,
    cycle: Option<u32>,
) -> Result<ExplainSubject, Problem> {
    match (router, username, subscriber, session, cycle) {
        (Some(router), Some(Name(name)), None, None, None) => {
            let kind = kind.map(Into::into);
            Ok(ExplainSubject::Login { router, username: Some(name.into()), kind })
        }
        _ if kind.is_some() => {
            Err(Problem::bad_request("A kind goes with a username: it says which of its logins is meant."))
        }
        (Some(router), None, None, None, None) => {
            Ok(ExplainSubject::Login { router, username: None, kind: None })
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
        ExplainSubject::Login { router, username: Some(name), kind: None } => {
            format!("{} on {}", printable(name), place(router))
        }
        ExplainSubject::Login { router, username: Some(name), kind: Some(kind) } => {
            format!("{} ({}) on {}", printable(name), kind.as_str(), place(router))
        }
        ExplainSubject::Login { router, username: None, .. } => {
            format!("octets of nobody on {}", place(router))
        }
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
        let ana = || (Some(Name(b"ana"[..].into())), None);
        let on_hotspot = |name| (name, Some(LoginKind::Hotspot));
        let (nobody, text) = ((None, None), |one: &str| Some(one.to_owned()));
        assert!(named(text("tower"), ana(), None, None, None).is_ok());
        assert!(named(text("tower"), on_hotspot(ana().0), None, None, None).is_ok());
        assert!(named(text("tower"), nobody.clone(), None, Some(1), None).is_ok());
        assert!(named(None, nobody.clone(), text("ana"), None, None).is_ok());
        assert!(named(None, nobody.clone(), text("ana"), None, Some(2)).is_ok());
        assert!(named(None, nobody.clone(), None, None, None).is_err());
        assert!(named(None, ana(), None, None, None).is_err());
        assert!(named(text("tower"), on_hotspot(None), None, None, None).is_err());
        assert!(named(text("tower"), ana(), None, Some(1), None).is_err());
        assert!(named(text("tower"), nobody.clone(), text("ana"), None, None).is_err());
        assert!(named(text("tower"), nobody, None, None, Some(2)).is_err());
    }

    #[test]
    fn a_subject_that_hurts_is_escaped() {
        let name = Some(Name(b"\xe9"[..].into()));
        let subject = named(Some("t\u{1b}".into()), (name, None), None, None, None).unwrap();
        assert_eq!(words(&subject), "\\xe9 on t\\x1b");
    }
}
