//! `/ip/address` (routeros.md §7 captures 8 and 9): addresses that clients gave to interfaces.

use std::net::Ipv4Addr;

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, expected, no_match, truth};
use super::text::{boolean, bytes, ipv4, item_id};
use crate::world::{Item, Listened, ShownBy, World};

const PATH: &str = "/ip/address";

pub(crate) static MENU: Menu = Menu {
    path: PATH,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "address", write: |w, i, out| setting(w, i, "address", out) },
        Column { name: "network", write: network },
        Column { name: "interface", write: |w, i, out| setting(w, i, "interface", out) },
        Column { name: "actual-interface", write: |w, i, out| setting(w, i, "interface", out) },
        Column { name: "invalid", write: |w, _, out| boolean(w, false, out) },
        Column { name: "dynamic", write: |w, _, out| boolean(w, false, out) },
        Column {
            name: "disabled",
            write: |w, i, out| boolean(w, row(w, i).get("disabled") == Some(b"true"), out),
        },
        Column { name: "comment", write: |w, i, out| setting(w, i, "comment", out) },
    ],
    next: |world, after| world.configured(PATH).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(PATH)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&SCHEMA),
};

static SCHEMA: Schema = Schema {
    path: PATH,
    // Whether another interface may have the same address is not established.
    unique: "address",
    taken: "already have such address",
    ordered: None,
    settings: &[
        Setting { name: "address", initial: Initial::Required, take: address },
        Setting { name: "interface", initial: Initial::Required, take: interface },
        Setting { name: "disabled", initial: Initial::Value("false"), take: truth },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

fn row(world: &World, item: u32) -> &Item {
    world.configured(PATH).item(item)
}

fn setting(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, item).get(name).is_some_and(|value| bytes(value, out))
}

/// A bare address is one of 32 bits.
fn address(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let (address, bits) = parsed(value).ok_or_else(|| expected(name))?;
    Ok(format!("{address}/{bits}").into_bytes())
}

fn interface(world: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let known = world.names.get(value).copied().flatten().is_some();
    known.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

fn network(world: &World, item: u32, out: &mut Vec<u8>) -> bool {
    row(world, item).get("address").and_then(parsed).is_some_and(|(address, bits)| {
        let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
        ipv4(address.to_bits() & mask, out)
    })
}

fn parsed(value: &[u8]) -> Option<(Ipv4Addr, u32)> {
    let text = std::str::from_utf8(value).ok()?;
    let (address, bits) = text.split_once('/').unwrap_or((text, "32"));
    let bits = bits.parse().ok().filter(|&bits| bits <= 32)?;
    Some((address.parse().ok()?, bits))
}
