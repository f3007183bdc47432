//! Held lines: which wait, and deciding on one (rule 10).

use std::collections::HashMap;

use accounting::Octets;
use accounting::ledger::{LedgerEntry, Reason};
use accounting::time::Micros;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::ledger_repository::{CountedIn, EntryKey, EntryRow, HeldAct};
use crate::reach::Reach;

use super::connection::Connection;
use super::keys::{FIRST_DECISION_NO, row_key};
use super::ledger_rows::{self, entries_where, entry_row, key_columns};
use super::reach::{on_reached, reached};
use super::row::Row;
use super::value::params;
use super::values::{amount, exactly_one, from_amount, octets};
use super::{accounting_logins, audit, cycle_totals, rows};

const UNDECIDED: &str = entries_where!(
    "entry.posted = 0 AND held_decision.act IS NULL
       AND (entry.bucket, entry.nas_id, entry.no) > (?1, ?2, ?3) AND ",
    reached!("?5", "nas.group_id"),
    "
     ORDER BY entry.bucket, entry.nas_id, entry.no LIMIT ?4"
);
const COUNT: &str = concat!(
    "
    SELECT nas_id, count(*) FROM ledger_entry AS entry INDEXED BY ledger_entry_held
    WHERE posted = 0 AND ",
    on_reached!("?1", "entry.nas_id"),
    " AND NOT EXISTS (
        SELECT 1 FROM held_decision AS made
        WHERE made.nas_id = entry.nas_id AND made.bucket = entry.bucket AND made.entry_no = entry.no)
    GROUP BY nas_id"
);
const ONE: &str =
    entries_where!("entry.nas_id = ?1 AND entry.bucket = ?2 AND entry.no = ?3 AND entry.posted = 0");
const OF_ROUTER: &str = entries_where!(
    "entry.nas_id IN (SELECT id FROM nas WHERE name = ?1) AND entry.bucket = ?2 AND entry.no = ?3 AND entry.posted = 0 AND ",
    reached!("?4", "nas.group_id"),
    "
     ORDER BY held_decision.act IS NOT NULL, entry.nas_id DESC LIMIT 1"
);
const COUNTED_IN: &str = "
    SELECT subscriber.username, coalesce(continued.seq_no, cycle.seq_no) FROM cycle
    JOIN subscriber ON subscriber.id = cycle.subscriber_id
    LEFT JOIN cycle AS continued ON continued.id = cycle.continues WHERE cycle.id = ?1";
const DECIDE: &str = "
    INSERT INTO held_decision (nas_id, bucket, entry_no, act, operator, at, released_bucket, released_no)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const NEXT_DECISION: &str = "UPDATE meta SET decisions = decisions + 1 RETURNING decisions";
const SET_SESSION: &str = "
    UPDATE session SET input_octets = ?2, output_octets = ?3 WHERE id = ?1 AND nas_id = ?1 >> 40";
const SESSION_TOTALS: &str =
    "SELECT input_octets, output_octets FROM session WHERE id = ?1 AND nas_id = ?1 >> 40";

/// Held lines nobody decided on, in order.
pub(super) fn undecided(
    connection: &Connection<'_>,
    after: Option<EntryKey>,
    limit: u32,
    reach: &Reach,
) -> Result<Vec<EntryRow>, StoreError> {
    let (bucket, nas, no) = key_columns(after)?;
    rows::all(connection, UNDECIDED, params![bucket, nas, no, limit, reach.rows()], entry_row)
}

/// How many lines nobody decided on are held, by router.
pub(super) fn count(connection: &Connection<'_>, reach: &Reach) -> Result<HashMap<NasId, u64>, StoreError> {
    let of_router = |row: &Row<'_>| Ok((NasId(row.get(0)?), from_amount(row.get(1)?)?));
    let counts = rows::all(connection, COUNT, params![reach.rows()], of_router)?;
    Ok(counts.into_iter().collect())
}

/// See [`crate::LedgerRepository::find_held`].
pub(super) fn find(
    connection: &Connection<'_>,
    router: &str,
    (bucket, no): (i64, u64),
    reach: &Reach,
) -> Result<Option<EntryRow>, StoreError> {
    let Ok(no) = i64::try_from(no) else { return Ok(None) };
    rows::first(connection, OF_ROUTER, params![router, bucket, no, reach.rows()], entry_row)
}

/// Decides on a held line within the caller's transaction; see [`crate::LedgerRepository::decide_held`].
pub(super) fn decide(
    connection: &Connection<'_>,
    key: EntryKey,
    decision: HeldAct,
    act: &NewAudit,
) -> Result<Option<CountedIn>, StoreError> {
    let held = rows::first(connection, ONE, params![key.nas.0, key.bucket, amount(key.no)?], entry_row)?
        .ok_or_else(|| StoreError::NotFound("a held entry of that router, bucket and number".to_owned()))?;
    if let Some(before) = held.decision {
        let act = before.as_str();
        return Err(StoreError::Constraint(format!("that entry was {act} before; nothing was changed")));
    }
    let released = match decision {
        HeldAct::Released => Some(release(connection, &held, act.at)?),
        HeldAct::Rejected => None,
    };
    connection.execute(
        DECIDE,
        params![
            key.nas.0,
            key.bucket,
            amount(key.no)?,
            decision.as_str(),
            act.actor,
            act.at.0,
            released.as_ref().map(|entry| entry.bucket),
            released.as_ref().map(|entry| amount(entry.no)).transpose()?,
        ],
    )?;
    audit::append(connection, act)?;
    let cycle = released.and_then(|entry| entry.cycle);
    cycle.map_or(Ok(None), |cycle| counted_in(connection, cycle))
}

fn counted_in(connection: &Connection<'_>, cycle: i64) -> Result<Option<CountedIn>, StoreError> {
    rows::first(connection, COUNTED_IN, params![cycle], |row| {
        Ok(CountedIn { subscriber: row.get(0)?, seq_no: row.get(1)? })
    })
}

/// Posts what was held into the cycle that is open now.
fn release(connection: &Connection<'_>, held: &EntryRow, at: Micros) -> Result<LedgerEntry, StoreError> {
    let (login, cycle) = login_now(connection, held)?;
    let entry = LedgerEntry {
        bucket: at.bucket(),
        no: decision_no(connection)?,
        login,
        cycle,
        reason: Reason::Released,
        posted: true,
        to: at,
        unseen: None,
        ..held.entry.clone()
    };
    ledger_rows::insert_decided(connection, held.nas, &entry)?;
    add_to_totals(connection, held.nas, &entry)?;
    Ok(entry)
}

/// The login's row and open cycle as a reading would find them now.
fn login_now(connection: &Connection<'_>, held: &EntryRow) -> Result<(Option<i64>, Option<i64>), StoreError> {
    let Some((name, kind)) = held.username.as_ref().zip(held.kind) else { return Ok((None, None)) };
    let group = accounting_logins::group_of(connection, held.nas)?;
    let login = accounting_logins::resolve_one(connection, held.nas, group, kind, name)?;
    Ok((Some(login.id), login.cycle))
}

/// A number for an entry that no actor makes.
pub(super) fn decision_no(connection: &Connection<'_>) -> Result<u64, StoreError> {
    let decision = rows::first(connection, NEXT_DECISION, params![], |row| from_amount(row.get(0)?))?;
    let decision =
        decision.ok_or_else(|| StoreError::Corrupt("the installation's row is gone".to_owned()))?;
    Ok(FIRST_DECISION_NO.cast_unsigned() + decision)
}

fn add_to_totals(connection: &Connection<'_>, nas: NasId, entry: &LedgerEntry) -> Result<(), StoreError> {
    if let Some(session) = entry.session {
        let key = row_key(nas, session)?;
        let before = rows::first(connection, SESSION_TOTALS, params![key], |row| octets(row, 0))?;
        let total = grown(before.unwrap_or_default(), "session", entry.delta)?;
        let values = params![key, amount(total.input)?, amount(total.output)?];
        exactly_one(connection.execute(SET_SESSION, values)?, "the session", session)?;
    }
    if let Some(cycle) = entry.cycle {
        grown(cycle_totals::of_cycle(connection, cycle)?, "billing cycle", entry.delta)?;
        cycle_totals::add_to_open(connection, nas, cycle, entry.delta)?;
    }
    Ok(())
}

/// A total with `delta`, or a refusal in plain words: a held jump may be as absurd as a counter can show, and SQL's own
/// addition would answer with a broken rule of the table.
fn grown(before: Octets, what: &str, delta: Octets) -> Result<Octets, StoreError> {
    let add = |total: u64, more: u64| {
        total.checked_add(more).filter(|sum| *sum <= cycle_totals::MOST).ok_or_else(|| {
            StoreError::Constraint(format!(
                "released, that entry would bring its {what} to more octets than can be counted; nothing was \
                 changed, and rejecting it keeps it out of every total"
            ))
        })
    };
    Ok(Octets::new(add(before.input, delta.input)?, add(before.output, delta.output)?))
}
