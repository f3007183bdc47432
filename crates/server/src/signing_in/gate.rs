//! How often passwords may be tried. Strangers are counted by the address they come from and by the account they try, so that
//! neither one guesser nor many at one account get far; and both are refused before anything is hashed. A browser that somebody
//! signed in with before is counted by itself: whoever guesses at its owner's account, or from the address next door, does not
//! keep it waiting.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use operations::PasswordLane;

use crate::one_host::one_host;
use crate::tries::{Rules, Tries};

const SECOND: u64 = 1_000_000;
/// Addresses, accounts and browsers that are told apart; some megabytes at most.
const MOST: usize = 10_000;
/// Several people may sit behind one address.
const BY_ADDRESS: Rules = Rules { free: 20, lock_us: 60 * SECOND, longest_us: 900 * SECOND, most: MOST };
/// One account, from whatever addresses.
const BY_ACCOUNT: Rules = Rules { free: 10, lock_us: 60 * SECOND, longest_us: 900 * SECOND, most: MOST };
/// A browser that is known and is stolen, or its owner who forgot the password.
const BY_BROWSER: Rules = Rules { free: 10, lock_us: 30 * SECOND, longest_us: 900 * SECOND, most: MOST };

/// As whose try it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody at that address who tries that account.
    Stranger(IpAddr, String),
    /// A browser with that mark, which is known to be the account's.
    Known(String),
}

impl Lane {
    /// On whose time its password is looked at.
    pub(crate) fn of_password(&self) -> PasswordLane {
        match self {
            Lane::Stranger(..) => PasswordLane::Strangers,
            Lane::Known(_) => PasswordLane::Known,
        }
    }
}

struct Books {
    by_address: Tries<IpAddr>,
    by_account: Tries<String>,
    by_browser: Tries<String>,
}

/// The books of this process.
pub(crate) struct Gate {
    books: Mutex<Books>,
}

impl Default for Gate {
    fn default() -> Self {
        let books = Books {
            by_address: Tries::new(BY_ADDRESS),
            by_account: Tries::new(BY_ACCOUNT),
            by_browser: Tries::new(BY_BROWSER),
        };
        Gate { books: Mutex::new(books) }
    }
}

impl Gate {
    /// One more try at `now`, microseconds of a clock that only goes forward; a wrong one unless [`Gate::was_right`] follows.
    ///
    /// # Errors
    /// The whole seconds for which it is refused.
    pub(crate) fn begin(&self, lane: &Lane, now: u64) -> Result<(), u64> {
        let mut books = self.books();
        let begun = match lane {
            Lane::Known(mark) => books.by_browser.begin(mark.clone(), now),
            Lane::Stranger(from, account) => {
                let from = one_host(*from);
                books.by_address.begin(from, now).and_then(|()| {
                    books
                        .by_account
                        .begin(account.clone(), now)
                        .inspect_err(|_| books.by_address.was_right(from, now))
                })
            }
        };
        begun.map_err(|left| left / SECOND + 1)
    }

    /// The last one of these was not wrong, or nobody could tell.
    pub(crate) fn was_right(&self, lane: &Lane, now: u64) {
        let mut books = self.books();
        match lane {
            Lane::Known(mark) => books.by_browser.was_right(mark.clone(), now),
            Lane::Stranger(from, account) => {
                books.by_address.was_right(one_host(*from), now);
                books.by_account.was_right(account.clone(), now);
            }
        }
    }

    /// An account has another password: what was guessed of the one before is nobody's matter, and whoever was told the new one need not
    /// wait. The addresses that guessed stay locked.
    pub(crate) fn forget_account(&self, account: &str) {
        self.books().by_account.forget(&account.to_lowercase());
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(from: u32, account: &str) -> Lane {
        Lane::Stranger(IpAddr::from(from.to_be_bytes()), account.to_owned())
    }

    #[test]
    fn many_addresses_at_one_account_get_ten_tries_and_its_own_browser_is_not_among_them() {
        let gate = Gate::default();
        let let_in = (0..12_000).filter(|from| gate.begin(&stranger(*from, "eva"), 0).is_ok()).count();
        assert_eq!(let_in, 10);
        assert!(gate.begin(&Lane::Known("her mark".to_owned()), 0).is_ok());
        assert!(gate.begin(&stranger(7, "bob"), 0).is_ok(), "nor is anybody else's account");
    }

    #[test]
    fn one_address_at_many_accounts_gets_twenty_tries() {
        let gate = Gate::default();
        let let_in = (0..50_000).filter(|no| gate.begin(&stranger(7, &no.to_string()), 0).is_ok()).count();
        assert_eq!(let_in, 20);
        assert_eq!(gate.begin(&stranger(7, "eva"), 0), Err(61));
        assert!(gate.begin(&stranger(8, "eva"), 0).is_ok());
        assert!(gate.begin(&stranger(7, "eva"), 60 * SECOND).is_ok(), "it waits, and may try again");
    }

    #[test]
    fn a_known_browser_is_no_way_to_guess_without_end() {
        let gate = Gate::default();
        let mark = Lane::Known("stolen".to_owned());
        assert_eq!((0..1_000).filter(|_| gate.begin(&mark, 0).is_ok()).count(), 10);
    }

    #[test]
    fn a_new_password_opens_the_account_and_not_the_addresses() {
        let gate = Gate::default();
        let guesses = |from: u32| (0..100).filter(|_| gate.begin(&stranger(from, "eva"), 0).is_ok()).count();
        assert_eq!((guesses(7), guesses(8)), (10, 0));
        gate.forget_account("EVA");
        assert_eq!((guesses(8), guesses(9)), (10, 0));
        for no in 0..100 {
            let _ = gate.begin(&stranger(3, &no.to_string()), 0);
        }
        gate.forget_account("eva");
        assert!(gate.begin(&stranger(3, "eva"), 0).is_err(), "an address that guessed at all");
    }

    #[test]
    fn whoever_was_right_has_tried_nothing() {
        let gate = Gate::default();
        for _ in 0..100 {
            gate.begin(&stranger(7, "eva"), 0).unwrap();
            gate.was_right(&stranger(7, "eva"), 0);
        }
    }
}
