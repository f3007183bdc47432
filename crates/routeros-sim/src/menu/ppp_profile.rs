//! `/ppp/profile` (routeros.md §2.7, §7 capture 27): of what it sets, only the rate limit and the place of its queue do something
//! here, and both to sessions that begin later.

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, limit, no_match};
use super::text::{boolean, bytes, item_id};
use crate::world::{Item, Listened, PPP_PROFILES, QUEUES, ShownBy, World};

pub(crate) static MENU: Menu = Menu {
    path: PPP_PROFILES,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "name", write: |w, i, out| setting(w, i, "name", out) },
        Column { name: "local-address", write: |w, i, out| setting(w, i, "local-address", out) },
        Column { name: "remote-address", write: |w, i, out| setting(w, i, "remote-address", out) },
        Column { name: "rate-limit", write: |w, i, out| setting(w, i, "rate-limit", out) },
        Column { name: "insert-queue-before", write: |w, i, out| setting(w, i, "insert-queue-before", out) },
        Column {
            name: "default",
            write: |w, i, out| boolean(w, row(w, i).get("default") == Some(b"true"), out),
        },
        Column { name: "comment", write: |w, i, out| setting(w, i, "comment", out) },
    ],
    next: |world, after| world.configured(PPP_PROFILES).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(PPP_PROFILES)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&SCHEMA),
};

static SCHEMA: Schema = Schema {
    path: PPP_PROFILES,
    unique: "name",
    taken: "already have such name",
    ordered: None,
    settings: &[
        Setting { name: "name", initial: Initial::Required, take: any },
        Setting { name: "local-address", initial: Initial::Unset, take: any },
        Setting { name: "remote-address", initial: Initial::Unset, take: any },
        Setting { name: "rate-limit", initial: Initial::Unset, take: limit },
        Setting { name: "insert-queue-before", initial: Initial::Unset, take: place },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

fn place(world: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let is_queue = || world.configured(QUEUES).find(|queue| queue.get("name") == Some(value)).is_some();
    let is_place = matches!(value, b"first" | b"bottom") || is_queue();
    is_place.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

fn row(world: &World, item: u32) -> &Item {
    world.configured(PPP_PROFILES).item(item)
}

fn setting(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, item).get(name).is_some_and(|value| bytes(value, out))
}
