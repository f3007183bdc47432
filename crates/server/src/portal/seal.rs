//! What a device carries from the page that named it to the form it sends: which device it is, sealed, so that nobody can name another.
//!
//! The key is this process's own and dies with it: a page from before a restart has to be opened anew.

use std::net::{IpAddr, Ipv4Addr};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use store::NasId;

/// How long a page may lie open before its form is sent, microseconds. A page that is looked at is sealed anew.
const LASTS_US: u64 = 30 * 60 * 1_000_000;

/// A device that its router showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) nas: NasId,
    /// Canonical.
    pub(super) mac: String,
    /// At the hotspot.
    pub(super) address: Ipv4Addr,
    /// Where its requests come from.
    pub(super) peer: IpAddr,
}

/// Seals and opens.
pub(super) struct Seal {
    key: [u8; 32],
}

impl Seal {
    pub(super) fn new() -> Self {
        Seal { key: rand::random() }
    }

    /// For a cookie and a form; `now` is microseconds of a clock that only goes forward.
    pub(super) fn close(&self, seen: &Seen, now: u64) -> String {
        let Seen { nas, mac, address, peer } = seen;
        let told = format!("{}|{mac}|{address}|{peer}|{}", nas.0, now + LASTS_US);
        format!("{told}|{}", hex::encode(self.mark(&told).finalize().into_bytes()))
    }

    /// What was closed, if it was here and not too long ago.
    pub(super) fn open(&self, sealed: &str, now: u64) -> Option<Seen> {
        let (told, mark) = sealed.rsplit_once('|')?;
        self.mark(told).verify_slice(&hex::decode(mark).ok()?).ok()?;
        let mut parts = told.split('|');
        let mut next = || parts.next();
        let seen = Seen {
            nas: NasId(next()?.parse().ok()?),
            mac: next()?.to_owned(),
            address: next()?.parse().ok()?,
            peer: next()?.parse().ok()?,
        };
        let until: u64 = next()?.parse().ok()?;
        (now < until).then_some(seen)
    }

    fn mark(&self, told: &str) -> Hmac<Sha256> {
        let mut mark = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mark.update(told.as_bytes());
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Seen {
        Seen {
            nas: NasId(7),
            mac: "AA:BB:CC:00:00:01".to_owned(),
            address: Ipv4Addr::new(10, 5, 50, 2),
            peer: IpAddr::from([10, 5, 50, 2]),
        }
    }

    #[test]
    fn what_was_closed_here_opens_until_it_is_too_old() {
        let seal = Seal::new();
        let closed = seal.close(&seen(), 5);
        assert_eq!(seal.open(&closed, 5), Some(seen()));
        assert_eq!(seal.open(&closed, 4 + LASTS_US), Some(seen()));
        assert_eq!(seal.open(&closed, 5 + LASTS_US), None);
        assert!(
            closed.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)),
            "fits a cookie: {closed}"
        );
    }

    #[test]
    fn nobody_can_name_another_device_or_more_time() {
        let seal = Seal::new();
        let closed = seal.close(&seen(), 0);
        for (from, to) in
            [("00:01", "00:02"), ("50.2", "50.3"), ("7|", "8|"), ("|1800000000|", "|9900000000|")]
        {
            let forged = closed.replacen(from, to, 1);
            assert_ne!(forged, closed, "{from} is in {closed}");
            assert_eq!(seal.open(&forged, 0), None, "{forged}");
        }
        assert_eq!(Seal::new().open(&closed, 0), None, "another process's");
        for nonsense in ["", "|", "a|b", "7|AA:BB:CC:00:00:01|10.5.50.2|10.5.50.2|99999999999999|"] {
            assert_eq!(seal.open(nonsense, 0), None);
        }
    }
}
