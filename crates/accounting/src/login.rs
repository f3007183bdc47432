//! Accounting subjects: who a reading is counted for, and into which cycle.

use crate::table::Table;

/// The kinds of logins: equal names of two kinds are two subjects. A PPP login is one subject whatever service carries
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoginKind {
    /// PPPoE, L2TP, PPTP, SSTP, OVPN.
    Ppp,
    /// A user of the hotspot, or a device that it lets through without one: `mac:` and its address.
    Hotspot,
    /// Somebody with a static address, named by what counts for them: `interface:` or `queue:` and the name it was
    /// enrolled under.
    StaticIp,
}

/// What the login of a device begins with that a hotspot lets through without a login; its address follows.
pub const DEVICE_PREFIX: &[u8] = b"mac:";

/// Every kind with its stable name, in the order of the enum.
pub const LOGIN_KINDS: [(LoginKind, &str); 3] =
    [(LoginKind::Ppp, "ppp"), (LoginKind::Hotspot, "hotspot"), (LoginKind::StaticIp, "static_ip")];

impl LoginKind {
    /// The stable name in the database.
    pub fn as_str(self) -> &'static str {
        LOGIN_KINDS[self as usize].1
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        LOGIN_KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// The kind of the logins whose sessions have counters in that table.
    pub fn of_table(table: Table) -> Self {
        match table {
            Table::Interface => LoginKind::Ppp,
            Table::HotspotActive | Table::HotspotHost => LoginKind::Hotspot,
            Table::Facing | Table::Queue => LoginKind::StaticIp,
        }
    }
}

/// A login as a router names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoginName {
    /// What it is a login to.
    pub kind: LoginKind,
    /// The name, raw bytes.
    pub name: Box<[u8]>,
}

impl LoginName {
    /// A login of that kind and name.
    pub fn new(kind: LoginKind, name: impl Into<Box<[u8]>>) -> Self {
        LoginName { kind, name: name.into() }
    }
}

/// A login as the store resolved it for one router: the narrowest one that a subscriber is bound to, else the
/// router's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginRef {
    /// Row of the login.
    pub id: i64,
    /// The open cycle of its subscriber; `None` for a login nobody is bound to.
    pub cycle: Option<i64>,
}
