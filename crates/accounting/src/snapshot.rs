//! What one round over one router saw, in accounting's words. The collector makes it; nothing here knows how.

use crate::login::{LoginKind, LoginName};
use crate::table::Table;
use crate::text::Text;
use crate::time::RoundTimes;

pub use crate::owned::{OwnedRow, OwnedRows};
pub use crate::rows::{CounterRow, CounterRows};
pub use crate::standing::StandingRows;
pub use crate::sums::SumRows;

/// What carried a session. The PPP protocols together are one kind of login (`LoginKind::Ppp`): a secret of service
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
    Hotspot,
    /// No service at all: a static address, counted by what stands for it on the router.
    StaticIp,
}

/// Every service with its stable name, in the order of the enum.
pub const SERVICES: [(Service, &str); 8] = [
    (Service::Pppoe, "pppoe"),
    (Service::L2tp, "l2tp"),
    (Service::Pptp, "pptp"),
    (Service::Sstp, "sstp"),
    (Service::Ovpn, "ovpn"),
    (Service::OtherPpp, "ppp"),
    (Service::Hotspot, "hotspot"),
    (Service::StaticIp, "static_ip"),
];

impl Service {
    /// The lower-case name used in the database and towards people.
    pub fn as_str(self) -> &'static str {
        SERVICES[self as usize].1
    }

    /// The service called `name`, or `OtherPpp` for one not known here.
    pub fn from_name(name: &str) -> Self {
        SERVICES.iter().find(|(_, known)| *known == name).map_or(Service::OtherPpp, |(service, _)| *service)
    }

    /// What its logins are logins to.
    pub fn kind(self) -> LoginKind {
        match self {
            Service::Hotspot => LoginKind::Hotspot,
            Service::StaticIp => LoginKind::StaticIp,
            Service::Pppoe
            | Service::L2tp
            | Service::Pptp
            | Service::Sstp
            | Service::Ovpn
            | Service::OtherPpp => LoginKind::Ppp,
        }
    }
}

/// Who owns a counter, as the router's server table and session table together name it (DESIGN rule 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Name of the counter (the interface's name), raw bytes.
    pub counter_name: Text,
    /// The counter outlives sessions (a static binding).
    pub permanent: bool,
    /// The session running on it now; `None` for an idle static binding.
    pub session: Option<OwnerSession>,
}

/// A running session as the router's tables describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerSession {
    /// The login, raw bytes, as the router gave it.
    pub login: Text,
    /// What carried it.
    pub service: Service,
    /// Acct-Session-Id as a number; `None` when the session row carried none.
    pub acct_session_id: Option<u64>,
    /// Acct-Session-Time: seconds since it began, truncated; `None` when not given.
    pub session_time_s: Option<u64>,
    /// Calling-Station-Id (MAC or address of the caller), raw bytes.
    pub calling_station_id: Text,
    /// Framed-IP-Address, raw bytes; empty when not given.
    pub framed_address: Text,
}

impl OwnerSession {
    /// Whose session it is.
    pub fn login_name(&self) -> LoginName {
        LoginName { kind: self.service.kind(), name: (&*self.login).into() }
    }

    /// The same for keeping beyond the round ([`Text::alone`]).
    pub(crate) fn alone(&self) -> Self {
        OwnerSession {
            login: self.login.alone(),
            calling_station_id: self.calling_station_id.alone(),
            framed_address: self.framed_address.alone(),
            ..*self
        }
    }
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
    /// Clocks of the round, and its bindings.
    pub times: RoundTimes,
    /// True for the first round of a connection: there was a gap before it, so identities must be proven anew.
    pub after_gap: bool,
    /// The counter print before the owner tables.
    pub counters: CounterRows,
    /// The owner tables, when they were read in this round.
    pub identified: Option<Identified>,
    /// The logins of the hotspot, when their table was read in this round.
    pub logins: Option<OwnedRows>,
    /// The devices that the hotspot lets through without a login, when their table was read in this round. Their logins
    /// are `mac:` and the address; the logins were read before them.
    pub hosts: Option<OwnedRows>,
    /// What the router adds up for the users of its hotspot, read before the logins, when it was read in this round.
    pub sums: Option<SumRows>,
    /// Counters that an enrolment gives to somebody: one print for each of their tables that was read in this round.
    pub standing: Vec<StandingRows>,
    /// Those of the tables read that the router has no use for, as that of the logins where there is no hotspot: a look at
    /// them covers nobody.
    pub idle: Vec<Table>,
    /// Sessions known only from `listen` since the last snapshot.
    pub heard: Vec<Heard>,
    /// Sessions that `listen` showed and whose ends nobody can have heard, because listening broke off; with their ages
    /// as of this round. Filled only where the owner tables were read whole, which show those that live on.
    pub lost_sight_of: Vec<OwnerSession>,
}

impl Snapshot {
    /// True when the round read that table: only then does the absence of a row mean anything.
    pub fn reads(&self, table: Table) -> bool {
        match table {
            Table::Interface => true,
            Table::HotspotActive => self.logins.is_some(),
            Table::HotspotHost => self.hosts.is_some(),
            Table::Facing | Table::Queue => self.standing.iter().any(|print| print.table == table),
        }
    }

    /// True when the round covers those whose counters are in that table.
    pub fn covers(&self, table: Table) -> bool {
        self.reads(table) && !self.idle.contains(&table)
    }

    /// True when the counter print before the owner tables and the one after them show this row's id and name.
    pub fn shows_before_and_after(&self, row: &CounterRow<'_>) -> bool {
        let shows = |rows: &CounterRows| rows.rows().any(|r| r.handle == row.handle && r.name == row.name);
        shows(&self.counters)
            && self.identified.as_ref().is_some_and(|identified| shows(&identified.counters_after))
    }
}
