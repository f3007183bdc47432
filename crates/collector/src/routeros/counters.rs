//! `/interface`: the only place where a PPP session's octets are (routeros.md §2.5; `/ppp/active` has none, §2.3).

use accounting::Octets;
use accounting::snapshot::CounterRow;
use accounting::table::Table;
use routeros_proto::{Command, Reply, value};

use super::chosen::{Chosen, item_id};

/// What is asked of a counter row; every byte here is paid once per session and round.
const PROPLIST: [&str; 4] = [".id", "name", "rx-byte", "tx-byte"];

/// The interface types of PPP server sessions, dynamic or static; only PPPoE's and OpenVPN's are established, so what
/// none of them matches is asked for by name ([`print_named`]). All are always asked for: a type that does not
/// occur matches nothing and costs a few bytes per round.
pub const SESSION_TYPES: [&str; 5] = ["pppoe-in", "l2tp-in", "pptp-in", "sstp-in", "ovpn-in"];

/// What a counter can show and the database hold: 2^63 - 1, more than a terabit a second moves in two years. One absurd
/// value must not keep the other rows of its router from being written.
const MOST_OCTETS: u64 = i64::MAX.unsigned_abs();

/// Prints all counters of PPP sessions, those of the interfaces with these names, whatever their type, and those of the
/// enrolled interfaces.
pub fn print_all<N: AsRef<[u8]>>(names: &[N], enrolled: Option<Chosen<'_>>) -> Command {
    let all = Command::new("/interface/print").proplist(&PROPLIST).query_any_of("type", &SESSION_TYPES);
    let all = if names.is_empty() { all } else { all.query_any_of("name", names).query("?#|") };
    match enrolled {
        Some(enrolled) => enrolled.query(all, true),
        None => all,
    }
}

/// Prints the counters of these enrolled interfaces.
pub fn print_chosen(enrolled: Chosen<'_>) -> Command {
    enrolled.query(Command::new("/interface/print").proplist(&PROPLIST), false)
}

/// Prints the counters of the interfaces with these names; of none when the list is empty.
pub fn print_named<N: AsRef<[u8]>>(names: &[N]) -> Command {
    Command::new("/interface/print").proplist(&PROPLIST).query_any_of("name", names)
}

/// Prints which of the interfaces with these names there are, and which they are.
pub fn print_names(names: &[&[u8]]) -> Command {
    Command::new("/interface/print").proplist(&[".id", "name"]).query_any_of("name", names)
}

/// Prints the counters with these handles; the list must not be empty, for no query at all means every interface.
pub fn print_some(handles: &[u64]) -> Command {
    debug_assert!(!handles.is_empty());
    let ids: Vec<Vec<u8>> = handles.iter().map(|handle| item_id(*handle)).collect();
    Command::new("/interface/print").proplist(&PROPLIST).query_any_of(".id", &ids)
}

/// Reads one row, or `None` when it lacks its id, name or either counter: then its value is unknown, not 0. So is a
/// value above [`MOST_OCTETS`].
///
/// On a server-side PPP interface, and on one that faces a subscriber, rx is what the router received from them: input
/// (routeros.md §3).
pub fn counter<'a>(row: &Reply<'a>) -> Option<CounterRow<'a>> {
    let (mut id, mut name, mut rx, mut tx) = (None, None, None, None);
    for (attribute, value) in row.attributes() {
        match attribute {
            b".id" => id = Some(value),
            b"name" => name = Some(value),
            b"rx-byte" => rx = Some(value),
            b"tx-byte" => tx = Some(value),
            _ => {}
        }
    }
    Some(CounterRow {
        handle: Table::Interface.handle(value::item_id(id?)?)?,
        name: name?,
        octets: Octets::new(octets(rx?)?, octets(tx?)?),
    })
}

pub(in crate::routeros) fn octets(word: &[u8]) -> Option<u64> {
    value::unsigned(word).filter(|octets| *octets <= MOST_OCTETS)
}
