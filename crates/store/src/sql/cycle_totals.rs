//! What each cycle moved, by router (docs/adr/0027): a round writes rows of its own router only. A cycle's total is the sum of
//! its rows; no row is nothing.

use accounting::Octets;

use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::{Batch, Connection};
use super::rows;
use super::value::params;
use super::values::{amount, exactly_one, octets};

/// Half of what a database can add up: what is counted on from there, and on other routers, never fills the rest.
pub(super) const MOST: u64 = i64::MAX.cast_unsigned() / 2;

/// Whether the row's cycle takes what the router `?1` moved: it is open, or closed before the router was read. Nobody closes one
/// while rounds are written (`Reach`); a round of before that is of other bindings, and refused.
macro_rules! takes_more {
    () => {
        "(closed_at IS NULL
          OR EXISTS (SELECT 1 FROM cycle_edge WHERE cycle_edge.nas_id = ?1 AND cycle_edge.cycle_id = cycle.id)
          OR EXISTS (SELECT 1 FROM edge_group_cycle JOIN edge_group_router USING (group_id)
                     WHERE edge_group_router.nas_id = ?1 AND edge_group_cycle.cycle_id = cycle.id))"
    };
}
/// The cycle is looked up for each row by its key: as a join of lists without statistics it was a hundred thousand times a hundred
/// thousand.
const ADD: &str = concat!(
    "
    UPDATE cycle_total SET input_octets = input_octets + ?3, output_octets = output_octets + ?4
    WHERE nas_id = ?1 AND cycle_id = ?2 AND (SELECT ",
    takes_more!(),
    " FROM cycle WHERE id = ?2)"
);
/// Of the same values, those that have no row yet.
const BEGIN: &str = concat!(
    "
    INSERT INTO cycle_total (nas_id, cycle_id, input_octets, output_octets)
    SELECT ?1, ?2, ?3, ?4 FROM (SELECT 1) AS once
    WHERE (SELECT ",
    takes_more!(),
    " FROM cycle WHERE id = ?2)
    ON CONFLICT (nas_id, cycle_id) DO NOTHING"
);
const ADD_TO_OPEN: &str = "
    INSERT INTO cycle_total (nas_id, cycle_id, input_octets, output_octets)
    SELECT ?1, id, ?3, ?4 FROM cycle WHERE id = ?2 AND closed_at IS NULL
    ON CONFLICT (nas_id, cycle_id) DO UPDATE
    SET input_octets = cycle_total.input_octets + excluded.input_octets,
        output_octets = cycle_total.output_octets + excluded.output_octets";
const TAKE: &str = "
    UPDATE cycle_total SET input_octets = input_octets - ?3, output_octets = output_octets - ?4
    WHERE nas_id = ?1 AND cycle_id = ?2";
const OF_CYCLE: &str = "
    SELECT CAST(coalesce(sum(input_octets), 0) AS bigint), CAST(coalesce(sum(output_octets), 0) AS bigint)
    FROM cycle_total WHERE cycle_id = ?1";

/// Adds what a round of a router moved to the cycles it moved in.
///
/// # Errors
/// `Constraint` when one of them takes nothing of this router any more, or is not there.
pub(super) fn add_round(
    connection: &Connection<'_>,
    nas: NasId,
    cycles: &[(i64, Octets)],
) -> Result<(), StoreError> {
    let mut written = run(connection, ADD, nas, cycles)?;
    if written < cycles.len() {
        written += run(connection, BEGIN, nas, cycles)?;
    }
    if written == cycles.len() {
        return Ok(());
    }
    Err(StoreError::Constraint(format!(
        "of {} open or unsettled cycles {written} are in the database as remembered; nothing was written",
        cycles.len()
    )))
}

fn run(
    connection: &Connection<'_>,
    sql: &'static str,
    nas: NasId,
    cycles: &[(i64, Octets)],
) -> Result<usize, StoreError> {
    let mut batch = Batch::of(connection, sql)?;
    for (cycle, octets) in cycles {
        batch.add(params![nas.0, cycle, amount(octets.input)?, amount(octets.output)?])?;
    }
    batch.written()
}

/// Adds what a decision found that a router moved to a cycle that is open.
///
/// # Errors
/// `Constraint` when it is not.
pub(super) fn add_to_open(
    connection: &Connection<'_>,
    nas: NasId,
    cycle: i64,
    octets: Octets,
) -> Result<(), StoreError> {
    refuse_overflow(of_cycle(connection, cycle)?, octets)?;
    let values = params![nas.0, cycle, amount(octets.input)?, amount(octets.output)?];
    exactly_one(connection.execute(ADD_TO_OPEN, values)?, "the open cycle", cycle.cast_unsigned())
}

/// Rows of several routers may each be countable where their sum is not.
fn refuse_overflow(total: Octets, more: Octets) -> Result<(), StoreError> {
    let fits = |total: u64, more: u64| total.checked_add(more).is_some_and(|sum| sum <= MOST);
    if fits(total.input, more.input) && fits(total.output, more.output) {
        return Ok(());
    }
    Err(StoreError::Constraint(
        "that would bring the billing cycle to more octets than can be counted; nothing was changed"
            .to_owned(),
    ))
}

/// Takes out again what was added.
///
/// # Errors
/// `Constraint` when nothing was.
pub(super) fn take(
    connection: &Connection<'_>,
    nas: NasId,
    cycle: i64,
    octets: Octets,
) -> Result<(), StoreError> {
    let values = params![nas.0, cycle, amount(octets.input)?, amount(octets.output)?];
    exactly_one(connection.execute(TAKE, values)?, "the cycle", cycle.cast_unsigned())
}

/// What a cycle moved on all routers, without those that count with it.
pub(super) fn of_cycle(connection: &Connection<'_>, cycle: i64) -> Result<Octets, StoreError> {
    rows::only(connection, OF_CYCLE, params![cycle], |row| octets(row, 0))
}
