//! Interfaces that are to count for somebody, and whose sessions come in by them.

use std::collections::{HashMap, HashSet};

use operations::CounterLook;
use routeros_proto::{Command, Reply};

use crate::link::{Link, LinkError};
use crate::routeros::counters::SESSION_TYPES;

/// Names that one query asks for: some 20 KiB to the router. What is beyond takes another print.
const MOST_IN_A_QUERY: usize = 512;

/// Where a PPPoE server on an interface, or a session that came in by it, names it (routeros.md §2.4).
const SERVERS: [&str; 2] = ["/interface/pppoe-server/server/print", "/interface/pppoe-server/print"];

/// What the router says of the interfaces asked for.
#[derive(Debug, Default)]
pub(super) struct Interfaces {
    /// By name, whether it is a session's own.
    of_sessions: HashMap<Vec<u8>, bool>,
    carrying: HashSet<Vec<u8>>,
}

impl Interfaces {
    pub(super) async fn read(link: &mut Link, names: &[&[u8]]) -> Result<Interfaces, LinkError> {
        let mut read = Interfaces::default();
        for names in names.chunks(MOST_IN_A_QUERY) {
            let print =
                Command::new("/interface/print").proplist(&["name", "type"]).query_any_of("name", names);
            link.print(&print, |row| read.note(&row)).await?;
        }
        let own: Vec<&[u8]> = names.iter().filter(|name| read.is_not_a_sessions(name)).copied().collect();
        for names in own.chunks(MOST_IN_A_QUERY) {
            for menu in SERVERS {
                read.carrying.extend(named_by(link, menu, names).await?);
            }
        }
        Ok(read)
    }

    /// What it is, for all that interfaces know.
    pub(super) fn look(&self, name: &[u8]) -> CounterLook {
        match self.of_sessions.get(name) {
            None => CounterLook::NotThere,
            Some(true) => CounterLook::OfSessions,
            Some(false) if self.carrying.contains(name) => CounterLook::CarriesSessions,
            Some(false) => CounterLook::Fit,
        }
    }

    pub(super) fn any_fits(&self) -> bool {
        self.of_sessions.keys().any(|name| self.look(name) == CounterLook::Fit)
    }

    fn note(&mut self, row: &Reply<'_>) {
        let of_session =
            |kind: &[u8]| SESSION_TYPES.iter().any(|session_type| session_type.as_bytes() == kind);
        if let Some(name) = row.get(b"name") {
            self.of_sessions.insert(name.to_vec(), row.get(b"type").is_some_and(of_session));
        }
    }

    fn is_not_a_sessions(&self, name: &[u8]) -> bool {
        self.of_sessions.get(name) == Some(&false)
    }
}

/// Which of the interfaces the rows of a menu name; none where the router has no such menu.
async fn named_by(link: &mut Link, menu: &str, names: &[&[u8]]) -> Result<Vec<Vec<u8>>, LinkError> {
    let mut named = Vec::new();
    let print = Command::new(menu).proplist(&["interface"]).query_any_of("interface", names);
    match link.print(&print, |row| named.extend(row.get(b"interface").map(<[u8]>::to_vec))).await {
        Err(LinkError::MissingMenu(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
        Ok(_) => Ok(named),
    }
}
