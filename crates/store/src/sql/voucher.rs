//! [`VoucherRepository`].

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::{VoucherBatchId, VoucherId};
use crate::voucher::{IssuedVoucher, Voucher, VoucherBatch, VoucherCounts, VoucherDevice, VoucherIssue};
use crate::voucher_repository::{
    MadeVouchers, SoldVouchers, VoucherBatchQuery, VoucherQuery, VoucherRepository, WhoseVouchers,
};

use super::connection::Connection;
use super::database::Database;
use super::reach::{on_reached, voucher_reached};
use super::row::Row;
use super::value::params;
use super::values::from_amount;
use super::voucher_rows::{
    device, device_columns, issue, issue_columns, issued, issued_columns, issued_where, phase_at,
    phase_number,
};
use super::{rows, voucher_acts, voucher_insert};

/// The columns in the order [`batch`] reads them.
macro_rules! batches_where {
    ($condition:literal) => {
        concat!(
            "SELECT voucher_batch.id, voucher_batch.size, ",
            issue_columns!(),
            " FROM voucher_batch WHERE ",
            $condition
        )
    };
}
const BATCHES: &str = batches_where!(
    "id < ?1 AND (?2 IS NULL OR plan = ?2) AND (?3 IS NULL OR seller = ?3) ORDER BY id DESC LIMIT ?4"
);
const BATCH: &str = batches_where!("id = ?1");
const COUNTS: &str =
    concat!("SELECT ", phase_at!("?2"), " AS phase, count(*) FROM voucher WHERE batch_id = ?1 GROUP BY 1");

/// What is left of vouchers when ?1 is the one before, and they are to be in a phase at ?5, of a plan and seller, and theirs.
macro_rules! asked_for {
    () => {
        concat!(
            "voucher.id < ?1 AND (?2 IS NULL OR voucher_batch.plan = ?2) AND (?3 IS NULL OR voucher_batch.seller = ?3)
             AND (?4 IS NULL OR ",
            phase_at!("?5"),
            " = ?4) AND ",
            voucher_reached!("?7", "?8"),
            " ORDER BY voucher.id DESC LIMIT ?6"
        )
    };
}
const ANY: &str = issued_where!(asked_for!());
const OF_BATCH: &str = issued_where!("voucher.batch_id = ?9 AND ", asked_for!());
const OF_DEVICE: &str = issued_where!(
    "voucher.id IN (SELECT voucher_id FROM voucher_device WHERE mac = ?9 AND ",
    on_reached!("?7", "nas_id"),
    ") AND (?10 IS NULL OR voucher.batch_id = ?10) AND ",
    asked_for!()
);
const BY_CODE: &str = issued_where!("voucher.code = ?1");
const BY_CODE_WITHIN: &str = issued_where!("voucher.code = ?1 AND ", voucher_reached!("?2", "?3"));
const DEVICES: &str = concat!(
    "SELECT ",
    device_columns!(),
    " FROM voucher_device WHERE voucher_id = ?1 AND ",
    on_reached!("?2", "nas_id"),
    " ORDER BY id"
);
const SOLD: &str = "
    SELECT plan, seller, price, count(*), count(revoked_at)
    FROM voucher JOIN voucher_batch ON voucher_batch.id = voucher.batch_id
    WHERE first_used_at >= ?1 AND first_used_at < ?2 GROUP BY plan, seller, price";

/// The voucher of that code.
pub(super) fn by_code(connection: &Connection<'_>, code: &str) -> Result<Option<IssuedVoucher>, StoreError> {
    rows::first(connection, BY_CODE, params![code], issued)
}

#[async_trait]
impl<D: Database> VoucherRepository for D {
    async fn insert_vouchers(
        &self,
        issue: VoucherIssue,
        codes: Vec<String>,
        act: NewAudit,
    ) -> Result<MadeVouchers, StoreError> {
        self.transact(move |connection| voucher_insert::insert(connection, issue, &codes, act)).await
    }

    async fn list_voucher_batches(
        &self,
        query: VoucherBatchQuery,
        now: Micros,
    ) -> Result<Vec<VoucherBatch>, StoreError> {
        let before = query.before.map_or(i64::MAX, |id| id.0);
        self.read(move |connection| {
            let values = params![before, query.plan, query.seller, query.limit];
            let found = rows::all(connection, BATCHES, values, batch)?;
            counted(connection, found, now)
        })
        .await
    }

    async fn voucher_batch(
        &self,
        id: VoucherBatchId,
        now: Micros,
    ) -> Result<Option<VoucherBatch>, StoreError> {
        self.read(move |connection| {
            let found = rows::all(connection, BATCH, params![id.0], batch)?;
            Ok(counted(connection, found, now)?.pop())
        })
        .await
    }

    async fn list_vouchers(
        &self,
        query: VoucherQuery,
        now: Micros,
    ) -> Result<Vec<IssuedVoucher>, StoreError> {
        let (before, phase) = (query.before.map_or(i64::MAX, |id| id.0), query.phase.map(phase_number));
        let VoucherQuery { plan, seller, mac, limit, whose, .. } = query;
        let WhoseVouchers { reach, maker } = whose;
        let batch = query.batch.map(|batch| batch.0);
        self.read(move |connection| match (mac, batch) {
            (None, None) => {
                let values = params![before, plan, seller, phase, now.0, limit, reach.rows(), maker];
                rows::all(connection, ANY, values, issued)
            }
            (None, Some(batch)) => {
                let values = params![before, plan, seller, phase, now.0, limit, reach.rows(), maker, batch];
                rows::all(connection, OF_BATCH, values, issued)
            }
            (Some(mac), batch) => {
                let values =
                    params![before, plan, seller, phase, now.0, limit, reach.rows(), maker, mac, batch];
                rows::all(connection, OF_DEVICE, values, issued)
            }
        })
        .await
    }

    async fn voucher_by_code_within(
        &self,
        code: String,
        whose: WhoseVouchers,
    ) -> Result<Option<(IssuedVoucher, Vec<VoucherDevice>)>, StoreError> {
        self.read(move |connection| {
            let WhoseVouchers { reach, maker } = &whose;
            let found = rows::first(connection, BY_CODE_WITHIN, params![code, reach.rows(), maker], issued)?;
            let Some(found) = found else { return Ok(None) };
            let devices = rows::all(connection, DEVICES, params![found.voucher.id.0, reach.rows()], device)?;
            Ok(Some((found, devices)))
        })
        .await
    }

    async fn pause_voucher(&self, id: VoucherId, act: NewAudit) -> Result<Option<Voucher>, StoreError> {
        self.transact(move |connection| voucher_acts::pause(connection, id, &act)).await
    }

    async fn resume_voucher(&self, id: VoucherId, act: NewAudit) -> Result<Option<Voucher>, StoreError> {
        self.transact(move |connection| voucher_acts::resume(connection, id, &act)).await
    }

    async fn pause_voucher_batch(&self, id: VoucherBatchId, act: NewAudit) -> Result<u64, StoreError> {
        self.transact(move |connection| voucher_acts::pause_batch(connection, id, &act)).await
    }

    async fn resume_voucher_batch(&self, id: VoucherBatchId, act: NewAudit) -> Result<u64, StoreError> {
        self.transact(move |connection| voucher_acts::resume_batch(connection, id, &act)).await
    }

    async fn revoke_voucher(&self, id: VoucherId, act: NewAudit) -> Result<Option<Voucher>, StoreError> {
        self.transact(move |connection| voucher_acts::revoke(connection, id, &act)).await
    }

    async fn revoke_voucher_batch(&self, id: VoucherBatchId, act: NewAudit) -> Result<u64, StoreError> {
        self.transact(move |connection| voucher_acts::revoke_batch(connection, id, &act)).await
    }

    async fn voucher_sales(&self, edges: Vec<Micros>) -> Result<Vec<SoldVouchers>, StoreError> {
        self.read(move |connection| {
            let mut sold = Vec::new();
            let mut see = |day: usize, row: &Row<'_>| {
                sold.push(sold_on(day, row)?);
                Ok(())
            };
            let mut asking = connection.ask_many(SOLD, &mut see)?;
            edges.windows(2).try_for_each(|day| asking.add(params![day[0].0, day[1].0]))?;
            asking.finish()?;
            // The databases do not agree where what is lacking comes.
            sold.sort();
            Ok(sold)
        })
        .await
    }
}

fn sold_on(day: usize, row: &Row<'_>) -> Result<SoldVouchers, StoreError> {
    Ok(SoldVouchers {
        day,
        plan: row.get(0)?,
        seller: row.get(1)?,
        price: row.get(2)?,
        sold: from_amount(row.get(3)?)?,
        revoked: from_amount(row.get(4)?)?,
    })
}

/// Without how its vouchers stand.
fn batch(row: &Row<'_>) -> Result<VoucherBatch, StoreError> {
    Ok(VoucherBatch {
        id: VoucherBatchId(row.get(0)?),
        size: from_amount(row.get(1)?)?,
        issue: issue(&row.beyond(2))?,
        counts: VoucherCounts::default(),
    })
}

/// With how their vouchers stand.
fn counted(
    connection: &Connection<'_>,
    mut batches: Vec<VoucherBatch>,
    now: Micros,
) -> Result<Vec<VoucherBatch>, StoreError> {
    let ids: Vec<i64> = batches.iter().map(|batch| batch.id.0).collect();
    let mut see = |nth: usize, row: &Row<'_>| {
        *count_of(&mut batches[nth].counts, row.get(0)?)? = from_amount(row.get(1)?)?;
        Ok(())
    };
    let mut asking = connection.ask_many(COUNTS, &mut see)?;
    ids.iter().try_for_each(|id| asking.add(params![id, now.0]))?;
    asking.finish()?;
    Ok(batches)
}

fn count_of(counts: &mut VoucherCounts, phase: i64) -> Result<&mut u64, StoreError> {
    match phase {
        0 => Ok(&mut counts.unused),
        1 => Ok(&mut counts.running),
        2 => Ok(&mut counts.paused),
        3 => Ok(&mut counts.over),
        4 => Ok(&mut counts.revoked),
        _ => Err(StoreError::Corrupt(format!("a voucher has the phase {phase}"))),
    }
}
