//! By which interfaces watched subscribers are found now.

use std::collections::BTreeMap;

use operations::Watched;
use routeros_proto::{Command, Event, Tag, Tagged, value};
use tokio::time::Instant;
use uuid::Uuid;

use super::asked::Asked;
use crate::link::error::LinkError;
use crate::routeros::counters;
use crate::routeros::servers::{SERVER_MENUS, ServerMenu, ServerTable};

/// Where somebody is found: why not, for people, where the router refused to say.
pub(super) type Found = BTreeMap<Uuid, Result<Interfaces, String>>;

/// The interfaces of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Interfaces {
    /// Raw bytes; none: there are none now.
    pub(super) names: Vec<Box<[u8]>>,
    /// How long the youngest of their sessions has lasted, truncated.
    pub(super) youngest_s: Option<u64>,
    /// Of what is no session's, which interface it is.
    pub(super) handle: Option<u64>,
}

/// A menu that names interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Menu {
    /// Of sessions.
    Servers(ServerMenu),
    /// Of all.
    Interfaces,
}

/// A look-up in flight: one print for each menu that is concerned.
#[derive(Debug)]
pub(super) struct Look {
    asked: Asked<Menu>,
    of: Vec<(Uuid, Menu, Box<[u8]>)>,
    servers: ServerTable,
    /// By name.
    interfaces: BTreeMap<Box<[u8]>, Option<u64>>,
    refused: Vec<(Menu, String)>,
}

impl Look {
    /// Looks for these; `None` when nobody is found by an interface.
    pub(super) fn begin<'a>(
        wanted: impl Iterator<Item = (&'a Uuid, &'a Watched)>,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Option<Look> {
        let of: Vec<_> = wanted
            .filter_map(|(id, watched)| menu_of(watched).map(|(menu, name)| (*id, menu, name)))
            .collect();
        let menus = SERVER_MENUS.into_iter().map(Menu::Servers).chain([Menu::Interfaces]);
        let prints: Vec<_> = menus.filter_map(|menu| Some((menu, print(menu, &of)?))).collect();
        if prints.is_empty() {
            return None;
        }
        let asked = Asked::send(prints, now, replies, out);
        let (servers, interfaces, refused) = Default::default();
        Some(Look { asked, of, servers, interfaces, refused })
    }

    /// Whether that is found by an interface.
    pub(super) fn finds(watched: &Watched) -> bool {
        menu_of(watched).is_some()
    }

    /// Whether a reply is to one of its prints.
    pub(super) fn is_asked(&self, tag: Tag) -> bool {
        self.asked.of(tag).is_some()
    }

    /// Takes a reply to one of its prints; `true` when that was the last.
    pub(super) fn accept(&mut self, tag: Tag, event: &Event<'_>) -> bool {
        let Some(menu) = self.asked.of(tag) else { return false };
        match (event, menu) {
            (Event::Row(row), Menu::Servers(menu)) => self.servers.push(menu, row),
            (Event::Row(row), Menu::Interfaces) => {
                let handle = row.get(b".id").and_then(value::item_id);
                self.interfaces.extend(row.get(b"name").map(|name| (name.into(), handle)));
            }
            (Event::Trapped(trap), menu) => {
                let path = match menu {
                    Menu::Servers(menu) => menu.path(),
                    Menu::Interfaces => "/interface/print",
                };
                self.refused.push((menu, LinkError::from_trap(path, trap.clone()).to_string()));
                return self.asked.ended(tag);
            }
            (Event::Done(_) | Event::Cancelled, _) => return self.asked.ended(tag),
            (Event::Fatal(_) | Event::Ignored(_), _) => {}
        }
        false
    }

    /// When it is given up.
    pub(super) fn overdue_at(&self) -> Instant {
        self.asked.overdue_at()
    }

    /// Gives it up; who would be named by what has not ended is not found for that reason.
    pub(super) fn give_up(mut self, replies: &mut Tagged, out: &mut Vec<Command>) -> Found {
        let why = "the router does not answer when it is asked by which interface they are connected; it is asked again";
        self.refused.extend(self.asked.open().map(|menu| (menu, why.to_owned())));
        let found = self.found();
        self.asked.cancel(replies, out);
        found
    }

    /// What was found of all that were looked for.
    pub(super) fn found(&self) -> Found {
        let find = |menu: Menu, name: &[u8]| {
            if let Some((_, why)) = self.refused.iter().find(|(refused, _)| *refused == menu) {
                return Err(why.clone());
            }
            Ok(match menu {
                Menu::Servers(menu) => self.sessions_of(menu, name),
                Menu::Interfaces => {
                    let called = self.interfaces.get_key_value(name);
                    let names = called.iter().map(|(name, _)| (*name).clone()).collect();
                    Interfaces { names, youngest_s: None, handle: called.and_then(|(_, handle)| *handle) }
                }
            })
        };
        self.of.iter().map(|(id, menu, name)| (*id, find(*menu, name))).collect()
    }

    fn sessions_of(&self, menu: ServerMenu, login: &[u8]) -> Interfaces {
        let theirs = self.servers.rows().filter(|row| row.service == menu.service && row.user == login);
        let running: Vec<_> = theirs.filter(|row| row.running).collect();
        Interfaces {
            names: running.iter().map(|row| Box::from(row.name)).collect(),
            youngest_s: running.iter().filter_map(|row| row.uptime_s).min(),
            handle: None,
        }
    }
}

/// Where somebody's interfaces are named, and under what; `None` for who is found by no interface, or by one that no menu
/// names.
fn menu_of(watched: &Watched) -> Option<(Menu, Box<[u8]>)> {
    match watched {
        Watched::Ppp { login, service } => {
            let menu = SERVER_MENUS.into_iter().find(|menu| menu.service == *service)?;
            Some((Menu::Servers(menu), login.clone()))
        }
        Watched::Interface { name } => Some((Menu::Interfaces, name.clone())),
        Watched::Hotspot { .. } | Watched::Device { .. } | Watched::Queue { .. } => None,
    }
}

fn print(menu: Menu, of: &[(Uuid, Menu, Box<[u8]>)]) -> Option<Command> {
    let names: Vec<&[u8]> =
        of.iter().filter(|(_, theirs, _)| *theirs == menu).map(|(_, _, name)| &**name).collect();
    (!names.is_empty()).then(|| match menu {
        Menu::Servers(menu) => menu.print_of(&names),
        Menu::Interfaces => counters::print_names(&names),
    })
}
