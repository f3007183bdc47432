//! `/ip/hotspot`: its servers and its logins. A login's row says whose it is and what it counted, in one
//! (routeros.md §2.8).

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

/// Prints the ids of the servers: a router that has none has no logins.
pub fn print_servers() -> Command {
    Command::new("/ip/hotspot/print").proplist(&[".id"])
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
