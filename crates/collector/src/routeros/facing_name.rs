//! Which interfaces of some names a router has.

use routeros_proto::Command;

/// Names that one query names; of more all interfaces are printed.
const MOST_IN_A_QUERY: usize = 64;

/// Prints the names of those that have one of these; it may show others too.
pub fn print(names: &[&[u8]]) -> Command {
    let print = Command::new("/interface/print").proplist(&["name"]);
    if names.len() > MOST_IN_A_QUERY { print } else { print.query_any_of("name", names) }
}
