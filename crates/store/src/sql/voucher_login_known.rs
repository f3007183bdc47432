//! What is kept of the logins of vouchers' devices that a look at their router is about: few statements, however many of them are away.

use std::collections::BTreeMap;

use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::{NasId, VoucherId};
use crate::voucher_login_repository::{SeenVoucherLogin, VoucherLook};

use super::connection::Connection;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::start;
use super::voucher_login_stand::{Kept, Stand};

/// The columns in the order [`kept`] reads them, of what comes after `FROM`.
macro_rules! kept_from {
    ($($from:expr),+) => {
        concat!(
            "SELECT voucher_login.login, voucher_login.mac, voucher_login.voucher_id,
                CASE WHEN voucher_batch.quota_octets IS NULL THEN 0 ELSE 1 END,
                voucher_login.began_earliest, voucher_login.began_latest, voucher_login.octets, voucher_login.others_octets,
                voucher_login.row_id, voucher_login.row_octets, voucher_login.before_octets, voucher_login.seen_at,
                voucher_login.is_up
             FROM ",
            $($from),+
        )
    };
}
macro_rules! its_batch {
    () => {
        " CROSS JOIN voucher ON voucher.id = voucher_login.voucher_id
          CROSS JOIN voucher_batch ON voucher_batch.id = voucher.batch_id "
    };
}
const UP: &str =
    kept_from!("voucher_login", its_batch!(), "WHERE voucher_login.nas_id = ?1 AND voucher_login.is_up = 1");
/// Of those that are let in and were not up: a look at all of a router shows the rows of their users.
const AWAY: &str = kept_from!(
    "voucher_device CROSS JOIN voucher_login ON voucher_login.nas_id = voucher_device.nas_id
        AND voucher_login.login = voucher_device.login AND voucher_login.mac = voucher_device.mac",
    its_batch!(),
    "WHERE voucher_device.nas_id = ?1 AND voucher_device.state < 2 AND voucher_login.is_up = 0"
);
const ONE: &str = kept_from!(
    "voucher_login",
    its_batch!(),
    "WHERE voucher_login.nas_id = ?1 AND voucher_login.login = ?2 AND voucher_login.mac = ?3"
);
const OWNER: &str = "
    SELECT voucher_id FROM voucher_device WHERE nas_id = ?1 AND login = ?2 ORDER BY id DESC LIMIT 1";
/// Whose login on which device.
pub(super) type Key = (Vec<u8>, String);

/// What is kept of those that were up, and of those that are seen now.
pub(super) fn known(
    connection: &Connection<'_>,
    nas: NasId,
    look: &VoucherLook,
) -> Result<BTreeMap<Key, Kept>, StoreError> {
    let mut known: BTreeMap<Key, Kept> =
        rows::all(connection, UP, params![nas.0], kept)?.into_iter().collect();
    let is_unknown = |known: &BTreeMap<Key, Kept>, seen: &SeenVoucherLogin| !known.contains_key(&key(seen));
    if look.whole_at.is_some() && look.logins.iter().any(|seen| is_unknown(&known, seen)) {
        known.extend(rows::all(connection, AWAY, params![nas.0], kept)?);
    }
    let unknown: Vec<&SeenVoucherLogin> =
        look.logins.iter().filter(|seen| is_unknown(&known, seen)).collect();
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

pub(super) fn key(seen: &SeenVoucherLogin) -> Key {
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
    use std::cell::Cell;

    use super::super::connection::{Many, See, SeeOf, Sql};
    use super::super::value::Values;
    use super::*;

    /// Counts what is asked.
    struct Counted {
        connection: rusqlite::Connection,
        asked: Cell<usize>,
    }

    impl Counted {
        fn one_more(&self) {
            self.asked.set(self.asked.get() + 1);
        }
    }

    impl Sql for Counted {
        fn execute(&self, sql: &'static str, values: Values<'_>) -> Result<usize, StoreError> {
            self.one_more();
            Sql::execute(&self.connection, sql, values)
        }

        fn stream(&self, sql: &'static str, values: Values<'_>, see: See<'_>) -> Result<(), StoreError> {
            self.one_more();
            self.connection.stream(sql, values, see)
        }

        fn many(&self, sql: &'static str) -> Result<Box<dyn Many + '_>, StoreError> {
            self.connection.many(sql)
        }

        fn ask_many<'s>(
            &'s self,
            sql: &'static str,
            see: SeeOf<'s>,
        ) -> Result<Box<dyn Many + 's>, StoreError> {
            let many = self.connection.ask_many(sql, see)?;
            Ok(Box::new(CountedMany { counted: self, many }))
        }

        fn clock(&self) -> Result<i64, StoreError> {
            self.connection.clock()
        }
    }

    struct CountedMany<'s> {
        counted: &'s Counted,
        many: Box<dyn Many + 's>,
    }

    impl Many for CountedMany<'_> {
        fn add(&mut self, values: Values<'_>) -> Result<(), StoreError> {
            self.counted.one_more();
            self.many.add(values)
        }

        fn finish(self: Box<Self>) -> Result<usize, StoreError> {
            self.many.finish()
        }
    }

    /// So many vouchers with data, each with a device that is in at router 1 and was up before.
    fn town(devices: usize) -> Counted {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        crate::sqlite::migrate::MIGRATIONS.iter().for_each(|step| connection.execute_batch(step).unwrap());
        let begin = "INSERT INTO voucher_batch (id, made_at, made_by, devices, quota_octets, size) VALUES (1, 0, 'eva', 1, 9, 9);";
        connection.execute_batch(begin).unwrap();
        for nth in 1..=devices {
            let rows = format!(
                "INSERT INTO voucher (id, batch_id, code, state, first_used_at) VALUES ({nth}, 1, 'C{nth}', 1, 0);
                 INSERT INTO voucher_device (voucher_id, ordinal, nas_id, mac, login, state, wanted_at)
                     VALUES ({nth}, 1, 1, 'M{nth}', CAST('C{nth}' AS BLOB), 1, 0);
                 INSERT INTO voucher_login (nas_id, login, mac, voucher_id, octets, others_octets, row_octets, before_octets, seen_at,
                     is_up) VALUES (1, CAST('C{nth}' AS BLOB), 'M{nth}', {nth}, {nth}, 0, 0, 0, 0, 0);"
            );
            connection.execute_batch(&rows).unwrap();
        }
        Counted { connection, asked: Cell::new(0) }
    }

    fn away(nth: usize) -> SeenVoucherLogin {
        let (login, mac) = (format!("C{nth}").into_bytes(), format!("M{nth}"));
        SeenVoucherLogin { login, mac, session: None, row: None, at: Micros(1), is_up: false }
    }

    #[test]
    fn a_look_at_all_asks_as_often_for_thousands_who_are_away_as_for_one() {
        for devices in [1, 3_000] {
            let town = town(devices);
            let logins: Vec<SeenVoucherLogin> = (1..=devices).map(away).collect();
            let look = VoucherLook { logins, whole_at: Some(Micros(1)) };
            let found = known(&town, NasId(1), &look).unwrap();
            assert_eq!(
                (found.len(), town.asked.get()),
                (devices, 2),
                "those that are up, and those that are away"
            );
            let count = i64::try_from(devices).unwrap();
            let last = &found[&(format!("C{devices}").into_bytes(), format!("M{devices}"))];
            assert_eq!((last.voucher, last.stand.counts().0), (VoucherId(count), count));
            let one = VoucherLook { logins: vec![away(devices)], whole_at: None };
            assert_eq!(known(&town, NasId(1), &one).unwrap().len(), 1);
            assert_eq!(town.asked.get(), 4, "of one user it is asked for that one");
        }
    }
}
