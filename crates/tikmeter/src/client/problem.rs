//! What a server refused, as one sentence.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::output::printable;

#[derive(Deserialize)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
}

/// The sentence for a bad answer with that status and body.
pub(super) fn sentence(status: StatusCode, body: &str) -> String {
    let problem = serde_json::from_str::<Problem>(body).ok();
    let said = problem.and_then(|problem| problem.detail.or(problem.title)).filter(|said| !said.is_empty());
    match said {
        Some(said) => printable(&said),
        None => format!(
            "the server answered {status} and no reason; is it a Tikmeter server? Its log may say more"
        ),
    }
}

/// The sentence for no answer at all.
pub(super) fn no_answer(error: &reqwest::Error, base: &reqwest::Url) -> String {
    let address = base.as_str().trim_end_matches('/');
    if error.is_connect() {
        format!(
            "nothing answers at {address}: is `tikmeter serve` running? Name another server by --url or TIKMETER_URL"
        )
    } else if error.is_timeout() {
        format!("the server at {address} did not answer in time; it may be busy, try again")
    } else {
        format!(
            "the connection to {address} broke ({}); whether the request was carried out is not known",
            reason(error)
        )
    }
}

/// The innermost cause says it best.
fn reason(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_is_the_sentence() {
        let body = r#"{"type":"about:blank","title":"Conflict","status":409,"detail":"There is a router tower-1 already."}"#;
        assert_eq!(sentence(StatusCode::CONFLICT, body), "There is a router tower-1 already.");
    }

    #[test]
    fn without_detail_the_title_and_without_both_the_status() {
        assert_eq!(sentence(StatusCode::NOT_FOUND, r#"{"title":"Not Found"}"#), "Not Found");
        assert!(sentence(StatusCode::BAD_GATEWAY, "<html>").contains("502 Bad Gateway"));
    }

    #[test]
    fn a_hostile_detail_is_harmless() {
        assert_eq!(sentence(StatusCode::NOT_FOUND, "{\"detail\":\"\\u001b[2J\"}"), "\\x1b[2J");
    }
}
