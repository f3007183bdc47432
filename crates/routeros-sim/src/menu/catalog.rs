//! From a command's path to its menu and what to do there.

use super::column::Menu;
use super::{
    firewall_filter, hotspot, hotspot_profile, hotspot_user, interface, ip_address, ip_binding, outside,
    ppp_active, ppp_profile, ppp_secret, ppp_server, queue_simple, script, services, system, users,
    walled_garden,
};
use crate::world::Policies;

static MENUS: [&Menu; 31] = [
    &interface::MENU,
    &ppp_active::MENU,
    &ppp_server::PPPOE,
    &ppp_server::L2TP,
    &ppp_server::PPTP,
    &ppp_server::SSTP,
    &ppp_server::OVPN,
    &hotspot::SERVERS,
    &hotspot::ACTIVE,
    &hotspot::HOSTS,
    &hotspot_user::MENU,
    &hotspot_profile::MENU,
    &hotspot::COOKIES,
    &ip_binding::MENU,
    &system::IDENTITY,
    &system::RESOURCE,
    &system::CLOCK,
    &system::ROUTERBOARD,
    &system::LICENSE,
    &services::IP_SERVICE,
    &services::USER_ACTIVE,
    &ppp_secret::MENU,
    &ppp_profile::MENU,
    &ip_address::MENU,
    &firewall_filter::MENU,
    &queue_simple::MENU,
    &walled_garden::REQUESTS_MENU,
    &walled_garden::PACKETS_MENU,
    &script::MENU,
    &users::USERS_MENU,
    &users::GROUPS_MENU,
];

/// What a menu can be asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Print,
    Listen,
    Add,
    Set,
    Remove,
    ResetCounters,
    /// Of a device at the hotspot.
    Login,
    MonitorTraffic,
}

/// The outcome of looking a path up.
pub(crate) enum Found {
    Command(&'static Menu, Verb),
    /// A command in none of the menus, and what it needs.
    Outside(Policies),
    /// The trap's text (routeros.md §1.4).
    Nothing(&'static str),
}

/// Looks a command such as `/ppp/active/print` up.
pub(crate) fn find(path: &[u8]) -> Found {
    outside::outside(path).map_or_else(|| in_menus(path), Found::Outside)
}

fn in_menus(path: &[u8]) -> Found {
    let Some(slash) = path.iter().rposition(|&byte| byte == b'/') else {
        return Found::Nothing("no such command");
    };
    let (menu, command) = (&path[..slash], &path[slash + 1..]);
    match MENUS.iter().find(|known| known.path.as_bytes() == menu) {
        Some(menu) => {
            verb(menu, command).map_or(Found::Nothing("no such command"), |verb| Found::Command(menu, verb))
        }
        None => Found::Nothing("no such command prefix"),
    }
}

fn verb(menu: &Menu, command: &[u8]) -> Option<Verb> {
    let has_own = |name: &str| menu.commands.contains(&name);
    match command {
        b"print" | b"getall" => Some(Verb::Print),
        b"listen" if menu.listened.is_some() => Some(Verb::Listen),
        b"add" if menu.schema.is_some() => Some(Verb::Add),
        b"set" if menu.schema.is_some() || has_own("set") => Some(Verb::Set),
        b"remove" if menu.schema.is_some() || has_own("remove") => Some(Verb::Remove),
        b"monitor-traffic" if has_own("monitor-traffic") => Some(Verb::MonitorTraffic),
        b"login" if has_own("login") => Some(Verb::Login),
        b"reset-counters" if has_own("reset-counters") => Some(Verb::ResetCounters),
        _ => None,
    }
}
