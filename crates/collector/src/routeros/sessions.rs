//! `/ppp/active`: who is connected. It has no byte counters (routeros.md §2.3) and does not name interfaces.

use accounting::snapshot::{OwnerSession, Service};
use routeros_proto::{Command, Reply, value};

use crate::routeros::resource::whole_seconds;
use crate::routeros::text::{Span, Text};

const PROPLIST: [&str; 6] = ["name", "service", "caller-id", "address", "uptime", "session-id"];

/// Prints all sessions.
pub fn print_all() -> Command {
    Command::new("/ppp/active/print").proplist(&PROPLIST)
}

/// Prints the sessions of these logins; the list must not be empty, for no query at all means every session.
pub fn print_some(logins: &[&[u8]]) -> Command {
    debug_assert!(!logins.is_empty());
    Command::new("/ppp/active/print").proplist(&PROPLIST).query_any_of("name", logins)
}

/// Prints the ids alone of the sessions that none of these services carries; the list must not be empty.
pub fn print_ids_but_of(services: &[&str]) -> Command {
    debug_assert!(!services.is_empty());
    Command::new("/ppp/active/print").proplist(&[".id"]).query_any_of("service", services).query("?#!")
}

/// One session as `/ppp/active` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRow<'a> {
    /// The login, raw bytes.
    pub login: &'a [u8],
    /// What carries it; `None` when not given.
    pub service: Option<Service>,
    /// The caller's MAC (PPPoE) or address, raw; empty when not given.
    pub caller_id: &'a [u8],
    /// The subscriber's address, raw; empty when not given.
    pub address: &'a [u8],
    /// Whole seconds since it began.
    pub uptime_s: Option<u64>,
    /// The router's number for it, equal to RADIUS's Acct-Session-Id.
    pub session_id: Option<u64>,
}

/// The rows of one or more prints, packed.
#[derive(Clone, Debug, Default)]
pub struct SessionTable {
    rows: Vec<Packed>,
    text: Text,
    unreadable: u64,
}

#[derive(Clone, Copy, Debug)]
struct Packed {
    login: Span,
    caller_id: Span,
    address: Span,
    service: Option<Service>,
    uptime_s: Option<u64>,
    session_id: Option<u64>,
}

impl SessionTable {
    /// Reads one row and keeps it; a row without a login is only counted.
    pub fn push(&mut self, row: &Reply<'_>) {
        let Some(login) = row.get(b"name") else {
            self.unreadable += 1;
            return;
        };
        let packed = Packed {
            login: self.text.keep(login),
            caller_id: self.text.keep(row.get(b"caller-id").unwrap_or_default()),
            address: self.text.keep(row.get(b"address").unwrap_or_default()),
            service: row.get(b"service").filter(|name| !name.is_empty()).map(service),
            uptime_s: row.get(b"uptime").and_then(whole_seconds),
            session_id: row.get(b"session-id").and_then(value::session_id),
        };
        self.rows.push(packed);
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
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = SessionRow<'_>> + ExactSizeIterator {
        self.rows.iter().map(|packed| self.unpack(packed))
    }

    /// Row `index`, which must be below [`Self::len`].
    pub fn row(&self, index: usize) -> SessionRow<'_> {
        self.unpack(&self.rows[index])
    }

    /// Row `index`, which must be below [`Self::len`], as this table alone knows its session. Texts share this table's
    /// memory.
    pub(super) fn session(&self, index: usize) -> OwnerSession {
        let packed = &self.rows[index];
        OwnerSession {
            login: self.text.part(packed.login),
            service: packed.service.unwrap_or(Service::OtherPpp),
            acct_session_id: packed.session_id,
            session_time_s: packed.uptime_s,
            calling_station_id: self.text.part(packed.caller_id),
            framed_address: self.text.part(packed.address),
        }
    }

    fn unpack(&self, packed: &Packed) -> SessionRow<'_> {
        SessionRow {
            login: self.text.get(packed.login),
            service: packed.service,
            caller_id: self.text.get(packed.caller_id),
            address: self.text.get(packed.address),
            uptime_s: packed.uptime_s,
            session_id: packed.session_id,
        }
    }
}

fn service(name: &[u8]) -> Service {
    std::str::from_utf8(name).map_or(Service::OtherPpp, Service::from_name)
}
