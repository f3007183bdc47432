//! `/ppp/secret` (routeros.md §2.7, §7 capture 26): local PPP users. A secret does not touch a live session (whether its new name
//! does is a switch); subscribers who have none dial all the same, as if RADIUS knew them.

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::schema::{Initial, Schema, Setting, any, no_match, truth, whole_number};
use super::text::{boolean, bytes, item_id};
use crate::world::{Item, Listened, PPP_PROFILES, SECRETS, ShownBy, World};

pub(crate) static MENU: Menu = Menu {
    path: SECRETS,
    columns: &[
        Column { name: ".id", write: |w, i, out| item_id(row(w, i).id, out) },
        Column { name: "name", write: |w, i, out| setting(w, i, "name", out) },
        Column { name: "service", write: |w, i, out| setting(w, i, "service", out) },
        Column { name: "caller-id", write: |w, i, out| setting(w, i, "caller-id", out) },
        Column { name: "password", write: |w, i, out| setting(w, i, "password", out) },
        Column { name: "profile", write: |w, i, out| setting(w, i, "profile", out) },
        Column { name: "local-address", write: |w, i, out| setting(w, i, "local-address", out) },
        Column { name: "remote-address", write: |w, i, out| setting(w, i, "remote-address", out) },
        Column { name: "routes", write: |w, i, out| setting(w, i, "routes", out) },
        Column { name: "ipv6-routes", write: |w, i, out| setting(w, i, "ipv6-routes", out) },
        Column { name: "limit-bytes-in", write: |w, i, out| setting(w, i, "limit-bytes-in", out) },
        Column { name: "limit-bytes-out", write: |w, i, out| setting(w, i, "limit-bytes-out", out) },
        Column { name: "disabled", write: |w, i, out| boolean(w, is_disabled(row(w, i)), out) },
        Column { name: "comment", write: |w, i, out| setting(w, i, "comment", out) },
    ],
    next: |world, after| world.configured(SECRETS).next(after),
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: Some(Listened::Configured(SECRETS)),
    extra_arguments: &[],
    commands: &[],
    schema: Some(&SCHEMA),
};

static SCHEMA: Schema = Schema {
    path: SECRETS,
    unique: "name",
    taken: "already have such name",
    ordered: None,
    settings: &[
        Setting { name: "name", initial: Initial::Required, take: any },
        Setting { name: "service", initial: Initial::Value("any"), take: service },
        Setting { name: "caller-id", initial: Initial::Value(""), take: any },
        Setting { name: "password", initial: Initial::Value(""), take: any },
        Setting { name: "profile", initial: Initial::Value("default"), take: profile },
        Setting { name: "local-address", initial: Initial::Unset, take: any },
        Setting { name: "remote-address", initial: Initial::Unset, take: any },
        Setting { name: "routes", initial: Initial::Value(""), take: any },
        Setting { name: "ipv6-routes", initial: Initial::Value(""), take: any },
        Setting { name: "limit-bytes-in", initial: Initial::Value("0"), take: whole_number },
        Setting { name: "limit-bytes-out", initial: Initial::Value("0"), take: whole_number },
        Setting { name: "disabled", initial: Initial::Value("false"), take: truth },
        Setting { name: "comment", initial: Initial::Unset, take: any },
    ],
};

const SERVICES: [&[u8]; 7] = [b"any", b"async", b"pptp", b"pppoe", b"l2tp", b"ovpn", b"sstp"];

fn service(_: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    SERVICES.contains(&value).then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

fn profile(world: &World, name: &'static str, value: &[u8]) -> Result<Vec<u8>, Complaint> {
    let known = world.configured(PPP_PROFILES).find(|profile| profile.get("name") == Some(value)).is_some();
    known.then(|| value.to_vec()).ok_or_else(|| no_match(name))
}

fn row(world: &World, item: u32) -> &Item {
    world.configured(SECRETS).item(item)
}

fn is_disabled(item: &Item) -> bool {
    item.get("disabled") == Some(b"true")
}

fn setting(world: &World, item: u32, name: &str, out: &mut Vec<u8>) -> bool {
    row(world, item).get(name).is_some_and(|value| bytes(value, out))
}
