//! The cookies of the portal: which device this is, the key of the voucher that was used on it, and a code that was read off a sheet before
//! the device was known.
//!
//! Scripts cannot read them, and forms of other sites do not send them. They go over plain HTTP as the page does.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// The sealed device, for the programs and pages that name none in their body.
pub(super) const DEVICE: &str = "tikmeter_portal_device";
/// The key of a voucher.
pub(super) const VOUCHER: &str = "tikmeter_portal_voucher";
/// The code of a voucher that is to be entered.
pub(super) const CODE: &str = "tikmeter_portal_code";
/// Whoever reads a code off a sheet connects within that.
const CODE_SECONDS: u32 = 60 * 60;
/// A browser may forget the device when its seal is too old anyway.
const DEVICE_SECONDS: u32 = 30 * 60;
/// Browsers keep no cookie longer than 400 days; a voucher's time ends by itself.
const VOUCHER_SECONDS: u32 = 400 * 86_400;
/// Keys and seals are far shorter.
const LONGEST: usize = 512;

/// The value of a cookie that was sent.
pub(super) fn sent<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let value = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).next()?;
    (!value.is_empty() && value.len() <= LONGEST).then_some(value)
}

/// What keeps the sealed device.
pub(super) fn device(sealed: &str) -> Option<HeaderValue> {
    kept(DEVICE, sealed, DEVICE_SECONDS)
}

/// What keeps the key.
pub(super) fn voucher(proof: &str) -> Option<HeaderValue> {
    kept(VOUCHER, proof, VOUCHER_SECONDS)
}

/// What keeps a code until its device is known; `None` for one that may not stand in a cookie. Whether it is a voucher's is not looked up.
pub(super) fn code(code: &str) -> Option<HeaderValue> {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    (!code.is_empty() && code.chars().all(is_plain)).then(|| kept(CODE, code, CODE_SECONDS)).flatten()
}

/// What lets the browser forget the code that was entered.
pub(super) fn no_code() -> Option<HeaderValue> {
    kept(CODE, "", 0)
}

/// `None` where the value does not fit a header, which those that are made here do.
fn kept(name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(cookie).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, line.parse().unwrap())).collect()
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let headers = headers(&[
            "a=1; tikmeter_portal_voucher=key",
            "x_tikmeter_portal_device=no; tikmeter_portal_device=7|x=y",
        ]);
        assert_eq!(sent(&headers, VOUCHER), Some("key"));
        assert_eq!(sent(&headers, DEVICE), Some("7|x=y"));
        assert_eq!(sent(&headers, "portal_voucher"), None);
        assert_eq!(sent(&HeaderMap::new(), VOUCHER), None);
    }

    #[test]
    fn empty_and_endless_ones_are_none() {
        let endless = format!("{VOUCHER}={}", "k".repeat(LONGEST + 1));
        assert_eq!(sent(&headers(&[&endless]), VOUCHER), None);
        assert_eq!(sent(&headers(&["tikmeter_portal_voucher="]), VOUCHER), None);
    }

    #[test]
    fn scripts_and_other_sites_get_none_of_them() {
        let kept = voucher("key").unwrap();
        let told = kept.to_str().unwrap();
        assert!(told.starts_with("tikmeter_portal_voucher=key; Path=/; Max-Age="), "{told}");
        assert!(told.contains("HttpOnly") && told.contains("SameSite=Lax"), "{told}");
        assert!(device("a\nb").is_none());
        assert!(code("ABCD-2345").is_some() && code("x; Domain=evil").is_none() && code("").is_none());
    }
}
