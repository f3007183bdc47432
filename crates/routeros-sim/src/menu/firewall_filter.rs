//! `/ip/firewall/filter`: only as much of a rule as shows whether traffic is FastTracked (routeros.md §2.8). Such a rule
//! sends traffic past the queues; others are kept, not applied.

use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, truth};
use super::text::{boolean, bytes, item_id};
use crate::world::{FILTER_RULES as PATH, Item, Listened, ShownBy, World};

pub(crate) static MENU: Menu = Menu {
    path: PATH,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "chain", write: |w, i, out| setting(w, i, "chain", out) },
        Column { name: "action", write: |w, i, out| setting(w, i, "action", out) },
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
    // No two rules need to differ.
    unique: "",
    taken: "",
    ordered: None,
    settings: &[
        Setting { name: "chain", initial: Initial::Required, take: any },
        Setting { name: "action", initial: Initial::Value("accept"), take: any },
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
