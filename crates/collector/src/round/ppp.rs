//! The tables that name the owners of PPP counters, whole, and what they lack.

use crate::link::{Link, LinkError};
use crate::round::menus::Menus;
use crate::round::reader::Reader;
use crate::round::unserved::Unserved;
use crate::routeros::servers::ServerTable;
use crate::routeros::sessions::{self, SessionTable};

/// Reads the server menus that can hold a row. `missing`: the session table is not there.
///
/// # Errors
/// What a print said, and `missing` where sessions run all the same: whose they are cannot be told.
pub(super) async fn servers(
    reader: &mut Reader<'_>,
    menus: &mut Menus,
    first: bool,
    sessions: &SessionTable,
    missing: Option<LinkError>,
) -> Result<ServerTable, LinkError> {
    let to_read = menus.to_read(first, sessions);
    let mut servers = ServerTable::default();
    for menu in &to_read {
        let there = reader.servers(*menu, &menu.print_all(), &mut servers).await?;
        menus.mark_present(*menu, there);
    }
    if let Some(missing) = missing.filter(|_| servers.rows().any(|row| row.running)) {
        return Err(missing);
    }
    menus.learn_bindings(&servers, &to_read);
    menus.learn_sessions(sessions);
    Ok(servers)
}

/// What a first round would find.
pub(crate) struct Ppp {
    /// Rows of the session table; `None` where the router has no PPP.
    pub(crate) sessions: Option<u64>,
    pub(crate) unserved: Unserved,
}

/// Reads the tables as a first round does, and counts nothing.
///
/// # Errors
/// What would make that round fail.
pub(crate) async fn look(link: &mut Link) -> Result<Ppp, LinkError> {
    let (mut reader, mut menus) = (Reader::new(link), Menus::default());
    let (sessions, missing) = reader.sessions_if_any(&sessions::print_all()).await?;
    let without_ppp = missing.is_some();
    servers(&mut reader, &mut menus, true, &sessions, missing).await?;
    let shown = (!without_ppp).then_some(sessions.len() as u64);
    Ok(Ppp { sessions: shown, unserved: menus.unserved() })
}
