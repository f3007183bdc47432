//! [`HoldRepository`].

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::hold_repository::{Hold, HoldRepository, HoldSubject};
use crate::ids::NasId;
use crate::reach::Reach;

use super::connection::Connection;
use super::database::Database;
use super::reach::on_reached;
use super::row::Row;
use super::value::params;
use super::{audit, rows};

/// The columns in the order [`hold`] reads them.
macro_rules! holds {
    ($rest:expr) => {
        concat!("SELECT nas_id, kind, subject, until_at, is_placed, set_by, set_at FROM hold ", $rest)
    };
}
const ONE: &str = holds!("WHERE nas_id = ?1 AND kind = ?2 AND subject = ?3");
const ALL: &str = holds!(concat!(
    "WHERE NOT EXISTS (SELECT 1 FROM nas WHERE nas.id = nas_id AND removed_at IS NOT NULL) AND ",
    on_reached!("?1", "nas_id"),
    " ORDER BY nas_id, kind, subject"
));
const ADD: &str = "
    INSERT INTO hold (nas_id, kind, subject, until_at, is_placed, set_by, set_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const CHANGE: &str =
    "UPDATE hold SET until_at = ?4, is_placed = ?5 WHERE nas_id = ?1 AND kind = ?2 AND subject = ?3";
const REMOVE: &str = "DELETE FROM hold WHERE nas_id = ?1 AND kind = ?2 AND subject = ?3";

#[async_trait]
impl<D: Database> HoldRepository for D {
    async fn set_hold(&self, hold: Hold, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            match one(connection, hold.nas, &hold.subject)? {
                None => add(connection, &hold)?,
                Some(there) if there.until > hold.set_at => {
                    return Err(StoreError::Constraint(
                        "they are kept out of this router already; nothing was changed. List them with: tikmeter hold list"
                            .to_owned(),
                    ));
                }
                // Something of it may be on the router yet, and is looked for on time.
                Some(over) => {
                    remove(connection, &over)?;
                    add(connection, &Hold { is_placed: over.is_placed, ..hold })?;
                }
            }
            audit::append(connection, &act)
        })
        .await
    }

    async fn place_hold(
        &self,
        nas: NasId,
        subject: HoldSubject,
        now: Micros,
        act: NewAudit,
    ) -> Result<Option<Hold>, StoreError> {
        self.transact(move |connection| {
            let wanted = one(connection, nas, &subject)?.filter(|hold| hold.until > now);
            let Some(wanted) = wanted else { return Ok(None) };
            let placed = Hold { is_placed: true, ..wanted };
            change(connection, &placed)?;
            audit::append(connection, &act)?;
            Ok(Some(placed))
        })
        .await
    }

    async fn hold_of(&self, nas: NasId, subject: HoldSubject) -> Result<Option<Hold>, StoreError> {
        self.read(move |connection| one(connection, nas, &subject)).await
    }

    async fn shorten_hold(
        &self,
        nas: NasId,
        subject: HoldSubject,
        until: Micros,
        act: NewAudit,
    ) -> Result<Option<Hold>, StoreError> {
        self.transact(move |connection| {
            let Some(hold) = one(connection, nas, &subject)? else { return Ok(None) };
            if hold.until <= until {
                return Ok(Some(hold));
            }
            let hold = Hold { until, ..hold };
            change(connection, &hold)?;
            audit::append(connection, &act)?;
            Ok(Some(hold))
        })
        .await
    }

    async fn holds_within(&self, reach: Reach) -> Result<Vec<Hold>, StoreError> {
        self.read(move |connection| rows::all(connection, ALL, params![reach.rows()], hold)).await
    }

    async fn end_hold(&self, hold: Hold, act: NewAudit) -> Result<bool, StoreError> {
        self.transact(move |connection| {
            if one(connection, hold.nas, &hold.subject)?.as_ref() != Some(&hold) {
                return Ok(false);
            }
            remove(connection, &hold)?;
            audit::append(connection, &act)?;
            Ok(true)
        })
        .await
    }
}

fn one(connection: &Connection<'_>, nas: NasId, subject: &HoldSubject) -> Result<Option<Hold>, StoreError> {
    let (kind, name) = subject.parts();
    rows::first(connection, ONE, params![nas.0, kind, name], hold)
}

fn add(connection: &Connection<'_>, hold: &Hold) -> Result<(), StoreError> {
    let Hold { nas, subject, until, is_placed, set_by, set_at } = hold;
    let (kind, name) = subject.parts();
    connection.execute(ADD, params![nas.0, kind, name, until.0, *is_placed, set_by, set_at.0]).map(drop)
}

fn remove(connection: &Connection<'_>, hold: &Hold) -> Result<(), StoreError> {
    let (kind, name) = hold.subject.parts();
    connection.execute(REMOVE, params![hold.nas.0, kind, name]).map(drop)
}

fn change(connection: &Connection<'_>, hold: &Hold) -> Result<(), StoreError> {
    let (kind, name) = hold.subject.parts();
    connection.execute(CHANGE, params![hold.nas.0, kind, name, hold.until.0, hold.is_placed]).map(drop)
}

fn hold(row: &Row<'_>) -> Result<Hold, StoreError> {
    let (kind, name): (String, Vec<u8>) = (row.get(1)?, row.get(2)?);
    Ok(Hold {
        nas: NasId(row.get(0)?),
        subject: HoldSubject::from_parts(&kind, name)
            .ok_or_else(|| StoreError::Corrupt(format!("a hold is of the kind {kind}")))?,
        until: Micros(row.get(3)?),
        is_placed: row.get(4)?,
        set_by: row.get(5)?,
        set_at: Micros(row.get(6)?),
    })
}
