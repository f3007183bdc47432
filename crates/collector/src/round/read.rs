//! What the tables of a round showed, and what comparing them with the round before led to.

use accounting::snapshot::{CounterRow, CounterRows, Identified, OwnedRows, StandingRows};
use accounting::time::Micros;
use rustc_hash::FxHashSet;

use crate::round::difference::Difference;
use crate::round::hotspot::HotspotRead;
use crate::round::identify::{Identification, Target, Whole};
use crate::round::lacking::Lacking;
use crate::round::plan::Identify;
use crate::round::reader::Bill;
use crate::round::report::RoundReport;
use crate::round::unserved::Unserved;

/// What cannot change while a connection lasts, except the identity, which is only for display.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) device: Box<str>,
    pub(super) version: Option<Box<str>>,
    pub(super) identity: Option<Box<str>>,
}

/// What the tables of a round showed.
pub(super) struct Read {
    pub(super) counters: CounterRows,
    /// Ids of the sessions of services whose interface type nobody has seen.
    pub(super) shown: FxHashSet<u64>,
    pub(super) looked: Looked,
    pub(super) identification: Option<Identification>,
    pub(super) unserved: Unserved,
    pub(super) hotspot: HotspotRead,
    pub(super) standing: Vec<StandingRows>,
    pub(super) lacking: Lacking,
    /// Our wall clock after the last look at the counters.
    pub(super) at: Micros,
}

impl Read {
    pub(super) fn identified(&self) -> Option<&Identified> {
        self.identification.as_ref().map(|found| &found.identified)
    }

    pub(super) fn report(&self, bill: Bill, about: &About, uptime_s: u64, duration_us: u64) -> RoundReport {
        let found = self.identification.as_ref();
        let standing: usize = self.standing.iter().map(|print| print.rows.len()).sum();
        let of_hotspot = self.hotspot.logins.iter().chain(&self.hotspot.hosts).map(OwnedRows::len);
        RoundReport {
            rows: (self.counters.len() + standing + of_hotspot.sum::<usize>()) as u64,
            rows_unreadable: bill.unreadable,
            rows_unpaired: found.map_or(0, |found| found.unpaired),
            sessions_without_counter: found.map_or(0, |found| found.asked.without),
            sessions: found.and_then(|found| found.sessions),
            without_ppp: found.is_some_and(|found| found.without_ppp),
            unserved: self.unserved,
            lacking: self.lacking.clone(),
            identify: self.looked.how,
            traffic: bill.traffic,
            tables: bill.tables,
            duration_us,
            uptime_s,
            version: about.version.clone(),
            identity: about.identity.clone(),
        }
    }
}

/// What comparing with the previous round led to.
pub(super) struct Looked {
    pub(super) difference: Difference,
    pub(super) unowned: Vec<usize>,
    pub(super) how: Identify,
    pub(super) first: bool,
}

impl Looked {
    /// The rows whose owner is wanted: new ones, and older ones not found before.
    pub(super) fn rows<'c>(&'c self, counters: &'c CounterRows) -> impl Iterator<Item = CounterRow<'c>> {
        let indices = self.difference.unknown.iter().chain(&self.unowned);
        indices.filter_map(|index| counters.row(*index))
    }

    pub(super) fn target<'c>(&'c self, counters: &'c CounterRows, names: &'c [Box<[u8]>]) -> Target<'c> {
        match self.how {
            Identify::No => Target::Nothing,
            Identify::Narrow => Target::Rows(self.rows(counters).collect()),
            Identify::Full => Target::All(Whole { first: self.first, counters, names }),
        }
    }
}
