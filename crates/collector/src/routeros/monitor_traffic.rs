//! `/interface/monitor-traffic`: what passes interfaces now, measured by the router, sample after sample (routeros.md §2.6).
//! Without a list of properties: that it takes one is new in 7.19.

use std::time::Duration;

use routeros_proto::{Command, Reply, value};

/// The value of `interface` that means all of them together; an interface called so cannot be named.
const AGGREGATE: &[u8] = b"aggregate";

/// Whether an interface can be named in a list: a comma would make two names of one (routeros.md §2.6).
pub fn can_be_listed(name: &[u8]) -> bool {
    !name.is_empty() && name != AGGREGATE && !name.contains(&b',')
}

/// Measures these interfaces until it is cancelled, a sample of all of them each `every`, which is 20 ms to 5 s. All of the
/// names [can be listed](can_be_listed), and there is at least one.
pub fn begin<'a>(names: impl Iterator<Item = &'a [u8]>, every: Duration) -> Command {
    let list = names.collect::<Vec<_>>().join(&b',');
    let interval = format!("{}ms", every.as_millis());
    Command::new("/interface/monitor-traffic").attr("interface", list).attr("interval", interval)
}

/// One interface in one sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured<'a> {
    /// Its name, raw bytes.
    pub name: &'a [u8],
    /// Bits a second received on it: on an interface that faces a subscriber, their upload (routeros.md §3).
    pub input_bps: u64,
    /// Bits a second sent on it: their download.
    pub output_bps: u64,
    /// Number of the sample; the rows of one sample have the same.
    pub section: Option<u64>,
}

/// Reads one row, or `None` when it lacks its name or either rate.
pub fn measured<'a>(row: &Reply<'a>) -> Option<Measured<'a>> {
    let rate = |name: &[u8]| row.get(name).and_then(value::unsigned);
    Some(Measured {
        name: row.get(b"name")?,
        input_bps: rate(b"rx-bits-per-second")?,
        output_bps: rate(b"tx-bits-per-second")?,
        section: row.get(b".section").and_then(value::unsigned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_be_two_or_all_is_not_listed() {
        for (name, can) in [("<pppoe-ana>", true), ("a,b", false), ("aggregate", false), ("", false)] {
            assert_eq!(can_be_listed(name.as_bytes()), can, "{name}");
        }
    }
}
