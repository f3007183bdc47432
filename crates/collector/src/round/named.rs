//! Counters that only their names find. Which types the interfaces of some services have is not established
//! (routeros.md §2.5), and a session whose interface has another one would otherwise never be counted.

use accounting::snapshot::{CounterRows, Owner};
use rustc_hash::FxHashSet;

use crate::link::LinkError;
use crate::round::reader::Reader;
use crate::round::report::Table;
use crate::routeros::counters;

/// Names asked for in one round beside what is known: a query is one sentence, and a session that merely ended
/// between two prints looks the same.
const MOST_ASKED: usize = 64;

/// Names kept in the queries that follow: some 20 KiB to the router per print. What is beyond is told as not counted.
const MOST_KEPT: usize = 512;

/// The names that a connection's counter prints ask for beside the types.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    kept: Vec<Box<[u8]>>,
    ever: bool,
}

/// What asking by name led to.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Names that have a row.
    pub(super) found: Vec<Box<[u8]>>,
    /// Sessions that still lack one.
    pub(super) without: u64,
}

impl Names {
    pub(super) fn kept(&self) -> &[Box<[u8]>] {
        &self.kept
    }

    /// True once the types were found not to be enough: a new session is then seen in the owner tables only.
    pub(super) fn any(&self) -> bool {
        self.ever
    }

    /// Forgets interfaces that the counter print no longer showed, and keeps what was found now.
    pub(super) fn learn(&mut self, counters: &CounterRows, found: Vec<Box<[u8]>>) {
        if !self.kept.is_empty() {
            let shown = names_of(counters);
            self.kept.retain(|name| shown.contains(&**name));
        }
        self.ever |= !found.is_empty();
        self.kept.extend(found);
        self.kept.truncate(MOST_KEPT);
    }
}

/// Asks by name for the sessions that neither counter print showed, and appends what comes to the second.
pub(super) async fn ask(
    reader: &mut Reader<'_>,
    owners: &[Owner],
    before: &CounterRows,
    after: &mut CounterRows,
) -> Result<Asked, LinkError> {
    let missing = without_row(owners, before, after);
    let asked = &missing[..missing.len().min(MOST_ASKED)];
    if asked.is_empty() {
        return Ok(Asked::default());
    }
    let rows = reader.counters(Table::CountersAfter, &counters::print_named(asked), asked.len()).await?;
    let mut found = Vec::new();
    for row in rows.rows() {
        after.push(row);
        found.push(row.name.into());
    }
    Ok(Asked { without: (missing.len() as u64).saturating_sub(found.len() as u64), found })
}

fn without_row<'o>(owners: &'o [Owner], before: &CounterRows, after: &CounterRows) -> Vec<&'o [u8]> {
    let (before, after) = (names_of(before), names_of(after));
    let named = owners.iter().filter(|owner| owner.session.is_some()).map(|owner| &*owner.counter_name);
    let mut missing: Vec<&[u8]> =
        named.filter(|name| !before.contains(name) && !after.contains(name)).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

fn names_of(rows: &CounterRows) -> FxHashSet<&[u8]> {
    rows.rows().map(|row| row.name).collect()
}
