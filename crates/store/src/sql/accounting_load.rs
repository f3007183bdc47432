//! Reading a router's record and counters back.

use std::collections::HashMap;

use accounting::Octets;
use accounting::changes::{CounterRecord, CounterSession, CounterState, CoverageStart, NasRecord};
use accounting::plan::Unknown;
use accounting::table::Table;

use crate::accounting_repository::Loaded;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::packing::{
    unpack_coverage_starts, unpack_glimpses, unpack_open_coverage, unpack_round_times, unpack_series,
};

use super::accounting_counters::tail_of;
use super::connection::Connection;
use super::keys::{keys_of, number_of};
use super::open_entry::{baseline, baseline_of, with_open_entry};
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{from_amount, octets, start};

const NAS: &str = "
    SELECT device, boot, last_round, coverage_boot, coverage_uptime_s, next_no, poll_seq, open_coverages,
           unseen_sessions, session_series, lease_epoch, link_speed_bps, boot_doubtful, glimpses,
           table_coverage, named_since, told_until_uptime_s
    FROM nas WHERE id = ?1";

/// The columns in the order [`counter`] reads them.
macro_rules! counters_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, boot, handle, name, permanent, state, ",
            baseline!("input"),
            ", ",
            baseline!("output"),
            ", unattributed_input, unattributed_output, start_earliest, start_latest, counter.session_no,
             session_login, session_acct_id, session_start_earliest, session_start_latest, last_read,
             missing_since, missing_rounds, missing_tail_s, passed_by
             FROM counter",
            with_open_entry!("counter"),
            "WHERE ",
            $condition,
            " ORDER BY id"
        )
    };
}
const SESSIONS: &str =
    "SELECT id, login_id FROM session INDEXED BY session_present WHERE nas_id = ?1 AND state < 2 ORDER BY id";
const HELD: &str = "
    SELECT counter_no, before_input, before_output, after_input, after_output FROM ledger_entry
    WHERE nas_id = ?1 AND posted = 0 AND counter_no IS NOT NULL ORDER BY no DESC";
const PRESENT: &str = counters_where!("counter.nas_id = ?1 AND boot = ?2 AND state < 2");
const GONE: &str = counters_where!("counter.nas_id = ?1 AND boot = ?2 AND handle = ?3 AND state = 2");
/// Of the partial index on logins: handles from 2^56 on are not those of interfaces.
const GONE_LOGIN: &str = counters_where!(
    "counter.nas_id = ?1 AND boot = ?2 AND name = ?3 AND state = 2 AND handle >= 72057594037927936
     AND session_start_earliest <= ?5 AND session_start_latest >= ?4"
);

/// See [`crate::AccountingRepository::load`].
pub(crate) fn load(connection: &Connection<'_>, nas: NasId) -> Result<Loaded, StoreError> {
    keys_of(nas)?;
    let mut loaded = rows::first(connection, NAS, params![nas.0], record)?
        .ok_or_else(|| StoreError::NotFound(format!("the router row {nas}")))?;
    loaded.counters = rows::all(connection, PRESENT, params![nas.0, loaded.record.boot], counter)?;
    let mut jumps = held_jumps(connection, nas)?;
    for counter in &mut loaded.counters {
        counter.note_held(jumps.remove(&counter.no).unwrap_or_default());
    }
    loaded.session_logins =
        rows::all(connection, SESSIONS, params![nas.0], |row| Ok((number_of(row.get(0)?), row.get(1)?)))?;
    Ok(loaded)
}

/// Values before and after the held entries of each counter, the newest first.
fn held_jumps(
    connection: &Connection<'_>,
    nas: NasId,
) -> Result<HashMap<u64, Vec<(Octets, Octets)>>, StoreError> {
    let mut jumps: HashMap<u64, Vec<_>> = HashMap::new();
    rows::each(connection, HELD, params![nas.0], |row| {
        let counter = row.get::<i64>(0)?.cast_unsigned();
        jumps.entry(counter).or_default().push((octets(row, 1)?, octets(row, 3)?));
        Ok(())
    })?;
    Ok(jumps)
}

/// See [`crate::AccountingRepository::gone_counters`].
pub(super) fn gone_counters(
    connection: &Connection<'_>,
    nas: NasId,
    boot: u32,
    unknown: &Unknown,
) -> Result<Vec<CounterRecord>, StoreError> {
    let mut found = Vec::new();
    let mut see = |_: usize, row: &Row<'_>| {
        found.push(counter(row)?);
        Ok(())
    };
    let mut asking = connection.ask_many(GONE, &mut see)?;
    for handle in &unknown.handles {
        asking.add(params![nas.0, boot, handle.cast_signed()])?;
    }
    asking.finish()?;
    let mut asking = connection.ask_many(GONE_LOGIN, &mut see)?;
    for (name, start) in &unknown.logins {
        let (earliest, latest) = start.may_be_same_as();
        asking.add(params![nas.0, boot, name, earliest, latest])?;
    }
    asking.finish()?;
    found.sort_unstable_by_key(|counter| counter.no);
    found.dedup_by_key(|counter| counter.no);
    Ok(found)
}

fn record(row: &Row<'_>) -> Result<Loaded, StoreError> {
    let last: Option<&[u8]> = row.get(2)?;
    let (boot, uptime_s): (Option<u32>, Option<i64>) = (row.get(3)?, row.get(4)?);
    let mut coverage_start = unpack_coverage_starts(row.get(14)?)?;
    if let Some((boot, uptime_s)) = boot.zip(uptime_s) {
        let start = CoverageStart { boot, uptime_s: from_amount(uptime_s)? };
        coverage_start.begin(Table::Interface, start);
    }
    let named_since: Option<&[u8]> = row.get(15)?;
    let record = NasRecord {
        device: row.get(0)?,
        boot: row.get(1)?,
        last: last.map(unpack_round_times).transpose()?,
        coverage_start,
        next_no: from_amount(row.get(5)?)?,
        poll_seq: from_amount(row.get(6)?)?,
        open_coverage: unpack_open_coverage(row.get(7)?)?,
        unseen_sessions: from_amount(row.get(8)?)?,
        session_series: unpack_series(row.get(9)?)?,
        boot_doubtful: row.get(12)?,
        told_until: row.get::<Option<i64>>(16)?.map(from_amount).transpose()?,
        named_since: named_since.map(unpack_round_times).transpose()?,
        glimpses: unpack_glimpses(row.get(13)?)?,
    };
    Ok(Loaded {
        record,
        lease_epoch: from_amount(row.get(10)?)?,
        link_speed_bps: row.get::<Option<i64>>(11)?.map(from_amount).transpose()?,
        counters: Vec::new(),
        session_logins: Vec::new(),
    })
}

fn counter(row: &Row<'_>) -> Result<CounterRecord, StoreError> {
    Ok(CounterRecord {
        no: number_of(row.get(0)?),
        boot: row.get(1)?,
        handle: row.get::<i64>(2)?.cast_unsigned(),
        name: row.get(3)?,
        permanent: row.get(4)?,
        state: state(row)?,
        octets: baseline_of(row, 6)?,
        open: None,
        unattributed: octets(row, 8)?,
        before_held: None,
        start: start(row, 10)?,
        passed_by: row.get(21)?,
        session: session(row)?,
    })
}

fn session(row: &Row<'_>) -> Result<Option<CounterSession>, StoreError> {
    let Some(no) = row.get::<Option<i64>>(12)? else { return Ok(None) };
    Ok(Some(CounterSession {
        no: from_amount(no)?,
        login_name: row.get(13)?,
        acct_session_id: row.get::<Option<i64>>(14)?.map(i64::cast_unsigned),
        start: start(row, 15)?,
    }))
}

fn state(row: &Row<'_>) -> Result<CounterState, StoreError> {
    let times = |column: usize| -> Result<_, StoreError> {
        unpack_round_times(row.get::<Option<&[u8]>>(column)?.unwrap_or_default())
    };
    match row.get::<i64>(5)? {
        0 => Ok(CounterState::Live),
        1 => Ok(CounterState::Missing {
            last_read: times(17)?,
            since: times(18)?,
            rounds: row.get(19)?,
            tail: tail_of(row.get(20)?),
        }),
        2 => Ok(CounterState::Gone { last_read: times(17)? }),
        other => Err(StoreError::Corrupt(format!("a counter of this boot has the state {other}"))),
    }
}
