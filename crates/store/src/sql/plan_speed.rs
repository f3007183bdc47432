//! [`PlanSpeedRepository`].

use accounting::login::LoginName;
use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::plan_speed_repository::{PlanSpeed, PlanSpeedRepository, SpeedsOf};
use crate::rate_limit_repository::RateLimit;
use crate::reach::Reach;

use super::database::Database;
use super::reach::on_reached;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{from_amount, login_kind};

/// Most installations have no such plan, and are asked every few seconds.
const ANY: &str = "
    SELECT 1 FROM plan WHERE sets_speed = 1 AND (rate_up_bps IS NOT NULL OR rate_down_bps IS NOT NULL) LIMIT 1";
/// From the plans on: a router has many sessions of others.
const ALL: &str = concat!(
    "SELECT session.nas_id, login.kind, login.name, calling_station_id, plan.name, rate_up_bps, rate_down_bps, first_seen_at
    FROM plan
    CROSS JOIN subscriber ON subscriber.plan_id = plan.id
    CROSS JOIN login_binding AS bound ON bound.subscriber_id = subscriber.id AND bound.to_at IS NULL
    CROSS JOIN login ON login.id = bound.login_id
    CROSS JOIN session INDEXED BY session_login_present ON session.login_id = login.id AND session.state < 2
    WHERE sets_speed = 1 AND (rate_up_bps IS NOT NULL OR rate_down_bps IS NOT NULL)
      AND (?1 IS NULL OR session.nas_id = ?1) AND ",
    on_reached!("?2", "session.nas_id"),
    " ORDER BY session.nas_id, session.id"
);
/// `NULL`: not by that.
const THOUGHT: &str = concat!(
    "
    SELECT session.nas_id, login.kind, login.name, calling_station_id, first_seen_at
    FROM subscriber
    CROSS JOIN login_binding AS bound ON bound.subscriber_id = subscriber.id AND bound.to_at IS NULL
    CROSS JOIN login ON login.id = bound.login_id
    CROSS JOIN session INDEXED BY session_login_present ON session.login_id = login.id AND session.state < 2
    WHERE (subscriber.plan_id = (SELECT id FROM plan WHERE name = ?1) OR subscriber.username = ?2) AND ",
    on_reached!("?3", "session.nas_id"),
    " ORDER BY session.nas_id, session.id"
);

#[async_trait]
impl<D: Database> PlanSpeedRepository for D {
    async fn plan_speeds_within(
        &self,
        nas: Option<NasId>,
        reach: Reach,
    ) -> Result<Vec<PlanSpeed>, StoreError> {
        self.read(move |connection| match rows::first(connection, ANY, params![], |row| row.get::<i64>(0))? {
            None => Ok(Vec::new()),
            Some(_) => rows::all(connection, ALL, params![nas.map(|nas| nas.0), reach.rows()], speed),
        })
        .await
    }

    async fn plan_speeds_if(
        &self,
        of: SpeedsOf,
        (plan, rate): (String, RateLimit),
        reach: Reach,
    ) -> Result<Vec<PlanSpeed>, StoreError> {
        self.read(move |connection| {
            let (of_plan, username) = match of {
                SpeedsOf::Plan(name) => (Some(name), None),
                SpeedsOf::Subscriber(username) => (None, Some(username)),
            };
            rows::all(connection, THOUGHT, params![of_plan, username, reach.rows()], |row| {
                let (plan, since) = (plan.clone(), Micros(row.get(4)?));
                Ok(PlanSpeed {
                    nas: NasId(row.get(0)?),
                    login: login(row)?,
                    caller: row.get(3)?,
                    plan,
                    rate,
                    since,
                })
            })
        })
        .await
    }
}

fn speed(row: &Row<'_>) -> Result<PlanSpeed, StoreError> {
    let bps = |column| row.get::<Option<i64>>(column)?.map(from_amount).transpose();
    Ok(PlanSpeed {
        nas: NasId(row.get(0)?),
        login: login(row)?,
        caller: row.get(3)?,
        plan: row.get(4)?,
        rate: RateLimit { up_bps: bps(5)?, down_bps: bps(6)? },
        since: Micros(row.get(7)?),
    })
}

fn login(row: &Row<'_>) -> Result<LoginName, StoreError> {
    let kind = login_kind(row, 1)?.ok_or_else(|| StoreError::Corrupt("a login has no kind".to_owned()))?;
    Ok(LoginName::new(kind, row.get::<Vec<u8>>(2)?))
}
