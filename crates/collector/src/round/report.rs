//! What one round cost and met, for people and metrics.

use crate::link::Traffic;
use crate::round::lacking::Lacking;
use crate::round::plan::Identify;
use crate::round::unserved::Unserved;

/// What a print was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// The router's uptime and version.
    Resource,
    /// Serial number or licence, and identity.
    Device,
    /// The counters of sessions.
    Counters,
    /// The counters once more, after their owners.
    CountersAfter,
    /// Who is connected.
    Sessions,
    /// Which interface carries whom.
    Servers,
    /// Who is logged in to the hotspot, and what they moved.
    HotspotLogins,
    /// Whether there is a hotspot.
    HotspotServers,
    /// What the hotspot adds up for its users.
    HotspotUsers,
    /// Devices that the hotspot lets through without a login, and what they moved.
    HotspotHosts,
    /// Whether the hotspot lets any device through.
    HotspotBindings,
    /// Queues that count for somebody.
    Queues,
    /// Whether traffic passes by the queues.
    FastTrack,
}

impl Table {
    /// A stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Table::Resource => "resource",
            Table::Device => "device",
            Table::Counters => "counters",
            Table::CountersAfter => "counters_after",
            Table::Sessions => "sessions",
            Table::Servers => "servers",
            Table::HotspotLogins => "hotspot_logins",
            Table::HotspotServers => "hotspot_servers",
            Table::HotspotUsers => "hotspot_users",
            Table::HotspotHosts => "hotspot_hosts",
            Table::HotspotBindings => "hotspot_bindings",
            Table::Queues => "queues",
            Table::FastTrack => "fasttrack",
        }
    }
}

/// Cost of the prints of one table in one round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableReport {
    /// Which.
    pub table: Table,
    /// Rows received, readable or not.
    pub rows: u64,
    /// Bytes and sentences.
    pub traffic: Traffic,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundReport {
    /// Counter rows read.
    pub rows: u64,
    /// Rows left out because they lacked what they are read for, in all tables.
    pub rows_unreadable: u64,
    /// Live rows of the server tables whose session the session table did not show.
    pub rows_unpaired: u64,
    /// Sessions whose owner is known and whose interface no print of the counters showed, not even by its name: what
    /// they move is not counted. One that ended between two prints counts here once.
    pub sessions_without_counter: u64,
    /// Rows of the session table when it was printed whole in this round.
    pub sessions: Option<u64>,
    /// The session table was asked for and the router has none, as without its ppp package.
    pub without_ppp: bool,
    /// Sessions that no table gives an interface, since the tables were last read whole.
    pub unserved: Unserved,
    /// Enrolled counters that were asked for and are not there.
    pub lacking: Lacking,
    /// Whether owners were looked for.
    pub identify: Identify,
    /// Bytes and sentences of the whole round.
    pub traffic: Traffic,
    /// The same by table, in the order they were first asked for.
    pub tables: Vec<TableReport>,
    /// From before the first request to after the last reply, microseconds of the host's monotonic clock.
    pub duration_us: u64,
    /// The router's uptime at the end of the round, whole seconds.
    pub uptime_s: u64,
    /// RouterOS version as the router writes it.
    pub version: Option<Box<str>>,
    /// What the router's owner calls it; for display.
    pub identity: Option<Box<str>>,
}

impl RoundReport {
    /// What of the router cannot be counted, what mends that; `None` where nothing is missing.
    pub fn remark(&self) -> Option<String> {
        let told: Vec<String> = [self.unserved.told(), self.lacking.told()].into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join(" "))
    }
}
