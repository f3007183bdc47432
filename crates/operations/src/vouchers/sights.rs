//! What looks at a router showed of the logins of vouchers' devices, until it is written down.

use std::collections::BTreeMap;

use accounting::time::Micros;
use store::{SeenVoucherLogin, SeenVoucherSession, VoucherLook};

/// Logins of one user on one device that wait to be written down. Overflow rule: the oldest is given up.
const MOST_WAITING: usize = 16;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherSights {
    /// By user and device; of each the logins in their order.
    logins: BTreeMap<(Vec<u8>, String), Vec<SeenVoucherLogin>>,
    whole_at: Option<Micros>,
}

impl VoucherSights {
    /// A device was shown.
    pub fn see(&mut self, seen: SeenVoucherLogin) {
        let its = self.logins.entry((seen.login.clone(), seen.mac.clone())).or_default();
        match its.last_mut() {
            Some(last) if tells_all_of(&seen, last) => *last = seen,
            _ => {
                if its.len() >= MOST_WAITING {
                    its.remove(0);
                }
                its.push(seen);
            }
        }
    }

    /// What was seen of that user before, or of all, is not in any more unless it is seen again now.
    pub fn look_anew(&mut self, user: Option<&[u8]>) {
        let its = self.logins.iter_mut().filter(|((login, _), _)| user.is_none_or(|user| user == login));
        its.flat_map(|(_, seen)| seen).for_each(|seen| seen.is_up = false);
    }

    /// All of the router's were looked at then.
    pub fn whole(&mut self, at: Micros) {
        self.whole_at = Some(at);
    }

    /// What was seen after it.
    pub fn absorb(&mut self, next: VoucherSights) {
        if next.whole_at.is_some() {
            self.look_anew(None);
            self.whole_at = next.whole_at;
        }
        next.logins.into_values().flatten().for_each(|seen| self.see(seen));
    }

    /// Whether there is nothing to be written down.
    pub fn is_empty(&self) -> bool {
        self.logins.is_empty() && self.whole_at.is_none()
    }

    /// To be written down.
    pub fn look(&self) -> VoucherLook {
        let logins = self.logins.values().flatten().cloned().collect();
        VoucherLook { logins, whole_at: self.whole_at }
    }
}

/// Whether nothing is lost of what was seen before if only the later sight is kept: it is of the same login and the same row.
fn tells_all_of(seen: &SeenVoucherLogin, last: &SeenVoucherLogin) -> bool {
    let (login, row) = (last.session.as_ref(), last.row.as_ref());
    let login = login.is_none_or(|last_login| {
        let goes_on = |login: &SeenVoucherSession| {
            login.octets >= last_login.octets && login.continues(seen.at, last_login.began, last.at)
        };
        seen.session.as_ref().is_some_and(goes_on)
    });
    let row = row.is_none_or(|last_row| {
        seen.row.as_ref().is_some_and(|row| row.id == last_row.id && row.octets >= last_row.octets)
    });
    login && row
}

#[cfg(test)]
mod tests {
    use accounting::time::StartInterval;

    use super::*;

    fn seen(earliest: i64, octets: u64) -> SeenVoucherLogin {
        let began = StartInterval { earliest, latest: earliest + 1 };
        SeenVoucherLogin {
            login: b"ABC".to_vec(),
            mac: "AA".to_owned(),
            session: Some(SeenVoucherSession { began, age_s: 1, octets }),
            row: None,
            at: Micros(earliest * 1_000_000),
            is_up: true,
        }
    }

    fn told(sights: &VoucherSights) -> Vec<(u64, bool)> {
        sights.look().logins.iter().map(|seen| (seen.session.unwrap().octets, seen.is_up)).collect()
    }

    #[test]
    fn each_login_is_kept_with_the_last_that_was_seen_of_it() {
        let mut sights = VoucherSights::default();
        assert!(sights.is_empty());
        [seen(10, 5), seen(11, 9)].into_iter().for_each(|login| sights.see(login));
        sights.look_anew(None);
        assert_eq!(told(&sights), [(9, false)]);
        sights.see(seen(50, 3));
        assert_eq!(told(&sights), [(9, false), (3, true)]);
        let mut later = VoucherSights::default();
        later.see(seen(50, 4));
        sights.absorb(later.clone());
        assert_eq!((told(&sights), sights.look().whole_at), (vec![(9, false), (4, true)], None));
        let mut nobody = VoucherSights::default();
        nobody.whole(Micros(7));
        sights.absorb(nobody);
        assert_eq!((told(&sights), sights.look().whole_at), (vec![(9, false), (4, false)], Some(Micros(7))));
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut sights = VoucherSights::default();
        (0..100).for_each(|no| sights.see(seen(no * 100, 1)));
        assert_eq!(told(&sights).len(), MOST_WAITING);
    }
}
