//! The cookies of an operator's browser. Scripts cannot read them, pages of other sites do not send them, and they go over TLS
//! alone where the browser speaks it.

use axum::http::header::{ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use operations::NewBrowser;
use secrecy::ExposeSecret;

use crate::cookie;

/// The sign-in.
const SESSION: &str = "tikmeter_session";
/// The mark of a browser that somebody signed in with.
const BROWSER: &str = "tikmeter_browser";
/// What a browser forgets by itself is over on the server, too.
const SESSION_SECONDS: u32 = 14 * 86_400;
/// Browsers keep no cookie longer than 400 days.
const BROWSER_SECONDS: u32 = 400 * 86_400;

/// The secret of a sign-in that was sent.
pub(crate) fn session(headers: &HeaderMap) -> Option<&str> {
    cookie::sent(headers, SESSION)
}

/// The mark that was sent.
pub(crate) fn browser(headers: &HeaderMap) -> Option<&str> {
    cookie::sent(headers, BROWSER)
}

/// What gives both to a browser that signs in.
pub(crate) fn given(asked: &HeaderMap, new: &NewBrowser) -> [(HeaderName, HeaderValue); 2] {
    [
        kept(asked, SESSION, new.secret.expose_secret(), SESSION_SECONDS),
        kept(asked, BROWSER, new.mark.expose_secret(), BROWSER_SECONDS),
    ]
}

/// What takes the sign-in from a browser; it stays a known one.
pub(crate) fn taken(asked: &HeaderMap) -> [(HeaderName, HeaderValue); 1] {
    [kept(asked, SESSION, "", 0)]
}

fn kept(asked: &HeaderMap, name: &str, value: &str, seconds: u32) -> (HeaderName, HeaderValue) {
    // What the browser itself says of its page, which no proxy in between has to pass on.
    let over_tls = asked.get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
    let secure = if over_tls { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    (SET_COOKIE, HeaderValue::try_from(cookie).expect("names and hexadecimal digits fit a header"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie_for(origin: Option<&'static str>) -> String {
        let asked = origin.map(|origin| (ORIGIN, HeaderValue::from_static(origin))).into_iter().collect();
        kept(&asked, SESSION, "tks_7", 60).1.to_str().unwrap().to_owned()
    }

    #[test]
    fn over_tls_it_never_goes_without() {
        let plain = "tikmeter_session=tks_7; Path=/; Max-Age=60; HttpOnly; SameSite=Strict";
        assert_eq!(cookie_for(None), plain);
        assert_eq!(cookie_for(Some("http://meter:8081")), plain);
        assert_eq!(cookie_for(Some("https://meter.example")), format!("{plain}; Secure"));
    }
}
