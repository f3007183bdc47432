//! `/queue/simple` (routeros.md §2.9, §7 captures 21 and 22). Every pair is upload/download of the target.

use routeros_proto::value;

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, expected, no_match, truth};
use super::text::{boolean, bytes, item_id};
use crate::world::{Item, Listened, Prefix, QUEUES, ShownBy, StaticBeforeDynamic, World};

pub(crate) static MENU: Menu = Menu {
    path: QUEUES,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "name", write: |w, i, out| setting(w, i, "name", out) },
        Column { name: "target", write: |w, i, out| setting(w, i, "target", out) },
        Column { name: "parent", write: |w, i, out| setting(w, i, "parent", out) },
        Column { name: "dst", write: |w, i, out| setting(w, i, "dst", out) },
        Column {
            name: "packet-marks",
            write: |w, i, out| bytes(row(w, i).get("packet-marks").unwrap_or_default(), out),
        },
        Column { name: "time", write: |w, i, out| setting(w, i, "time", out) },
        Column { name: "priority", write: |_, _, out| bytes("8/8", out) },
        Column { name: "queue", write: |_, _, out| bytes("default-small/default-small", out) },
        Column { name: "limit-at", write: |_, _, out| bytes("0/0", out) },
        Column { name: "max-limit", write: |w, i, out| setting(w, i, "max-limit", out) },
        Column { name: "bytes", write: counter },
        Column { name: "rate", write: rate },
        // Of another queue, which counts nothing unless total limits are set (routeros.md §7 capture 22).
        Column { name: "total-bytes", write: |_, _, out| bytes("0", out) },
        Column { name: "dynamic", write: |w, i, out| boolean(w, row(w, i).is_dynamic(), out) },
        Column { name: "invalid", write: |w, i, out| boolean(w, w.queue_is_invalid(i), out) },
        Column {
            name: "disabled",
            write: |w, i, out| boolean(w, row(w, i).get("disabled") == Some(b"true"), out),
        },
        Column { name: "comment", write: |w, i, out| setting(w, i, "comment", out) },
    ],
    next: |world, after| world.configured(QUEUES).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(QUEUES)),
    extra_arguments: &["stats"],
    commands: &["reset-counters"],
    schema: Some(&SCHEMA),
};

/// Words of ours: that routers refuse it, and how, is not established (U14).
const BEFORE_DYNAMIC: &str = "failure: can not place before dynamic";

static SCHEMA: Schema = Schema {
    path: QUEUES,
    unique: "name",
    taken: "failure: already have such name",
    ordered: Some(may_stand_before),
    settings: &[
        // What a router calls a queue that nobody named is not established.
        Setting { name: "name", initial: Initial::Required, take: any },
        Setting { name: "target", initial: Initial::Required, take: targets },
        // What these look like on a router that has them set is not established; they are kept as they are given.
        Setting { name: "dst", initial: Initial::Unset, take: any },
        Setting { name: "packet-marks", initial: Initial::Unset, take: any },
        Setting { name: "time", initial: Initial::Unset, take: any },
        Setting { name: "parent", initial: Initial::Value("none"), take: parent },
        Setting { name: "max-limit", initial: Initial::Value("0/0"), take: rates },
        Setting { name: "disabled", initial: Initial::Value("false"), take: truth },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

fn row(world: &World, item: u32) -> &Item {
    world.configured(QUEUES).item(item)
}

fn setting(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, item).get(name).is_some_and(|value| bytes(value, out))
}

fn counter(world: &World, item: u32, out: &mut Vec<u8>) -> bool {
    let octets = world.queue_counter(item);
    bytes(format!("{}/{}", octets.input, octets.output), out)
}

fn rate(world: &World, item: u32, out: &mut Vec<u8>) -> bool {
    let (up_bps, down_bps) = world.queue_rates(item);
    bytes(format!("{up_bps}/{down_bps}"), out)
}

/// Interfaces and prefixes, comma-separated; a bare address is stored as a prefix, a MAC address is refused.
fn targets(world: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let prefix = |one| Prefix::parse(one).map(|prefix| prefix.to_string().into_bytes());
    let interface = |one: &[u8]| world.interface_called(one).map(|_| one.to_vec());
    let of = |one| prefix(one).or_else(|| interface(one));
    let all: Option<Vec<Vec<u8>>> = value.split(|&byte| byte == b',').map(of).collect();
    all.map(|all| all.join(&b',')).ok_or_else(|| no_match(name))
}

fn parent(world: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let known =
        value == b"none" || world.configured(QUEUES).find(|queue| queue.get("name") == Some(value)).is_some();
    known.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

/// Bits per second; `512k/1M` is kept as `512000/1000000` (routeros.md §1.10).
fn rates(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let read = |(up, down)| Some((value::rate_bps(up)?, value::rate_bps(down)?));
    let (up_bps, down_bps) = value::pair(value).and_then(read).ok_or_else(|| expected(name))?;
    Ok(format!("{up_bps}/{down_bps}").into_bytes())
}

fn may_stand_before(world: &World, queue: &Item) -> Result<(), Complaint> {
    let refuses = world.device.switches.static_before_dynamic == StaticBeforeDynamic::Refused;
    if refuses && queue.is_dynamic() { Err((None, BEFORE_DYNAMIC.to_owned())) } else { Ok(()) }
}
