//! [`ProfileRepository`].

use async_trait::async_trait;

use crate::error::StoreError;
use crate::profile_repository::{Profile, ProfilePlan, ProfileRepository, ProfileWrite};

use super::connection::Connection;
use super::database::Database;
use super::plan::{PLAN_COLUMNS, insert, named, overwrite, plan};
use super::row::Row;
use super::value::params;
use super::values::{amount, from_amount};
use super::{audit, rows};

/// The columns in the order [`profile_plan`] reads them.
macro_rules! profile_plans {
    ($rest:literal) => {
        concat!(
            "SELECT name, plan.price, plan.validity, plan.devices, plan.rate_up_bps, plan.rate_down_bps, quota_octets, cycle, sets_speed,
                plan_id, given.price, given.validity, given.devices, given.rate_up_bps, given.rate_down_bps
             FROM plan LEFT JOIN plan_profile AS given ON plan_id = plan.id ",
            $rest
        )
    };
}
const ALL: &str = profile_plans!("ORDER BY name");
const ONE: &str = profile_plans!("WHERE name = ?1");
const GIVE: &str = "
    INSERT INTO plan_profile (plan_id, price, validity, devices, rate_up_bps, rate_down_bps)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (plan_id) DO UPDATE SET price = excluded.price, validity = excluded.validity, devices = excluded.devices,
        rate_up_bps = excluded.rate_up_bps, rate_down_bps = excluded.rate_down_bps";

#[async_trait]
impl<D: Database> ProfileRepository for D {
    async fn profile_plans(&self) -> Result<Vec<ProfilePlan>, StoreError> {
        self.read(|connection| rows::all(connection, ALL, params![], profile_plan)).await
    }

    async fn write_profiles(&self, writes: Vec<ProfileWrite>) -> Result<(), StoreError> {
        self.transact(move |connection| writes.iter().try_for_each(|one| write(connection, one))).await
    }
}

fn write(connection: &Connection<'_>, write: &ProfileWrite) -> Result<(), StoreError> {
    let ProfileWrite { seen, now, act } = write;
    let stored = rows::first(connection, ONE, params![now.plan.name], profile_plan)?;
    if stored != *seen {
        return Err(StoreError::Constraint(format!(
            "the plan {} was changed by somebody meanwhile; nothing was changed",
            now.plan.name
        )));
    }
    match stored {
        None => insert(connection, &now.plan)?,
        Some(_) => overwrite(connection, &now.plan)?,
    }
    if let Some(given) = &now.given {
        give(connection, given)?;
    }
    act.as_ref().map_or(Ok(()), |act| audit::append(connection, act))
}

fn give(connection: &Connection<'_>, given: &Profile) -> Result<(), StoreError> {
    let Profile { name, price, validity, devices, rate_up_bps, rate_down_bps } = given;
    let bps = |bps: &Option<u64>| bps.map(amount).transpose();
    let (plan, up, down) = (named(connection, name)?, bps(rate_up_bps)?, bps(rate_down_bps)?);
    connection.execute(GIVE, params![plan, price, validity, *devices, up, down]).map(drop)
}

fn profile_plan(row: &Row<'_>) -> Result<ProfilePlan, StoreError> {
    let plan = plan(row)?;
    let beside = row.beyond(PLAN_COLUMNS);
    let is_given = beside.get::<Option<i64>>(0)?.is_some();
    let given = is_given.then(|| profile(&plan.name, &beside)).transpose()?;
    Ok(ProfilePlan { plan, given })
}

fn profile(name: &str, row: &Row<'_>) -> Result<Profile, StoreError> {
    let bps = |column| row.get::<Option<i64>>(column)?.map(from_amount).transpose();
    Ok(Profile {
        name: name.to_owned(),
        price: row.get(1)?,
        validity: row.get(2)?,
        devices: row.get(3)?,
        rate_up_bps: bps(4)?,
        rate_down_bps: bps(5)?,
    })
}
