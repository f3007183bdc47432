//! `/ip/hotspot/walled-garden` and its list of packets, `.../ip`: what devices reach without a login. The names of both are those of two rows that
//! were captured (terraform-routeros, `resource_ip_hotspot_walled_garden.go` and `..._ip.go`).

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, no_match, truth};
use super::text::{boolean, bytes, item_id};
use crate::world::{Item, Listened, ShownBy, WALLED_GARDEN as REQUESTS, WALLED_GARDEN_IP as PACKETS, World};

/// Requests of browsers, which the router's own proxy makes. Kept, not applied: nobody here browses.
pub(crate) static REQUESTS_MENU: Menu = Menu {
    path: REQUESTS,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, REQUESTS, i).id, out) },
        Column { name: "action", write: |w, i, out| setting(w, REQUESTS, i, "action", out) },
        Column { name: "server", write: |w, i, out| setting(w, REQUESTS, i, "server", out) },
        Column { name: "src-address", write: |w, i, out| setting(w, REQUESTS, i, "src-address", out) },
        Column { name: "method", write: |w, i, out| setting(w, REQUESTS, i, "method", out) },
        Column { name: "dst-host", write: |w, i, out| setting(w, REQUESTS, i, "dst-host", out) },
        Column { name: "dst-port", write: |w, i, out| setting(w, REQUESTS, i, "dst-port", out) },
        Column { name: "path", write: |w, i, out| setting(w, REQUESTS, i, "path", out) },
        Column { name: "hits", write: |_, _, out| bytes("0", out) },
        Column { name: "dynamic", write: |w, _, out| boolean(w, false, out) },
        Column { name: "disabled", write: |w, i, out| boolean(w, is_off(w, REQUESTS, i), out) },
        Column { name: "comment", write: |w, i, out| setting(w, REQUESTS, i, "comment", out) },
    ],
    next: |world, after| world.configured(REQUESTS).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(REQUESTS)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&REQUESTS_SCHEMA),
};

/// Packets: the first rule that matches decides; without one nothing passes.
pub(crate) static PACKETS_MENU: Menu = Menu {
    path: PACKETS,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, PACKETS, i).id, out) },
        Column { name: "action", write: |w, i, out| setting(w, PACKETS, i, "action", out) },
        Column { name: "server", write: |w, i, out| setting(w, PACKETS, i, "server", out) },
        Column { name: "protocol", write: |w, i, out| setting(w, PACKETS, i, "protocol", out) },
        Column { name: "src-address", write: |w, i, out| setting(w, PACKETS, i, "src-address", out) },
        Column {
            name: "src-address-list",
            write: |w, i, out| setting(w, PACKETS, i, "src-address-list", out),
        },
        Column { name: "dst-host", write: |w, i, out| setting(w, PACKETS, i, "dst-host", out) },
        Column { name: "dst-address", write: |w, i, out| setting(w, PACKETS, i, "dst-address", out) },
        Column {
            name: "dst-address-list",
            write: |w, i, out| setting(w, PACKETS, i, "dst-address-list", out),
        },
        Column { name: "dst-port", write: |w, i, out| setting(w, PACKETS, i, "dst-port", out) },
        Column { name: "invalid", write: |w, _, out| boolean(w, false, out) },
        Column { name: "disabled", write: |w, i, out| boolean(w, is_off(w, PACKETS, i), out) },
        Column { name: "comment", write: |w, i, out| setting(w, PACKETS, i, "comment", out) },
    ],
    next: |world, after| world.configured(PACKETS).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(PACKETS)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&PACKETS_SCHEMA),
};

static REQUESTS_SCHEMA: Schema = Schema {
    path: REQUESTS,
    unique: "",
    taken: "",
    ordered: Some(anywhere),
    settings: &[
        Setting { name: "action", initial: Initial::Value("allow"), take: of_requests },
        Setting { name: "server", initial: Initial::Unset, take: any },
        Setting { name: "src-address", initial: Initial::Unset, take: any },
        Setting { name: "method", initial: Initial::Unset, take: any },
        Setting { name: "dst-host", initial: Initial::Unset, take: any },
        Setting { name: "dst-port", initial: Initial::Unset, take: any },
        Setting { name: "path", initial: Initial::Unset, take: any },
        Setting { name: "disabled", initial: Initial::Value("false"), take: truth },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

static PACKETS_SCHEMA: Schema = Schema {
    path: PACKETS,
    unique: "",
    taken: "",
    ordered: Some(anywhere),
    settings: &[
        Setting { name: "action", initial: Initial::Value("accept"), take: of_packets },
        Setting { name: "server", initial: Initial::Unset, take: any },
        Setting { name: "protocol", initial: Initial::Unset, take: any },
        Setting { name: "src-address", initial: Initial::Unset, take: any },
        Setting { name: "src-address-list", initial: Initial::Unset, take: any },
        Setting { name: "dst-host", initial: Initial::Unset, take: any },
        Setting { name: "dst-address", initial: Initial::Unset, take: any },
        Setting { name: "dst-address-list", initial: Initial::Unset, take: any },
        Setting { name: "dst-port", initial: Initial::Unset, take: any },
        Setting { name: "disabled", initial: Initial::Value("false"), take: truth },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

fn anywhere(_: &World, _: &Item) -> Result<(), Complaint> {
    Ok(())
}

fn of_requests(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let is_one = matches!(value, b"allow" | b"deny");
    is_one.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

fn of_packets(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let is_one = matches!(value, b"accept" | b"drop" | b"reject");
    is_one.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

fn row<'w>(world: &'w World, path: &'static str, item: u32) -> &'w Item {
    world.configured(path).item(item)
}

fn is_off(world: &World, path: &'static str, item: u32) -> bool {
    row(world, path, item).get("disabled") == Some(b"true")
}

fn setting(world: &World, path: &'static str, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, path, item).get(name).is_some_and(|value| bytes(value, out))
}
