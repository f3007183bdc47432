//! Writing counters within a commit.

use accounting::Octets;
use accounting::changes::{CounterRecord, CounterState, Tail};

use crate::error::StoreError;
use crate::ids::NasId;
use crate::packing::{ROUND_TIMES_LEN, pack_round_times};

use super::connection::{Batch, Connection};
use super::keys::row_key;
use super::open_entry;
use super::value::params;
use super::values::amount;

/// What `resets_on_reconnect` holds: nothing is concluded from earlier drops any more (ADR 0008).
const NOT_KNOWN_TO_RESET: bool = false;

const INSERT: &str = "
    INSERT INTO counter (id, boot, handle, name, permanent, resets_on_reconnect, state, input_octets,
        output_octets, unattributed_input, unattributed_output, start_earliest, start_latest, session_no,
        session_login, session_acct_id, session_start_earliest, session_start_latest, last_read,
        missing_since, missing_rounds, nas_id, missing_tail_s, passed_by,
        open_bucket, open_no)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
        ?25, ?26)";
const REPLACE: &str = "
    UPDATE counter SET boot = ?2, handle = ?3, name = ?4, permanent = ?5, resets_on_reconnect = ?6, state = ?7,
        input_octets = ?8, output_octets = ?9, unattributed_input = ?10, unattributed_output = ?11,
        start_earliest = ?12, start_latest = ?13, session_no = ?14, session_login = ?15, session_acct_id = ?16,
        session_start_earliest = ?17, session_start_latest = ?18, last_read = ?19, missing_since = ?20,
        missing_rounds = ?21, missing_tail_s = ?23, passed_by = ?24,
        open_bucket = ?25, open_no = ?26
    WHERE id = ?1 AND nas_id = ?22";
const MOVE: &str = "
    UPDATE counter SET input_octets = ?2, output_octets = ?3, open_bucket = NULL, open_no = NULL
    WHERE id = ?1 AND nas_id = ?1 >> 40";
/// Their entries still need their names, so the rows stay.
const RETIRE: &str = "UPDATE counter SET state = 3 WHERE nas_id = ?1 AND boot < ?2 AND state < 3";

/// Inserts counters seen for the first time.
pub(super) fn insert(
    connection: &Connection<'_>,
    nas: NasId,
    counters: &[CounterRecord],
) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, INSERT)?;
    counters.iter().try_for_each(|counter| add_whole(&mut batch, nas, counter))?;
    batch.finish()
}

/// Rewrites counters of which more than the octets changed.
pub(super) fn replace(
    connection: &Connection<'_>,
    nas: NasId,
    counters: &[CounterRecord],
) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, REPLACE)?;
    counters.iter().try_for_each(|counter| add_whole(&mut batch, nas, counter))?;
    batch.finish_each("counters")
}

/// Gives counters without an open entry their new baselines.
pub(super) fn set_octets(
    connection: &Connection<'_>,
    nas: NasId,
    counters: &[(u64, Octets)],
) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, MOVE)?;
    for (no, octets) in counters {
        batch.add(params![row_key(nas, *no)?, amount(octets.input)?, amount(octets.output)?])?;
    }
    batch.finish_each("counters")
}

/// Takes counters of boots before `boot` out of every look-up.
pub(super) fn retire_before(connection: &Connection<'_>, nas: NasId, boot: u32) -> Result<(), StoreError> {
    connection.execute(RETIRE, params![nas.0, boot])?;
    Ok(())
}

fn add_whole(batch: &mut Batch<'_>, nas: NasId, counter: &CounterRecord) -> Result<(), StoreError> {
    let session = counter.session.as_ref();
    let session_start = session.and_then(|session| session.start);
    let (open_bucket, open_no) = open_entry::columns(counter.open)?;
    let State { state, last_read, since, rounds, tail_s } = State::of(&counter.state);
    batch.add(params![
        row_key(nas, counter.no)?,
        counter.boot,
        counter.handle.cast_signed(),
        counter.name,
        counter.permanent,
        NOT_KNOWN_TO_RESET,
        state,
        amount(counter.octets.input)?,
        amount(counter.octets.output)?,
        amount(counter.unattributed.input)?,
        amount(counter.unattributed.output)?,
        counter.start.map(|start| start.earliest),
        counter.start.map(|start| start.latest),
        session.map(|session| amount(session.no)).transpose()?,
        session.map(|session| &session.login_name),
        session.and_then(|session| session.acct_session_id).map(u64::cast_signed),
        session_start.map(|start| start.earliest),
        session_start.map(|start| start.latest),
        last_read,
        since,
        rounds,
        nas.0,
        tail_s,
        counter.passed_by,
        open_bucket,
        open_no,
    ])
}

type Packed = Option<[u8; ROUND_TIMES_LEN]>;

/// A state as the columns hold it.
#[derive(Default)]
struct State {
    state: i64,
    last_read: Packed,
    since: Packed,
    rounds: Option<u32>,
    tail_s: Option<i64>,
}

impl State {
    fn of(state: &CounterState) -> State {
        match state {
            CounterState::Live => State::default(),
            CounterState::Missing { last_read, since, rounds, tail } => State {
                state: 1,
                last_read: Some(pack_round_times(last_read)),
                since: Some(pack_round_times(since)),
                rounds: Some(*rounds),
                tail_s: tail_column(*tail),
            },
            CounterState::Released => State { state: 3, ..State::default() },
            CounterState::Gone { last_read } => {
                State { state: 2, last_read: Some(pack_round_times(last_read)), ..State::default() }
            }
        }
    }
}

/// Null for an open tail, -1 for one that no clock spans.
fn tail_column(tail: Tail) -> Option<i64> {
    match tail {
        Tail::Open => None,
        Tail::Closed(seconds) => {
            Some(seconds.map_or(-1, |seconds| i64::try_from(seconds).unwrap_or(i64::MAX)))
        }
    }
}

/// What [`tail_column`] wrote.
pub(super) fn tail_of(column: Option<i64>) -> Tail {
    column.map_or(Tail::Open, |seconds| Tail::Closed(u64::try_from(seconds).ok()))
}
