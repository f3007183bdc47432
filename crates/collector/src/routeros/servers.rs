//! `/interface/pppoe-server` and its l2tp, pptp, sstp and ovpn twins: the bridge from a session to its interface
//! (routeros.md §2.4). They list one row per live session and, besides, static bindings that may be idle.

use accounting::snapshot::{Owner, OwnerSession, Service};
use accounting::text::Text as Part;
use routeros_proto::{Command, Reply, value};

use crate::routeros::resource::whole_seconds;
use crate::routeros::text::{Span, Text};

/// The server menu of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerMenu {
    /// The service whose sessions it lists.
    pub service: Service,
    path: &'static str,
    proplist: &'static [&'static str],
}

/// PPPoE calls the client's MAC `remote-address`. What the twins call the client's address is not established, and a
/// name that a menu does not know might cost its rows (routeros.md §1.5, U12): not asked for there.
const PPPOE: [&str; 6] = ["name", "user", "remote-address", "uptime", "running", "dynamic"];
const TWIN: [&str; 5] = ["name", "user", "uptime", "running", "dynamic"];

/// All server menus, PPPoE first.
pub const SERVER_MENUS: [ServerMenu; 5] = [
    ServerMenu { service: Service::Pppoe, path: "/interface/pppoe-server/print", proplist: &PPPOE },
    ServerMenu { service: Service::L2tp, path: "/interface/l2tp-server/print", proplist: &TWIN },
    ServerMenu { service: Service::Pptp, path: "/interface/pptp-server/print", proplist: &TWIN },
    ServerMenu { service: Service::Sstp, path: "/interface/sstp-server/print", proplist: &TWIN },
    ServerMenu { service: Service::Ovpn, path: "/interface/ovpn-server/print", proplist: &TWIN },
];

impl ServerMenu {
    /// The menu as people know it.
    pub fn path(self) -> &'static str {
        self.path.trim_end_matches("/print")
    }

    /// Prints all rows.
    pub fn print_all(self) -> Command {
        Command::new(self.path).proplist(self.proplist)
    }

    /// Prints the rows of these interfaces; the list must not be empty, for no query at all means every row.
    pub fn print_some(self, names: &[&[u8]]) -> Command {
        debug_assert!(!names.is_empty());
        self.print_all().query_any_of("name", names)
    }

    /// Prints the rows of these logins; the list must not be empty, for no query at all means every row.
    pub fn print_of(self, logins: &[&[u8]]) -> Command {
        debug_assert!(!logins.is_empty());
        self.print_all().query_any_of("user", logins)
    }
}

/// One row of a server menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerRow<'a> {
    /// Whose menu it is from.
    pub service: Service,
    /// The interface's real name, raw bytes.
    pub name: &'a [u8],
    /// The login, raw bytes; empty for an idle binding that takes anybody.
    pub user: &'a [u8],
    /// The client's MAC, raw; empty for services other than PPPoE.
    pub client: &'a [u8],
    /// Whole seconds since the session began.
    pub uptime_s: Option<u64>,
    /// Made by the router for one session. A static binding is shown with `dynamic=false` or without the attribute
    /// (routeros.md §7 (36)).
    pub dynamic: bool,
    /// A session runs on it.
    pub running: bool,
}

/// The rows of one or more server menus, packed.
#[derive(Clone, Debug, Default)]
pub struct ServerTable {
    rows: Vec<Packed>,
    text: Text,
    unreadable: u64,
}

#[derive(Clone, Copy, Debug)]
struct Packed {
    service: Service,
    name: Span,
    user: Span,
    client: Span,
    uptime_s: Option<u64>,
    dynamic: bool,
    running: bool,
}

impl ServerTable {
    /// Reads one row of `menu` and keeps it; a row without a name, or of a session without a login, is only counted.
    pub fn push(&mut self, menu: ServerMenu, row: &Reply<'_>) {
        let uptime_s = row.get(b"uptime").and_then(whole_seconds);
        let dynamic = flag(row, b"dynamic").unwrap_or(false);
        let running = dynamic || flag(row, b"running").unwrap_or(uptime_s.is_some());
        let (name, user) = (row.get(b"name"), row.get(b"user"));
        let (Some(name), Some(user)) = (name, user.or(if running { None } else { Some(b"") })) else {
            self.unreadable += 1;
            return;
        };
        self.rows.push(Packed {
            service: menu.service,
            name: self.text.keep(name),
            user: self.text.keep(user),
            client: self.text.keep(client(menu, row)),
            uptime_s,
            dynamic,
            running,
        });
    }

    /// Number of rows kept.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when no row was kept.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Rows that could not be read.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// The rows in the order they were printed.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = ServerRow<'_>> + ExactSizeIterator {
        self.rows.iter().map(|packed| self.unpack(packed))
    }

    /// Row `index`, which must be below [`Self::len`].
    pub fn row(&self, index: usize) -> ServerRow<'_> {
        self.unpack(&self.rows[index])
    }

    /// Row `index`, which must be below [`Self::len`], as the owner of its counter: with a session as this table alone
    /// knows it where one runs on it. Texts share this table's memory.
    pub(super) fn owner(&self, index: usize) -> Owner {
        let packed = &self.rows[index];
        let session = packed.running.then(|| OwnerSession {
            login: self.text.part(packed.user),
            service: packed.service,
            acct_session_id: None,
            session_time_s: packed.uptime_s,
            calling_station_id: self.text.part(packed.client),
            framed_address: Part::default(),
        });
        Owner { counter_name: self.text.part(packed.name), permanent: !packed.dynamic, session }
    }

    fn unpack(&self, packed: &Packed) -> ServerRow<'_> {
        ServerRow {
            service: packed.service,
            name: self.text.get(packed.name),
            user: self.text.get(packed.user),
            client: self.text.get(packed.client),
            uptime_s: packed.uptime_s,
            dynamic: packed.dynamic,
            running: packed.running,
        }
    }
}

fn client<'a>(menu: ServerMenu, row: &Reply<'a>) -> &'a [u8] {
    let given = if menu.service == Service::Pppoe { row.get(b"remote-address") } else { None };
    given.unwrap_or_default()
}

fn flag(row: &Reply<'_>, name: &[u8]) -> Option<bool> {
    value::boolean(row.get(name)?)
}
