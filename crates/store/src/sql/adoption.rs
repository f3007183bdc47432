//! Adoption (rule 11).

use accounting::ledger::{LedgerEntry, Reason, Unseen};
use accounting::login::LoginName;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::adoption_repository::{AdoptedLogin, AdoptionRepository, UndoneAdoption};
use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::subscriber_repository::{NewSubscriber, Scope};

use super::connection::Connection;
use super::database::Database;
use super::ledger_rows::ledger_of_login;
use super::row::Row;
use super::value::params;
use super::values::{amount, from_amount, octets};
use super::{
    adoption_undo, audit, bindings, cycle_totals, held, ledger_rows, login_binding, rows, subscriber_insert,
};

const OPEN_CYCLE: &str = "SELECT id FROM cycle WHERE subscriber_id = ?1 AND closed_at IS NULL";
/// The routers' own rows of the subscriber's logins (or of the one bound login of row ?2), where no narrower binding makes
/// the login somebody's and nothing was adopted.
const ROWS: &str = "
    SELECT bound.login_id, own.id, nas.id, nas.name, own.name, nas.next_no
    FROM login_binding AS bound
    JOIN login AS wide ON wide.id = bound.login_id
    JOIN login AS own ON own.kind = wide.kind AND own.name = wide.name AND own.scope = 'router'
    JOIN nas ON nas.id = own.scope_id
    WHERE bound.subscriber_id = ?1 AND bound.to_at IS NULL AND (?2 IS NULL OR wide.id = ?2)
      AND (wide.scope = 'all' OR wide.scope = 'group' AND wide.scope_id = nas.group_id OR wide.id = own.id)
      AND NOT EXISTS (SELECT 1 FROM login AS narrow
                      JOIN login_binding AS other ON other.login_id = narrow.id AND other.to_at IS NULL
                      WHERE narrow.kind = own.kind AND narrow.name = own.name
                        AND (narrow.id = own.id AND wide.scope <> 'router'
                          OR narrow.scope = 'group' AND narrow.scope_id = nas.group_id AND wide.scope = 'all'))
      AND NOT EXISTS (SELECT 1 FROM adoption WHERE adoption.login_id = own.id AND superseded_at IS NULL)
    ORDER BY nas.name, own.id";
const SUM: &str = concat!(
    "
    SELECT CAST(coalesce(sum(delta_input), 0) AS bigint), CAST(coalesce(sum(delta_output), 0) AS bigint), count(*),
           min(from_at), coalesce(max(unseen), 0), CAST(sum(unseen_us) AS bigint), CAST(sum(unseen_upper) AS bigint),
           count(*) FILTER (WHERE unseen = 1 AND unseen_upper IS NULL)
    FROM ",
    ledger_of_login!(),
    "
    WHERE login_id = ?1 AND bucket >= ?2 AND nas_id = ?3 AND to_at >= ?4 AND cycle_id IS NULL AND posted = 1"
);
const NOTE: &str = "
    INSERT INTO adoption (login_id, subscriber_id, from_at, until_no, nas_id, bucket, entry_no)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

#[async_trait]
impl<D: Database> AdoptionRepository for D {
    async fn adopt(
        &self,
        subscriber: Uuid,
        from: Micros,
        act: NewAudit,
    ) -> Result<Vec<AdoptedLogin>, StoreError> {
        self.transact(move |connection| {
            let adopted = adopt(connection, &subscriber.to_string(), None, from, act.at)?;
            bindings::changed(connection)?;
            audit::append(connection, &act)?;
            Ok(adopted)
        })
        .await
    }

    async fn bind_and_adopt(
        &self,
        subscriber: Uuid,
        login: LoginName,
        scope: Scope,
        from: Micros,
        act: NewAudit,
    ) -> Result<Vec<AdoptedLogin>, StoreError> {
        self.transact(move |connection| {
            let id = subscriber.to_string();
            let login = login_binding::bind_to_known(connection, &id, (&login, &scope), &act)?;
            adopt(connection, &id, Some(login), from, act.at)
        })
        .await
    }

    async fn insert_and_adopt(
        &self,
        new: NewSubscriber,
        from: Micros,
        act: NewAudit,
    ) -> Result<Vec<AdoptedLogin>, StoreError> {
        self.transact(move |connection| {
            subscriber_insert::insert(connection, &new, act.at)?;
            let adopted = adopt(connection, &new.id.to_string(), None, from, act.at)?;
            audit::append(connection, &act)?;
            Ok(adopted)
        })
        .await
    }

    async fn undo_adoption(&self, subscriber: Uuid, act: NewAudit) -> Result<Vec<AdoptedLogin>, StoreError> {
        self.transact(move |connection| {
            let undone = adoption_undo::undo(connection, &subscriber.to_string(), &act)?;
            audit::append(connection, &act)?;
            Ok(undone)
        })
        .await
    }

    async fn undone_adoptions(&self, cycle: i64) -> Result<Vec<UndoneAdoption>, StoreError> {
        self.read(move |connection| adoption_undo::undone(connection, cycle)).await
    }
}

fn adopt(
    connection: &Connection<'_>,
    subscriber: &str,
    only: Option<i64>,
    from: Micros,
    at: Micros,
) -> Result<Vec<AdoptedLogin>, StoreError> {
    let cycle: i64 = rows::first(connection, OPEN_CYCLE, params![subscriber], |row| row.get(0))?
        .ok_or_else(|| StoreError::NotFound(format!("the subscriber {subscriber}")))?;
    let mut adopted = Vec::new();
    for login in rows::all(connection, ROWS, params![subscriber, only], Login::read)? {
        let Some(entry) = login.entry(connection, cycle, from, at)? else { continue };
        ledger_rows::insert_decided(connection, login.nas, &entry)?;
        let no = amount(entry.no)?;
        let values = params![login.own, subscriber, from.0, login.next_no, login.nas.0, entry.bucket, no];
        connection.execute(NOTE, values)?;
        cycle_totals::add_to_open(connection, login.nas, cycle, entry.delta)?;
        adopted.push(login.adopted(&entry));
    }
    if adopted.is_empty() {
        return Err(StoreError::Constraint(
            "nothing was counted from then on for their logins without a subscriber, or it was adopted before; nothing \
             was changed"
                .to_owned(),
        ));
    }
    Ok(adopted)
}

/// A login that is the subscriber's, as its router's own row has it.
struct Login {
    /// The row that is bound.
    bound: i64,
    /// The row that the entries of before have.
    own: i64,
    nas: NasId,
    router: String,
    name: Vec<u8>,
    /// The number its router's next entry gets.
    next_no: i64,
}

impl Login {
    fn read(row: &Row<'_>) -> Result<Login, StoreError> {
        Ok(Login {
            bound: row.get(0)?,
            own: row.get(1)?,
            nas: NasId(row.get(2)?),
            router: row.get(3)?,
            name: row.get(4)?,
            next_no: row.get(5)?,
        })
    }

    /// The entry that adds what those of before add up to; `None` when there are none.
    fn entry(
        &self,
        connection: &Connection<'_>,
        cycle: i64,
        from: Micros,
        at: Micros,
    ) -> Result<Option<LedgerEntry>, StoreError> {
        let no = held::decision_no(connection)?;
        let values = params![self.own, from.bucket(), self.nas.0, from.0];
        let entry = rows::first(connection, SUM, values, |row| {
            let (delta, first) = (octets(row, 0)?, row.get::<Option<i64>>(3)?.map(Micros));
            let (entries, unseen) = (row.get(2)?, unseen(row)?);
            Ok(first.map(|first| LedgerEntry {
                bucket: at.bucket(),
                no,
                login: Some(self.bound),
                session: None,
                counter: None,
                cycle: Some(cycle),
                reason: Reason::Adopted,
                posted: true,
                delta,
                before: accounting::Octets::ZERO,
                after: delta,
                from: first,
                to: at,
                unseen,
                polls: entries,
            }))
        })?;
        Ok(entry.flatten())
    }

    fn adopted(self, entry: &LedgerEntry) -> AdoptedLogin {
        AdoptedLogin {
            router: self.router,
            login: self.name,
            octets: entry.delta,
            entries: u64::from(entry.polls),
        }
    }
}

/// What all of them together did not see.
fn unseen(row: &Row<'_>) -> Result<Option<Unseen>, StoreError> {
    if !row.get::<bool>(4)? {
        return Ok(None);
    }
    let number = |column: usize| -> Result<Option<u64>, StoreError> {
        row.get::<Option<i64>>(column)?.map(from_amount).transpose()
    };
    let is_bounded = row.get::<i64>(7)? == 0;
    Ok(Some(Unseen { micros: number(5)?, upper_octets: number(6)?.filter(|_| is_bounded) }))
}
