//! What the kernel says of a socket that somebody else in this process owns.

use std::net::SocketAddr;

use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
use socket2::Socket;

use crate::figure::Result;

/// Reads TCP_NODELAY back from this process's one connection to `peer`, whoever holds it.
pub(crate) fn has_nodelay(peer: SocketAddr) -> Result<bool> {
    let this = pidfd_open(getpid(), PidfdFlags::empty())?;
    for entry in std::fs::read_dir("/proc/self/fd")? {
        let Some(number) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // Descriptors come and go while they are listed.
        let Ok(copy) = pidfd_getfd(&this, number, PidfdGetfdFlags::empty()) else { continue };
        let socket = Socket::from(copy);
        let connected_to = socket.peer_addr().ok().and_then(|addr| addr.as_socket());
        if connected_to == Some(peer) {
            return Ok(socket.tcp_nodelay()?);
        }
    }
    Err("the socket of the polling connection could not be looked at".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn the_option_is_read_from_a_socket_held_elsewhere() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let stream = TcpStream::connect(addr).unwrap();
        assert!(!has_nodelay(addr).unwrap());
        stream.set_nodelay(true).unwrap();
        assert!(has_nodelay(addr).unwrap());
    }
}
