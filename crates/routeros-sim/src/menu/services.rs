//! `/ip/service` and `/user/active` (routeros.md §1.8, §2.11): who may talk to the router, and who does.

use std::ops::Bound;

use routeros_proto::{Request, value};

use super::answer::Complaint;
use super::column::{Column, Menu, reveals_nothing};
use super::text::{boolean, bytes, date_time, item_id, number};
use crate::world::{ApiUser, ShownBy, World};

const SERVICES: [(&str, u64); 7] = [
    ("telnet", 23),
    ("ftp", 21),
    ("www", 80),
    ("ssh", 22),
    ("api", 8728),
    ("winbox", 8291),
    ("api-ssl", 8729),
];

pub(crate) static IP_SERVICE: Menu = Menu {
    path: "/ip/service",
    columns: &[
        Column { name: ".id", write: |_, i, out| item_id(u64::from(i) + 1, out) },
        Column { name: "name", write: |_, i, out| bytes(SERVICES[i as usize].0, out) },
        Column { name: "port", write: |_, i, out| number(SERVICES[i as usize].1, out) },
        Column { name: "max-sessions", write: max_sessions },
        Column { name: "disabled", write: |w, _, out| boolean(w, false, out) },
    ],
    next: |_, after| {
        after.map_or(Some(0), |item| item.checked_add(1)).filter(|&item| (item as usize) < SERVICES.len())
    },
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: None,
    extra_arguments: &[],
    commands: &["set"],
    schema: None,
};

/// The one setting of a service that is played: how many sessions the API takes.
pub(crate) fn set(world: &mut World, request: &Request<'_>) -> Result<(), Complaint> {
    let named = request.get(b".id").or_else(|| request.get(b"numbers")).unwrap_or_default();
    let is_api = |(number, (name, _)): (u64, &(&str, u64))| {
        *name == "api" && (named == b"api" || value::item_id(named) == Some(number))
    };
    if !(1..).zip(&SERVICES).any(is_api) {
        return Err((None, "no such item".to_owned()));
    }
    let most = request.get(b"max-sessions").and_then(value::unsigned);
    match most.and_then(|most| u32::try_from(most).ok()).filter(|most| (1..=1_000).contains(most)) {
        Some(most) => world.device.max_sessions = most,
        None => return Err((Some(1), "value of max-sessions out of range (1..1000)".to_owned())),
    }
    Ok(())
}

pub(crate) static USER_ACTIVE: Menu = Menu {
    path: "/user/active",
    columns: &[
        Column { name: ".id", write: |_, i, out| item_id(i.into(), out) },
        Column { name: "when", write: |w, i, out| on_user(w, i, |user| date_time(w, user.since_us, out)) },
        Column { name: "name", write: |w, i, out| on_user(w, i, |user| bytes(&user.name, out)) },
        Column { name: "address", write: |w, i, out| on_user(w, i, |user| bytes(&user.address, out)) },
        Column { name: "via", write: |_, _, out| bytes("api", out) },
        Column { name: "radius", write: |w, _, out| boolean(w, false, out) },
    ],
    next: |world, after| {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        world.api_users.range((from, Bound::Unbounded)).next().map(|(&item, _)| item)
    },
    reveals: reveals_nothing,
    shown_by: ShownBy::Nothing,
    counts: false,
    counters: &[],
    listened: None,
    extra_arguments: &[],
    commands: &[],
    schema: None,
};

fn max_sessions(world: &World, item: u32, out: &mut Vec<u8>) -> bool {
    let sessions = if SERVICES[item as usize].0 == "api" { world.device.max_sessions } else { 20 };
    world.device.personality.shows_max_sessions() && number(sessions.into(), out)
}

fn on_user(world: &World, item: u32, write: impl FnOnce(&ApiUser) -> bool) -> bool {
    world.api_users.get(&item).is_some_and(write)
}
