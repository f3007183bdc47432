//! Which file answers which address.

use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::files::{ASSETS, File};
use crate::problem::Problem;

const START: &str = "index.html";
/// A newer program must not be shown through an older one's page.
const ASK_AGAIN: &str = "no-cache";
const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";
const NOT_BUILT: &str = include_str!("not-built.html");

/// What is below `/admin/` at `path`. An address that is no file's is a place within the admin, which its page finds; what
/// looks like a file or the API and is neither is not found, so that no browser takes a page for a program.
pub(super) fn answer(files: &'static [File], path: &str, headers: &HeaderMap) -> Response {
    let named = |name: &str| files.iter().find(|file| file.path == name);
    if let Some(file) = named(path) {
        return sent(file, headers);
    }
    if path.starts_with(ASSETS) || path.starts_with("api/") {
        return Problem::not_found(
            "Nothing is at this address. Load the page /admin again: it may be of an older version.",
        )
        .into_response();
    }
    named(START).map_or_else(not_built, |file| sent(file, headers))
}

fn not_built() -> Response {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, ASK_AGAIN)];
    (headers, NOT_BUILT).into_response()
}

fn sent(file: &'static File, asked: &HeaderMap) -> Response {
    let kept = if file.is_named_by_content() { FOR_A_YEAR } else { ASK_AGAIN };
    let headers = [(CONTENT_TYPE, file.media_type()), (CACHE_CONTROL, kept), (VARY, "accept-encoding")];
    match file.gzip.filter(|_| takes_gzip(asked)) {
        Some(packed) => (headers, [(CONTENT_ENCODING, "gzip")], packed).into_response(),
        None => (headers, file.plain).into_response(),
    }
}

/// Whether the asker unpacks gzip: it names it, and not with a weight of 0.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values =
        headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|value: &HeaderValue| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        is_gzip && weight > 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &[File] = &[
        File { path: "index.html", plain: b"<html>", gzip: None },
        File { path: "assets/a-1b2c.js", plain: b"let a", gzip: Some(b"packed") },
    ];

    fn asked(encoding: &'static str) -> HeaderMap {
        [(ACCEPT_ENCODING, HeaderValue::from_static(encoding))].into_iter().collect()
    }

    async fn told(files: &'static [File], path: &str, encoding: &'static str) -> (u16, HeaderMap, String) {
        let response = answer(files, path, &asked(encoding));
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 99_999).await.unwrap();
        (parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn places_within_the_admin_are_its_page_and_never_kept() {
        for path in ["", "live", "routers/tower.js", "network/data-usage", "subscribers/a%2Fb"] {
            let (status, headers, body) = told(FILES, path, "gzip").await;
            assert_eq!((status, body.as_str()), (200, "<html>"), "{path}");
            assert_eq!(headers[CONTENT_TYPE], "text/html; charset=utf-8");
            assert_eq!(headers[CACHE_CONTROL], "no-cache");
        }
    }

    #[tokio::test]
    async fn files_named_by_their_content_are_kept_for_a_year_and_packed_for_who_unpacks() {
        let (_, headers, body) = told(FILES, "assets/a-1b2c.js", "br, GZIP;q=0.5").await;
        assert_eq!(
            (&headers[CONTENT_ENCODING], body.as_str()),
            (&"gzip".parse::<HeaderValue>().unwrap(), "packed")
        );
        assert_eq!(headers[CACHE_CONTROL], FOR_A_YEAR);
        assert_eq!(headers[CONTENT_TYPE], "text/javascript; charset=utf-8");
        for encoding in ["", "br", "gzip;q=0", "xgzip"] {
            let (_, headers, body) = told(FILES, "assets/a-1b2c.js", encoding).await;
            assert_eq!((headers.get(CONTENT_ENCODING), body.as_str()), (None, "let a"), "{encoding}");
            assert_eq!(headers[VARY], "accept-encoding");
        }
    }

    #[tokio::test]
    async fn no_page_is_given_for_a_program_or_the_api() {
        for path in ["assets/gone-9.js", "api/nothing", "api/user-traffic/more"] {
            let (status, headers, _) = told(FILES, path, "").await;
            assert_eq!(
                (status, &headers[CONTENT_TYPE]),
                (404, &"application/problem+json".parse().unwrap()),
                "{path}"
            );
        }
    }

    #[tokio::test]
    async fn without_the_files_a_page_says_how_to_build_them() {
        let (status, headers, body) = told(&[], "live", "").await;
        assert_eq!((status, &headers[CONTENT_TYPE]), (200, &"text/html; charset=utf-8".parse().unwrap()));
        assert!(body.contains("./x web"), "{body}");
        assert_eq!(told(&[], "assets/a-1b2c.js", "").await.0, 404);
    }
}
