//! One pass over one router: from prints to a [`Snapshot`].
//!
//! A round reads the uptime, the counters, the ids of sessions whose counters may have escaped that print, the tables that
//! name owners where needed and then the counters again (DESIGN rule 6), what a hotspot shows, enrolled queues, and the
//! uptime. It gives a snapshot only when every print ended cleanly within one boot; otherwise nothing of it is used. What is decided ([`difference`], [`plan`], [`menus`]) is apart from the prints.

pub mod difference;
pub mod error;
mod hotspot;
mod identify;
pub mod lacking;
pub mod menus;
mod named;
pub mod plan;
pub(crate) mod ppp;
mod read;
mod reader;
mod refused;
pub mod report;
mod standing;
mod unproven;
pub mod unserved;

pub use accounting::state::Wanted;
pub use error::RoundError;
pub use plan::Identify;
pub use report::{RoundReport, Table, TableReport};

use accounting::snapshot::{CounterRows, Identified, Snapshot};
use accounting::time::{RoundTimes, UptimeSpan};
use operations::Clock;
use rustc_hash::FxHashSet;
use store::Asked;

use crate::link::Link;
use crate::round::difference::compare;
use crate::round::hotspot::Hotspot;
use crate::round::identify::identify;
use crate::round::lacking::Lacking;
use crate::round::menus::Menus;
use crate::round::named::Names;
use crate::round::plan::{Situation, plan};
use crate::round::read::{About, Looked, Read};
use crate::round::reader::Reader;
use crate::round::standing::Standing;
use crate::round::unproven::Unproven;
use crate::routeros::counters;

/// A row whose owner was not found is looked up in this many rounds; then it counts as known, until the tables are
/// printed whole for another reason.
const LOOKED_UP_AT_MOST: u8 = 3;

/// A round that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanRound {
    /// What it saw. `heard` is empty: listening is another connection's business.
    pub snapshot: Snapshot,
    /// What it cost.
    pub report: RoundReport,
}

/// What a router tells itself from others by; a round's first question.
///
/// # Errors
/// What would make that round fail.
pub(crate) async fn device_key(link: &mut Link) -> Result<Box<str>, RoundError> {
    Reader::new(link).device_key().await
}

/// The rounds of one connection. Made anew with each connection: its first round reads everything, and its snapshot
/// says so (`after_gap`).
#[derive(Debug, Default)]
pub struct Round {
    about: Option<About>,
    previous: Option<CounterRows>,
    unowned: Vec<Unowned>,
    menus: Menus,
    names: Names,
    unproven: Unproven,
    hotspot: Hotspot,
    rounds_since_full: u32,
}

#[derive(Clone, Copy, Debug)]
struct Unowned {
    handle: u64,
    looked_up: u8,
}

impl Round {
    /// For a new connection.
    pub fn new() -> Self {
        Round::default()
    }

    /// Runs one round. What the accounting wants is read whatever changed, and so are the enrolled counters of `asked`. A
    /// failed round leaves no trace: the next one does all that it should have done.
    ///
    /// # Errors
    /// Any [`RoundError`]; there is no snapshot then.
    pub async fn run(
        &mut self,
        link: &mut Link,
        clock: &dyn Clock,
        wanted: &Wanted,
        asked: &[Asked],
    ) -> Result<CleanRound, RoundError> {
        let host = clock.host();
        let mut reader = Reader::new(link);
        let (before, about) = self.begin(&mut reader).await?;
        let read = self.read(&mut reader, clock, wanted, asked).await?;
        let after = reader.uptime().await?;
        if after < before {
            return Err(RoundError::BootChanged { before, after });
        }
        let host_after = clock.host();
        let after_gap = self.previous.is_none();
        self.learn(&read);
        self.remember(&read.counters, &read.looked, read.identified(), &about);
        let duration_us = host_after.micros.saturating_sub(host.micros);
        let report = read.report(reader.bill(), &about, after, duration_us);
        let Read { counters, identification, hotspot, standing, at, .. } = read;
        let times = RoundTimes { uptime: UptimeSpan { before, after }, host, host_after, at, bindings: 0 };
        let identified = identification.map(|found| found.identified);
        let device = about.device;
        Ok(CleanRound {
            snapshot: Snapshot {
                device,
                times,
                after_gap,
                counters,
                identified,
                logins: hotspot.logins,
                hosts: hotspot.hosts,
                sums: hotspot.sums,
                standing,
                idle: hotspot.idle,
                heard: Vec::new(),
                lost_sight_of: Vec::new(),
            },
            report,
        })
    }

    /// Everything between the two looks at the uptime.
    async fn read(
        &mut self,
        reader: &mut Reader<'_>,
        clock: &dyn Clock,
        wanted: &Wanted,
        asked: &[Asked],
    ) -> Result<Read, RoundError> {
        let standing = Standing::of(asked);
        let room = self.previous.as_ref().map_or(0, CounterRows::len) + 16;
        let print = counters::print_all(self.names.kept(), standing.beside_sessions());
        let mut counters = reader.counters(Table::Counters, &print, room).await?;
        let facing = standing.facing(reader, &mut counters).await?;
        let at = clock.now();
        let shown = reader.session_ids(&self.unproven.question()).await?;
        let looked = self.look(&counters, wanted.owners || self.unproven.is_news(&shown));
        let target = looked.target(&counters, self.names.kept());
        let identification = identify(reader, &mut self.menus, target, clock).await?;
        let at = identification.as_ref().map_or(at, |found| found.at);
        let hotspot = self.hotspot.read(reader, looked.first, wanted).await?;
        let queues = standing.queues(reader).await?;
        let at = if hotspot.logins.is_some() || queues.is_some() { clock.now() } else { at };
        let standing: Vec<_> = facing.into_iter().chain(queues).collect();
        let lacking = Lacking::of(asked, &standing);
        let unserved = self.menus.unserved();
        Ok(Read { counters, shown, looked, identification, unserved, hotspot, standing, lacking, at })
    }

    /// Learns for the next rounds which counters only their names find, and which types do.
    fn learn(&mut self, read: &Read) {
        let found_by_name = read.identification.as_ref().map(|found| found.asked.found.clone());
        let found_by_name = found_by_name.unwrap_or_default();
        if let Some(found) = read.identified() {
            let by_name = self.names.kept().iter().chain(&found_by_name).map(|name| &**name).collect();
            self.unproven.learn(found, &read.counters, &by_name);
        }
        self.hotspot.learn(&read.hotspot);
        self.names.learn(&read.counters, found_by_name);
        self.unproven.remember(&read.shown, read.looked.how == Identify::Full);
    }

    /// The uptime first; on a new connection also whose router this is.
    async fn begin(&self, reader: &mut Reader<'_>) -> Result<(u64, About), RoundError> {
        if let Some(about) = &self.about {
            return Ok((reader.uptime().await?, about.clone()));
        }
        let (uptime_s, version) = reader.uptime_and_version().await?;
        let device = reader.device_key().await?;
        let identity = reader.identity().await?;
        Ok((uptime_s, About { device, version, identity }))
    }

    /// Compares with the previous round and decides what must be found out.
    fn look(&self, counters: &CounterRows, forced: bool) -> Looked {
        let nothing = CounterRows::default();
        let difference = compare(self.previous.as_ref().unwrap_or(&nothing), counters);
        let unowned = self.still_unowned(counters);
        let how = plan(Situation {
            first: self.previous.is_none(),
            forced,
            traceless: self.menus.any_bindings() || self.names.any() || self.menus.unserved().any(),
            rounds_since_full: self.rounds_since_full,
            difference: &difference,
            unowned: unowned.len(),
        });
        Looked { difference, unowned, how, first: self.previous.is_none() }
    }

    /// Indices of the rows that an earlier round found no owner for and that are still there.
    fn still_unowned(&self, counters: &CounterRows) -> Vec<usize> {
        if self.unowned.is_empty() {
            return Vec::new();
        }
        let wanted: FxHashSet<u64> = self.unowned.iter().map(|row| row.handle).collect();
        let rows = counters.rows().enumerate();
        rows.filter(|(_, row)| wanted.contains(&row.handle)).map(|(index, _)| index).collect()
    }

    fn remember(
        &mut self,
        counters: &CounterRows,
        looked: &Looked,
        found: Option<&Identified>,
        about: &About,
    ) {
        self.rounds_since_full = match looked.how {
            Identify::Full => 0,
            Identify::No | Identify::Narrow => self.rounds_since_full.saturating_add(1),
        };
        self.unowned = found.map_or_else(Vec::new, |found| self.without_owner(counters, looked, found));
        self.previous = Some(counters.clone());
        self.about.get_or_insert_with(|| about.clone());
    }

    fn without_owner(&self, counters: &CounterRows, looked: &Looked, found: &Identified) -> Vec<Unowned> {
        let owned: FxHashSet<&[u8]> = found.owners.iter().map(|owner| &*owner.counter_name).collect();
        let unowned = looked.rows(counters).filter(|row| !owned.contains(row.name));
        let times_before =
            |handle| self.unowned.iter().find(|row| row.handle == handle).map_or(0, |row| row.looked_up);
        unowned
            .map(|row| Unowned { handle: row.handle, looked_up: times_before(row.handle) + 1 })
            .filter(|row| row.looked_up < LOOKED_UP_AT_MOST)
            .collect()
    }
}
