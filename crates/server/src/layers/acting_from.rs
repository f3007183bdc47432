//! What a request makes somebody do is written into the journal with the address that it comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use operations::coming_from;

use crate::proxies::Proxies;

/// The other end of the connection, or whom proxies that are believed name. What came over no connection, which only a test can
/// do, has no origin.
pub(crate) async fn note(State(proxies): State<Proxies>, request: Request, next: Next) -> Response {
    match asker(&proxies, &request) {
        Some(address) => coming_from(address.to_string(), next.run(request)).await,
        None => next.run(request).await,
    }
}

fn asker(proxies: &Proxies, request: &Request) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    Some(proxies.asker(peer.ip(), request.headers()))
}
