//! How a look at a router adds to what is kept of the logins of vouchers' devices: one that goes on has more octets than before, and
//! the next one comes on top; what a login moved after the last look, the row of its user may tell.

use std::collections::BTreeMap;

use accounting::time::{Micros, StartInterval};

use crate::error::StoreError;
use crate::ids::{NasId, VoucherId};
use crate::voucher_login_repository::{SeenVoucherLogin, SeenVoucherSession, VoucherLook};

use super::connection::{Batch, Connection};
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{amount, start};

/// When nothing changes it is written so often that a router was looked at.
const SAID_EVERY_US: u64 = 60_000_000;

/// The columns in the order [`kept`] reads them.
macro_rules! kept_where {
    ($condition:literal) => {
        concat!(
            "SELECT voucher_login.login, voucher_login.mac, voucher_login.voucher_id,
                CASE WHEN voucher_batch.quota_octets IS NULL THEN 0 ELSE 1 END,
                voucher_login.began_earliest, voucher_login.began_latest, voucher_login.octets, voucher_login.others_octets,
                voucher_login.row_id, voucher_login.row_octets, voucher_login.before_octets, voucher_login.seen_at,
                voucher_login.is_up
             FROM voucher_login CROSS JOIN voucher ON voucher.id = voucher_login.voucher_id
             CROSS JOIN voucher_batch ON voucher_batch.id = voucher.batch_id WHERE voucher_login.nas_id = ?1 AND ",
            $condition
        )
    };
}
const UP: &str = kept_where!("voucher_login.is_up = 1");
const ONE: &str = kept_where!("voucher_login.login = ?2 AND voucher_login.mac = ?3");
const OWNER: &str = "
    SELECT voucher_id FROM voucher_device WHERE nas_id = ?1 AND login = ?2 ORDER BY id DESC LIMIT 1";
const KEEP: &str = "
    INSERT INTO voucher_login (nas_id, login, mac, voucher_id, began_earliest, began_latest, octets, others_octets, row_id,
        row_octets, before_octets, seen_at, is_up)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
    ON CONFLICT (nas_id, login, mac) DO UPDATE SET began_earliest = excluded.began_earliest,
        began_latest = excluded.began_latest, octets = excluded.octets, others_octets = excluded.others_octets,
        row_id = excluded.row_id, row_octets = excluded.row_octets, before_octets = excluded.before_octets,
        seen_at = excluded.seen_at, is_up = excluded.is_up";
const LOOKED_AT: &str = "SELECT looked_at FROM voucher_router WHERE nas_id = ?1";
const LOOKED: &str = "UPDATE voucher_router SET looked_at = ?2 WHERE nas_id = ?1";

/// Whose login on which device.
type Key = (Vec<u8>, String);

/// What is kept of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    voucher: VoucherId,
    /// Its octets are worth writing down as they grow.
    has_quota: bool,
    stand: Stand,
    /// As it is in the database; `None`: it is not.
    stored: Option<Stand>,
}

/// See the migration.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stand {
    began: Option<StartInterval>,
    octets: i64,
    others_octets: i64,
    row_id: Option<Vec<u8>>,
    row_octets: i64,
    before_octets: i64,
    seen_at: Micros,
    is_up: bool,
}

impl Stand {
    /// Nothing was seen of it yet.
    fn new(at: Micros) -> Stand {
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

    fn see(&mut self, seen: &SeenVoucherLogin) -> Result<(), StoreError> {
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
    fn counts(&self) -> (i64, i64, i64, i64) {
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
    fn is_news(&self) -> bool {
        let now = &self.stand;
        self.stored.as_ref().is_none_or(|stored| {
            let is_other = stored.is_up != now.is_up || stored.others_octets != now.others_octets;
            is_other || self.has_quota && stored.counts() != now.counts()
        })
    }
}

/// What is to be written; `None`: nothing.
pub(super) fn news(
    connection: &Connection<'_>,
    nas: NasId,
    look: &VoucherLook,
) -> Result<Option<BTreeMap<Key, Kept>>, StoreError> {
    let mut kept = known(connection, nas, look)?;
    add(&mut kept, look)?;
    kept.retain(|_, kept| kept.is_news());
    Ok((!kept.is_empty() || is_due(connection, nas, look)?).then_some(kept))
}

/// Writes it.
pub(super) fn note(connection: &Connection<'_>, nas: NasId, look: &VoucherLook) -> Result<(), StoreError> {
    let Some(news) = news(connection, nas, look)? else { return Ok(()) };
    let mut batch = Batch::of(connection, KEEP)?;
    for ((login, mac), Kept { voucher, stand, .. }) in &news {
        let (earliest, latest) =
            (stand.began.map(|began| began.earliest), stand.began.map(|began| began.latest));
        let (octets, others, row, before) = stand.counts();
        let (row_id, seen_at, is_up) = (stand.row_id.as_deref(), stand.seen_at.0, i64::from(stand.is_up));
        batch.add(params![
            nas.0, login, mac, voucher.0, earliest, latest, octets, others, row_id, row, before, seen_at,
            is_up
        ])?;
    }
    batch.finish()?;
    if let Some(at) = look.whole_at {
        connection.execute(LOOKED, params![nas.0, at.0])?;
    }
    Ok(())
}

/// What is kept of those that were up, and of those that are seen now.
fn known(
    connection: &Connection<'_>,
    nas: NasId,
    look: &VoucherLook,
) -> Result<BTreeMap<Key, Kept>, StoreError> {
    let mut known: BTreeMap<Key, Kept> =
        rows::all(connection, UP, params![nas.0], kept)?.into_iter().collect();
    let unknown: Vec<&SeenVoucherLogin> =
        look.logins.iter().filter(|seen| !known.contains_key(&key(seen))).collect();
    let mut found = Vec::new();
    let mut see = |_: usize, row: &Row<'_>| {
        found.push(kept(row)?);
        Ok(())
    };
    let mut asking = connection.ask_many(ONE, &mut see)?;
    unknown.iter().try_for_each(|seen| asking.add(params![nas.0, seen.login, seen.mac]))?;
    asking.finish()?;
    known.extend(found);
    let strangers: Vec<&SeenVoucherLogin> =
        unknown.into_iter().filter(|seen| !known.contains_key(&key(seen))).collect();
    known.extend(begun(connection, nas, &strangers)?);
    Ok(known)
}

/// Those that are seen the first time and are a voucher's.
fn begun(
    connection: &Connection<'_>,
    nas: NasId,
    strangers: &[&SeenVoucherLogin],
) -> Result<BTreeMap<Key, Kept>, StoreError> {
    let mut owners = vec![None; strangers.len()];
    let mut see = |nth: usize, row: &Row<'_>| {
        owners[nth] = Some(VoucherId(row.get(0)?));
        Ok(())
    };
    let mut asking = connection.ask_many(OWNER, &mut see)?;
    strangers.iter().try_for_each(|seen| asking.add(params![nas.0, seen.login]))?;
    asking.finish()?;
    let one = |(seen, owner): (&&SeenVoucherLogin, Option<VoucherId>)| {
        let kept = Kept { voucher: owner?, has_quota: true, stand: Stand::new(seen.at), stored: None };
        Some((key(seen), kept))
    };
    Ok(strangers.iter().zip(owners).filter_map(one).collect())
}

/// Whoever is not seen by a look at all of them is not up.
fn add(known: &mut BTreeMap<Key, Kept>, look: &VoucherLook) -> Result<(), StoreError> {
    if look.whole_at.is_some() {
        known.values_mut().for_each(|kept| kept.stand.is_up = false);
    }
    for seen in &look.logins {
        if let Some(kept) = known.get_mut(&key(seen)) {
            kept.stand.see(seen)?;
        }
    }
    Ok(())
}

fn is_due(connection: &Connection<'_>, nas: NasId, look: &VoucherLook) -> Result<bool, StoreError> {
    let Some(at) = look.whole_at else { return Ok(false) };
    let said = rows::first(connection, LOOKED_AT, params![nas.0], |row| row.get::<Option<i64>>(0))?;
    Ok(said.is_some_and(|said| said.is_none_or(|said| said.abs_diff(at.0) >= SAID_EVERY_US)))
}

fn key(seen: &SeenVoucherLogin) -> Key {
    (seen.login.clone(), seen.mac.clone())
}

fn kept(row: &Row<'_>) -> Result<(Key, Kept), StoreError> {
    let stand = Stand {
        began: start(row, 4)?,
        octets: row.get(6)?,
        others_octets: row.get(7)?,
        row_id: row.get(8)?,
        row_octets: row.get(9)?,
        before_octets: row.get(10)?,
        seen_at: Micros(row.get(11)?),
        is_up: row.get::<i64>(12)? == 1,
    };
    let (voucher, has_quota) = (VoucherId(row.get(2)?), row.get::<i64>(3)? == 1);
    Ok(((row.get(0)?, row.get(1)?), Kept { voucher, has_quota, stored: Some(stand.clone()), stand }))
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
