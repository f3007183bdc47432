//! What is kept of the logins of a voucher's user on a device, and how a sight of it adds to that: one that goes on has more octets than
//! before, and the next one comes on top; what a login moved after the last look, the row of its user may tell.

use accounting::time::{Micros, StartInterval};

use crate::error::StoreError;
use crate::ids::VoucherId;
use crate::voucher_login_repository::{SeenVoucherLogin, SeenVoucherSession};

use super::values::amount;

/// What is kept of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) voucher: VoucherId,
    /// Its octets are worth writing down as they grow.
    pub(super) has_quota: bool,
    pub(super) stand: Stand,
    /// As it is in the database; `None`: it is not.
    pub(super) stored: Option<Stand>,
}

/// See the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stand {
    pub(super) began: Option<StartInterval>,
    pub(super) octets: i64,
    pub(super) others_octets: i64,
    pub(super) row_id: Option<Vec<u8>>,
    pub(super) row_octets: i64,
    pub(super) before_octets: i64,
    pub(super) seen_at: Micros,
    pub(super) is_up: bool,
}

impl Stand {
    /// Nothing was seen of it yet.
    pub(super) fn new(at: Micros) -> Stand {
        Stand {
            began: None,
            octets: 0,
            others_octets: 0,
            row_id: None,
            row_octets: 0,
            before_octets: 0,
            seen_at: at,
            is_up: false,
        }
    }

    pub(super) fn see(&mut self, seen: &SeenVoucherLogin) -> Result<(), StoreError> {
        if let Some(row) = &seen.row {
            self.see_row(&row.id, amount(row.octets)?);
        }
        if let Some(session) = &seen.session {
            self.see_session(session, seen.at)?;
        }
        (self.seen_at, self.is_up) = (seen.at, seen.is_up);
        Ok(())
    }

    /// Another row, or one that was reset, begins at 0, and so does what the logins move under it.
    fn see_row(&mut self, id: &[u8], octets: i64) {
        let is_other = self.row_id.as_deref().is_some_and(|known| known != id);
        if is_other || octets < self.row_octets {
            let under_it = self.row_octets.max(self.octets.saturating_add(self.others_octets));
            self.before_octets = self.before_octets.saturating_add(under_it);
            self.others_octets = -self.octets;
        }
        (self.row_id, self.row_octets) = (Some(id.to_vec()), octets);
    }

    /// One that was off and shows less than it did is another that began within seconds of it.
    fn see_session(&mut self, session: &SeenVoucherSession, at: Micros) -> Result<(), StoreError> {
        let octets = amount(session.octets)?;
        let goes_on =
            |began| session.continues(at, began, self.seen_at) && (self.is_up || octets >= self.octets);
        match self.began.filter(|began| goes_on(*began)) {
            Some(began) => {
                (self.began, self.octets) = (Some(narrower(began, session.began)), octets.max(self.octets));
            }
            None => {
                self.others_octets = self.others_octets.saturating_add(self.octets);
                (self.began, self.octets) = (Some(session.began), octets);
            }
        }
        Ok(())
    }

    /// What it moved.
    pub(super) fn counts(&self) -> (i64, i64, i64, i64) {
        (self.octets, self.others_octets, self.row_octets, self.before_octets)
    }
}

/// What both allow; a slow answer tells little of when a login began.
fn narrower(one: StartInterval, other: StartInterval) -> StartInterval {
    let both =
        StartInterval { earliest: one.earliest.max(other.earliest), latest: one.latest.min(other.latest) };
    if both.earliest <= both.latest { both } else { other }
}

impl Kept {
    /// Where nobody asks what is moved, only another login and another state are.
    pub(super) fn is_news(&self) -> bool {
        let now = &self.stand;
        self.stored.as_ref().is_none_or(|stored| {
            let is_other = stored.is_up != now.is_up || stored.others_octets != now.others_octets;
            is_other || self.has_quota && stored.counts() != now.counts()
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::voucher_login_repository::SeenVoucherRow;

    use super::*;

    fn seen(earliest: i64, octets: u64) -> SeenVoucherLogin {
        let began = StartInterval { earliest, latest: earliest + 2 };
        SeenVoucherLogin {
            login: b"ABC".to_vec(),
            mac: "AA".to_owned(),
            session: Some(SeenVoucherSession { began, age_s: 0, octets }),
            row: None,
            at: Micros(earliest),
            is_up: true,
        }
    }

    /// Under that row, which adds up so much.
    fn under(seen: SeenVoucherLogin, id: &str, octets: u64) -> SeenVoucherLogin {
        SeenVoucherLogin { row: Some(SeenVoucherRow { id: id.into(), octets }), ..seen }
    }

    fn logged_out(seen: SeenVoucherLogin) -> SeenVoucherLogin {
        SeenVoucherLogin { session: None, is_up: false, ..seen }
    }

    fn total(sights: &[SeenVoucherLogin]) -> i64 {
        let mut stand = Stand::new(Micros(0));
        sights.iter().for_each(|seen| stand.see(seen).unwrap());
        let (octets, others, row, before) = stand.counts();
        before + row.max(octets + others)
    }

    #[test]
    fn a_login_counts_once_however_often_it_is_seen_and_the_next_one_on_top() {
        assert_eq!(total(&[seen(100, 5), seen(101, 9), seen(99, 9)]), 9);
        assert_eq!(total(&[seen(100, 9), seen(200, 4), seen(201, 6)]), 15, "it logged in again");
        let off = SeenVoucherLogin { is_up: false, ..seen(100, 9) };
        assert_eq!(total(&[off, seen(101, 4)]), 13, "within seconds of one that was put off");
        assert_eq!(total(&[seen(100, 9), seen(101, 4)]), 9, "an older sight that comes late");
        assert_eq!(total(&[seen(9_000, 9), seen(30, 11)]), 20, "its router started anew");
    }

    #[test]
    fn what_a_login_moved_after_the_last_look_is_told_by_the_users_row_however_that_counts() {
        for counts_live in [true, false] {
            let row = |live: u64, ended: u64| if counts_live { live } else { ended };
            let ended = [
                under(seen(100, 5), "*1", row(5, 0)),
                // It moved 2 more and logged out, and another one came and went unseen, which moved 3.
                under(logged_out(seen(100, 0)), "*1", 10),
            ];
            assert_eq!(total(&ended), 10);
            let again = under(seen(500, 4), "*2", row(4, 0));
            assert_eq!(
                total(&[&ended[..], std::slice::from_ref(&again)].concat()),
                14,
                "under a row of its own"
            );
            let last = under(logged_out(seen(500, 0)), "*2", 6);
            assert_eq!(total(&[&ended[..], &[again, last]].concat()), 16);
        }
    }

    #[test]
    fn a_row_that_is_made_anew_or_reset_while_a_login_is_up_counts_nothing_twice() {
        let before = under(seen(100, 5), "*1", 5);
        for after in
            [under(seen(100, 8), "*2", 3), under(seen(100, 8), "*1", 3), under(seen(100, 8), "*2", 0)]
        {
            assert_eq!(total(&[before.clone(), after.clone(), after]), 8);
        }
    }

    #[test]
    fn one_that_is_older_than_the_last_sight_of_it_was_there_whatever_its_start_says() {
        let mut leapt = seen(4_000, 8);
        leapt.session.as_mut().unwrap().age_s = 5_000;
        assert_eq!(total(&[seen(100, 5), leapt]), 8);
    }

    #[test]
    fn a_slow_answer_makes_no_two_logins_one() {
        let mut slow = seen(100, 7);
        slow.session.as_mut().unwrap().began.latest = 160;
        assert_eq!(total(&[seen(100, 5), slow.clone(), seen(150, 8)]), 15);
        assert_eq!(total(&[slow, seen(140, 8), seen(141, 9)]), 9, "it may have begun at any time of these");
    }
}
