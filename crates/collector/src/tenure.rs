//! Whether a router is still this process' own, so that it may be told something that nobody ordered just now.
//!
//! Reading a router beside another process harms nobody. Keeping it to what was wanted before does: whoever has it by now may have let
//! somebody in, or set a limit, of which this process has not heard. So what was wanted is kept only for as long as nobody else can have
//! taken the router: for a term from the moment on at which the database was asked last, and answered.

use std::collections::HashMap;

use store::{Lease, NasId};
use tokio::sync::watch;
use tokio::time::Instant;

/// Why nothing is sent.
pub const NOT_SURE: &str = "this process has not heard from the database for a while, and another one may have the router by now; it is told \
                            nothing until the database says whose it is";

/// What is this process' own, and until when that is sure.
#[derive(Debug, Default)]
struct Held {
    epochs: HashMap<NasId, u64>,
    until: Option<Instant>,
}

impl Held {
    fn has(&self, lease: Lease, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until) && self.epochs.get(&lease.nas) == Some(&lease.epoch)
    }
}

/// All that is this process' own.
#[derive(Clone, Debug, Default)]
pub struct Tenures(watch::Sender<Held>);

impl Tenures {
    /// The database said that these are; nobody takes them before `until`.
    pub fn are(&self, leases: &[Lease], until: Instant) {
        let epochs = leases.iter().map(|lease| (lease.nas, lease.epoch)).collect();
        self.0.send_replace(Held { epochs, until: Some(until) });
    }

    /// The database said that nothing is.
    pub fn are_none(&self) {
        self.0.send_replace(Held::default());
    }

    /// That of one router.
    pub fn of(&self, lease: Lease) -> Tenure {
        Tenure(Some((self.0.subscribe(), lease)))
    }
}

/// That of one router, under the lease it was started with.
#[derive(Clone, Debug)]
pub struct Tenure(Option<(watch::Receiver<Held>, Lease)>);

impl Tenure {
    /// Nobody else can have the database.
    pub fn unshared() -> Tenure {
        Tenure(None)
    }

    /// Whether nobody else can have the router at this moment.
    pub fn is_sure(&self, now: Instant) -> bool {
        self.0.as_ref().is_none_or(|(held, lease)| held.borrow().has(*lease, now))
    }

    /// Waits until it is sure.
    pub async fn becomes_sure(&mut self) {
        let Some((held, lease)) = &mut self.0 else { return };
        if held.wait_for(|held| held.has(*lease, Instant::now())).await.is_err() {
            // Nobody says it any more.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LEASE: Lease = Lease { nas: NasId(3), epoch: 7 };
    const TERM: Duration = Duration::from_secs(15);

    #[test]
    fn it_is_sure_for_a_term_and_under_its_own_lease_alone() {
        let (tenures, now) = (Tenures::default(), Instant::now());
        let tenure = tenures.of(LEASE);
        assert!(!tenure.is_sure(now), "nobody said so");
        tenures.are(&[LEASE], now + TERM);
        assert!(tenure.is_sure(now) && !tenure.is_sure(now + TERM));
        assert!(!tenures.of(Lease { nas: NasId(4), ..LEASE }).is_sure(now));
        tenures.are(&[Lease { epoch: 9, ..LEASE }], now + TERM);
        assert!(!tenure.is_sure(now), "another had it meanwhile");
        tenures.are(&[LEASE], now + TERM);
        tenures.are_none();
        assert!(!tenure.is_sure(now) && Tenure::unshared().is_sure(now));
    }

    #[tokio::test]
    async fn whoever_waits_hears_when_it_is_sure_and_not_before() {
        let (tenures, later) = (Tenures::default(), Instant::now() + TERM);
        let mut tenure = tenures.of(LEASE);
        for (leases, until) in [(&[][..], later), (&[LEASE][..], Instant::now())] {
            tenures.are(leases, until);
            tokio::select! {
                biased;
                () = tenure.becomes_sure() => panic!("{leases:?} until {until:?}"),
                () = tokio::task::yield_now() => {}
            }
        }
        let says = async { tenures.are(&[LEASE], later) };
        tokio::join!(tenure.becomes_sure(), says);
        tenure.becomes_sure().await;
    }
}
