//! `/queue/simple`: what passed a queue, as a pair whose first half is the target's upload (routeros.md §2.9). `total-*`
//! belongs to another queue and is not read (§8, trap 14).

use accounting::Octets;
use accounting::snapshot::CounterRow;
use accounting::table::Table;
use routeros_proto::{Command, Reply, value};

use super::chosen::Chosen;
use super::counters::octets;

/// What is asked of a queue's row.
const PROPLIST: [&str; 3] = [".id", "name", "bytes"];

/// Prints the enrolled queues.
pub fn print_chosen(queues: Chosen<'_>) -> Command {
    queues.query(Command::new("/queue/simple/print").proplist(&PROPLIST), false)
}

/// Prints the queues of these names.
pub fn print_named(names: &[&[u8]]) -> Command {
    Command::new("/queue/simple/print").proplist(&PROPLIST).query_any_of("name", names)
}

/// Reads one row, or `None` when it lacks its id, name or either half of its bytes: then its value is unknown.
pub fn queue<'a>(row: &Reply<'a>) -> Option<CounterRow<'a>> {
    let (mut id, mut name, mut bytes) = (None, None, None);
    for (attribute, value) in row.attributes() {
        match attribute {
            b".id" => id = Some(value),
            b"name" => name = Some(value),
            b"bytes" => bytes = Some(value),
            _ => {}
        }
    }
    Some(CounterRow {
        handle: Table::Queue.handle(value::item_id(id?)?)?,
        name: name?,
        octets: pair(bytes?)?,
    })
}

fn pair(bytes: &[u8]) -> Option<Octets> {
    let slash = bytes.iter().position(|byte| *byte == b'/')?;
    Some(Octets::new(octets(&bytes[..slash])?, octets(&bytes[slash + 1..])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_half_is_the_upload_and_half_a_pair_is_nothing() {
        assert_eq!(pair(b"45666/172388"), Some(Octets::new(45_666, 172_388)));
        for wrong in [&b"45666"[..], b"45666/", b"/1", b"1/2/3", b"", b"-1/2", b"9223372036854775808/0"] {
            assert_eq!(pair(wrong), None, "{}", wrong.escape_ascii());
        }
    }
}
