//! How many samples a client has lost, by their numbers.

use std::collections::HashMap;

use uuid::Uuid;

/// The last sample of each subscriber that a client has seen.
#[derive(Debug, Default)]
pub(super) struct Tally {
    last: HashMap<Uuid, Last>,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    no: u64,
    /// It was the last when the client began to look: older ones may still be on their way to it.
    begun: bool,
}

impl Tally {
    /// The client begins to look at somebody whose last sample was that one: 0 before the first.
    pub(super) fn begin(&mut self, customer: Uuid, no: u64) {
        self.last.insert(customer, Last { no, begun: true });
    }

    /// The client does not look at them any more.
    pub(super) fn leave(&mut self, customer: Uuid) {
        self.last.remove(&customer);
    }

    /// A sample is to be sent; answers how many before it the client has lost. Numbers begin anew with each watch.
    pub(super) fn take(&mut self, customer: Uuid, no: u64) -> u64 {
        let last = self.last.insert(customer, Last { no, begun: false });
        match last {
            Some(Last { no: last, begun }) if begun || no > last => no.saturating_sub(last + 1),
            Some(_) | None => no.saturating_sub(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_lack_are_losses() {
        let (ana, mut tally) = (Uuid::from_u128(1), Tally::default());
        tally.begin(ana, 4);
        assert_eq!([5, 6, 9, 10].map(|no| tally.take(ana, no)), [0, 0, 2, 0]);
    }

    #[test]
    fn what_was_on_its_way_when_the_client_began_is_no_loss() {
        let (ana, mut tally) = (Uuid::from_u128(1), Tally::default());
        tally.begin(ana, 4);
        assert_eq!([3, 4, 5].map(|no| tally.take(ana, no)), [0, 0, 0]);
        tally.begin(ana, 4);
        assert_eq!(tally.take(ana, 8), 3);
    }

    #[test]
    fn a_watch_that_began_anew_counts_from_its_first_sample() {
        let (ana, bob, mut tally) = (Uuid::from_u128(1), Uuid::from_u128(2), Tally::default());
        tally.begin(ana, 7);
        assert_eq!([8, 3].map(|no| tally.take(ana, no)), [0, 2]);
        assert_eq!(tally.take(bob, 2), 1, "nobody was watched when the client began");
    }
}
