//! Whether a request came over TLS, as far as this server can know: it spoke TLS itself, or a proxy that is believed says so.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::header::{HOST, STRICT_TRANSPORT_SECURITY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::proxies::Proxies;

/// What a proxy says of how it was asked.
const FORWARDED_PROTO: &str = "x-forwarded-proto";
/// For a year browsers ask nothing of this host in clear.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// How a request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Transport {
    /// In clear, or through a proxy that is not believed.
    #[default]
    Plain,
    /// Over TLS.
    Tls,
}

/// Put into requests that came over TLS to this server itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpokeTls;

impl Transport {
    fn of(request: &Request, proxies: &Proxies) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let through = peer.is_some_and(|ConnectInfo(peer)| proxies.says_tls(peer.ip(), request.headers()));
        match through || request.extensions().get::<SpokeTls>().is_some() {
            true => Transport::Tls,
            false => Transport::Plain,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Transport {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Transport>().copied().unwrap_or_default())
    }
}

impl Proxies {
    /// Whether a proxy that is believed says that it was asked over TLS. Of several the one that is nearest wrote the last word.
    fn says_tls(&self, peer: std::net::IpAddr, headers: &HeaderMap) -> bool {
        let mut lines = headers.get_all(FORWARDED_PROTO).into_iter().filter_map(|line| line.to_str().ok());
        let last = lines.next_back().and_then(|line| line.rsplit(',').next());
        self.believes(peer.to_canonical())
            && last.is_some_and(|word| word.trim().eq_ignore_ascii_case("https"))
    }
}

/// Notes how each request came, and has browsers that came over TLS come so again. Not to this machine by its own name: what other
/// programs serve there in clear would be out of their reach.
pub(crate) async fn note(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let transport = Transport::of(&request, &proxies);
    let lasts = transport == Transport::Tls && !is_this_machine(request.headers());
    request.extensions_mut().insert(transport);
    let mut response = next.run(request).await;
    if lasts {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

fn is_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(proxies: &str, peer: &str, lines: &[&'static str]) -> bool {
        let headers =
            lines.iter().map(|line| (FORWARDED_PROTO.parse().unwrap(), line.parse().unwrap())).collect();
        Proxies::parse(proxies).unwrap().says_tls(peer.parse().unwrap(), &headers)
    }

    #[test]
    fn only_a_proxy_that_is_named_says_that_it_was_tls() {
        assert!(through("192.0.2.1", "192.0.2.1", &["https"]));
        assert!(through("192.0.2.1", "::ffff:192.0.2.1", &["http, HTTPS"]));
        assert!(!through("192.0.2.1", "192.0.2.7", &["https"]), "anybody can write that");
        assert!(
            !through("192.0.2.1", "192.0.2.1", &["https, http"]) && !through("192.0.2.1", "192.0.2.1", &[])
        );
    }

    #[test]
    fn this_machine_by_its_own_name_is_not_kept_to_tls() {
        let of = |host: &'static str| {
            is_this_machine(&[(HOST, HeaderValue::from_static(host))].into_iter().collect())
        };
        assert!(of("localhost:8443") && of("LOCALHOST") && of("meter.localhost:1"));
        assert!(!of("meter.example:8443") && !of("localhost.example"));
    }
}
