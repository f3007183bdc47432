//! Reading the cookies of a request.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// What we keep in a cookie is far shorter.
const LONGEST: usize = 512;

/// The value of a cookie that was sent; `None` for one that is empty or endless.
pub(crate) fn sent<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let value = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).next()?;
    (!value.is_empty() && value.len() <= LONGEST).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "tikmeter_key";

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, line.parse().unwrap())).collect()
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let headers = headers(&["a=1; tikmeter_key=key", "x_tikmeter_seal=no; tikmeter_seal=7|x=y"]);
        assert_eq!(sent(&headers, KEY), Some("key"));
        assert_eq!(sent(&headers, "tikmeter_seal"), Some("7|x=y"));
        assert_eq!(sent(&headers, "key"), None);
        assert_eq!(sent(&HeaderMap::new(), KEY), None);
    }

    #[test]
    fn empty_and_endless_ones_are_none() {
        let endless = format!("{KEY}={}", "k".repeat(LONGEST + 1));
        assert_eq!(sent(&headers(&[&endless]), KEY), None);
        assert_eq!(sent(&headers(&["tikmeter_key="]), KEY), None);
    }
}
