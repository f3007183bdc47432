//! Where a request comes from.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::state::ServerState;

/// Whoever asks: the other end of the connection, or whom a proxy that is believed names. What came over no connection, which
/// only a test can do, comes from `0.0.0.0`.
pub(crate) struct Peer(pub(crate) IpAddr);

impl FromRequestParts<ServerState> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Infallible> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = connection.map_or(Ipv4Addr::UNSPECIFIED.into(), |ConnectInfo(peer)| peer.ip());
        Ok(Peer(state.proxies.asker(address, &parts.headers)))
    }
}
