//! The device's own key: the routerboard's serial number, else the licence's id. Counters belong to the device, not
//! to its address; its identity is no key, being neither unique nor lasting (routeros.md §2.2).

use routeros_proto::{Command, Reply};

/// Asks for the hardware's serial number; virtual machines and PCs have none.
///
/// Whole, as [`print_license`] is: which of the names a device knows differs, a name it does not know might cost the
/// row (routeros.md §1.5, U12), and one small row per connection is cheap.
pub fn print_routerboard() -> Command {
    Command::new("/system/routerboard/print")
}

/// Asks for the licence's ids: `system-id` on CHR, `software-id` on PCs.
pub fn print_license() -> Command {
    Command::new("/system/license/print")
}

/// The key in a row of [`print_routerboard`].
pub fn routerboard_key(row: &Reply<'_>) -> Option<Box<str>> {
    key("serial", row.get(b"serial-number")?)
}

/// The key in a row of [`print_license`].
pub fn license_key(row: &Reply<'_>) -> Option<Box<str>> {
    let system = row.get(b"system-id").and_then(|id| key("system-id", id));
    system.or_else(|| key("software-id", row.get(b"software-id")?))
}

/// The kind is part of the key: a serial must never equal somebody's licence id by chance.
fn key(kind: &str, id: &[u8]) -> Option<Box<str>> {
    (!id.is_empty()).then(|| format!("{kind}:{}", id.escape_ascii()).into())
}
