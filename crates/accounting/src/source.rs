//! Which table shows the sessions of a login: a look at it is what covers them.

use crate::login::{DEVICE_PREFIX, LoginKind, LoginName};
use crate::standing::counter_of_login;
use crate::table::Table;

/// The table that has the counters of a login.
pub fn source_of_login(login: &LoginName) -> Table {
    match login.kind {
        LoginKind::Ppp => Table::Interface,
        LoginKind::Hotspot if login.name.starts_with(DEVICE_PREFIX) => Table::HotspotHost,
        LoginKind::Hotspot => Table::HotspotActive,
        LoginKind::StaticIp => counter_of_login(login).map_or(Table::Facing, |(table, _)| table),
    }
}
