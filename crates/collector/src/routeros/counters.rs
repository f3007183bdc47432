//! `/interface`: the only place where a PPP session's octets are (routeros.md §2.5; `/ppp/active` has none, §2.3).

use accounting::Octets;
use accounting::snapshot::CounterRow;
use routeros_proto::{Command, Reply, value};

/// What is asked of a counter row; every byte here is paid once per session and round.
const PROPLIST: [&str; 4] = [".id", "name", "rx-byte", "tx-byte"];

/// The interface types of PPP server sessions, dynamic or static. All are always asked for: a type that does not
/// occur matches nothing and costs a few bytes per round.
const TYPES: [&str; 5] = ["pppoe-in", "l2tp-in", "pptp-in", "sstp-in", "ovpn-in"];

/// Prints all counters of PPP sessions.
pub fn print_all() -> Command {
    Command::new("/interface/print").proplist(&PROPLIST).query_any_of("type", &TYPES)
}

/// Prints the counters with these handles; the list must not be empty, for no query at all means every interface.
pub fn print_some(handles: &[u64]) -> Command {
    debug_assert!(!handles.is_empty());
    let ids: Vec<Vec<u8>> = handles.iter().map(|handle| item_id(*handle)).collect();
    Command::new("/interface/print").proplist(&PROPLIST).query_any_of(".id", &ids)
}

/// Reads one row, or `None` when it lacks its id, name or either counter: then its value is unknown, not 0.
///
/// On a server-side PPP interface rx is what the router received from the subscriber: input (routeros.md §3).
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
        handle: value::item_id(id?)?,
        name: name?,
        octets: Octets::new(value::unsigned(rx?)?, value::unsigned(tx?)?),
    })
}

fn item_id(handle: u64) -> Vec<u8> {
    let mut id = Vec::with_capacity(12);
    value::write_item_id(handle, &mut id);
    id
}
