//! `/ip/hotspot`: its servers, its logins, and the devices it lets through without one. A row says whose it is and what it
//! counted, in one (routeros.md §2.8).

use accounting::Octets;
use accounting::snapshot::{CounterRow, OwnedRow};
use accounting::table::Table;
use routeros_proto::{Command, Reply, value};

use crate::routeros::counters::octets;
use crate::routeros::resource::whole_seconds;

/// What is asked of a login; every byte here is paid once per login and round.
const PROPLIST: [&str; 7] = [".id", "user", "address", "mac-address", "uptime", "bytes-in", "bytes-out"];

/// Prints all logins.
pub fn print_logins() -> Command {
    Command::new("/ip/hotspot/active/print").proplist(&PROPLIST)
}

/// Prints the logins of these users.
pub fn print_logins_of(users: &[&[u8]]) -> Command {
    print_logins().query_any_of("user", users)
}

/// Prints these devices, let through or not.
pub fn print_hosts_called(macs: &[&[u8]]) -> Command {
    Command::new("/ip/hotspot/host/print").proplist(&HOST_PROPLIST).query_any_of("mac-address", macs)
}

/// What is asked of a device that is let through. `bypassed` is asked for although the query is about it: only a row that
/// says so itself counts (DESIGN rule 8).
const HOST_PROPLIST: [&str; 8] =
    [".id", "mac-address", "address", "to-address", "uptime", "bytes-in", "bytes-out", "bypassed"];

/// What a flag may be called that is set (routeros.md §1.6).
const SET: [&[u8]; 2] = [b"true", b"yes"];

/// Prints the devices that are let through.
pub fn print_hosts() -> Command {
    Command::new("/ip/hotspot/host/print").proplist(&HOST_PROPLIST).query_any_of("bypassed", &SET)
}

/// Prints the ids of the bindings that let a device through: without one no device is.
pub fn print_bypassing() -> Command {
    Command::new("/ip/hotspot/ip-binding/print").proplist(&[".id"]).query_any_of("type", &[b"bypassed"])
}

/// Prints the ids of the servers: a router that has none has no logins.
pub fn print_servers() -> Command {
    Command::new("/ip/hotspot/print").proplist(&[".id"])
}

/// What is asked of a user; every byte here is paid once per user and look.
const USER_PROPLIST: [&str; 4] = [".id", "name", "bytes-in", "bytes-out"];

/// Prints what is added up for users: those of these names, or all.
pub fn print_users(names: Option<&[Box<[u8]>]>) -> Command {
    let print = Command::new("/ip/hotspot/user/print").proplist(&USER_PROPLIST);
    match names {
        Some(names) => print.query_any_of("name", names),
        None => print,
    }
}

/// Reads what is added up for one user, or `None` when the row lacks its id, name or either counter. When a router adds
/// up is not established (routeros.md U5).
///
/// bytes-in is what the router received from the user: input (routeros.md §3).
pub fn user<'a>(row: &Reply<'a>) -> Option<CounterRow<'a>> {
    Some(CounterRow {
        handle: value::item_id(row.get(b".id")?)?,
        name: row.get(b"name")?,
        octets: Octets::new(octets(row.get(b"bytes-in")?)?, octets(row.get(b"bytes-out")?)?),
    })
}

/// Reads one login, or `None` when it lacks its id, user, age or either counter: then it is unknown, and its counter not
/// 0. Without an age nothing tells it from the login before it.
///
/// bytes-in is what the router received from the device: input (routeros.md §3).
pub fn login<'a>(row: &Reply<'a>) -> Option<OwnedRow<'a>> {
    let (mut id, mut user, mut address, mut mac) = (None, None, None, None);
    let (mut uptime, mut bytes_in, mut bytes_out) = (None, None, None);
    for (attribute, value) in row.attributes() {
        match attribute {
            b".id" => id = Some(value),
            b"user" => user = Some(value),
            b"address" => address = Some(value),
            b"mac-address" => mac = Some(value),
            b"uptime" => uptime = Some(value),
            b"bytes-in" => bytes_in = Some(value),
            b"bytes-out" => bytes_out = Some(value),
            _ => {}
        }
    }
    Some(OwnedRow {
        counter: CounterRow {
            handle: Table::HotspotActive.handle(value::item_id(id?)?)?,
            name: mac.unwrap_or_default(),
            octets: Octets::new(octets(bytes_in?)?, octets(bytes_out?)?),
        },
        login: user?,
        address: address.unwrap_or_default(),
        session_time_s: whole_seconds(uptime?)?,
    })
}

/// A row of the table of devices in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host<'a> {
    /// It is let through; the login stands in for the one it needs not have.
    Bypassed {
        /// What it counted.
        counter: CounterRow<'a>,
        /// The address it has at the hotspot, raw bytes; empty when not given.
        address: &'a [u8],
        /// Seconds since it came in sight, truncated.
        in_sight_s: u64,
    },
    /// It is not, or does not say so.
    Other,
}

/// Reads one row, or `None` when one that is let through lacks its id, MAC address, age or either counter.
///
/// bytes-in is what the router received from the device: input (routeros.md §3).
pub fn host<'a>(row: &Reply<'a>) -> Option<Host<'a>> {
    if !row.get(b"bypassed").is_some_and(|flag| SET.contains(&flag)) {
        return Some(Host::Other);
    }
    let given = |name: &[u8]| row.get(name).filter(|value| !value.is_empty());
    Some(Host::Bypassed {
        counter: CounterRow {
            handle: Table::HotspotHost.handle(value::item_id(row.get(b".id")?)?)?,
            name: given(b"mac-address")?,
            octets: Octets::new(octets(row.get(b"bytes-in")?)?, octets(row.get(b"bytes-out")?)?),
        },
        address: given(b"to-address").or_else(|| given(b"address")).unwrap_or_default(),
        in_sight_s: whole_seconds(row.get(b"uptime")?)?,
    })
}
