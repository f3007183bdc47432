//! Which server menus a connection has to read.

use accounting::snapshot::Service;

use crate::routeros::servers::{SERVER_MENUS, ServerMenu, ServerTable};
use crate::routeros::sessions::SessionTable;

/// What is known of the server menus on one connection.
#[derive(Clone, Debug, Default)]
pub struct Menus {
    absent: [bool; SERVER_MENUS.len()],
    bindings: [bool; SERVER_MENUS.len()],
}

impl Menus {
    /// The menus that exist, as far as known.
    pub fn present(&self) -> impl Iterator<Item = ServerMenu> + use<> {
        let absent = self.absent;
        SERVER_MENUS.into_iter().enumerate().filter(move |(index, _)| !absent[*index]).map(|(_, menu)| menu)
    }

    /// The menus that can hold a row: PPPoE's always, another when one of its sessions runs or it has static
    /// bindings. The first time all of them, for bindings show only there.
    pub fn to_read(&self, first: bool, sessions: &SessionTable) -> Vec<ServerMenu> {
        let mut wanted = self.bindings;
        for row in sessions.rows() {
            match row.service {
                Some(service) => mark(&mut wanted, service),
                None => wanted = [true; SERVER_MENUS.len()],
            }
        }
        mark(&mut wanted, Service::Pppoe);
        self.present()
            .filter(|menu| first || index(menu.service).is_some_and(|index| wanted[index]))
            .collect()
    }

    /// The router has no such menu.
    pub fn mark_absent(&mut self, menu: ServerMenu) {
        mark(&mut self.absent, menu.service);
    }

    /// Learns which menus have static bindings. What a whole print did not show is no more.
    pub fn learn_bindings(&mut self, servers: &ServerTable, whole: &[ServerMenu]) {
        for menu in whole {
            if let Some(index) = index(menu.service) {
                self.bindings[index] = false;
            }
        }
        servers.rows().filter(|row| !row.dynamic).for_each(|row| mark(&mut self.bindings, row.service));
    }

    /// True when any menu has static bindings.
    pub fn any_bindings(&self) -> bool {
        self.bindings.contains(&true)
    }
}

fn mark(flags: &mut [bool; SERVER_MENUS.len()], service: Service) {
    if let Some(index) = index(service) {
        flags[index] = true;
    }
}

/// A PPP service without a server menu has no index.
fn index(service: Service) -> Option<usize> {
    SERVER_MENUS.iter().position(|menu| menu.service == service)
}
