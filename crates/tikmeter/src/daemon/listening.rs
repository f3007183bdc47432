//! Where the API listens, and where it must not without being told so.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::failure::Failure;

/// Refuses addresses that others than this machine can reach: tokens and figures go over plain HTTP.
///
/// # Errors
/// `Usage` unless `anywhere` says that it is wanted.
pub(super) fn allowed(address: SocketAddr, anywhere: bool) -> Result<(), Failure> {
    if anywhere || address.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{address} can be reached from other machines, and this version speaks plain HTTP only, so tokens could be \
         read on the way. Listen on 127.0.0.1 behind a proxy with TLS, or say --listen-anywhere if the network is trusted"
    )))
}

/// Listens there.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::said(format!(
            "{address} cannot be listened on ({error}); nothing was changed. If another server runs there, stop it or \
             choose another address by --listen"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_unless_told_otherwise() {
        for (text, own) in [
            ("127.0.0.1:1", true),
            ("127.9.9.9:1", true),
            ("[::1]:1", true),
            ("[::ffff:127.0.0.1]:1", true),
            ("0.0.0.0:1", false),
            ("[::]:1", false),
            ("10.0.0.1:1", false),
        ] {
            let address = text.parse().unwrap();
            assert_eq!(allowed(address, false).is_ok(), own, "{text}");
            assert!(allowed(address, true).is_ok());
        }
    }

    #[tokio::test]
    async fn a_taken_address_is_named() {
        let taken = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = taken.local_addr().unwrap();
        let refused = bind(address).await.unwrap_err().to_string();
        assert!(refused.contains(&address.to_string()) && refused.contains("--listen"), "{refused}");
    }
}
