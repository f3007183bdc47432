//! Plans.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::{Named, StoreError};
use crate::plan_cycle::PlanCycle;
use crate::plan_repository::{Plan, PlanPatch, PlanRepository};

use super::connection::Connection;
use super::database::Database;
use super::row::Row;
use super::value::params;
use super::values::{amount, from_amount};
use super::{audit, plan_edge_marks, rows};

const INSERT: &str = "
    INSERT INTO plan (name, price, validity, devices, rate_up_bps, rate_down_bps, quota_octets, cycle, sets_speed)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const UPDATE: &str = "
    UPDATE plan SET price = ?2, validity = ?3, devices = ?4, rate_up_bps = ?5, rate_down_bps = ?6, quota_octets = ?7,
        cycle = ?8, sets_speed = ?9
    WHERE name = ?1";

/// The columns in the order [`plan`] reads them.
macro_rules! plans {
    ($rest:literal) => {
        concat!(
            "SELECT name, price, validity, devices, rate_up_bps, rate_down_bps, quota_octets, cycle, sets_speed FROM plan ",
            $rest
        )
    };
}
const LIST: &str = plans!("ORDER BY name");
const ONE: &str = plans!("WHERE name = ?1");
/// How many there are.
pub(super) const PLAN_COLUMNS: usize = 9;
const ID_OF: &str = "SELECT id FROM plan WHERE name = ?1";

fn id_of(connection: &Connection<'_>, name: &str) -> Result<Option<i64>, StoreError> {
    rows::first(connection, ID_OF, params![name], |row| row.get(0))
}

/// The row of the plan that somebody is to have.
pub(super) fn named(connection: &Connection<'_>, name: &str) -> Result<i64, StoreError> {
    id_of(connection, name)?.ok_or_else(|| StoreError::NoSuch(Named::Plan(name.to_owned())))
}

#[async_trait]
impl<D: Database> PlanRepository for D {
    async fn insert_plan(&self, plan: Plan, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            insert(connection, &plan)?;
            audit::append(connection, &act)
        })
        .await
    }

    async fn update_plan(&self, name: &str, patch: PlanPatch, act: NewAudit) -> Result<Plan, StoreError> {
        let name = name.to_owned();
        self.transact(move |connection| {
            let changed = update(connection, &name, patch, act.at)?;
            audit::append(connection, &act)?;
            Ok(changed)
        })
        .await
    }

    async fn list_plans(&self) -> Result<Vec<Plan>, StoreError> {
        self.read(|connection| rows::all(connection, LIST, params![], plan)).await
    }
}

/// Adds one; `Constraint` when its name is taken.
pub(super) fn insert(connection: &Connection<'_>, plan: &Plan) -> Result<(), StoreError> {
    if id_of(connection, &plan.name)?.is_some() {
        return Err(StoreError::Constraint(format!(
            "there is already a plan called {}; nothing was changed, choose another name",
            plan.name
        )));
    }
    write(connection, INSERT, plan)
}

/// Writes the plan of that name as given, whose cycle is as it was.
pub(super) fn overwrite(connection: &Connection<'_>, plan: &Plan) -> Result<(), StoreError> {
    write(connection, UPDATE, plan)
}

fn update(connection: &Connection<'_>, name: &str, patch: PlanPatch, at: Micros) -> Result<Plan, StoreError> {
    let mut plan = rows::first(connection, ONE, params![name], plan)?
        .ok_or_else(|| StoreError::NotFound(format!("the plan {name}")))?;
    let cycle = plan.cycle;
    apply(&mut plan, patch);
    write(connection, UPDATE, &plan)?;
    if plan.cycle != cycle {
        plan_edge_marks::plan_changed(connection, name, at)?;
    }
    Ok(plan)
}

fn apply(plan: &mut Plan, patch: PlanPatch) {
    set(&mut plan.price, patch.price);
    set(&mut plan.validity, patch.validity);
    set(&mut plan.devices, patch.devices);
    set(&mut plan.rate_up_bps, patch.rate_up_bps);
    set(&mut plan.rate_down_bps, patch.rate_down_bps);
    set(&mut plan.quota_octets, patch.quota_octets);
    set(&mut plan.cycle, patch.cycle);
    set(&mut plan.sets_speed, patch.sets_speed);
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn write(connection: &Connection<'_>, sql: &'static str, plan: &Plan) -> Result<(), StoreError> {
    connection.execute(
        sql,
        params![
            plan.name,
            plan.price,
            plan.validity,
            plan.devices,
            plan.rate_up_bps.map(amount).transpose()?,
            plan.rate_down_bps.map(amount).transpose()?,
            plan.quota_octets.map(amount).transpose()?,
            plan.cycle.to_string(),
            plan.sets_speed,
        ],
    )?;
    Ok(())
}

/// One from the columns of the macro above.
pub(super) fn plan(row: &Row<'_>) -> Result<Plan, StoreError> {
    let optional = |column: usize| -> Result<Option<u64>, StoreError> {
        row.get::<Option<i64>>(column)?.map(from_amount).transpose()
    };
    Ok(Plan {
        name: row.get(0)?,
        price: row.get(1)?,
        validity: row.get(2)?,
        devices: row.get(3)?,
        rate_up_bps: optional(4)?,
        rate_down_bps: optional(5)?,
        quota_octets: optional(6)?,
        cycle: cycle(row, 7)?,
        sets_speed: row.get(8)?,
    })
}

/// A plan's cycle in a column.
pub(super) fn cycle(row: &Row<'_>, column: usize) -> Result<PlanCycle, StoreError> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| StoreError::Corrupt(format!("a plan has the cycle {text}")))
}
