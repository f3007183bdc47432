//! Plans on SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::plan_repository::{Plan, PlanRepository};

use super::database::Sqlite;
use super::values::{amount, from_amount};
use super::{audit, rows};

const INSERT: &str = "
    INSERT INTO plan (name, price, validity, devices, rate_up_bps, rate_down_bps, quota_octets)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const LIST: &str = "
    SELECT name, price, validity, devices, rate_up_bps, rate_down_bps, quota_octets FROM plan ORDER BY name";
const ID_OF: &str = "SELECT id FROM plan WHERE name = ?1";

/// The row of the plan of that name.
pub(super) fn id_of(connection: &Connection, name: &str) -> Result<Option<i64>, StoreError> {
    rows::first(connection, ID_OF, [name], |row| Ok(row.get(0)?))
}

#[async_trait]
impl PlanRepository for Sqlite {
    async fn insert_plan(&self, plan: Plan, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            insert(connection, &plan)?;
            audit::append(connection, &act)
        })
        .await
    }

    async fn list_plans(&self) -> Result<Vec<Plan>, StoreError> {
        self.read(|connection| rows::all(connection, LIST, [], plan)).await
    }
}

fn insert(connection: &Connection, plan: &Plan) -> Result<(), StoreError> {
    if id_of(connection, &plan.name)?.is_some() {
        return Err(StoreError::Constraint(format!(
            "there is already a plan called {}; nothing was changed, choose another name",
            plan.name
        )));
    }
    connection.prepare_cached(INSERT)?.execute(params![
        plan.name,
        plan.price,
        plan.validity,
        plan.devices,
        plan.rate_up_bps.map(amount).transpose()?,
        plan.rate_down_bps.map(amount).transpose()?,
        plan.quota_octets.map(amount).transpose()?,
    ])?;
    Ok(())
}

fn plan(row: &Row<'_>) -> Result<Plan, StoreError> {
    let optional = |column: usize| -> Result<Option<u64>, StoreError> {
        row.get::<_, Option<i64>>(column)?.map(from_amount).transpose()
    };
    Ok(Plan {
        name: row.get(0)?,
        price: row.get(1)?,
        validity: row.get(2)?,
        devices: row.get(3)?,
        rate_up_bps: optional(4)?,
        rate_down_bps: optional(5)?,
        quota_octets: optional(6)?,
    })
}
