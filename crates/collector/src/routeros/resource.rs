//! `/system/resource`: the router's uptime, which alone tells a reboot (routeros.md §2.1), and its version.

use routeros_proto::{Command, Reply, value};

/// Asks for the uptime only: sent twice in every round.
pub fn print_uptime() -> Command {
    Command::new("/system/resource/print").proplist(&["uptime"])
}

/// Asks for uptime and version: sent once per connection, for the version cannot change without a reboot.
pub fn print_uptime_and_version() -> Command {
    Command::new("/system/resource/print").proplist(&["uptime", "version"])
}

/// Asks how busy the processors are.
pub fn print_load() -> Command {
    Command::new("/system/resource/print").proplist(&["cpu-load"])
}

/// How busy the processors are now, in percent; it can be 0 on a starved virtual machine (routeros.md §2.1).
pub fn load(row: &Reply<'_>) -> Option<u64> {
    row.get(b"cpu-load").and_then(value::unsigned)
}

/// What the one row said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resource {
    /// Whole seconds since the router booted; `None` when missing or unreadable.
    pub uptime_s: Option<u64>,
    /// The version as the router writes it, e.g. `7.12.2 (stable)`; control bytes made visible.
    pub version: Option<Box<str>>,
}

/// Reads the row.
pub fn resource(row: &Reply<'_>) -> Resource {
    Resource {
        uptime_s: row.get(b"uptime").and_then(whole_seconds),
        version: row.get(b"version").map(|version| version.escape_ascii().to_string().into()),
    }
}

/// A duration in whole seconds, truncated as the router itself truncates them; `None` for words such as `never`.
pub(crate) fn whole_seconds(duration: &[u8]) -> Option<u64> {
    Some(value::duration_micros(duration)? / 1_000_000)
}
