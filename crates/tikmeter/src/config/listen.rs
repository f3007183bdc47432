//! Where the API listens, and where it must not without being told so.

use std::net::SocketAddr;

/// Reads an address to listen on.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("`{}` is no address to listen on; write it like 127.0.0.1:8081", text.escape_debug())
    })
}

/// True when only this machine can reach what listens there.
pub(super) fn is_own(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

/// Refuses addresses that others than this machine can reach: tokens and figures go over plain HTTP.
///
/// # Errors
/// A sentence, unless `anywhere` says that it is wanted.
pub(crate) fn may_listen(address: SocketAddr, anywhere: bool) -> Result<(), String> {
    if anywhere || is_own(address) {
        return Ok(());
    }
    Err(format!(
        "{address} can be reached from other machines, and what is served there is plain HTTP, so passwords and tokens could be \
         read on the way. Listen on 127.0.0.1 and serve others over TLS by `[https]` or a proxy, or, if the network is \
         trusted, say so by `listen_anywhere = true` under `[server]` (or `serve --listen-anywhere`)"
    ))
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
            let address = address(text).unwrap();
            assert_eq!(may_listen(address, false).is_ok(), own, "{text}");
            assert!(may_listen(address, true).is_ok());
        }
    }
}
