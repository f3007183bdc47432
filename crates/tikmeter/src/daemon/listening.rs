//! The sockets of the API and of the portal.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::failure::Failure;

/// Listens there; `chosen_by` is what says where.
pub(super) async fn bind(address: SocketAddr, chosen_by: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::said(format!(
            "{address} cannot be listened on ({error}); nothing was changed. If another server runs there, stop it or \
             choose another address by {chosen_by}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_address_is_named() {
        let taken = bind("127.0.0.1:0".parse().unwrap(), "--listen").await.unwrap();
        let address = taken.local_addr().unwrap();
        let refused = bind(address, "--listen").await.unwrap_err().to_string();
        assert!(refused.contains(&address.to_string()) && refused.contains("--listen"), "{refused}");
    }
}
