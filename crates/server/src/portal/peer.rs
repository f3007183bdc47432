//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use super::refusal::Refusal;

/// The other end of the connection; no header can say another one.
#[derive(Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        connection.map(|ConnectInfo(peer)| Peer(peer.ip().to_canonical())).ok_or(Refusal::NotHandedOver)
    }
}
