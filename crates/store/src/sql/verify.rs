//! Recomputing totals. The database sorts the lines, on disk when they are many, so that memory stays small
//! however long the history is.

use async_trait::async_trait;

use crate::error::StoreError;
use crate::verify_repository::{VerifyReport, VerifyRepository};

use super::connection::Connection;
use super::database::Database;
use super::value::params;
use super::{rows, verify_audit, verify_counters, verify_cycles, verify_entries, verify_sessions};

#[async_trait]
impl<D: Database> VerifyRepository for D {
    async fn verify(&self) -> Result<VerifyReport, StoreError> {
        let mut report = VerifyReport::default();
        for nas in self.read(routers).await? {
            report = self.read(move |connection| router(connection, nas, report)).await?;
        }
        let mut after = Some(0);
        while let Some(cycle) = after {
            (report, after) = self.read(move |connection| cycles(connection, cycle, report)).await?;
        }
        self.read(move |connection| {
            verify_audit::check(connection, &mut report)?;
            Ok(report)
        })
        .await
    }
}

fn routers(connection: &Connection<'_>) -> Result<Vec<(i64, String)>, StoreError> {
    rows::all(connection, "SELECT id, name FROM nas ORDER BY id", params![], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

fn router(
    connection: &Connection<'_>,
    (nas, name): (i64, String),
    mut report: VerifyReport,
) -> Result<VerifyReport, StoreError> {
    verify_sessions::check(connection, nas, &name, &mut report)?;
    verify_counters::check(connection, nas, &name, &mut report)?;
    verify_entries::check(connection, nas, &name, &mut report)?;
    Ok(report)
}

fn cycles(
    connection: &Connection<'_>,
    after: i64,
    mut report: VerifyReport,
) -> Result<(VerifyReport, Option<i64>), StoreError> {
    let next = verify_cycles::check(connection, after, &mut report)?;
    Ok((report, next))
}
