//! Where devices at hotspots reach the portal: a socket of its own, which any of them may reach.

use std::net::SocketAddr;
use std::path::PathBuf;

use store::NodeRole;

use crate::config::listen;
use crate::config::loaded::{DEFAULT, Loaded};
use crate::config::node::NodeSettings;
use crate::config::problem::Problem;

/// How the portal is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortalSettings {
    /// Where it listens.
    pub(crate) listen: SocketAddr,
    /// Somebody wrote down where. Else it is the usual place, and another program may have taken it.
    pub(crate) is_named: bool,
    /// The files of its certificate and key; `None`: plain HTTP.
    pub(crate) certificate: Option<(PathBuf, PathBuf)>,
}

impl Loaded {
    /// How it is served; `None` where it is not. What others are is `None` where that is a mistake of its own.
    pub(super) fn portal(
        &self,
        admin: Option<SocketAddr>,
        node: Option<&NodeSettings>,
    ) -> Result<Option<PortalSettings>, Problem> {
        let is_named = self.get("portal.listen").is_some_and(|entry| entry.origin != DEFAULT);
        let polls_only = node.is_some_and(|node| node.role == NodeRole::Collector);
        let listen = self.parsed("portal.listen", |text| {
            if text == OFF {
                return Ok(None);
            }
            let portal = listen::address(text)?;
            let is_taken = admin.is_some_and(|admin| is_the_same(admin, portal));
            match (is_taken, polls_only) {
                (false, false) => Ok(Some(portal)),
                // Nobody asked for the usual place: it gives way.
                _ if !is_named => Ok(None),
                (true, _) => Err(APART.to_owned()),
                (false, true) => Err(ANSWERS_NOBODY.to_owned()),
            }
        })?;
        let certificate = self.certificate("portal")?;
        Ok(listen.map(|listen| PortalSettings { listen, is_named, certificate }))
    }
}

/// Said of `portal.listen` where it is not to be served.
const OFF: &str = "off";
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
