//! `/ip/hotspot` and its tables (routeros.md §2.8): `bytes-in` is what the router received from the device.

use super::column::{Column, Menu, reveals_nothing};
use super::text::{boolean, bytes, elapsed, ipv4, item_id, number};
use crate::world::{Carrier, Cookie, Host, HotspotServer, Session, SessionKey, ShownBy, World};

const COUNTERS: &[&str] = &["bytes-in", "bytes-out"];

pub(crate) static SERVERS: Menu = Menu {
    path: "/ip/hotspot",
    columns: &[
        Column { name: ".id", write: |w, i, out| on_server(w, i, |server| item_id(server.id, out)) },
        Column { name: "name", write: |w, i, out| on_server(w, i, |server| bytes(&server.name, out)) },
        Column {
            name: "interface",
            write: |w, i, out| on_server(w, i, |server| bytes(&server.interface, out)),
        },
        Column { name: "disabled", write: |w, _, out| boolean(w, false, out) },
    ],
    next: |world, after| within(world.hotspot.servers.len(), after),
    ..PLAIN
};

pub(crate) static ACTIVE: Menu = Menu {
    path: "/ip/hotspot/active",
    columns: ACTIVE_COLUMNS,
    next: |world, after| world.hotspot.active.after(after),
    reveals: |_, item| Some(SessionKey(item)),
    shown_by: ShownBy::Counters,
    counters: COUNTERS,
    extra_arguments: &["stats"],
    commands: &["remove", "login"],
    ..PLAIN
};

const ACTIVE_COLUMNS: &[Column] = &[
    Column { name: ".id", write: |w, i, out| item_id(session(w, i).active_id, out) },
    Column { name: "server", write: |w, _, out| on_server(w, 0, |server| bytes(&server.name, out)) },
    Column { name: "user", write: |w, i, out| bytes(&session(w, i).login, out) },
    Column { name: "address", write: |w, i, out| ipv4(session(w, i).address, out) },
    Column { name: "mac-address", write: |w, i, out| bytes(&session(w, i).caller_id, out) },
    Column { name: "login-by", write: login_by },
    Column { name: "uptime", write: |w, i, out| elapsed(w, session(w, i).began_us, out) },
    Column { name: "bytes-in", write: |w, i, out| number(w.counter_of(SessionKey(i)).input, out) },
    Column { name: "bytes-out", write: |w, i, out| number(w.counter_of(SessionKey(i)).output, out) },
    Column { name: "radius", write: |w, _, out| boolean(w, false, out) },
    Column { name: "blocked", write: |w, _, out| boolean(w, false, out) },
];

pub(crate) static HOSTS: Menu = Menu {
    path: "/ip/hotspot/host",
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(host(w, i).id, out) },
        Column { name: "mac-address", write: |w, i, out| bytes(&host(w, i).mac, out) },
        Column { name: "address", write: |w, i, out| ipv4(host(w, i).address, out) },
        Column { name: "to-address", write: |w, i, out| ipv4(host(w, i).address, out) },
        Column { name: "server", write: |w, _, out| on_server(w, 0, |server| bytes(&server.name, out)) },
        Column { name: "uptime", write: |w, i, out| elapsed(w, host(w, i).since_us, out) },
        Column { name: "bytes-in", write: |w, i, out| number(w.host_counter(i).input, out) },
        Column { name: "bytes-out", write: |w, i, out| number(w.host_counter(i).output, out) },
        Column { name: "authorized", write: |w, i, out| boolean(w, is_authorized(w, i), out) },
        Column { name: "bypassed", write: |w, i, out| boolean(w, bypassing(w, i).is_some(), out) },
    ],
    next: |world, after| world.hotspot.live_hosts.after(after),
    reveals: bypassing,
    shown_by: ShownBy::Counters,
    counters: COUNTERS,
    ..PLAIN
};

pub(crate) static COOKIES: Menu = Menu {
    path: "/ip/hotspot/cookie",
    columns: &[
        Column { name: ".id", write: |w, i, out| on_cookie(w, i, |cookie| item_id(cookie.id, out)) },
        Column { name: "user", write: |w, i, out| on_cookie(w, i, |cookie| bytes(&cookie.user, out)) },
        Column { name: "mac-address", write: |w, i, out| on_cookie(w, i, |cookie| bytes(&cookie.mac, out)) },
        Column {
            name: "mac-cookie",
            write: |w, i, out| on_cookie(w, i, |cookie| boolean(w, cookie.is_mac_cookie, out)),
        },
    ],
    next: |world, after| within(world.hotspot.cookies.len(), after),
    commands: &["remove"],
    ..PLAIN
};

const PLAIN: Menu = Menu {
    path: "",
    columns: &[],
    next: |_, _| None,
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: None,
    extra_arguments: &[],
    commands: &[],
    schema: None,
};

fn within(items: usize, after: Option<u32>) -> Option<u32> {
    after.map_or(Some(0), |item| item.checked_add(1)).filter(|&item| (item as usize) < items)
}

fn session(world: &World, item: u32) -> &Session {
    &world.sessions[item as usize]
}

fn host(world: &World, item: u32) -> &Host {
    &world.hotspot.hosts[item as usize]
}

fn on_server(world: &World, item: u32, write: impl FnOnce(&HotspotServer) -> bool) -> bool {
    world.hotspot.servers.get(item as usize).is_some_and(write)
}

/// Rows of it may go while a print is under way.
fn on_cookie(world: &World, item: u32, write: impl FnOnce(&Cookie) -> bool) -> bool {
    world.hotspot.cookies.get(item as usize).is_some_and(write)
}

fn login_by(world: &World, item: u32, out: &mut Vec<u8>) -> bool {
    match session(world, item).carrier {
        Carrier::Hotspot { login_by, .. } => bytes(login_by.name(), out),
        Carrier::Ppp(_) | Carrier::Bypassed { .. } => false,
    }
}

fn is_authorized(world: &World, item: u32) -> bool {
    let session = host(world, item).session.map(|key| world.sessions[key.0 as usize].carrier);
    matches!(session, Some(Carrier::Hotspot { .. }))
}

fn bypassing(world: &World, item: u32) -> Option<SessionKey> {
    let session = host(world, item).session?;
    matches!(world.sessions[session.0 as usize].carrier, Carrier::Bypassed { .. }).then_some(session)
}
