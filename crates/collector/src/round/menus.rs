//! Which server menus a connection has to read.

use accounting::snapshot::Service;

use crate::routeros::servers::{SERVER_MENUS, ServerMenu, ServerTable};
use crate::routeros::sessions::SessionTable;

/// Whole prints in a row that must show no static binding before a menu is believed to have none any more: a print may
/// lack rows without an error (DESIGN rule 7).
const PRINTS_TO_BELIEVE: u8 = 3;

/// What is known of the server menus on one connection.
#[derive(Clone, Debug, Default)]
pub struct Menus {
    absent: [bool; SERVER_MENUS.len()],
    /// Whole prints without a static binding that it still takes to believe that there is none; 0 = none.
    bindings: [u8; SERVER_MENUS.len()],
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
        let mut wanted = self.bindings.map(|left| left > 0);
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

    /// Learns which menus have static bindings. What several whole prints did not show is no more.
    pub fn learn_bindings(&mut self, servers: &ServerTable, whole: &[ServerMenu]) {
        for index in whole.iter().filter_map(|menu| index(menu.service)) {
            self.bindings[index] = self.bindings[index].saturating_sub(1);
        }
        for index in servers.rows().filter(|row| !row.dynamic).filter_map(|row| index(row.service)) {
            self.bindings[index] = PRINTS_TO_BELIEVE;
        }
    }

    /// True when any menu has static bindings.
    pub fn any_bindings(&self) -> bool {
        self.bindings.iter().any(|left| *left > 0)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routeros::servers::SERVER_MENUS;

    #[test]
    fn one_print_without_its_bindings_does_not_make_a_menu_unwatched() {
        let mut menus = Menus { bindings: [PRINTS_TO_BELIEVE; SERVER_MENUS.len()], ..Menus::default() };
        for watched in [true, true, false] {
            menus.learn_bindings(&ServerTable::default(), &SERVER_MENUS);
            assert_eq!(menus.any_bindings(), watched);
        }
    }
}
