//! Who may ask and who may try a code: by the address they come from, and by the code.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use operations::Clock;

use super::counts::PortalCounts;
use super::pace::Pace;
use crate::one_host::one_host;
use crate::tries::{Rules, Tries};

const SECOND: u64 = 1_000_000;
/// Addresses, and codes, that are told apart; some megabytes at most.
const MOST: usize = 10_000;
/// A page that is looked at asks every 20 seconds.
const EVERY: u64 = SECOND;
const AT_ONCE: u64 = 30;
/// Somebody who types may mistype. 120 guesses a day from one address are the most.
const BY_ADDRESS: Rules = Rules { free: 5, lock_us: 60 * SECOND, longest_us: 3_600 * SECOND, most: MOST };
/// Asking how codes stand is counted apart: a page of another site may hold pictures with such addresses, and whoever opens it must not be
/// kept from entering a code.
const BY_LOOKS: Rules = Rules { free: 20, lock_us: 60 * SECOND, longest_us: 600 * SECOND, most: MOST };
/// The same code, wrong or taken, from whatever addresses.
const BY_CODE: Rules = Rules { free: 10, lock_us: 60 * SECOND, longest_us: 3_600 * SECOND, most: MOST };

/// How long somebody has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait(pub(super) Duration);

impl Wait {
    /// Whole seconds, after which it is surely over.
    pub(super) fn seconds(self) -> u64 {
        self.0.as_secs() + 1
    }
}

struct Books {
    requests: Pace<IpAddr>,
    by_address: Tries<IpAddr>,
    by_looks: Tries<IpAddr>,
    by_code: Tries<String>,
}

/// The books of this process, and its clock.
pub(super) struct Gate {
    clock: Arc<dyn Clock>,
    counts: PortalCounts,
    books: Mutex<Books>,
}

/// A code that is being tried; it was a wrong one unless [`Guess::was_right`] is said.
#[must_use = "a guess that nobody takes back is a wrong one"]
pub(super) struct Guess<'g> {
    gate: &'g Gate,
    from: IpAddr,
    of: Of,
}

/// Which books it stands in.
enum Of {
    Look,
    /// Of a key, where there is no code.
    Entry(Option<String>),
}

impl Gate {
    pub(super) fn new(clock: Arc<dyn Clock>, counts: PortalCounts) -> Self {
        let books = Books {
            requests: Pace::new(EVERY, AT_ONCE, MOST),
            by_address: Tries::new(BY_ADDRESS),
            by_looks: Tries::new(BY_LOOKS),
            by_code: Tries::new(BY_CODE),
        };
        Gate { clock, counts, books: Mutex::new(books) }
    }

    /// One more request of that address.
    pub(super) fn request(&self, from: IpAddr) -> Result<(), Wait> {
        let now = self.now();
        let taken = self.books().requests.take(one_host(from), now);
        taken.map_err(|left| self.held_off("pace", left))
    }

    /// That address tries a code; with no code it is a key that nobody could guess, and only the address is counted.
    pub(super) fn guess(&self, from: IpAddr, code: Option<&str>) -> Result<Guess<'_>, Wait> {
        let (now, from) = (self.now(), one_host(from));
        let mut books = self.books();
        books.by_address.begin(from, now).map_err(|left| self.held_off("address", left))?;
        let code = code.map(str::to_owned);
        if let Some(Err(left)) = code.clone().map(|code| books.by_code.begin(code, now)) {
            books.by_address.was_right(from, now);
            return Err(self.held_off("code", left));
        }
        Ok(Guess { gate: self, from, of: Of::Entry(code) })
    }

    /// That address asks how a code stands.
    pub(super) fn look(&self, from: IpAddr) -> Result<Guess<'_>, Wait> {
        let from = one_host(from);
        let begun = self.books().by_looks.begin(from, self.now());
        begun.map_err(|left| self.held_off("look", left))?;
        Ok(Guess { gate: self, from, of: Of::Look })
    }

    fn held_off(&self, why: &'static str, left_us: u64) -> Wait {
        self.counts.held_off(why);
        Wait(Duration::from_micros(left_us))
    }

    fn now(&self) -> u64 {
        self.clock.host().micros
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guess<'_> {
    /// It was no wrong code, or nobody could tell.
    pub(super) fn was_right(self) {
        let now = self.gate.now();
        let mut books = self.gate.books();
        match self.of {
            Of::Look => books.by_looks.was_right(self.from, now),
            Of::Entry(code) => {
                books.by_address.was_right(self.from, now);
                code.into_iter().for_each(|code| books.by_code.was_right(code, now));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use accounting::time::Micros;
    use operations::ManualClock;

    use super::*;

    fn gate() -> (Gate, ManualClock) {
        let clock = ManualClock::new(Micros(0));
        (Gate::new(Arc::new(clock.clone()), PortalCounts::new()), clock)
    }

    fn from(last: u8) -> IpAddr {
        IpAddr::from([10, 5, 50, last])
    }

    fn wrong(gate: &Gate, from: IpAddr, code: &str) -> Result<(), Wait> {
        gate.guess(from, Some(code)).map(|_| ())
    }

    #[test]
    fn an_address_that_guesses_is_locked_whatever_it_tries() {
        let (gate, clock) = gate();
        for code in ["A", "B", "C", "D", "E"] {
            wrong(&gate, from(1), code).unwrap();
        }
        assert_eq!(wrong(&gate, from(1), "F"), Err(Wait(Duration::from_secs(60))));
        assert!(gate.guess(from(1), None).is_err(), "a key is not tried either");
        assert!(wrong(&gate, from(2), "F").is_ok());
        clock.advance(60 * SECOND);
        assert!(wrong(&gate, from(1), "G").is_ok());
        assert_eq!(wrong(&gate, from(1), "H"), Err(Wait(Duration::from_secs(120))));
    }

    #[test]
    fn a_code_that_many_try_is_locked_for_all_and_costs_them_nothing() {
        let (gate, _) = gate();
        for last in 0..10 {
            wrong(&gate, from(last), "SAME").unwrap();
        }
        for _ in 0..20 {
            assert!(wrong(&gate, from(99), "SAME").is_err());
        }
        assert!(wrong(&gate, from(99), "OTHER").is_ok());
    }

    #[test]
    fn right_codes_are_not_counted() {
        let (gate, _) = gate();
        for _ in 0..100 {
            gate.guess(from(1), Some("RIGHT")).unwrap().was_right();
        }
        assert!(wrong(&gate, from(1), "RIGHT").is_ok());
    }

    #[test]
    fn requests_have_a_pace_by_address() {
        let (gate, clock) = gate();
        assert_eq!((0..100).filter(|_| gate.request(from(1)).is_ok()).count(), 30);
        assert!(gate.request(from(2)).is_ok());
        clock.advance(SECOND);
        assert!(gate.request(from(1)).is_ok() && gate.request(from(1)).is_err());
    }

    #[test]
    fn looking_is_locked_apart_and_for_less_long() {
        let (gate, clock) = gate();
        assert_eq!((0..100).filter(|_| gate.look(from(1)).is_ok()).count(), 20);
        assert!(wrong(&gate, from(1), "A").is_ok(), "who looked may still enter a code");
        for _ in 0..30 {
            clock.advance(600 * SECOND);
            assert!(gate.look(from(1)).is_ok(), "never for more than ten minutes");
        }
    }
}
