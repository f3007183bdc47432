//! Who may scrape: anybody with a token, and programs on this host.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::header::{FORWARDED, HOST};
use axum::http::request::Parts;

/// True when the request was made on this host by a program: its connection comes from the loopback, no proxy
/// says it carried it for somebody else, and the name asked for is no foreign one (a web page that made its own
/// name point here would otherwise read along).
pub(crate) fn is_local(parts: &Parts) -> bool {
    let loopback = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
    let carried = ["x-forwarded-for", "x-real-ip", "via", FORWARDED.as_str()]
        .iter()
        .any(|name| parts.headers.contains_key(*name));
    loopback && !carried && parts.headers.get(HOST).is_some_and(|host| is_ours(host.to_str().unwrap_or("")))
}

fn is_ours(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|one| one.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost")
        || name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn local(peer: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
        is_local(&parts)
    }

    #[test]
    fn programs_on_this_host_may() {
        assert!(local("127.0.0.1:5", &[("host", "127.0.0.1:8081")]));
        assert!(local("[::1]:5", &[("host", "[::1]:8081")]));
        assert!(local("[::ffff:127.0.0.1]:5", &[("host", "localhost")]));
    }

    #[test]
    fn others_may_not() {
        assert!(!local("10.0.0.9:5", &[("host", "127.0.0.1:8081")]));
        assert!(!local("127.0.0.1:5", &[("host", "evil.example:8081")]));
        assert!(!local("127.0.0.1:5", &[]));
        assert!(!local("127.0.0.1:5", &[("host", "127.0.0.1"), ("x-forwarded-for", "1.2.3.4")]));
    }
}
