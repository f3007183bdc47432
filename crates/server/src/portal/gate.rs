//! Who may ask and who may try a code: by the address they come from, and by the code.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use operations::Clock;

use super::pace::Pace;
use super::tries::{Rules, Tries};

const SECOND: u64 = 1_000_000;
/// Addresses, and codes, that are told apart; some megabytes at most.
const MOST: usize = 10_000;
/// A page that is looked at asks every 20 seconds.
const EVERY: u64 = SECOND;
const AT_ONCE: u64 = 30;
/// Somebody who types may mistype. 120 guesses a day from one address are the most.
const BY_ADDRESS: Rules = Rules { free: 5, lock_us: 60 * SECOND, longest_us: 3_600 * SECOND, most: MOST };
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
    by_code: Tries<String>,
}

/// The books of this process, and its clock.
pub(super) struct Gate {
    clock: Arc<dyn Clock>,
    books: Mutex<Books>,
}

/// A code that is being tried; it was a wrong one unless [`Guess::was_right`] is said.
#[must_use = "a guess that nobody takes back is a wrong one"]
pub(super) struct Guess<'g> {
    gate: &'g Gate,
    from: IpAddr,
    code: Option<String>,
}

impl Gate {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let books = Books {
            requests: Pace::new(EVERY, AT_ONCE, MOST),
            by_address: Tries::new(BY_ADDRESS),
            by_code: Tries::new(BY_CODE),
        };
        Gate { clock, books: Mutex::new(books) }
    }

    /// One more request of that address.
    pub(super) fn request(&self, from: IpAddr) -> Result<(), Wait> {
        let now = self.now();
        self.books().requests.take(told_apart(from), now).map_err(wait)
    }

    /// That address tries a code; with no code it is a key that nobody could guess, and only the address is counted.
    pub(super) fn guess(&self, from: IpAddr, code: Option<&str>) -> Result<Guess<'_>, Wait> {
        let (now, from) = (self.now(), told_apart(from));
        let mut books = self.books();
        books.by_address.begin(from, now).map_err(wait)?;
        let code = code.map(str::to_owned);
        if let Some(Err(locked)) = code.clone().map(|code| books.by_code.begin(code, now)) {
            books.by_address.was_right(from, now);
            return Err(wait(locked));
        }
        Ok(Guess { gate: self, from, code })
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
        books.by_address.was_right(self.from, now);
        if let Some(code) = self.code {
            books.by_code.was_right(code, now);
        }
    }
}

fn wait(micros: u64) -> Wait {
    Wait(Duration::from_micros(micros))
}

/// A host chooses its address within a network of 64 bits as it likes.
fn told_apart(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use accounting::time::Micros;
    use operations::ManualClock;

    use super::*;

    fn gate() -> (Gate, ManualClock) {
        let clock = ManualClock::new(Micros(0));
        (Gate::new(Arc::new(clock.clone())), clock)
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
    fn a_network_of_one_host_is_one_address() {
        let address = |text: &str| told_apart(text.parse().unwrap());
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:2"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:10.5.50.1"), from(1));
    }
}
