//! Credits.

use accounting::Octets;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::credit_repository::{Credit, CreditRepository};
use crate::error::StoreError;

use super::connection::Connection;
use super::database::Database;
use super::row::Row;
use super::value::params;
use super::values::{amount, octets};
use super::{audit, rows};

/// The columns in the order [`credit`] reads them. A cycle of an undone renewal goes by the number of the one it
/// continues.
macro_rules! credits_where {
    ($condition:literal) => {
        concat!(
            "SELECT credit.id, first.seq_no, credit.at, credit.actor, credit.input_octets, credit.output_octets,
                    credit.reason, credit.cancels, back.id, credit.cycle_id
             FROM credit
             JOIN cycle ON cycle.id = credit.cycle_id
             JOIN cycle AS first ON first.id = coalesce(cycle.continues, cycle.id)
             LEFT JOIN credit AS back ON back.cancels = credit.id
             WHERE credit.subscriber_id = ?1 AND ",
            $condition
        )
    };
}
const LIST: &str = credits_where!("(?2 IS NULL OR credit.id < ?2) ORDER BY credit.id DESC LIMIT ?3");
const ONE: &str = credits_where!("credit.id = ?2");
const OPEN_CYCLE: &str = "SELECT id FROM cycle WHERE subscriber_id = ?1 AND closed_at IS NULL";
const INSERT: &str = "
    INSERT INTO credit (subscriber_id, cycle_id, at, actor, input_octets, output_octets, reason, cancels)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id";

#[async_trait]
impl<D: Database> CreditRepository for D {
    async fn add_credit(
        &self,
        subscriber: Uuid,
        octets: Octets,
        reason: String,
        act: NewAudit,
    ) -> Result<Credit, StoreError> {
        let subscriber = subscriber.to_string();
        self.transact(move |connection| {
            let cycle: i64 = rows::first(connection, OPEN_CYCLE, params![&subscriber], |row| row.get(0))?
                .ok_or_else(|| StoreError::NotFound(format!("the subscriber {subscriber}")))?;
            let new = New { subscriber: &subscriber, cycle, octets, reason: &reason, cancels: None };
            new.insert(connection, &act)
        })
        .await
    }

    async fn cancel_credit(
        &self,
        subscriber: Uuid,
        credit: i64,
        reason: String,
        act: NewAudit,
    ) -> Result<Credit, StoreError> {
        let subscriber = subscriber.to_string();
        self.transact(move |connection| {
            let (given, cycle) = rows::first(connection, ONE, params![subscriber, credit], |row| {
                Ok((self::credit(row)?, row.get(9)?))
            })?
            .ok_or_else(|| StoreError::NotFound(format!("the credit {credit} of that subscriber")))?;
            refuse_cancelled(&given)?;
            let octets = given.octets;
            let new = New { subscriber: &subscriber, cycle, octets, reason: &reason, cancels: Some(credit) };
            new.insert(connection, &act)
        })
        .await
    }

    async fn credits(
        &self,
        subscriber: Uuid,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Credit>, StoreError> {
        self.read(move |connection| {
            rows::all(connection, LIST, params![subscriber.to_string(), before, limit], credit)
        })
        .await
    }
}

/// A line to be written.
struct New<'a> {
    subscriber: &'a str,
    cycle: i64,
    octets: Octets,
    reason: &'a str,
    cancels: Option<i64>,
}

impl New<'_> {
    fn insert(&self, connection: &Connection<'_>, act: &NewAudit) -> Result<Credit, StoreError> {
        let id = rows::insert(
            connection,
            INSERT,
            params![
                self.subscriber,
                self.cycle,
                act.at.0,
                act.actor,
                amount(self.octets.input)?,
                amount(self.octets.output)?,
                self.reason,
                self.cancels,
            ],
        )?;
        audit::append(connection, act)?;
        rows::first(connection, ONE, params![self.subscriber, id], credit)?
            .ok_or_else(|| StoreError::Corrupt(format!("the credit {id} was written and is not there")))
    }
}

fn refuse_cancelled(given: &Credit) -> Result<(), StoreError> {
    let why = match (given.cancels, given.cancelled_by) {
        (None, None) => return Ok(()),
        (Some(other), _) => format!("line {} takes back the credit {other}", given.id),
        (None, Some(by)) => format!("the credit {} was cancelled before, by line {by}", given.id),
    };
    Err(StoreError::Constraint(format!("{why}; nothing was changed")))
}

fn credit(row: &Row<'_>) -> Result<Credit, StoreError> {
    Ok(Credit {
        id: row.get(0)?,
        cycle: row.get(1)?,
        at: Micros(row.get(2)?),
        actor: row.get(3)?,
        octets: octets(row, 4)?,
        reason: row.get(6)?,
        cancels: row.get(7)?,
        cancelled_by: row.get(8)?,
    })
}
