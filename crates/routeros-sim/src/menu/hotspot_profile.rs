//! `/ip/hotspot/user/profile` (routeros.md §2.8): the terms on which users log in. Timeouts of the idle and of those out of sight
//! are kept, not applied.

use routeros_proto::value;

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, expected, limit, no_match, time, truth};
use super::text::{boolean, bytes, item_id};
use crate::world::{HOTSPOT_PROFILES, Item, Listened, ShownBy, World};

pub(crate) static MENU: Menu = Menu {
    path: HOTSPOT_PROFILES,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "name", write: |w, i, out| setting(w, i, "name", out) },
        Column { name: "session-timeout", write: |w, i, out| setting(w, i, "session-timeout", out) },
        Column { name: "idle-timeout", write: |w, i, out| setting(w, i, "idle-timeout", out) },
        Column { name: "keepalive-timeout", write: |w, i, out| setting(w, i, "keepalive-timeout", out) },
        Column { name: "shared-users", write: |w, i, out| setting(w, i, "shared-users", out) },
        Column { name: "rate-limit", write: |w, i, out| setting(w, i, "rate-limit", out) },
        Column { name: "add-mac-cookie", write: |w, i, out| is(w, i, "add-mac-cookie", out) },
        Column { name: "mac-cookie-timeout", write: |w, i, out| setting(w, i, "mac-cookie-timeout", out) },
        Column { name: "default", write: |w, i, out| is(w, i, "default", out) },
    ],
    next: |world, after| world.configured(HOTSPOT_PROFILES).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(HOTSPOT_PROFILES)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&SCHEMA),
};

static SCHEMA: Schema = Schema {
    path: HOTSPOT_PROFILES,
    unique: "name",
    taken: "already have such name",
    ordered: None,
    settings: &[
        Setting { name: "name", initial: Initial::Required, take: any },
        Setting { name: "session-timeout", initial: Initial::Unset, take: time },
        Setting { name: "idle-timeout", initial: Initial::Unset, take: time },
        Setting { name: "keepalive-timeout", initial: Initial::Unset, take: time },
        Setting { name: "shared-users", initial: Initial::Value("1"), take: users },
        Setting { name: "rate-limit", initial: Initial::Unset, take: limit },
        Setting { name: "add-mac-cookie", initial: Initial::Unset, take: truth },
        Setting { name: "mac-cookie-timeout", initial: Initial::Unset, take: time },
    ],
};

/// One of the hotspot's users' profiles.
pub(super) fn profile(world: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let is_it = |profile: &Item| profile.get("name") == Some(value);
    let known = world.configured(HOTSPOT_PROFILES).find(is_it).is_some();
    known.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

/// How many devices may share a user.
fn users(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let is_one = value == b"unlimited" || value::unsigned(value).is_some_and(|users| users > 0);
    is_one.then(|| value.to_vec()).ok_or_else(|| expected(name))
}

fn row(world: &World, item: u32) -> &Item {
    world.configured(HOTSPOT_PROFILES).item(item)
}

fn setting(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, item).get(name).is_some_and(|value| bytes(value, out))
}

fn is(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    boolean(world, row(world, item).get(name) == Some(b"true"), out)
}
