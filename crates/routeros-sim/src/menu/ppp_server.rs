//! `/interface/pppoe-server` and its twins (routeros.md §2.4): which session has which interface. Static
//! bindings are listed all the time.

use super::column::{Column, Menu, Reveals};
use super::text::{boolean, bytes, elapsed, item_id, number};
use crate::world::{Interface, InterfaceRowKind as Kind, Service, Session, ShownBy, World};

type Next = fn(&World, Option<u32>) -> Option<u32>;

const fn menu(path: &'static str, columns: &'static [Column], next: Next) -> Menu {
    Menu {
        path,
        columns,
        next,
        reveals: REVEALS,
        shown_by: ShownBy::Servers,
        counts: false,
        counters: &[],
        listened: None,
        extra_arguments: &[],
        commands: &[],
        schema: None,
    }
}

const REVEALS: Reveals = |world, item| world.live_session_on(item);

pub(crate) static PPPOE: Menu =
    menu("/interface/pppoe-server", PPPOE_COLUMNS, |world, after| next(world, Service::Pppoe, after));
pub(crate) static L2TP: Menu =
    menu("/interface/l2tp-server", TWIN_COLUMNS, |world, after| next(world, Service::L2tp, after));
pub(crate) static PPTP: Menu =
    menu("/interface/pptp-server", TWIN_COLUMNS, |world, after| next(world, Service::Pptp, after));
pub(crate) static SSTP: Menu =
    menu("/interface/sstp-server", TWIN_COLUMNS, |world, after| next(world, Service::Sstp, after));
pub(crate) static OVPN: Menu =
    menu("/interface/ovpn-server", TWIN_COLUMNS, |world, after| next(world, Service::Ovpn, after));

const ID: Column = Column { name: ".id", write: |w, i, out| item_id(row(w, i).server_id, out) };
const NAME: Column = Column { name: "name", write: |w, i, out| bytes(&row(w, i).name, out) };
const USER: Column = Column { name: "user", write: |w, i, out| bytes(user(w, i), out) };
const MTU: Column = Column {
    name: "mtu",
    write: |w, i, out| on_session(w, i, |s| number(s.ppp().map_or(0, |ppp| ppp.service.mtu().into()), out)),
};
const ENCODING: Column = Column { name: "encoding", write: |w, i, _| on_session(w, i, |_| true) };
const UPTIME: Column =
    Column { name: "uptime", write: |w, i, out| on_session(w, i, |s| elapsed(w, s.began_us, out)) };
const RUNNING: Column =
    Column { name: "running", write: |w, i, out| boolean(w, w.live_session_on(i).is_some(), out) };
const DYNAMIC: Column =
    Column { name: "dynamic", write: |w, i, out| boolean(w, row(w, i).is_dynamic(), out) };
const DISABLED: Column = Column { name: "disabled", write: |w, _, out| boolean(w, false, out) };

const PPPOE_COLUMNS: &[Column] = &[
    ID,
    NAME,
    USER,
    Column { name: "service", write: |_, _, _| true },
    Column { name: "remote-address", write: |w, i, out| on_session(w, i, |s| bytes(&s.caller_id, out)) },
    Column { name: "interface", write: |w, i, out| on_session(w, i, |s| bytes(s.uplink, out)) },
    MTU,
    ENCODING,
    UPTIME,
    RUNNING,
    DYNAMIC,
    DISABLED,
];

/// Without `remote-address` and `interface`: their names in the twins are not established (routeros.md §2.4).
const TWIN_COLUMNS: &[Column] = &[ID, NAME, USER, MTU, ENCODING, UPTIME, RUNNING, DYNAMIC, DISABLED];

fn row(world: &World, item: u32) -> &Interface {
    &world.interfaces[item as usize]
}

fn next(world: &World, service: Service, after: Option<u32>) -> Option<u32> {
    let mut slots = std::iter::successors(world.live_interfaces.after(after), |slot| {
        world.live_interfaces.after(Some(*slot))
    });
    slots.find(|&slot| is_listed(world, service, slot))
}

/// A dynamic row goes with its session, even where the interface lingers.
fn is_listed(world: &World, service: Service, slot: u32) -> bool {
    let interface = row(world, slot);
    interface.service() == Some(service) && (!interface.is_dynamic() || world.live_session_on(slot).is_some())
}

fn user(world: &World, item: u32) -> &[u8] {
    match (&row(world, item).kind, world.live_session_on(item)) {
        (_, Some(key)) => world.login_of(key),
        (Kind::Binding { user, .. }, None) => user,
        (Kind::DynamicPpp { .. } | Kind::Fixed { .. }, None) => b"",
    }
}

fn on_session(world: &World, item: u32, write: impl FnOnce(&Session) -> bool) -> bool {
    world.live_session_on(item).is_some_and(|key| write(&world.sessions[key.0 as usize]))
}
