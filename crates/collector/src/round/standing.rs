//! Counters that are somebody's by enrolment: interfaces come with the print of the counters, queues with a print of their
//! own, and only where somebody enrolled one.

use accounting::snapshot::{CounterRows, StandingRows};
use accounting::table::Table as CounterTable;
use store::Asked;

use crate::link::LinkError;
use crate::round::reader::Reader;
use crate::round::refused::unless_refused;
use crate::round::report::Table;
use crate::routeros::chosen::{Chosen, Picked, parts};
use crate::routeros::counters;

/// What a round asks for, by table.
pub(super) struct Standing<'a> {
    facing: Vec<&'a Asked>,
    queues: Vec<&'a Asked>,
}

impl<'a> Standing<'a> {
    pub(super) fn of(asked: &'a [Asked]) -> Self {
        let of = |table| asked.iter().filter(|one| one.table == table).collect();
        Standing { facing: of(CounterTable::Facing), queues: of(CounterTable::Queue) }
    }

    /// What the print of the counters asks for besides sessions'.
    pub(super) fn beside_sessions(&self) -> Option<Chosen<'_>> {
        parts(&self.facing).next()
    }

    /// Takes the enrolled interfaces out of what that print showed, and reads those it could not name.
    pub(super) async fn facing(
        &self,
        reader: &mut Reader<'_>,
        counters: &mut CounterRows,
    ) -> Result<Option<StandingRows>, LinkError> {
        if self.facing.is_empty() {
            return Ok(None);
        }
        let picked = Picked::of(CounterTable::Facing, &self.facing);
        let mut rows = picked.split(counters);
        for more in parts(&self.facing).skip(1) {
            let print = reader.counters(Table::Counters, &counters::print_chosen(more), 512).await?;
            print.rows().filter_map(|row| picked.pick(row)).for_each(|row| rows.push(row));
        }
        Ok(Some(StandingRows { table: CounterTable::Facing, rows, passed_by: false }))
    }

    /// Reads the enrolled queues, and whether traffic passes them by.
    pub(super) async fn queues(&self, reader: &mut Reader<'_>) -> Result<Option<StandingRows>, LinkError> {
        if self.queues.is_empty() {
            return Ok(None);
        }
        let mut rows = CounterRows::default();
        let picked = Picked::of(CounterTable::Queue, &self.queues);
        for part in parts(&self.queues) {
            let Some(print) = unless_refused("the queues", reader.queues(part).await)? else {
                return Ok(None);
            };
            print.rows().filter_map(|row| picked.pick(row)).for_each(|row| rows.push(row));
        }
        // What cannot be told is taken for the worst.
        let rules = unless_refused("the firewall's rules", reader.fasttrack_rules().await)?;
        Ok(Some(StandingRows { table: CounterTable::Queue, rows, passed_by: rules != Some(0) }))
    }
}
