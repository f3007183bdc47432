//! `/user` and `/user/group` (routeros.md §1.8, §7 captures 43 and 44): who may log in, and what their groups may do.

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, expected, no_match, truth};
use super::text::{boolean, bytes, item_id};
use crate::world::{Item, Listened, Policies, Prefix, ShownBy, USER_GROUPS, USERS, World};

pub(crate) static USERS_MENU: Menu = Menu {
    path: USERS,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(user(w, i).id, out) },
        Column { name: "name", write: |w, i, out| of_user(w, i, "name", out) },
        Column { name: "group", write: |w, i, out| of_user(w, i, "group", out) },
        Column { name: "address", write: |w, i, out| of_user(w, i, "address", out) },
        Column { name: "expired", write: |w, _, out| boolean(w, false, out) },
        Column {
            name: "disabled",
            write: |w, i, out| boolean(w, user(w, i).get("disabled") == Some(b"true"), out),
        },
        Column { name: "comment", write: |w, i, out| of_user(w, i, "comment", out) },
    ],
    next: |world, after| world.configured(USERS).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(USERS)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&USERS_SCHEMA),
};

static USERS_SCHEMA: Schema = Schema {
    path: USERS,
    unique: "name",
    taken: "already have such name",
    ordered: None,
    settings: &[
        Setting { name: "name", initial: Initial::Required, take: any },
        Setting { name: "group", initial: Initial::Required, take: group },
        // No print shows it.
        Setting { name: "password", initial: Initial::Value(""), take: any },
        Setting { name: "address", initial: Initial::Value(""), take: address },
        Setting { name: "disabled", initial: Initial::Value("false"), take: truth },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

pub(crate) static GROUPS_MENU: Menu = Menu {
    path: USER_GROUPS,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, USER_GROUPS, i).id, out) },
        Column { name: "name", write: |w, i, out| of_group(w, i, "name", out) },
        Column { name: "policy", write: |w, i, out| of_group(w, i, "policy", out) },
        Column { name: "skin", write: |w, i, out| of_group(w, i, "skin", out) },
        Column { name: "comment", write: |w, i, out| of_group(w, i, "comment", out) },
    ],
    next: |world, after| world.configured(USER_GROUPS).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(USER_GROUPS)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&GROUPS_SCHEMA),
};

static GROUPS_SCHEMA: Schema = Schema {
    path: USER_GROUPS,
    unique: "name",
    taken: "already have such name",
    ordered: None,
    settings: &[
        Setting { name: "name", initial: Initial::Required, take: any },
        Setting { name: "policy", initial: Initial::Value(""), take: policies },
        Setting { name: "skin", initial: Initial::Value("default"), take: any },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

fn group(world: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let known = world.configured(USER_GROUPS).find(|group| group.get("name") == Some(value)).is_some();
    known.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

fn address(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let is_one = value.is_empty() || Prefix::parse(value).is_some();
    is_one.then(|| value.to_vec()).ok_or_else(|| expected(name))
}

/// What is named is granted, all else is not: that `set` replaces the whole list is inferred from how it is written back.
fn policies(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    Policies::parse(value).map(|policies| policies.words().into_bytes()).ok_or_else(|| no_match(name))
}

fn user(world: &World, item: u32) -> &Item {
    row(world, USERS, item)
}

fn row<'a>(world: &'a World, path: &'static str, item: u32) -> &'a Item {
    world.configured(path).item(item)
}

fn of_user(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    user(world, item).get(name).is_some_and(|value| bytes(value, out))
}

fn of_group(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, USER_GROUPS, item).get(name).is_some_and(|value| bytes(value, out))
}
