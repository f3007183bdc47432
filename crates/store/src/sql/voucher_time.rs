//! [`VoucherTimeRepository`].

use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::voucher_time_repository::{HostTime, VoucherTimeRepository};

use super::connection::Connection;
use super::database::Database;
use super::value::params;
use super::{audit, rows};

const KNOWN: &str = "SELECT ahead_us FROM voucher_clock WHERE node = ?1 AND epoch = ?2";
const OF_HOST: &str = "SELECT ahead_us FROM voucher_clock WHERE epoch = ?1 LIMIT 1";
const SAY: &str = "
    INSERT INTO voucher_clock (node, epoch, ahead_us) VALUES (?1, ?2, ?3)
    ON CONFLICT (node) DO UPDATE SET epoch = excluded.epoch, ahead_us = excluded.ahead_us";
/// Of two processes that see it one finds the rows as they were.
const SET: &str = "UPDATE voucher_clock SET ahead_us = ?3 WHERE epoch = ?1 AND ahead_us = ?2";
const OTHERS: &str = "
    SELECT 1 FROM voucher_clock JOIN node ON node.name = voucher_clock.node
    WHERE voucher_clock.epoch <> ?1 AND node.until > ?2 LIMIT 1";
const MOVE: &str = "
    UPDATE voucher SET runs_from = runs_from + ?1 WHERE state = 1 AND ended_at IS NULL AND runs_from IS NOT NULL";
const MOVE_DEVICES: &str = "
    UPDATE voucher_device SET wanted_at = wanted_at + ?1, in_at = in_at + ?1, leaving_at = leaving_at + ?1
    WHERE state < 2";
const MOVE_HOLDS: &str = "UPDATE hold SET until_at = until_at + ?1";
const MOVE_LIMITS: &str =
    "UPDATE rate_limit SET lasts_until = lasts_until + ?1 WHERE lasts_until IS NOT NULL";
const MOVE_LOGINS: &str = "UPDATE voucher_login SET seen_at = seen_at + ?1 WHERE is_up = 1";
const MOVE_LOOKS: &str = "UPDATE voucher_router SET looked_at = looked_at + ?1";

#[async_trait]
impl<D: Database> VoucherTimeRepository for D {
    async fn host_time(&self, node: String, epoch: u128) -> Result<Option<i64>, StoreError> {
        self.read(move |connection| {
            rows::first(connection, KNOWN, params![node, stored(epoch)], |row| row.get(0))
        })
        .await
    }

    async fn settle_host_time(&self, seen: HostTime) -> Result<i64, StoreError> {
        self.transact(move |connection| match seen.known {
            None => begin(connection, &seen),
            Some(known) if D::IS_SHARED && others_live(connection, &seen)? => Ok(known),
            Some(known) => step(connection, &seen, known),
        })
        .await
    }
}

fn begin(connection: &Connection<'_>, seen: &HostTime) -> Result<i64, StoreError> {
    let epoch = stored(seen.epoch);
    let ahead = rows::first(connection, OF_HOST, params![epoch], |row| row.get(0))?.unwrap_or(seen.ahead_us);
    connection.execute(SAY, params![seen.node, epoch, ahead])?;
    Ok(ahead)
}

fn others_live(connection: &Connection<'_>, seen: &HostTime) -> Result<bool, StoreError> {
    let now = connection.clock()?;
    let other = rows::first(connection, OTHERS, params![stored(seen.epoch), now], |row| row.get::<i64>(0))?;
    Ok(other.is_some())
}

fn step(connection: &Connection<'_>, seen: &HostTime, known: i64) -> Result<i64, StoreError> {
    let epoch = stored(seen.epoch);
    if connection.execute(SET, params![epoch, known, seen.ahead_us])? == 0 {
        let ahead = rows::first(connection, OF_HOST, params![epoch], |row| row.get(0))?;
        return Ok(ahead.unwrap_or(known));
    }
    let by = seen.ahead_us.saturating_sub(known);
    let moved = connection.execute(MOVE, params![by])?;
    for moved in [MOVE_DEVICES, MOVE_LOGINS, MOVE_LOOKS] {
        connection.execute(moved, params![by])?;
    }
    let holds = connection.execute(MOVE_HOLDS, params![by])?;
    let limits = connection.execute(MOVE_LIMITS, params![by])?;
    let detail = format!(r#"{{"by_us":{by},"vouchers":{moved},"holds":{holds},"limits":{limits}}}"#);
    let act = NewAudit::by_system(seen.at, "voucher.clock", &seen.node);
    audit::append(connection, &NewAudit { detail, ..act })?;
    Ok(seen.ahead_us)
}

fn stored(epoch: u128) -> Vec<u8> {
    epoch.to_be_bytes().to_vec()
}
