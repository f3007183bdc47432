//! `/ip/hotspot/ip-binding` (routeros.md §2.8, §7 capture 31): devices that need no login, or may not log in. Those named by
//! address alone are kept, not applied.

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, no_match, truth};
use super::text::{boolean, bytes, item_id};
use crate::world::{IP_BINDINGS, Item, Listened, ShownBy, World};

pub(crate) static MENU: Menu = Menu {
    path: IP_BINDINGS,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "mac-address", write: |w, i, out| setting(w, i, "mac-address", out) },
        Column { name: "address", write: |w, i, out| setting(w, i, "address", out) },
        Column { name: "to-address", write: |w, i, out| setting(w, i, "to-address", out) },
        Column { name: "server", write: |w, i, out| setting(w, i, "server", out) },
        // Not told where it is the usual one, as captured.
        Column {
            name: "type",
            write: |w, i, out| row(w, i).get("type") != Some(b"regular") && setting(w, i, "type", out),
        },
        Column {
            name: "disabled",
            write: |w, i, out| boolean(w, row(w, i).get("disabled") == Some(b"true"), out),
        },
        Column { name: "comment", write: |w, i, out| setting(w, i, "comment", out) },
    ],
    next: |world, after| world.configured(IP_BINDINGS).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(IP_BINDINGS)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&SCHEMA),
};

static SCHEMA: Schema = Schema {
    path: IP_BINDINGS,
    // Whether two may name one device is not established.
    unique: "",
    taken: "",
    ordered: None,
    settings: &[
        Setting { name: "mac-address", initial: Initial::Unset, take: any },
        Setting { name: "address", initial: Initial::Unset, take: any },
        Setting { name: "to-address", initial: Initial::Unset, take: any },
        Setting { name: "server", initial: Initial::Unset, take: any },
        Setting { name: "type", initial: Initial::Value("regular"), take: kind },
        Setting { name: "disabled", initial: Initial::Value("false"), take: truth },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

fn kind(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let is_one = matches!(value, b"regular" | b"bypassed" | b"blocked");
    is_one.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

fn row(world: &World, item: u32) -> &Item {
    world.configured(IP_BINDINGS).item(item)
}

fn setting(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, item).get(name).is_some_and(|value| bytes(value, out))
}
