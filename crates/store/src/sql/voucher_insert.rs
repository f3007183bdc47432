//! Making vouchers: their batch and all their codes, or nothing.

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::VoucherBatchId;
use crate::voucher::{VoucherBatch, VoucherCounts, VoucherIssue};
use crate::voucher_repository::MadeVouchers;

use super::connection::{Batch, Connection};
use super::row::Row;
use super::value::params;
use super::values::amount;
use super::{audit, rows};

const TAKEN: &str = "SELECT code FROM voucher WHERE code = ?1";
const BATCH: &str = "
    INSERT INTO voucher_batch (made_at, made_by, seller, plan, price, validity_us, devices, rate_up_bps, rate_down_bps,
        quota_octets, size, note)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) RETURNING id";
const VOUCHER: &str = "INSERT INTO voucher (batch_id, code) VALUES (?1, ?2)";

/// See [`crate::VoucherRepository::insert_vouchers`].
pub(super) fn insert(
    connection: &Connection<'_>,
    issue: VoucherIssue,
    codes: &[String],
    act: NewAudit,
) -> Result<MadeVouchers, StoreError> {
    let taken = taken(connection, codes)?;
    if !taken.is_empty() {
        return Ok(MadeVouchers::Taken(taken));
    }
    let size = codes.len() as u64;
    let id = insert_batch(connection, &issue, size)?;
    let mut batch = Batch::of(connection, VOUCHER)?;
    codes.iter().try_for_each(|code| batch.add(params![id.0, code]))?;
    batch.finish_each("vouchers")?;
    audit::append(connection, &NewAudit { subject: id.to_string(), ..act })?;
    let counts = VoucherCounts { unused: size, ..VoucherCounts::default() };
    Ok(MadeVouchers::Made(Box::new(VoucherBatch { id, issue, size, counts })))
}

/// Those of these codes that are vouchers' already.
pub(super) fn taken(connection: &Connection<'_>, codes: &[String]) -> Result<Vec<String>, StoreError> {
    let mut taken = Vec::new();
    let mut see = |_, row: &Row<'_>| {
        taken.push(row.get(0)?);
        Ok(())
    };
    let mut asking = connection.ask_many(TAKEN, &mut see)?;
    codes.iter().try_for_each(|code| asking.add(params![code]))?;
    asking.finish()?;
    Ok(taken)
}

/// Writes what is told of vouchers that are made together.
pub(super) fn insert_batch(
    connection: &Connection<'_>,
    issue: &VoucherIssue,
    size: u64,
) -> Result<VoucherBatchId, StoreError> {
    let stored = |value: Option<u64>| value.map(amount).transpose();
    let terms = &issue.terms;
    let values = params![
        issue.made_at.0,
        issue.made_by,
        issue.seller,
        issue.plan,
        issue.price,
        stored(terms.validity_us)?,
        terms.devices,
        stored(terms.rate.up_bps)?,
        stored(terms.rate.down_bps)?,
        stored(terms.quota_octets)?,
        amount(size)?,
        issue.note,
    ];
    rows::insert(connection, BATCH, values).map(VoucherBatchId)
}
