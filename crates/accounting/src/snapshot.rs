//! What one round over one router saw, in accounting's words. The collector makes it; nothing here knows how.

use crate::octets::Octets;
use crate::time::RoundTimes;

/// One counter of a table as printed: the router's handle and name for it and its octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterRow<'a> {
    /// The router's own id of the row; may be given to another row after a reboot.
    pub handle: u64,
    /// The name as raw bytes.
    pub name: &'a [u8],
    /// The counter's value.
    pub octets: Octets,
}

/// The rows of one counter print, packed: 100,000 rows are a few megabytes and four allocations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CounterRows {
    handles: Vec<u64>,
    octets: Vec<Octets>,
    name_ends: Vec<u32>,
    names: Vec<u8>,
}

impl CounterRows {
    /// An empty table with room for `rows` rows.
    pub fn with_capacity(rows: usize) -> Self {
        CounterRows {
            handles: Vec::with_capacity(rows),
            octets: Vec::with_capacity(rows),
            name_ends: Vec::with_capacity(rows),
            names: Vec::with_capacity(rows * 20),
        }
    }

    /// Appends one row.
    ///
    /// # Panics
    /// When the names of one table together exceed 4 GiB, which the protocol's own limits rule out.
    pub fn push(&mut self, row: CounterRow<'_>) {
        self.handles.push(row.handle);
        self.octets.push(row.octets);
        self.names.extend_from_slice(row.name);
        let end = u32::try_from(self.names.len()).expect("a table's names stay far below 4 GiB");
        self.name_ends.push(end);
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.handles.len()
    }

    /// True when the table has no row.
    pub fn is_empty(&self) -> bool {
        self.handles.is_empty()
    }

    /// Row `index`, counted from 0; `None` past the end.
    pub fn row(&self, index: usize) -> Option<CounterRow<'_>> {
        let end = *self.name_ends.get(index)? as usize;
        let start = if index == 0 { 0 } else { self.name_ends[index - 1] as usize };
        Some(CounterRow {
            handle: self.handles[index],
            name: &self.names[start..end],
            octets: self.octets[index],
        })
    }

    /// All rows in the order they were printed.
    pub fn rows(&self) -> impl Iterator<Item = CounterRow<'_>> + '_ {
        (0..self.len()).filter_map(|index| self.row(index))
    }

    /// Octets of all rows added up.
    pub fn sum(&self) -> Octets {
        self.octets.iter().copied().sum()
    }

    /// Bytes of memory held, for the bound on waiting snapshots (DESIGN rule 13).
    pub fn memory_bytes(&self) -> usize {
        self.handles.capacity() * 8
            + self.octets.capacity() * 16
            + self.name_ends.capacity() * 4
            + self.names.capacity()
    }
}

/// Which protocol carried a session. Together they are one kind of login (`LoginKind::Ppp`): a secret of service
/// `any` may dial in by each of them (routeros.md §2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the protocols' own")]
pub enum Service {
    Pppoe,
    L2tp,
    Pptp,
    Sstp,
    Ovpn,
    /// A PPP service this program does not know by name.
    OtherPpp,
}

impl Service {
    /// The lower-case name used in the database and towards people.
    pub fn as_str(self) -> &'static str {
        match self {
            Service::Pppoe => "pppoe",
            Service::L2tp => "l2tp",
            Service::Pptp => "pptp",
            Service::Sstp => "sstp",
            Service::Ovpn => "ovpn",
            Service::OtherPpp => "ppp",
        }
    }

    /// The service called `name`, or `OtherPpp` for one not known here.
    pub fn from_name(name: &str) -> Self {
        match name {
            "pppoe" => Service::Pppoe,
            "l2tp" => Service::L2tp,
            "pptp" => Service::Pptp,
            "sstp" => Service::Sstp,
            "ovpn" => Service::Ovpn,
            _ => Service::OtherPpp,
        }
    }
}

/// Who owns a counter, as the router's server table and session table together name it (DESIGN rule 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Name of the counter (the interface's name), raw bytes.
    pub counter_name: Box<[u8]>,
    /// The counter outlives sessions (a static binding).
    pub permanent: bool,
    /// The session running on it now; `None` for an idle static binding.
    pub session: Option<OwnerSession>,
}

/// A running session as the router's tables describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerSession {
    /// The login, raw bytes, as the router gave it.
    pub login: Box<[u8]>,
    /// What carried it.
    pub service: Service,
    /// Acct-Session-Id as a number; `None` when the session row carried none.
    pub acct_session_id: Option<u64>,
    /// Acct-Session-Time: seconds since it began, truncated; `None` when not given.
    pub session_time_s: Option<u64>,
    /// Calling-Station-Id (MAC or address of the caller), raw bytes.
    pub calling_station_id: Box<[u8]>,
    /// Framed-IP-Address, raw bytes; empty when not given.
    pub framed_address: Box<[u8]>,
}

/// The tables that name owners, read between two looks at the counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identified {
    /// Owners found.
    pub owners: Vec<Owner>,
    /// Sessions that only one of the two tables showed. No counter may be given to them yet, but they were there. The
    /// counter's name is empty where only the session table showed one.
    pub half_seen: Vec<Owner>,
    /// True when the session and server tables were read whole: only then does an owner's absence mean anything.
    pub complete: bool,
    /// The counter print after the owner tables: whole, or only the counters that were unknown before.
    pub counters_after: CounterRows,
    /// True when `counters_after` is the whole table.
    pub counters_after_complete: bool,
}

/// A session that `listen` showed and whose end it showed too, with no counter print in between (DESIGN rule 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What its row said.
    pub session: OwnerSession,
    /// Upper bound of its whole life in seconds, from the row's uptime and the host's clock.
    pub lasted_at_most_s: u64,
}

/// Everything one clean round saw of one router: every table ended in a clean `!done`, and the uptime before and
/// after belongs to one boot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The device's own key (routerboard serial or licence id), not its address.
    pub device: Box<str>,
    /// Clocks of the round.
    pub times: RoundTimes,
    /// True for the first round of a connection: there was a gap before it, so identities must be proven anew.
    pub after_gap: bool,
    /// The counter print before the owner tables.
    pub counters: CounterRows,
    /// The owner tables, when they were read in this round.
    pub identified: Option<Identified>,
    /// Sessions known only from `listen` since the last snapshot.
    pub heard: Vec<Heard>,
}

impl Snapshot {
    /// True when the counter print before the owner tables and the one after them show this row's id and name.
    pub fn shows_before_and_after(&self, row: &CounterRow<'_>) -> bool {
        let shows = |rows: &CounterRows| rows.rows().any(|r| r.handle == row.handle && r.name == row.name);
        shows(&self.counters)
            && self.identified.as_ref().is_some_and(|identified| shows(&identified.counters_after))
    }
}
