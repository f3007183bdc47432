//! Rows of a snapshot matched with the counters known before, and what must be asked of the store first.

use crate::login::{LoginKind, LoginName};
use crate::snapshot::{CounterRow, CounterRows, OwnedRows, OwnerSession, Snapshot};
use crate::state::NasState;
use crate::time::{StartInterval, UptimeSpan};

/// Rows of a snapshot matched with known counters, and what must be fetched before it can be applied.
#[derive(Debug, Default)]
pub struct Plan {
    pub(crate) before: Vec<Option<u32>>,
    pub(crate) after: Vec<Option<u32>>,
    pub(crate) logins: Vec<Option<u32>>,
    pub(crate) hosts: Vec<Option<u32>>,
    /// One for each print of enrolled counters.
    pub(crate) standing: Vec<Vec<Option<u32>>>,
    /// Rows that are no known counter: the store may remember them as gone.
    pub unknown: Unknown,
    /// Logins not resolved yet.
    pub unknown_logins: Vec<LoginName>,
}

/// What tells counters that are not in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Rows that their handles tell.
    pub handles: Vec<u64>,
    /// Rows that their names and the starts of their sessions tell.
    pub logins: Vec<(Box<[u8]>, StartInterval)>,
}

impl Unknown {
    /// True when every row is known.
    pub fn is_empty(&self) -> bool {
        self.handles.is_empty() && self.logins.is_empty()
    }
}

impl Plan {
    /// The same for a state that lost every counter.
    pub(crate) fn forgotten(self) -> Plan {
        let none = |slots: &[Option<u32>]| vec![None; slots.len()];
        let (before, after) = (none(&self.before), none(&self.after));
        let (logins, hosts) = (none(&self.logins), none(&self.hosts));
        let standing = self.standing.iter().map(|slots| none(slots)).collect();
        Plan { before, after, logins, hosts, standing, ..self }
    }
}

impl NasState {
    /// Matches the rows of `snapshot` with known counters and says what must be supplied before [`Self::apply`].
    pub fn plan(&self, snapshot: &Snapshot) -> Plan {
        let mut plan = Plan { before: self.match_rows(&snapshot.counters), ..Plan::default() };
        let mut unknown = unmatched(&snapshot.counters, &plan.before);
        if let Some(identified) = &snapshot.identified {
            plan.after = self.match_rows(&identified.counters_after);
            unknown.extend(unmatched(&identified.counters_after, &plan.after));
        }
        for print in &snapshot.standing {
            let slots = self.match_enrolled(&print.rows);
            unknown.extend(unmatched(&print.rows, &slots));
            plan.standing.push(slots);
        }
        unknown.sort_unstable();
        unknown.dedup();
        plan.unknown.handles = unknown;
        if let Some(logins) = &snapshot.logins {
            plan.logins = self.match_rows(logins.counters());
            plan.unknown.logins = unknown_logins(logins, &plan.logins, snapshot.times.uptime);
        }
        if let Some(hosts) = &snapshot.hosts {
            plan.hosts = self.match_rows(hosts.counters());
        }
        plan.unknown_logins = self.login_names_wanted(snapshot);
        plan
    }

    fn login_names_wanted(&self, snapshot: &Snapshot) -> Vec<LoginName> {
        let owners = snapshot.identified.iter().flat_map(|identified| &identified.owners);
        let half_seen = snapshot.identified.iter().flat_map(|identified| &identified.half_seen);
        let shown = owners.chain(half_seen).filter_map(|owner| owner.session.as_ref());
        let heard = snapshot.heard.iter().map(|heard| &heard.session);
        let glimpsed = self.record.glimpses.iter().map(|glimpse| &glimpse.session);
        let unknown =
            |session: &&OwnerSession| self.roster.find(session.service.kind(), &session.login).is_none();
        let mut names: Vec<LoginName> = shown
            .chain(heard)
            .chain(&snapshot.lost_sight_of)
            .chain(glimpsed)
            .filter(unknown)
            .map(OwnerSession::login_name)
            .collect();
        let tables = snapshot.logins.iter().chain(&snapshot.hosts);
        let of_hotspot = tables.flat_map(OwnedRows::rows).map(|row| row.login);
        let unknown = of_hotspot.filter(|login| self.roster.find(LoginKind::Hotspot, login).is_none());
        names.extend(unknown.map(|login| LoginName::new(LoginKind::Hotspot, login)));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Finds the known counter of each row. Prints keep their order, so the counter after the last match is tried
    /// before the index.
    fn match_rows(&self, rows: &CounterRows) -> Vec<Option<u32>> {
        let mut expected = 0u32;
        rows.rows()
            .map(|row| {
                let slot = self.slot_of(expected, &row)?;
                expected = slot + 1;
                Some(slot)
            })
            .collect()
    }

    /// The same where an id alone tells the counter.
    fn match_enrolled(&self, rows: &CounterRows) -> Vec<Option<u32>> {
        rows.rows().map(|row| self.by_handle.get(&row.handle).copied()).collect()
    }

    /// A counter that is missing is not expected: its id may have become another's meanwhile.
    fn slot_of(&self, expected: u32, row: &CounterRow<'_>) -> Option<u32> {
        let missing = self.counters.get(expected as usize).is_none_or(|counter| counter.absence.is_some());
        if !missing && self.is_counter(expected, row) {
            return Some(expected);
        }
        let slot = *self.by_handle.get(&row.handle)?;
        self.is_counter(slot, row).then_some(slot)
    }

    fn is_counter(&self, slot: u32, row: &CounterRow<'_>) -> bool {
        self.counters.get(slot as usize).is_some_and(|counter| {
            counter.handle == row.handle && !counter.gone && *counter.name == *row.name
        })
    }
}

fn unmatched(rows: &CounterRows, slots: &[Option<u32>]) -> Vec<u64> {
    rows.rows().zip(slots).filter(|(_, slot)| slot.is_none()).map(|(row, _)| row.handle).collect()
}

/// Rows of logins whose id is no known counter's, by device and start.
fn unknown_logins(
    rows: &OwnedRows,
    slots: &[Option<u32>],
    uptime: UptimeSpan,
) -> Vec<(Box<[u8]>, StartInterval)> {
    let unknown = rows.rows().zip(slots).filter(|(_, slot)| slot.is_none());
    unknown.map(|(row, _)| (row.counter.name.into(), row.start(uptime))).collect()
}
