//! [`VoucherImportRepository`].

use std::collections::HashSet;

use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::VoucherBatchId;
use crate::voucher_import_repository::{
    UsedBefore, VoucherImportRepository, VoucherToImport, VouchersToImport,
};

use super::audit;
use super::connection::{Batch, Connection};
use super::database::Database;
use super::value::params;
use super::values::amount;
use super::voucher_insert::{insert_batch, taken};

const UNUSED: &str = "INSERT INTO voucher (batch_id, code) VALUES (?1, ?2)";
const USED: &str = "
    INSERT INTO voucher (batch_id, code, state, first_used_at, left_us, runs_from) VALUES (?1, ?2, 1, ?3, ?4, ?5)";

#[async_trait]
impl<D: Database> VoucherImportRepository for D {
    async fn known_vouchers(&self, codes: Vec<String>) -> Result<Vec<String>, StoreError> {
        self.read(move |connection| taken(connection, &codes)).await
    }

    async fn import_vouchers(&self, batches: Vec<VouchersToImport>) -> Result<u64, StoreError> {
        self.transact(move |connection| batches.iter().map(|batch| import(connection, batch)).sum()).await
    }
}

fn import(connection: &Connection<'_>, batch: &VouchersToImport) -> Result<u64, StoreError> {
    let codes: Vec<String> = batch.vouchers.iter().map(|voucher| voucher.code.clone()).collect();
    let known: HashSet<String> = taken(connection, &codes)?.into_iter().collect();
    let new: Vec<&VoucherToImport> =
        batch.vouchers.iter().filter(|voucher| !known.contains(&voucher.code)).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let id = insert_batch(connection, &batch.issue, new.len() as u64)?;
    insert_unused(connection, id, &new)?;
    insert_used(connection, id, &new, &batch.act)?;
    audit::append(connection, &NewAudit { subject: id.to_string(), ..batch.act.clone() })?;
    Ok(new.len() as u64)
}

fn insert_unused(
    connection: &Connection<'_>,
    id: VoucherBatchId,
    new: &[&VoucherToImport],
) -> Result<(), StoreError> {
    let mut rows = Batch::of(connection, UNUSED)?;
    for voucher in new.iter().filter(|voucher| voucher.used.is_none()) {
        rows.add(params![id.0, voucher.code])?;
    }
    rows.finish_each("vouchers")
}

fn insert_used(
    connection: &Connection<'_>,
    id: VoucherBatchId,
    new: &[&VoucherToImport],
    act: &NewAudit,
) -> Result<(), StoreError> {
    let mut rows = Batch::of(connection, USED)?;
    for voucher in new {
        let Some(UsedBefore { first_used_at, left_us }) = voucher.used else { continue };
        let left_us = left_us.map(amount).transpose()?;
        rows.add(params![id.0, voucher.code, first_used_at.0, left_us, act.at.0])?;
    }
    rows.finish_each("vouchers")
}
