//! The plain built-in page. It holds no data: it asks for a token and then uses the API like any other client.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::routing::get;

struct File {
    path: &'static str,
    media_type: HeaderValue,
    content: &'static str,
}

const fn file(path: &'static str, media_type: &'static str, content: &'static str) -> File {
    File { path, media_type: HeaderValue::from_static(media_type), content }
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

const FILES: [File; 10] = [
    file("/", HTML, include_str!("../page/index.html")),
    file("/page/icon.svg", "image/svg+xml", include_str!("../page/icon.svg")),
    file("/page/page.css", CSS, include_str!("../page/page.css")),
    file("/page/main.js", JS, include_str!("../page/main.js")),
    file("/page/api.js", JS, include_str!("../page/api.js")),
    file("/page/dom.js", JS, include_str!("../page/dom.js")),
    file("/page/format.js", JS, include_str!("../page/format.js")),
    file("/page/routers.js", JS, include_str!("../page/routers.js")),
    file("/page/totals.js", JS, include_str!("../page/totals.js")),
    file("/page/explain.js", JS, include_str!("../page/explain.js")),
];

/// The page and what it loads, all from this binary; public, because nothing in it is anybody's.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES.into_iter().fold(Router::new(), |router, file| {
        router.route(file.path, get(move || std::future::ready((headers(file.media_type), file.content))))
    })
}

/// A newer program must not be shown through an older one's files.
fn headers(media_type: HeaderValue) -> [(HeaderName, HeaderValue); 2] {
    [(CONTENT_TYPE, media_type), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))]
}

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn everything_the_page_names_is_embedded_and_from_here() {
        for file in &FILES {
            for quoted in file.content.split(['"', '\'', '`']).skip(1).step_by(2) {
                assert!(!quoted.starts_with("//"), "{} asks another server: {quoted}", file.path);
                assert!(!quoted.starts_with("http") || quoted.ends_with("/svg"), "{}: {quoted}", file.path);
                if let Some(name) = quoted.strip_prefix("./").map(|name| format!("/page/{name}")) {
                    assert!(FILES.iter().any(|known| known.path == name), "{} lacks {name}", file.path);
                }
                if quoted.starts_with("/page/") {
                    assert!(FILES.iter().any(|known| known.path == quoted), "{} lacks {quoted}", file.path);
                }
            }
        }
    }

    #[test]
    fn the_strict_policy_is_not_broken_by_inline_code() {
        let html = FILES[0].content;
        assert!(!html.contains("style=") && !html.contains(" onclick") && !html.contains("<style"));
        assert_eq!(html.matches("<script").count(), html.matches("<script type=\"module\" src=").count());
        for file in &FILES {
            assert!(!file.content.contains("innerHTML"), "{}", file.path);
        }
    }
}
