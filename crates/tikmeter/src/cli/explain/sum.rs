//! Adding entries up on this side, as the proof that a total is the sum of its entries.

use crate::failure::Failure;
use crate::output::{grouped, many, octets, printable};

/// Octets in both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Volume {
    pub(super) up: u64,
    pub(super) down: u64,
}

/// The running sum of posted entries, and the total it must reach.
#[derive(Debug, Default)]
pub(super) struct Sum {
    /// Whose total.
    pub(super) subject: String,
    /// What must be known to read it.
    pub(super) notes: Vec<String>,
    /// What the server says the total is.
    pub(super) total: Volume,
    so_far: Volume,
    posted: u64,
    waiting: u64,
    decided: u64,
    overflown: bool,
}

impl Sum {
    /// Adds a posted entry and gives the sum so far.
    pub(super) fn post(&mut self, volume: Volume) -> Volume {
        self.posted += 1;
        let add = |sum: u64, more: u64| sum.checked_add(more);
        match (add(self.so_far.up, volume.up), add(self.so_far.down, volume.down)) {
            (Some(up), Some(down)) => self.so_far = Volume { up, down },
            _ => self.overflown = true,
        }
        self.so_far
    }

    /// Counts an entry that was held back and is in no total itself.
    pub(super) fn hold(&mut self, decided: bool) {
        *(if decided { &mut self.decided } else { &mut self.waiting }) += 1;
    }

    /// The first line.
    pub(super) fn heading(&self) -> String {
        let Volume { up, down } = self.total;
        let notes: String = self.notes.iter().map(|note| format!("{}\n", printable(note))).collect();
        format!(
            "{}: {} up ({} octets), {} down ({} octets)\n{notes}",
            printable(&self.subject),
            octets(up),
            grouped(up),
            octets(down),
            grouped(down)
        )
    }

    fn sum_verb(&self) -> &'static str {
        if self.posted == 1 { "sums" } else { "sum" }
    }

    /// The last line.
    ///
    /// # Errors
    /// When the entries do not add up to the total.
    pub(super) fn verdict(&self) -> Result<String, Failure> {
        let Volume { up, down } = self.total;
        if self.overflown || self.so_far != self.total {
            return Err(Failure::Said(format!(
                "THE ENTRIES DO NOT ADD UP: {} {} to {} octets up and {} down, but the total is {} up and {} down. \
                 Nothing was changed; run `tikmeter verify` and report this with its output",
                many(self.posted, "entry"),
                self.sum_verb(),
                grouped(self.so_far.up),
                grouped(self.so_far.down),
                grouped(up),
                grouped(down)
            )));
        }
        let waiting = match self.waiting {
            0 => String::new(),
            1 => "; 1 more waits for a decision and is in no total (tikmeter held list)".to_owned(),
            waiting => format!(
                "; {} more wait for a decision and are in no total (tikmeter held list)",
                grouped(waiting)
            ),
        };
        let decided = match self.decided {
            0 => String::new(),
            1 => "; 1 that was held back is decided".to_owned(),
            decided => format!("; {} that were held back are decided", grouped(decided)),
        };
        Ok(format!(
            "The {} {} to the total to the octet: {} up, {} down{waiting}{decided}.",
            many(self.posted, "entry"),
            self.sum_verb(),
            grouped(up),
            grouped(down)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(total: Volume, entries: &[Volume]) -> Sum {
        let mut sum = Sum { total, ..Sum::default() };
        for entry in entries {
            sum.post(*entry);
        }
        sum
    }

    #[test]
    fn equal_to_the_octet_is_said() {
        let entries = [Volume { up: 1_000, down: 5 }, Volume { up: 234, down: 0 }];
        let said = sum(Volume { up: 1_234, down: 5 }, &entries).verdict().unwrap();
        assert_eq!(said, "The 2 entries sum to the total to the octet: 1,234 up, 5 down.");
    }

    #[test]
    fn one_entry_is_one() {
        let said = sum(Volume { up: 7, down: 0 }, &[Volume { up: 7, down: 0 }]).verdict().unwrap();
        assert_eq!(said, "The 1 entry sums to the total to the octet: 7 up, 0 down.");
    }

    #[test]
    fn one_octet_off_is_a_loud_error() {
        let entries = [Volume { up: 1_233, down: 5 }];
        let error = sum(Volume { up: 1_234, down: 5 }, &entries).verdict().unwrap_err();
        assert!(error.to_string().starts_with("THE ENTRIES DO NOT ADD UP"), "{error}");
    }

    #[test]
    fn held_entries_are_counted_apart_and_overflow_is_no_match() {
        let mut held = sum(Volume::default(), &[]);
        for decided in [false, true, true] {
            held.hold(decided);
        }
        let said = held.verdict().unwrap();
        assert!(
            said.contains("1 more waits for a decision and is in no total")
                && said.contains("2 that were held back"),
            "{said}"
        );
        let most = Volume { up: u64::MAX, down: 0 };
        assert!(sum(most, &[most, most]).verdict().is_err());
    }
}
