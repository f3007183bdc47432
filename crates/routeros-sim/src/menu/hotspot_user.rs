//! `/ip/hotspot/user` (routeros.md §2.8, §7 capture 24): who may log in, and until how much of what.

use super::column::{Column, Menu, reveals_nothing};
use super::hotspot_profile::profile;
use super::schema::{Initial, Schema, Setting, any, time, truth, whole_number};
use super::text::{boolean, bytes, duration, item_id, number};
use crate::world::{HOTSPOT_USERS, Item, Listened, ShownBy, World};

pub(crate) static MENU: Menu = Menu {
    path: HOTSPOT_USERS,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "server", write: |w, i, out| setting(w, i, "server", out) },
        Column { name: "name", write: |w, i, out| setting(w, i, "name", out) },
        Column { name: "password", write: |w, i, out| setting(w, i, "password", out) },
        Column { name: "mac-address", write: |w, i, out| setting(w, i, "mac-address", out) },
        Column { name: "profile", write: |w, i, out| setting(w, i, "profile", out) },
        Column { name: "limit-uptime", write: |w, i, out| setting(w, i, "limit-uptime", out) },
        Column { name: "limit-bytes-in", write: |w, i, out| setting(w, i, "limit-bytes-in", out) },
        Column { name: "limit-bytes-out", write: |w, i, out| setting(w, i, "limit-bytes-out", out) },
        Column { name: "limit-bytes-total", write: |w, i, out| setting(w, i, "limit-bytes-total", out) },
        Column { name: "uptime", write: |w, i, out| duration(w, w.hotspot_user_uptime(i), out) },
        Column { name: "bytes-in", write: |w, i, out| number(w.hotspot_user_counter(i).input, out) },
        Column { name: "bytes-out", write: |w, i, out| number(w.hotspot_user_counter(i).output, out) },
        Column { name: "dynamic", write: |w, _, out| boolean(w, false, out) },
        Column {
            name: "disabled",
            write: |w, i, out| boolean(w, row(w, i).get("disabled") == Some(b"true"), out),
        },
        Column { name: "comment", write: |w, i, out| setting(w, i, "comment", out) },
    ],
    next: |world, after| world.configured(HOTSPOT_USERS).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(HOTSPOT_USERS)),
    extra_arguments: &[],
    commands: &["reset-counters"],
    schema: Some(&SCHEMA),
};

pub(super) static SCHEMA: Schema = Schema {
    path: HOTSPOT_USERS,
    unique: "name",
    taken: "already have such name",
    ordered: None,
    settings: &[
        Setting { name: "name", initial: Initial::Required, take: any },
        Setting { name: "password", initial: Initial::Value(""), take: any },
        Setting { name: "profile", initial: Initial::Value("default"), take: profile },
        // There is one hotspot here, so it is kept and not applied.
        Setting { name: "server", initial: Initial::Unset, take: any },
        Setting { name: "mac-address", initial: Initial::Unset, take: any },
        Setting { name: "limit-uptime", initial: Initial::Unset, take: time },
        Setting { name: "limit-bytes-in", initial: Initial::Unset, take: whole_number },
        Setting { name: "limit-bytes-out", initial: Initial::Unset, take: whole_number },
        Setting { name: "limit-bytes-total", initial: Initial::Unset, take: whole_number },
        Setting { name: "disabled", initial: Initial::Value("false"), take: truth },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

fn row(world: &World, item: u32) -> &Item {
    world.configured(HOTSPOT_USERS).item(item)
}

fn setting(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, item).get(name).is_some_and(|value| bytes(value, out))
}
