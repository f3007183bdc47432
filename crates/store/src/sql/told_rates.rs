//! [`ToldRatesRepository`].

use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::lease_repository::Node;
use crate::told_rates_repository::{ToldRates, ToldRatesRepository};

use super::connection::{Batch, Connection};
use super::database::Database;
use super::lease::of_held;
use super::rows;
use super::value::params;

const TELL: &str = "
    INSERT INTO nas_rates (nas_id, at, rates) VALUES (?1, ?2, ?3)
    ON CONFLICT (nas_id) DO UPDATE SET at = excluded.at, rates = excluded.rates";
const TOLD: &str = "SELECT nas_id, at, rates FROM nas_rates WHERE ?1 IS NULL OR nas_id = ?1 ORDER BY nas_id";

#[async_trait]
impl<D: Database> ToldRatesRepository for D {
    async fn tell_rates(&self, node: Node, rates: Vec<(NasId, String)>) -> Result<(), StoreError> {
        if !D::IS_SHARED {
            return Ok(());
        }
        self.transact_leases(move |connection| {
            let now = connection.clock()?;
            let rates = of_held(connection, &node, &rates)?;
            let mut batch = Batch::of(connection, TELL)?;
            for (nas, rates) in rates {
                batch.add(params![nas.0, now, rates])?;
            }
            batch.finish()
        })
        .await
    }

    async fn told_rates(&self, of: Option<NasId>) -> Result<Vec<ToldRates>, StoreError> {
        self.read(move |connection| {
            let now = connection.clock()?;
            rows::all(connection, TOLD, params![of.map(|nas| nas.0)], |row| {
                let at: i64 = row.get(1)?;
                let age_us = u64::try_from(now - at).unwrap_or(0);
                Ok(ToldRates { nas: NasId(row.get(0)?), rates: row.get(2)?, age_us })
            })
        })
        .await
    }
}

/// Nobody will tell anything of this router any more.
pub(super) fn forget(connection: &Connection<'_>, nas: NasId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM nas_rates WHERE nas_id = ?1", params![nas.0]).map(drop)
}
