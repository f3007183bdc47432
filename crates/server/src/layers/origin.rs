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

fn from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, None) => true,
        (None, Some(origin)) => {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            authority.is_some() && authority == text(HOST.as_str())
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
