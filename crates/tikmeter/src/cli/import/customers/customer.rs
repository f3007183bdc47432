//! A customer of the monitor, and what of it counts in Tikmeter.

use std::borrow::Cow;
use std::collections::HashMap;

use operations::{csv_cell, name_to_text};

use crate::cli::upload::Fault;

use super::columns::{Columns, HOTSPOT_USERNAME, MIKROTIK_ID, PPPOE_USERNAME, SERVICE_TYPE, USERNAME};

/// What routers are called in Tikmeter, by what the monitor calls them, where that differs.
pub(super) type Routers = HashMap<String, String>;

/// One row of theirs.
pub(super) struct Customer<'g> {
    pub(super) columns: &'g Columns,
    pub(super) cells: Vec<&'g [u8]>,
}

/// What a router's session is matched with, and the column it is from. Empty: the username.
pub(super) struct Login<'g> {
    name: &'g [u8],
    pub(super) from: &'static str,
}

impl<'g> Customer<'g> {
    fn get(&self, name: &str) -> &'g [u8] {
        self.columns.place(name).and_then(|place| self.cells.get(place)).copied().unwrap_or_default()
    }

    pub(super) fn username(&self) -> String {
        String::from_utf8_lossy(self.get(USERNAME)).into_owned()
    }

    /// What is to be counted for it.
    pub(super) fn login(&self) -> Result<Login<'g>, Left> {
        let first_filled = |names: &[&'static str]| {
            names.iter().map(|from| Login { name: self.get(from), from }).find(|login| !login.name.is_empty())
        };
        match self.get(SERVICE_TYPE).trim_ascii() {
            b"" => Err(Left::NoService),
            b"static_ip" => Err(Left::StaticAddress),
            b"hotspot" => Ok(first_filled(&[HOTSPOT_USERNAME, PPPOE_USERNAME])
                .unwrap_or(Login { name: b"", from: USERNAME })),
            _ => first_filled(&[PPPOE_USERNAME]).ok_or(Left::NoLogin),
        }
    }

    /// The cell of a file of subscribers that one of their columns becomes.
    pub(super) fn cell(&self, theirs: &str, login: &Login<'g>, routers: &Routers) -> Cow<'g, [u8]> {
        match theirs {
            PPPOE_USERNAME => literal(login.name, |text| name_to_text(text.as_bytes())),
            MIKROTIK_ID => self.scope(routers).into(),
            _ => literal(self.get(theirs), Cow::Borrowed),
        }
    }

    /// Where the login counts: on the router that is named, or on all.
    fn scope(&self, routers: &Routers) -> Vec<u8> {
        let named = self.get(MIKROTIK_ID).trim_ascii();
        if named.is_empty() {
            return b"all".to_vec();
        }
        let renamed = std::str::from_utf8(named).ok().and_then(|name| routers.get(name));
        [&b"router:"[..], renamed.map_or(named, String::as_bytes)].concat()
    }
}

/// Their text as a cell that says this text and nothing else. Bytes that are no UTF-8 are the server's to refuse.
fn literal<'g>(cell: &'g [u8], text: impl FnOnce(&'g str) -> Cow<'g, str>) -> Cow<'g, [u8]> {
    let Ok(utf8) = std::str::from_utf8(cell) else { return cell.into() };
    csv_cell(&text(utf8)).into_owned().into_bytes().into()
}

/// Why a customer cannot be counted by what the table says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Left {
    NoService,
    StaticAddress,
    NoLogin,
}

impl Left {
    /// Their place in the table and the reason.
    pub(super) fn told(self, line: u64, customer: &Customer<'_>) -> Fault {
        let (column, why) = match self {
            Left::NoService => (SERVICE_TYPE, "it has no service_type"),
            Left::StaticAddress => {
                (SERVICE_TYPE, "no interface or queue is named that counts its static address")
            }
            Left::NoLogin => (PPPOE_USERNAME, "it has no pppoe_username, so no login to count"),
        };
        Fault {
            row: line,
            column: Some(column.to_owned()),
            detail: format!("{}: {why}", customer.username()),
        }
    }
}
