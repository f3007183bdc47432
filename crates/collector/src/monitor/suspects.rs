//! For whose sake a router refuses a list of interfaces that are all there: what one name does to a list is not established
//! (routeros.md U1), and only trying tells which it is. Half of those who may be it are measured at a time.

use std::collections::BTreeSet;

use uuid::Uuid;

/// Customers, of whom one at least spoils every list that they are in.
#[derive(Debug)]
pub(super) struct Suspects {
    /// It is among these, of whom there are two at least.
    among: Vec<Uuid>,
    /// They were in a stream that told something.
    innocent: BTreeSet<Uuid>,
}

/// What a stream with half of them told of it.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is one of fewer.
    Open(Suspects),
    /// It is this one.
    Found {
        customer: Uuid,
        /// Others were measured meanwhile. Else the router may refuse whatever it is asked for.
        others_heard: bool,
    },
}

impl Suspects {
    /// All of a list that was refused; `None` when there are too few to be told apart.
    pub(super) fn of(refused: BTreeSet<Uuid>) -> Option<Suspects> {
        let among: Vec<Uuid> = refused.into_iter().collect();
        (among.len() > 1).then(|| Suspects { among, innocent: BTreeSet::new() })
    }

    /// All who may be it.
    pub(super) fn among(&self) -> &[Uuid] {
        &self.among
    }

    /// Those who are to be measured next, besides who is known to spoil nothing.
    pub(super) fn tried(&self) -> &[Uuid] {
        &self.among[..self.among.len() / 2]
    }

    /// Whether somebody is to be in the next stream.
    pub(super) fn admit(&self, customer: &Uuid) -> bool {
        self.innocent.contains(customer) || self.tried().contains(customer)
    }

    /// The stream with the tried ones told something.
    pub(super) fn heard(mut self) -> Verdict {
        let rest = self.among.split_off(self.among.len() / 2);
        let tried = std::mem::replace(&mut self.among, rest);
        self.innocent.extend(tried);
        self.judged()
    }

    /// It was refused.
    pub(super) fn refused(mut self) -> Verdict {
        self.among.truncate(self.among.len() / 2);
        self.judged()
    }

    fn judged(self) -> Verdict {
        match self.among[..] {
            [customer] => Verdict::Found { customer, others_heard: !self.innocent.is_empty() },
            _ => Verdict::Open(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who is found when a list is refused that has `bad` in it, and after how many lists.
    fn found(count: u128, bad: u128) -> (u128, u32) {
        let mut suspects = Suspects::of((0..count).map(Uuid::from_u128).collect()).unwrap();
        for lists in 1.. {
            let verdict = match suspects.admit(&Uuid::from_u128(bad)) {
                true => suspects.refused(),
                false => suspects.heard(),
            };
            match verdict {
                Verdict::Open(fewer) => suspects = fewer,
                Verdict::Found { customer, others_heard } => {
                    assert_eq!(others_heard, bad > 0, "the first is always in the list that is tried");
                    return (customer.as_u128(), lists);
                }
            }
        }
        unreachable!()
    }

    #[test]
    fn whoever_it_is_is_found_in_few_lists() {
        for bad in 0..50 {
            let (customer, lists) = found(50, bad);
            assert_eq!(customer, bad);
            assert!(lists <= 6, "{lists} lists for {bad}");
        }
        assert_eq!((found(2, 0), found(2, 1)), ((0, 1), (1, 1)));
        assert!(Suspects::of(BTreeSet::from([Uuid::nil()])).is_none());
    }
}
