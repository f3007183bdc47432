//! Where devices at hotspots reach the portal: a socket of its own, which any of them may reach.

use std::net::SocketAddr;

use store::NodeRole;

use crate::config::listen;
use crate::config::loaded::Loaded;
use crate::config::node::NodeSettings;
use crate::config::problem::Problem;

impl Loaded {
    /// Where it listens; `None` where nobody wants it. What others are is `None` where that is a mistake of its own.
    pub(super) fn portal(
        &self,
        admin: Option<SocketAddr>,
        node: Option<&NodeSettings>,
    ) -> Result<Option<SocketAddr>, Problem> {
        if self.get("portal.listen").is_none() {
            return Ok(None);
        }
        let listen = self.parsed("portal.listen", |text| {
            let portal = listen::address(text)?;
            match admin {
                Some(admin) if is_the_same(admin, portal) => Err(APART.to_owned()),
                _ if node.is_some_and(|node| node.role == NodeRole::Collector) => {
                    Err(ANSWERS_NOBODY.to_owned())
                }
                _ => Ok(portal),
            }
        });
        listen.map(Some)
    }
}

const APART: &str = "this is where the API listens, which devices at a hotspot must not reach; give the portal a port of its own";
const ANSWERS_NOBODY: &str =
    "a `collector` answers nobody; name the portal in the configuration of a process that is `all` or `api`";

/// Port 0 is any free one, which nobody else has.
fn is_the_same(admin: SocketAddr, portal: SocketAddr) -> bool {
    let meets = admin.ip() == portal.ip() || admin.ip().is_unspecified() || portal.ip().is_unspecified();
    portal.port() != 0 && admin.port() == portal.port() && meets
}

#[cfg(test)]
mod tests {
    use super::is_the_same;

    #[test]
    fn a_port_is_shared_only_by_different_addresses() {
        let same = |admin: &str, portal: &str| is_the_same(admin.parse().unwrap(), portal.parse().unwrap());
        assert!(same("127.0.0.1:8081", "127.0.0.1:8081") && same("127.0.0.1:8081", "0.0.0.0:8081"));
        assert!(same("[::]:8081", "192.0.2.1:8081"));
        assert!(!same("127.0.0.1:8081", "192.0.2.1:8081") && !same("127.0.0.1:8081", "127.0.0.1:8080"));
        assert!(!same("127.0.0.1:0", "127.0.0.1:0"));
    }
}
