//! The transaction of a snapshot: fenced, then written in the order of the tables' keys.

use std::sync::Arc;

use accounting::changes::Changes;
use accounting::ledger::GrownEntry;
use accounting::table::Table;
use accounting::time::Micros;

use crate::error::{CommitError, StoreError};
use crate::ids::NasId;
use crate::packing::{
    pack_coverage_starts, pack_glimpses, pack_open_coverage, pack_round_times, pack_series,
};

use super::connection::{Batch, Connection, Shared};
use super::keys::accounting_no;
use super::value::params;
use super::values::{amount, from_amount};
use super::{
    accounting_counters, accounting_sessions, bindings, coverage, cycle_edges, cycle_totals, edge_groups,
    enrolment, ledger_rows, nas_rows, open_entry, outbox_write, rows,
};

/// One router's snapshot, as [`crate::AccountingRepository::commit`] is given it.
#[derive(Clone)]
pub(crate) struct Round {
    pub(crate) nas: NasId,
    pub(crate) lease_epoch: u64,
    pub(crate) bindings_version: u64,
    pub(crate) changes: Arc<Changes>,
    /// Whether others are to be told of it.
    pub(crate) events: bool,
}

/// What became of one.
pub(crate) type Verdict = Result<(), CommitError>;

/// What was read before a removal and comes after it is within the bound that the removal wrote.
const FENCE: &str = "
    SELECT poll_seq, lease_epoch, last_at, device FROM nas WHERE id = ?1 AND removed_at IS NULL";
/// Another process may have taken the router since its row was looked at.
const SAVE_NAS: &str = "
    UPDATE nas SET device = ?2, boot = ?3, last_round = ?4, last_at = ?5, coverage_boot = ?6,
        coverage_uptime_s = ?7, next_no = ?8, poll_seq = ?9, open_coverages = ?10, unseen_sessions = ?11,
        session_series = ?12, boot_doubtful = ?13, glimpses = ?14, table_coverage = ?15,
        named_since = ?16, told_until_uptime_s = ?17, not_looked_in = ?18
    WHERE id = ?1 AND poll_seq = ?9 - 1 AND lease_epoch = ?19";
const OF_DEVICE: &str = "SELECT name FROM nas WHERE device = ?1 AND id <> ?2 AND removed_at IS NULL";
const GROW_ENTRY: &str = "
    UPDATE ledger_entry SET delta_input = ?4, delta_output = ?5, after_input = ?6, after_output = ?7,
        to_at = ?8, polls = ?9
    WHERE nas_id = ?1 AND bucket = ?2 AND no = ?3";
/// Writes the snapshots of one transaction, but for those whose router's row or the bindings refuse them: then nothing of them
/// is written and the refusal is the answer. Answers in their order.
///
/// # Errors
/// When the database failed; what was written before must be undone, if it is not undone already.
pub(super) fn write_rounds(
    connection: &Connection<'_>,
    rounds: &[Round],
) -> Result<Vec<Verdict>, StoreError> {
    let mut left = edge_groups::Left::default();
    let verdicts =
        rounds.iter().map(|round| write(connection, round, &mut left)).collect::<Result<_, _>>()?;
    left.forget(connection)?;
    Ok(verdicts)
}

fn write(
    connection: &Connection<'_>,
    round: &Round,
    left: &mut edge_groups::Left,
) -> Result<Verdict, StoreError> {
    let Some(fence) = Fence::read(connection, round.nas)? else {
        let gone = StoreError::NotFound(format!("the router row {}", round.nas));
        return Ok(Err(CommitError::RolledBack(gone)));
    };
    if !fence.admits(round) {
        return Ok(Err(CommitError::Fenced));
    }
    if bindings::version(connection)? != round.bindings_version {
        return Ok(Err(CommitError::BindingsChanged));
    }
    if fence.device != round.changes.nas.device {
        refuse_held_device(connection, round)?;
    }
    if !save_nas(connection, round)? {
        return Ok(Err(CommitError::Fenced));
    }
    if fence.device.is_some() && fence.device != round.changes.nas.device {
        // Whoever was refused the device before asks again.
        nas_rows::changed(connection)?;
    }
    write_all(connection, round, fence.last_round, left)?;
    if round.events {
        outbox_write::write(connection, round.nas, &round.changes)?;
    }
    Ok(Ok(()))
}

/// What two processes found out at once (rule 8): who commits first has the device.
fn refuse_held_device(connection: &Connection<'_>, round: &Round) -> Result<(), StoreError> {
    let Some(device) = &round.changes.nas.device else { return Ok(()) };
    connection.alone_at(Shared::Devices)?;
    let holder =
        rows::first(connection, OF_DEVICE, params![device, round.nas.0], |row| row.get::<String>(0))?;
    match holder {
        None => Ok(()),
        Some(holder) => Err(StoreError::Constraint(format!(
            "the device {device} is counted as {holder} already; nothing was written"
        ))),
    }
}

/// What a router's row says of the snapshots before.
struct Fence {
    poll_seq: u64,
    lease_epoch: u64,
    /// Our clock at the last committed round.
    last_round: Option<Micros>,
    /// The device they were of.
    device: Option<Box<str>>,
}

impl Fence {
    fn read(connection: &Connection<'_>, nas: NasId) -> Result<Option<Fence>, StoreError> {
        rows::first(connection, FENCE, params![nas.0], |row| {
            Ok(Fence {
                poll_seq: from_amount(row.get(0)?)?,
                lease_epoch: from_amount(row.get(1)?)?,
                last_round: row.get::<Option<i64>>(2)?.map(Micros),
                device: row.get::<Option<String>>(3)?.map(Into::into),
            })
        })
    }

    /// Whether this snapshot is the one that comes next.
    fn admits(&self, round: &Round) -> bool {
        self.poll_seq.checked_add(1) == Some(round.changes.nas.poll_seq)
            && self.lease_epoch == round.lease_epoch
    }
}

fn write_all(
    connection: &Connection<'_>,
    round: &Round,
    last_round: Option<Micros>,
    left: &mut edge_groups::Left,
) -> Result<(), StoreError> {
    let (nas, changes) = (round.nas, &*round.changes);
    if let Some(boot) = changes.forget_boots_before {
        accounting_counters::retire_before(connection, nas, boot)?;
    }
    accounting_counters::insert(connection, nas, &changes.new_counters)?;
    accounting_counters::set_octets(connection, nas, &changes.counter_octets)?;
    accounting_counters::replace(connection, nas, &changes.changed_counters)?;
    accounting_sessions::insert(connection, nas, &changes.new_sessions)?;
    accounting_sessions::add_octets(connection, nas, &changes.session_octets)?;
    accounting_sessions::set_states(connection, nas, &changes.session_states, last_round)?;
    accounting_sessions::set_logins(connection, nas, &changes.session_logins)?;
    enrolment::rename(connection, &changes.renamed)?;
    grow_entries(connection, nas, &changes.grown_entries)?;
    ledger_rows::insert(connection, nas, &changes.new_entries)?;
    open_entry::open_counters(connection, nas, &changes.opened_counters)?;
    open_entry::open_sessions(connection, nas, &changes.opened_sessions)?;
    cycle_totals::add_round(connection, nas, &changes.cycle_octets)?;
    cycle_edges::settle(connection, nas, changes, left)?;
    coverage::write(connection, nas, &changes.coverage)
}

/// False when the row is no longer the one that the snapshot follows.
fn save_nas(connection: &Connection<'_>, round: &Round) -> Result<bool, StoreError> {
    let (nas, changes) = (round.nas, &round.changes);
    let record = &changes.nas;
    let interfaces = record.coverage_start.of(Table::Interface);
    let written = connection.execute(
        SAVE_NAS,
        params![
            nas.0,
            record.device,
            record.boot,
            record.last.as_ref().map(pack_round_times),
            record.last.map(|last| last.at.0),
            interfaces.map(|start| start.boot),
            interfaces.map(|start| amount(start.uptime_s)).transpose()?,
            accounting_no(record.next_no)?,
            amount(record.poll_seq)?,
            pack_open_coverage(&record.open_coverage),
            amount(record.unseen_sessions)?,
            pack_series(&record.session_series),
            record.boot_doubtful,
            pack_glimpses(&record.glimpses),
            pack_coverage_starts(&record.coverage_start),
            record.named_since.as_ref().map(pack_round_times),
            record.told_until.map(amount).transpose()?,
            cycle_edges::not_looked_in(changes),
            amount(round.lease_epoch)?,
        ],
    )?;
    Ok(written == 1)
}

fn grow_entries(connection: &Connection<'_>, nas: NasId, entries: &[GrownEntry]) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, GROW_ENTRY)?;
    for entry in entries {
        batch.add(params![
            nas.0,
            entry.bucket,
            accounting_no(entry.no)?,
            amount(entry.delta.input)?,
            amount(entry.delta.output)?,
            amount(entry.after.input)?,
            amount(entry.after.output)?,
            entry.to.0,
            entry.polls,
        ])?;
    }
    batch.finish_each("ledger entries")
}
