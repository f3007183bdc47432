//! Who is let in at a socket, and how long each may stay.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;

use crate::certificate::ServedCertificate;
use crate::crowd::{Crowd, Guest};
use crate::one_host::one_host;

/// One socket's rules; clones count together.
#[derive(Clone)]
pub(crate) struct Door {
    /// Connections at once; further ones wait in the kernel's queue.
    pub(crate) places: usize,
    /// Who is here, by host.
    pub(crate) crowd: Crowd<IpAddr>,
    /// Connections that were closed because their host held as many as it may.
    pub(crate) refused: Counter,
    /// How long anybody is waited for.
    pub(crate) patience: Patience,
    /// What is shown to those who come; without it plain HTTP is spoken.
    pub(crate) certificate: Option<Arc<ServedCertificate>>,
}

/// How long anybody is waited for.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    /// How long a client may take to greet and to send a request's head, and how long an idle connection is kept.
    pub(crate) head: Duration,
    /// How long a connection is kept for further requests; `None`: as long as they come.
    pub(crate) kept: Option<Duration>,
    /// How long its last request, and the reading of its answer, may take beyond that.
    pub(crate) last: Duration,
}

impl Patience {
    /// With clients that have a token: as long as they ask.
    pub(crate) const GUESTS: Patience =
        Patience { head: Duration::from_secs(30), kept: None, last: Duration::ZERO };
    /// With anybody: a page is one request, and what is left is asked for every 20 seconds.
    pub(crate) const ANYBODY: Patience = Patience {
        head: Duration::from_secs(10),
        kept: Some(Duration::from_secs(60)),
        last: Duration::from_secs(40),
    };

    /// How long a connection lasts, whatever happens on it.
    pub(crate) fn longest(self) -> Option<Duration> {
        self.kept.map(|kept| kept + self.last)
    }
}

impl Door {
    /// Open for all, over plain HTTP.
    pub(crate) fn open(places: usize) -> Self {
        Door {
            places,
            crowd: Crowd::of_any_size(),
            refused: Counter::default(),
            patience: Patience::GUESTS,
            certificate: None,
        }
    }

    /// `None`, and counted, where the host at that address holds as many places as it may.
    pub(crate) fn enter(&self, from: IpAddr) -> Option<Guest<IpAddr>> {
        let guest = self.crowd.enter(one_host(from));
        if guest.is_none() {
            self.refused.inc();
        }
        guest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_its_places_whatever_address_of_its_network_it_takes() {
        let door = Door { crowd: Crowd::of(2), ..Door::open(9) };
        let enter = |from: &str| door.enter(from.parse().unwrap());
        let here =
            [enter("2001:db8::1"), enter("2001:db8::2"), enter("2001:db8::3"), enter("2001:db8:0:1::1")];
        assert_eq!(here.each_ref().map(Option::is_some), [true, true, false, true]);
        assert_eq!(door.refused.get(), 1);
    }
}
