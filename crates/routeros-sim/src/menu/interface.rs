//! `/interface` (routeros.md §2.5): counters seen from the router, in the singular, without `stats`.

use super::column::{Column, Menu};
use super::text::{boolean, bytes, date_time, item_id, number};
use crate::world::{
    FixedKind, Interface, InterfaceRowKind as Kind, L2tpType, Listened, Service, SessionKey, ShownBy, World,
};

/// An average packet, so that packet counters look like those of mixed traffic.
const OCTETS_PER_PACKET: u64 = 812;

pub(crate) static MENU: Menu = Menu {
    path: "/interface",
    columns: COLUMNS,
    next,
    reveals,
    shown_by: ShownBy::Counters,
    counts: true,
    counters: &["rx-byte", "tx-byte"],
    listened: Some(Listened::Interfaces),
    extra_arguments: &["stats", "stats-detail"],
    commands: &["reset-counters", "monitor-traffic"],
    schema: None,
};

const COLUMNS: &[Column] = &[
    Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
    Column { name: "name", write: |w, i, out| bytes(&row(w, i).name, out) },
    Column { name: "default-name", write: |w, i, out| is_ether(w, i) && bytes(&row(w, i).name, out) },
    Column { name: "type", write: |w, i, out| bytes(type_name(w, i), out) },
    Column { name: "mtu", write: |w, i, out| number(mtu(w, i), out) },
    Column { name: "actual-mtu", write: |w, i, out| number(mtu(w, i), out) },
    Column { name: "last-link-down-time", write: |w, i, out| link_time(w, row(w, i).link_down_us, out) },
    Column { name: "last-link-up-time", write: |w, i, out| link_time(w, row(w, i).link_up_us, out) },
    Column { name: "link-downs", write: |w, i, out| number(row(w, i).link_downs.into(), out) },
    Column { name: "rx-byte", write: |w, i, out| number(w.counter(i).input, out) },
    Column { name: "tx-byte", write: |w, i, out| number(w.counter(i).output, out) },
    Column { name: "rx-packet", write: |w, i, out| number(w.counter(i).input / OCTETS_PER_PACKET, out) },
    Column { name: "tx-packet", write: |w, i, out| number(w.counter(i).output / OCTETS_PER_PACKET, out) },
    Column { name: "rx-drop", write: |_, _, out| number(0, out) },
    Column { name: "tx-drop", write: |_, _, out| number(0, out) },
    Column { name: "tx-queue-drop", write: |_, _, out| number(0, out) },
    Column { name: "rx-error", write: |_, _, out| number(0, out) },
    Column { name: "tx-error", write: |_, _, out| number(0, out) },
    Column { name: "fp-rx-byte", write: |w, i, out| number(w.counter(i).input / 2, out) },
    Column { name: "fp-tx-byte", write: |w, i, out| number(w.counter(i).output / 2, out) },
    Column { name: "dynamic", write: |w, i, out| boolean(w, row(w, i).is_dynamic(), out) },
    Column { name: "running", write: |w, i, out| boolean(w, is_running(w, i), out) },
    Column { name: "disabled", write: |w, _, out| boolean(w, false, out) },
];

fn row(world: &World, item: u32) -> &Interface {
    &world.interfaces[item as usize]
}

fn next(world: &World, after: Option<u32>) -> Option<u32> {
    world.live_interfaces.after(after)
}

fn reveals(world: &World, item: u32) -> Option<SessionKey> {
    row(world, item).session
}

fn type_name(world: &World, item: u32) -> &'static str {
    match (row(world, item).service(), world.device.switches.l2tp_type) {
        (Some(Service::L2tp), L2tpType::Unknown) => "ppp-in",
        _ => row(world, item).type_name(),
    }
}

fn is_ether(world: &World, item: u32) -> bool {
    matches!(row(world, item).kind, Kind::Fixed { kind: FixedKind::Ether, .. })
}

fn is_running(world: &World, item: u32) -> bool {
    row(world, item).service().is_none() || world.live_session_on(item).is_some()
}

fn mtu(world: &World, item: u32) -> u64 {
    row(world, item).service().map_or(1500, |service| service.mtu().into())
}

fn link_time(world: &World, at_us: Option<u64>, out: &mut Vec<u8>) -> bool {
    at_us.is_some_and(|at_us| date_time(world, at_us, out))
}
