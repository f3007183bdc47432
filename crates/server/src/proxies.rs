//! Proxies that may say for whom they speak. From anybody else `X-Forwarded-For` is a claim like any other.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The header that they add to, each behind what is there.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Where the proxies are that are believed; nowhere by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Arc<[IpNet]>);

impl Proxies {
    /// Addresses and networks, parted by commas.
    ///
    /// # Errors
    /// Names the one that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(network).collect::<Result<Vec<_>, _>>().map(|networks| Proxies(networks.into()))
    }

    /// Whoever asks: the other end of the connection, or whom proxies that are believed say it is. Read from the right: what
    /// stands left of the first address that is no such proxy's was written by whoever asks.
    pub(crate) fn asker(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines: Vec<&str> =
            headers.get_all(FORWARDED_FOR).into_iter().map(|line| line.to_str().unwrap_or("")).collect();
        let mut named = lines.iter().rev().flat_map(|line| line.rsplit(','));
        let mut asker = peer.to_canonical();
        while self.believes(asker) {
            let Some(Ok(next)) = named.next().map(|name| name.trim().parse::<IpAddr>()) else { break };
            asker = next.to_canonical();
        }
        asker
    }

    pub(crate) fn believes(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address
        .or_else(|_| text.parse())
        .map_err(|_| format!("`{}` is neither an address nor a network like 10.0.0.0/8", text.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker(proxies: &str, peer: &str, lines: &[&'static str]) -> String {
        let headers =
            lines.iter().map(|line| (FORWARDED_FOR.parse().unwrap(), line.parse().unwrap())).collect();
        Proxies::parse(proxies).unwrap().asker(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_proxies_that_are_named_are_believed_and_only_what_they_added() {
        let lines = &["203.0.113.9, 198.51.100.4", "192.0.2.7"];
        assert_eq!(asker("", "192.0.2.1", lines), "192.0.2.1");
        assert_eq!(asker("10.0.0.0/8", "192.0.2.1", lines), "192.0.2.1");
        assert_eq!(asker("192.0.2.1", "192.0.2.1", lines), "192.0.2.7");
        assert_eq!(asker("192.0.2.0/24", "::ffff:192.0.2.1", lines), "198.51.100.4", "203... is a claim");
        assert_eq!(asker("0.0.0.0/0", "192.0.2.1", lines), "203.0.113.9", "there is no more");
    }

    #[test]
    fn what_is_no_address_ends_the_chain() {
        assert_eq!(asker("127.0.0.1", "127.0.0.1", &["203.0.113.9, unknown"]), "127.0.0.1");
        assert_eq!(asker("127.0.0.1", "127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(asker("127.0.0.1,::1", "::1", &["2001:db8::7"]), "2001:db8::7");
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(Proxies::parse(" , ").unwrap(), Proxies::default());
        assert!(Proxies::parse("10.0.0.0/8, proxy").unwrap_err().contains("`proxy`"));
    }
}
