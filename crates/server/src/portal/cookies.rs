//! The cookies of the portal: which device this is, the key of the voucher that was used on it, and a code that was read off a sheet before
//! the device was known.
//!
//! Scripts cannot read them, and forms of other sites do not send them. They go over plain HTTP as the page does.

use axum::http::HeaderValue;

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
