//! How a look at a router adds to what is kept of the logins of vouchers' devices.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::voucher_login_repository::VoucherLook;

use super::connection::{Batch, Connection};
use super::rows;
use super::value::params;
use super::voucher_login_known::{Key, key, known};
use super::voucher_login_stand::Kept;

/// When nothing changes it is written so often that a router was looked at.
const SAID_EVERY_US: u64 = 60_000_000;

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
