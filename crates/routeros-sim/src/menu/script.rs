//! `/system/script`: what other people keep on a router. Kept, never run. The names are those of a row that was captured
//! (terraform-routeros, `resource_system_script.go`).

use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, truth};
use super::text::{boolean, bytes, item_id};
use crate::world::{Item, Listened, SCRIPTS, ShownBy, World};

pub(crate) static MENU: Menu = Menu {
    path: SCRIPTS,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "name", write: |w, i, out| setting(w, i, "name", out) },
        Column { name: "policy", write: |w, i, out| setting(w, i, "policy", out) },
        Column {
            name: "dont-require-permissions",
            write: |w, i, out| boolean(w, row(w, i).get("dont-require-permissions") == Some(b"true"), out),
        },
        Column { name: "run-count", write: |_, _, out| bytes("0", out) },
        Column { name: "source", write: |w, i, out| setting(w, i, "source", out) },
        Column { name: "invalid", write: |w, _, out| boolean(w, false, out) },
        Column { name: "comment", write: |w, i, out| setting(w, i, "comment", out) },
    ],
    next: |world, after| world.configured(SCRIPTS).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(SCRIPTS)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&SCHEMA),
};

static SCHEMA: Schema = Schema {
    path: SCRIPTS,
    unique: "",
    taken: "",
    ordered: None,
    settings: &[
        Setting { name: "name", initial: Initial::Required, take: any },
        Setting { name: "policy", initial: Initial::Unset, take: any },
        Setting { name: "dont-require-permissions", initial: Initial::Value("false"), take: truth },
        Setting { name: "source", initial: Initial::Unset, take: any },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

fn row(world: &World, item: u32) -> &Item {
    world.configured(SCRIPTS).item(item)
}

fn setting(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, item).get(name).is_some_and(|value| bytes(value, out))
}
