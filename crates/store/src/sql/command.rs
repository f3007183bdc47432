//! [`CommandRepository`].

use std::time::Duration;

use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::command_repository::{Beginning, Command, CommandRepository, CommandState, NewCommand, Unsettled};
use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;

use super::connection::Connection;
use super::database::Database;
use super::lease::polled;
use super::reach::on_reached;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::from_amount;

const POLLED_BY: &str = concat!(
    "SELECT node.name FROM nas JOIN node ON node.name = nas.lease_holder
     WHERE nas.id = ?1 AND node.role <> 'api' AND node.until > ?2 AND ",
    polled!()
);
/// Nobody takes the router until the transaction ends.
const HELD: &str = concat!(
    "SELECT lease_epoch, poll_seq FROM nas WHERE nas.id = ?1 AND lease_holder = ?2 AND ",
    polled!(),
    " /*postgres FOR SHARE*/"
);
/// Where one process has the database for itself, whatever is polled is its own.
const OWN: &str = concat!("SELECT lease_epoch, poll_seq FROM nas WHERE nas.id = ?1 AND ", polled!());
const BEGIN: &str = "
    INSERT INTO command (id, nas_id, kind, state, node, epoch, seq_before, made_at, arguments)
    VALUES (?1, ?2, ?3, 'begun', ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
const WITHDRAW: &str = "
    INSERT INTO command (id, nas_id, kind, state, made_at) VALUES (?1, ?2, ?3, 'withdrawn', ?4)
    ON CONFLICT DO NOTHING";
const END: &str = "
    UPDATE command SET state = 'ended', outcome = ?2, ended_at = ?3 WHERE id = ?1 AND state = 'begun'";
const FORGET: &str = "DELETE FROM command WHERE made_at < ?1 AND state <> 'begun'";

/// The columns in the order [`command`] reads them.
macro_rules! commands {
    ($rest:expr) => {
        concat!(
            "SELECT command.id, command.nas_id, kind, state, node, epoch, seq_before, made_at, ended_at, outcome,
             arguments",
            $rest
        )
    };
}
const ONE: &str = commands!(" FROM command WHERE id = ?1");
const NEWEST: &str = commands!(concat!(
    " FROM command WHERE ",
    on_reached!("?2", "nas_id"),
    " ORDER BY made_at DESC, id LIMIT ?1"
));
const BEFORE: &str = commands!(concat!(
    " FROM command WHERE (made_at, id) < (?1, ?2) AND (?3 IS NULL OR nas_id = ?3) AND ",
    on_reached!("?5", "nas_id"),
    " ORDER BY made_at DESC, id DESC LIMIT ?4"
));
/// Where one process has the database for itself: what it does not have in hand is of a run before it.
const LEFT: &str = commands!(
    ", nas.poll_seq, nas.last_at, nas.lease_epoch FROM command JOIN nas ON nas.id = command.nas_id
     WHERE state = 'begun' AND made_at <= ?1 ORDER BY made_at, command.id"
);
const UNSETTLED: &str = concat!(
    commands!(
        ", nas.poll_seq, nas.last_at, nas.lease_epoch FROM command JOIN nas ON nas.id = command.nas_id
         WHERE state = 'begun' AND made_at <= ?3 AND (lease_holder = ?1 AND lease_epoch > epoch OR ?2 = 1 AND NOT ("
    ),
    polled!(),
    ")) ORDER BY made_at, command.id"
);

#[async_trait]
impl<D: Database> CommandRepository for D {
    async fn polled_by(&self, nas: NasId) -> Result<Option<String>, StoreError> {
        self.read(move |connection| {
            let now = connection.clock()?;
            rows::first(connection, POLLED_BY, params![nas.0, now], |row| row.get(0))
        })
        .await
    }

    async fn begin_command(&self, new: NewCommand, node: &str) -> Result<Beginning, StoreError> {
        let node = node.to_owned();
        self.transact(move |connection| {
            let id = new.id.to_string();
            if let Some(known) = rows::first(connection, ONE, params![id], command)? {
                return Ok(Beginning::Known(known));
            }
            match held(connection, D::IS_SHARED, new.nas, &node)? {
                Some(lease) => begin(connection, &new, &node, lease),
                None => Ok(Beginning::NotHeld),
            }
        })
        .await
    }

    async fn end_command(&self, id: Uuid, outcome: String) -> Result<bool, StoreError> {
        self.transact_leases(move |connection| {
            let now = connection.clock()?;
            Ok(connection.execute(END, params![id.to_string(), outcome, now])? == 1)
        })
        .await
    }

    async fn withdraw_command(&self, new: NewCommand) -> Result<Command, StoreError> {
        self.transact_leases(move |connection| {
            let (id, now) = (new.id.to_string(), connection.clock()?);
            connection.execute(WITHDRAW, params![id, new.nas.0, new.kind, now])?;
            rows::only(connection, ONE, params![id], command)
        })
        .await
    }

    async fn unsettled_commands(
        &self,
        node: &str,
        leads: bool,
        after: Duration,
    ) -> Result<Vec<Unsettled>, StoreError> {
        let node = node.to_owned();
        self.read(move |connection| {
            let edge = older_than(connection, after)?;
            if D::IS_SHARED {
                rows::all(connection, UNSETTLED, params![node, leads, edge], unsettled)
            } else {
                rows::all(connection, LEFT, params![edge], unsettled)
            }
        })
        .await
    }

    async fn list_commands_before(
        &self,
        nas: Option<NasId>,
        made_at: Micros,
        id: Option<Uuid>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<Command>, StoreError> {
        let id = id.map(|id| id.to_string()).unwrap_or_default();
        let nas = nas.map(|nas| nas.0);
        self.read(move |connection| {
            rows::all(connection, BEFORE, params![made_at.0, id, nas, limit, reach.rows()], command)
        })
        .await
    }

    async fn list_commands_within(&self, most: u32, reach: Reach) -> Result<Vec<Command>, StoreError> {
        self.read(move |connection| rows::all(connection, NEWEST, params![most, reach.rows()], command)).await
    }

    async fn forget_commands(&self, age: Duration) -> Result<(), StoreError> {
        self.transact_leases(move |connection| {
            let edge = older_than(connection, age)?;
            connection.execute(FORGET, params![edge]).map(drop)
        })
        .await
    }
}

/// Before which instant something of that age was made.
fn older_than(connection: &Connection<'_>, age: Duration) -> Result<i64, StoreError> {
    Ok(connection.clock()?.saturating_sub(i64::try_from(age.as_micros()).unwrap_or(i64::MAX)))
}

/// Epoch and last snapshot of a router that the process has.
fn held(
    connection: &Connection<'_>,
    is_shared: bool,
    nas: NasId,
    node: &str,
) -> Result<Option<(i64, i64)>, StoreError> {
    let lease = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    if is_shared {
        rows::first(connection, HELD, params![nas.0, node], lease)
    } else {
        rows::first(connection, OWN, params![nas.0], lease)
    }
}

fn begin(
    connection: &Connection<'_>,
    new: &NewCommand,
    node: &str,
    (epoch, poll_seq): (i64, i64),
) -> Result<Beginning, StoreError> {
    let id = new.id.to_string();
    let now = connection.clock()?;
    let made = params![id, new.nas.0, new.kind, node, epoch, poll_seq, now, new.arguments];
    match connection.execute(BEGIN, made)? {
        // Withdrawn meanwhile.
        0 => rows::only(connection, ONE, params![id], command).map(Beginning::Known),
        _ => Ok(Beginning::Begun),
    }
}

fn command(row: &Row<'_>) -> Result<Command, StoreError> {
    let (id, state): (String, String) = (row.get(0)?, row.get(3)?);
    let number = |column| row.get::<Option<i64>>(column)?.map(from_amount).transpose();
    Ok(Command {
        id: Uuid::parse_str(&id).map_err(|_| StoreError::Corrupt(format!("a command has the id {id}")))?,
        nas: NasId(row.get(1)?),
        kind: row.get(2)?,
        state: CommandState::from_name(&state)
            .ok_or_else(|| StoreError::Corrupt(format!("a command has the state {state}")))?,
        node: row.get(4)?,
        epoch: number(5)?,
        seq_before: number(6)?,
        made_at: Micros(row.get(7)?),
        ended_at: row.get::<Option<i64>>(8)?.map(Micros),
        outcome: row.get(9)?,
        arguments: row.get(10)?,
    })
}

fn unsettled(row: &Row<'_>) -> Result<Unsettled, StoreError> {
    Ok(Unsettled {
        command: command(row)?,
        last: (from_amount(row.get(11)?)?, row.get::<Option<i64>>(12)?.map(Micros)),
        epoch: from_amount(row.get(13)?)?,
    })
}
