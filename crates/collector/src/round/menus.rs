//! Which server menus a connection has to read.

use accounting::snapshot::Service;

use crate::round::unserved::Unserved;
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
    unserved: Unserved,
}

impl Menus {
    /// The menus that exist, as far as known.
    pub fn present(&self) -> impl Iterator<Item = ServerMenu> + use<> {
        let absent = self.absent;
        SERVER_MENUS.into_iter().enumerate().filter(move |(index, _)| !absent[*index]).map(|(_, menu)| menu)
    }

    /// The menus that can hold a row: PPPoE's always, another when one of its sessions runs or it has static
    /// bindings. The first time all of them, for bindings show only there. One that was not there is asked for again
    /// while a session needs it.
    pub fn to_read(&self, first: bool, sessions: &SessionTable) -> Vec<ServerMenu> {
        let running = running(sessions);
        let all = first || sessions.rows().any(|row| row.service.is_none());
        let can_hold = |index: usize, menu: &ServerMenu| {
            let may = all || self.bindings[index] > 0 || menu.service == Service::Pppoe;
            running[index] > 0 || may && !self.absent[index]
        };
        let menus = SERVER_MENUS.into_iter().enumerate();
        menus.filter(|(index, menu)| can_hold(*index, menu)).map(|(_, menu)| menu).collect()
    }

    /// Whether the router has this menu.
    pub fn mark_present(&mut self, menu: ServerMenu, present: bool) {
        if let Some(index) = index(menu.service) {
            self.absent[index] = !present;
        }
    }

    /// Learns, after the menus were read, which of these sessions lack theirs.
    pub fn learn_sessions(&mut self, sessions: &SessionTable) {
        let mut running = running(sessions);
        running.iter_mut().zip(self.absent).filter(|(_, absent)| !absent).for_each(|(left, _)| *left = 0);
        self.unserved = Unserved::new(running);
    }

    /// The sessions that lacked their menu when the tables were last read whole.
    pub fn unserved(&self) -> Unserved {
        self.unserved
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

/// Sessions by the menu of their service.
fn running(sessions: &SessionTable) -> [u64; SERVER_MENUS.len()] {
    let mut running = [0; SERVER_MENUS.len()];
    sessions.rows().filter_map(|row| index(row.service?)).for_each(|index| running[index] += 1);
    running
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
