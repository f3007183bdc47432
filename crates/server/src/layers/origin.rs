//! Pages of other sites must not change anything here through an operator's browser, nor open a connection to look on.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN, UPGRADE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Refuses a request that changes something or becomes a WebSocket when a browser says that another site's page made it:
/// browsers hide answers from other sites' pages, but no messages of a WebSocket. Programs that are no browsers send
/// neither `Sec-Fetch-Site` nor `Origin` and pass.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let only_looks = request.method().is_safe() && !request.headers().contains_key(UPGRADE);
    if only_looks || from_here(request.headers()) {
        return next.run(request).await;
    }
    Problem::new(
        StatusCode::FORBIDDEN,
        "Nothing was changed: the browser says a page of another site asked for this. Use this server's own page; \
         a proxy in between must pass the Host header on.",
    )
    .into_response()
}

/// What a browser says of the page that asks; `None` from what is no browser.
#[derive(PartialEq)]
enum Asker {
    OurPage,
    /// Somebody at the browser itself: a bookmark, an address that was typed.
    Person,
    OtherPage,
}

/// Whether a browser says that our own page asks. Where a cookie alone tells who it is, nothing less will do: the browser adds
/// it whoever asks.
pub(crate) fn is_our_page(headers: &HeaderMap) -> bool {
    asker(headers) == Some(Asker::OurPage)
}

fn from_here(headers: &HeaderMap) -> bool {
    asker(headers) != Some(Asker::OtherPage)
}

fn asker(headers: &HeaderMap) -> Option<Asker> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some("same-origin"), _) => Some(Asker::OurPage),
        (Some("none"), _) => Some(Asker::Person),
        (Some(_), _) => Some(Asker::OtherPage),
        (None, None) => None,
        (None, Some(origin)) => {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            let is_ours = authority.is_some() && authority == text(HOST.as_str());
            Some(if is_ours { Asker::OurPage } else { Asker::OtherPage })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn programs_and_our_own_page_pass() {
        assert!(from_here(&headers(&[])));
        assert!(from_here(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(from_here(&headers(&[("sec-fetch-site", "none")])));
        assert!(from_here(&headers(&[("origin", "http://meter:8081"), ("host", "meter:8081")])));
    }

    #[test]
    fn a_cookie_counts_only_where_our_page_is_named() {
        for ours in [&[("sec-fetch-site", "same-origin")][..], &[("origin", "https://a"), ("host", "a")]] {
            assert!(is_our_page(&headers(ours)), "{ours:?}");
        }
        for other in [
            &[][..],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "null")],
        ] {
            assert!(!is_our_page(&headers(other)), "{other:?}");
        }
    }

    #[test]
    fn other_sites_do_not() {
        assert!(!from_here(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(!from_here(&headers(&[
            ("sec-fetch-site", "same-site"),
            ("host", "a"),
            ("origin", "http://a")
        ])));
        assert!(!from_here(&headers(&[("origin", "http://evil"), ("host", "meter:8081")])));
        assert!(!from_here(&headers(&[("origin", "null"), ("host", "meter:8081")])));
        assert!(!from_here(&headers(&[("origin", "http://meter:8081")])));
    }
}
