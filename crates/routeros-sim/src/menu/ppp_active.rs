//! `/ppp/active` (routeros.md §2.3): who is connected. It has no octet counters; `limit-bytes-*` are caps.

use super::column::{Column, Menu};
use super::text::{boolean, bytes, elapsed, ipv4, item_id, number};
use crate::world::{Listened, OverPpp, Session, SessionKey, ShownBy, World};

pub(crate) static MENU: Menu = Menu {
    path: "/ppp/active",
    columns: COLUMNS,
    next,
    reveals: |_, item| Some(SessionKey(item)),
    shown_by: ShownBy::Sessions,
    counts: false,
    counters: &[],
    listened: Some(Listened::Sessions),
    extra_arguments: &[],
    commands: &["remove"],
    schema: None,
};

const COLUMNS: &[Column] = &[
    Column { name: ".id", write: |w, i, out| item_id(row(w, i).active_id, out) },
    Column { name: "name", write: |w, i, out| bytes(&row(w, i).login, out) },
    Column { name: "service", write: |w, i, out| on_ppp(w, i, |ppp| bytes(ppp.service.name(), out)) },
    Column { name: "caller-id", write: |w, i, out| bytes(&row(w, i).caller_id, out) },
    Column { name: "address", write: |w, i, out| ipv4(row(w, i).address, out) },
    Column { name: "uptime", write: |w, i, out| elapsed(w, row(w, i).began_us, out) },
    Column { name: "encoding", write: |_, _, _| true },
    Column { name: "session-id", write: session_id },
    Column { name: "limit-bytes-in", write: |_, _, out| number(0, out) },
    Column { name: "limit-bytes-out", write: |_, _, out| number(0, out) },
    Column { name: "radius", write: |w, _, out| boolean(w, false, out) },
];

fn row(world: &World, item: u32) -> &Session {
    &world.sessions[item as usize]
}

fn on_ppp(world: &World, item: u32, write: impl FnOnce(&OverPpp) -> bool) -> bool {
    row(world, item).ppp().is_some_and(write)
}

fn next(world: &World, after: Option<u32>) -> Option<u32> {
    world.live_sessions.after(after)
}

fn session_id(world: &World, item: u32, out: &mut Vec<u8>) -> bool {
    on_ppp(world, item, |ppp| bytes(format!("0x{:X}", ppp.session_id), out))
}
