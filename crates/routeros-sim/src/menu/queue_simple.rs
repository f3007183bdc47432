//! `/queue/simple` (routeros.md §2.9, §7 captures 21 and 22). Every pair is upload/download of the target. Nothing is
//! limited: queues only count.

use std::net::{IpAddr, Ipv6Addr};

use routeros_proto::{Request, value};

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, expected, no_match, truth};
use super::settings::called;
use super::text::{boolean, bytes, item_id};
use crate::world::{Item, Listened, QUEUES, ShownBy, World};

pub(crate) static MENU: Menu = Menu {
    path: QUEUES,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "name", write: |w, i, out| setting(w, i, "name", out) },
        Column { name: "target", write: |w, i, out| setting(w, i, "target", out) },
        Column { name: "parent", write: |w, i, out| setting(w, i, "parent", out) },
        Column { name: "packet-marks", write: |_, _, out| bytes("", out) },
        Column { name: "priority", write: |_, _, out| bytes("8/8", out) },
        Column { name: "queue", write: |_, _, out| bytes("default-small/default-small", out) },
        Column { name: "limit-at", write: |_, _, out| bytes("0/0", out) },
        Column { name: "max-limit", write: |w, i, out| setting(w, i, "max-limit", out) },
        Column { name: "bytes", write: counter },
        // Of another queue, which counts nothing unless total limits are set (routeros.md §7 capture 22).
        Column { name: "total-bytes", write: |_, _, out| bytes("0", out) },
        Column { name: "dynamic", write: |w, _, out| boolean(w, false, out) },
        Column { name: "invalid", write: |w, i, out| boolean(w, is_invalid(w, i), out) },
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

static SCHEMA: Schema = Schema {
    path: QUEUES,
    unique: "name",
    settings: &[
        // What a router calls a queue that nobody named is not established.
        Setting { name: "name", initial: Initial::Required, take: any },
        Setting { name: "target", initial: Initial::Required, take: targets },
        Setting { name: "parent", initial: Initial::Value("none"), take: parent },
        Setting { name: "max-limit", initial: Initial::Value("0/0"), take: rates },
        Setting { name: "disabled", initial: Initial::Value("false"), take: truth },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

/// `reset-counters`, by ids or names.
pub(super) fn reset(world: &mut World, request: &Request<'_>) -> Result<(), Complaint> {
    for item in called(world, &SCHEMA, request)? {
        world.reset_queue(item);
    }
    Ok(())
}

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

/// Interfaces and prefixes, comma-separated; a bare address is stored as a prefix, a MAC address is refused.
fn targets(world: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let of = |one| prefix(one).or_else(|| is_interface(world, one).then(|| one.to_vec()));
    let all: Option<Vec<Vec<u8>>> = value.split(|&byte| byte == b',').map(of).collect();
    all.map(|all| all.join(&b',')).ok_or_else(|| no_match(name))
}

fn prefix(value: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(value).ok()?;
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { u32::BITS } else { Ipv6Addr::BITS };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok()).filter(|bits| *bits <= most)?;
    Some(format!("{address}/{bits}").into_bytes())
}

fn is_interface(world: &World, name: &[u8]) -> bool {
    world.names.get(name).copied().flatten().is_some()
}

/// An interface it is aimed at is gone (routeros.md §2.9).
fn is_invalid(world: &World, item: u32) -> bool {
    let mut targets = row(world, item).get("target").unwrap_or_default().split(|&byte| byte == b',');
    targets.any(|one| prefix(one).is_none() && !is_interface(world, one))
}

fn parent(world: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let known =
        value == b"none" || world.configured(QUEUES).find(|queue| queue.get("name") == Some(value)).is_some();
    known.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

/// Bits per second, in digits only.
fn rates(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let halves = value.split(|&byte| byte == b'/');
    let are_two = halves.clone().count() == 2 && halves.clone().all(|half| value::unsigned(half).is_some());
    are_two.then(|| value.to_vec()).ok_or_else(|| expected(name))
}
