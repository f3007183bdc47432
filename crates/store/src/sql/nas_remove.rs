//! Removing a router: nobody will read it again under this entry, so what it had open ends here, and what its
//! sessions did since they were last read is bounded (DESIGN rule 9).

use std::collections::HashMap;

use accounting::Octets;
use accounting::edge::Edge;
use accounting::ledger::{LedgerEntry, Reason};
use accounting::login::{LoginKind, LoginName, LoginRef};
use accounting::source::source_of_login;
use accounting::table::Table;
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::Connection;
use super::coverage::Looks;
use super::keys::number_of;
use super::nas_last_look::LastLook;
use super::open_entry::{baseline, baseline_of, with_open_entry};
use super::row::Row;
use super::told_rates;
use super::usage_plan::last_look;
use super::value::params;
use super::values::{from_amount, login_kind};
use super::{
    accounting_logins, cycle_edges, held, lease, ledger_rows, nas_remove_glimpses, nas_rows, rows,
    voucher_admission,
};

const REMOVE: &str = "UPDATE nas SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL";
const ROUTER: &str = "SELECT last_round, link_speed_bps FROM nas WHERE id = ?1";
const OPEN: &str = "
    SELECT session.id, login.kind, login.name, last_seen_at, first_seen_at
    FROM session JOIN login ON login.id = session.login_id
    WHERE nas_id = ?1 AND state < 2 ORDER BY session.id";
const OWNED: &str = concat!(
    "SELECT counter.session_no, id, ",
    baseline!("input"),
    ", ",
    baseline!("output"),
    " FROM counter",
    with_open_entry!("counter"),
    "WHERE counter.nas_id = ?1 AND state < 2 AND counter.session_no IS NOT NULL ORDER BY id"
);
const END: &str = "
    UPDATE session SET state = 2, last_seen_at = ?2, login_id = ?3 WHERE id = ?1 AND nas_id = ?1 >> 40";
const BURY: &str = "
    UPDATE counter SET state = 2, last_read = coalesce(last_read, ?2), missing_since = NULL, missing_rounds = NULL,
        missing_tail_s = NULL, session_no = NULL, session_login = NULL, session_acct_id = NULL, session_start_earliest = NULL,
        session_start_latest = NULL
    WHERE nas_id = ?1 AND state < 2";

/// Removes a router within the caller's transaction; see [`crate::NasRepository::remove_nas`].
pub(super) fn remove(connection: &Connection<'_>, nas: NasId, at: Micros) -> Result<(), StoreError> {
    if connection.execute(REMOVE, params![nas.0, at.0])? == 0 {
        return Err(StoreError::NotFound("the router".to_owned()));
    }
    nas_rows::changed(connection)?;
    lease::forget_status(connection, nas)?;
    told_rates::forget(connection, nas)?;
    voucher_admission::router_removed(connection, nas, at)?;
    let edges = cycle_edges::of_router(connection, nas, &[])?;
    cycle_edges::settle_all(connection, nas)?;
    let router = rows::first(connection, ROUTER, params![nas.0], LastLook::read)?
        .ok_or_else(|| StoreError::NotFound("the router".to_owned()))?;
    let looks = Looks::of(connection, nas)?;
    let look = |source| last_look(&looks, router.last_at(), source);
    let open = rows::all(connection, OPEN, params![nas.0], |row| Open::read(row, look))?;
    let owned: HashMap<u64, Owned> =
        rows::all(connection, OWNED, params![nas.0], owned)?.into_iter().collect();
    let group = accounting_logins::group_of(connection, nas)?;
    for session in open {
        let Open { kind, login_name: name, .. } = &session;
        let login = accounting_logins::resolve_one(connection, nas, group, *kind, name)?;
        let last = last_entry(&session, login, owned.get(&session.no), &router, at);
        let closed = edges.iter().filter(|edge| edge.login == login.id);
        for entry in by_cycle(last, closed, &router) {
            let entry = LedgerEntry { no: held::decision_no(connection)?, ..entry };
            ledger_rows::insert_decided(connection, nas, &entry)?;
        }
        connection.execute(END, params![session.key, session.seen.0, login.id])?;
    }
    nas_remove_glimpses::end(connection, nas, group, &router, at)?;
    connection.execute(BURY, params![nas.0, router.packed])?;
    Ok(())
}

/// A session that had not ended.
struct Open {
    key: i64,
    no: u64,
    kind: LoginKind,
    login_name: Vec<u8>,
    seen: Micros,
}

impl Open {
    /// One that is open was seen by the last look at the source that shows it.
    fn read(row: &Row<'_>, last_look: impl Fn(Table) -> Option<Micros>) -> Result<Open, StoreError> {
        let key = row.get(0)?;
        let kind =
            login_kind(row, 1)?.ok_or_else(|| StoreError::Corrupt(format!("session {key} has no login")))?;
        let login = LoginName { kind, name: row.get(2)? };
        let last_seen = row.get::<Option<i64>>(3)?.map(Micros);
        let seen = last_seen.or_else(|| last_look(source_of_login(&login)));
        let seen = seen.map_or_else(|| Ok::<_, StoreError>(Micros(row.get(4)?)), Ok)?;
        Ok(Open { key, no: number_of(key), kind, login_name: login.name.into(), seen })
    }
}

/// A session's counter and its baseline.
struct Owned {
    no: u64,
    octets: Octets,
}

fn owned(row: &Row<'_>) -> Result<(u64, Owned), StoreError> {
    Ok((from_amount(row.get(0)?)?, Owned { no: number_of(row.get(1)?), octets: baseline_of(row, 2)? }))
}

/// The entry, without its number, that says what of a session was not seen.
fn last_entry(
    session: &Open,
    login: LoginRef,
    owned: Option<&Owned>,
    router: &LastLook,
    at: Micros,
) -> LedgerEntry {
    let baseline = owned.map_or(Octets::ZERO, |counter| counter.octets);
    LedgerEntry {
        bucket: at.bucket(),
        no: 0,
        login: Some(login.id),
        session: Some(session.no),
        counter: owned.map(|counter| counter.no),
        cycle: login.cycle,
        reason: Reason::SessionEnd,
        posted: true,
        delta: Octets::ZERO,
        before: baseline,
        after: baseline,
        from: session.seen.min(at),
        to: at,
        unseen: Some(router.unseen_for(router.micros_since(session.seen, at))),
        polls: 1,
    }
}

/// What was not seen before a renewal, at which the router could not be read, is of the cycle that closed then. A renewal
/// that the clock places elsewhere tells nothing of how much: the bound is then in both cycles.
fn by_cycle<'e>(
    last: LedgerEntry,
    closed: impl Iterator<Item = &'e Edge>,
    router: &LastLook,
) -> Vec<LedgerEntry> {
    let unseen = |from, to| Some(router.unseen_for(router.micros_since(from, to)));
    let (mut open, mut entries) = (last, Vec::new());
    for edge in closed {
        let before = LedgerEntry { cycle: Some(edge.cycle), reason: Reason::EdgeUnobserved, ..open.clone() };
        if open.from < edge.at && edge.at < open.to {
            entries.push(LedgerEntry { to: edge.at, unseen: unseen(open.from, edge.at), ..before });
            open = LedgerEntry { from: edge.at, unseen: unseen(edge.at, open.to), ..open };
        } else {
            entries.push(before);
        }
    }
    entries.push(open);
    entries
}
