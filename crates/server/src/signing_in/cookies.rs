//! The cookies of an operator's browser. Scripts cannot read them, pages of other sites do not send them, and they go over TLS
//! alone where the browser speaks it; then they have a name that no page in clear, and no other host of the domain, can set.

use axum::http::header::{ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use operations::NewBrowser;
use secrecy::ExposeSecret;

use crate::cookie;
use crate::layers::transport::Transport;

/// Leads the names of those that were set over TLS: browsers take such a one from there alone, and for this very host.
const HOST_ONLY: &str = "__Host-";
/// The sign-in.
const SESSION: &str = "tikmeter_session";
/// The mark of a browser that somebody signed in with.
const BROWSER: &str = "tikmeter_browser";
/// What a browser forgets by itself is over on the server, too.
const SESSION_SECONDS: u32 = 14 * 86_400;
/// Browsers keep no cookie longer than 400 days.
const BROWSER_SECONDS: u32 = 400 * 86_400;

/// The secret of a sign-in that was sent.
pub(crate) fn session(headers: &HeaderMap, transport: Transport) -> Option<&str> {
    sent(headers, transport, SESSION)
}

/// The mark that was sent.
pub(crate) fn browser(headers: &HeaderMap, transport: Transport) -> Option<&str> {
    sent(headers, transport, BROWSER)
}

/// What gives both to a browser that signs in.
pub(crate) fn given(
    asked: &HeaderMap,
    transport: Transport,
    new: &NewBrowser,
) -> [(HeaderName, HeaderValue); 2] {
    let kept = |name, value, seconds| kept(is_over_tls(asked, transport), name, value, seconds);
    [
        kept(SESSION, new.secret.expose_secret(), SESSION_SECONDS),
        kept(BROWSER, new.mark.expose_secret(), BROWSER_SECONDS),
    ]
}

/// What takes the sign-in from a browser; it stays a known one.
pub(crate) fn taken(asked: &HeaderMap, transport: Transport) -> [(HeaderName, HeaderValue); 1] {
    [kept(is_over_tls(asked, transport), SESSION, "", 0)]
}

/// Over TLS a cookie of the plain name is nobody's: another host of the domain could have set it. Behind a proxy that is not named it is
/// not known how a request came, and either name will do.
fn sent<'h>(headers: &'h HeaderMap, transport: Transport, name: &str) -> Option<&'h str> {
    let host_only = cookie::sent(headers, &format!("{HOST_ONLY}{name}"));
    match transport {
        Transport::Tls => host_only,
        Transport::Plain => host_only.or_else(|| cookie::sent(headers, name)),
    }
}

/// What is known of it, or else what the browser itself says of its page, which no proxy in between has to pass on.
fn is_over_tls(asked: &HeaderMap, transport: Transport) -> bool {
    transport == Transport::Tls
        || asked.get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"))
}

fn kept(over_tls: bool, name: &str, value: &str, seconds: u32) -> (HeaderName, HeaderValue) {
    let (lead, secure) = if over_tls { (HOST_ONLY, "; Secure") } else { ("", "") };
    let cookie =
        format!("{lead}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    (SET_COOKIE, HeaderValue::try_from(cookie).expect("names and hexadecimal digits fit a header"))
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;

    fn cookie_for(origin: Option<&'static str>, transport: Transport) -> String {
        let asked = origin.map(|origin| (ORIGIN, HeaderValue::from_static(origin))).into_iter().collect();
        kept(is_over_tls(&asked, transport), SESSION, "tks_7", 60).1.to_str().unwrap().to_owned()
    }

    #[test]
    fn over_tls_it_never_goes_without_and_is_this_hosts_alone() {
        let plain = "tikmeter_session=tks_7; Path=/; Max-Age=60; HttpOnly; SameSite=Strict";
        assert_eq!(cookie_for(None, Transport::Plain), plain);
        assert_eq!(cookie_for(Some("http://meter:8081"), Transport::Plain), plain);
        let secure = format!("__Host-{plain}; Secure");
        assert_eq!(cookie_for(Some("https://meter.example"), Transport::Plain), secure);
        assert_eq!(cookie_for(None, Transport::Tls), secure);
    }

    #[test]
    fn over_tls_a_cookie_that_another_host_could_set_is_not_taken() {
        let with = |cookie: &'static str| [(COOKIE, HeaderValue::from_static(cookie))].into_iter().collect();
        let planted: HeaderMap = with("tikmeter_session=planted");
        assert_eq!(session(&planted, Transport::Tls), None);
        assert_eq!(session(&planted, Transport::Plain), Some("planted"));
        let both: HeaderMap = with("tikmeter_session=planted; __Host-tikmeter_session=ours");
        assert_eq!(session(&both, Transport::Tls), Some("ours"));
        assert_eq!(session(&both, Transport::Plain), Some("ours"));
    }
}
