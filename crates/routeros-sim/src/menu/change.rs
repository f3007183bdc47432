//! Commands that change something.

use routeros_proto::Request;

use super::answer::Complaint;
use super::catalog::Verb;
use super::column::Menu;
use super::queue_simple;
use super::settings::{self, named};
use crate::world::World;

/// Its rows have counters, and are not configured by clients here.
const HOTSPOT_USERS: &str = "/ip/hotspot/user";
const COOKIES: &str = "/ip/hotspot/cookie";

/// Does it and gives what `!done` carries in `=ret=`.
pub(crate) fn change(
    world: &mut World,
    menu: &Menu,
    verb: Verb,
    request: &Request<'_>,
) -> Result<Option<Vec<u8>>, Complaint> {
    let unit = match (verb, menu.schema) {
        (Verb::Add, Some(schema)) => return settings::add(world, schema, request).map(Some),
        (Verb::Set, Some(schema)) => settings::set(world, schema, request),
        (Verb::Remove, Some(schema)) => settings::remove(world, schema, request),
        (Verb::Remove, None) if menu.path == HOTSPOT_USERS => {
            plainly(world.change_hotspot_users(named(request), World::remove_hotspot_user))
        }
        (Verb::ResetCounters, None) if menu.path == HOTSPOT_USERS => {
            plainly(world.change_hotspot_users(named(request), World::reset_hotspot_user))
        }
        (Verb::Remove, None) if menu.path == COOKIES => plainly(world.remove_cookies(named(request))),
        (Verb::Remove, None) => plainly(world.kick(menu.path, named(request))),
        (Verb::ResetCounters, Some(_)) => queue_simple::reset(world, request),
        (Verb::ResetCounters, None) => plainly(world.reset_by_id_or_name(named(request))),
        (Verb::Add | Verb::Set, None) | (Verb::Print | Verb::Listen | Verb::MonitorTraffic, _) => {
            plainly(Err("no such command"))
        }
    };
    unit.map(|()| None)
}

fn plainly(done: Result<(), &'static str>) -> Result<(), Complaint> {
    done.map_err(|message| (None, message.to_owned()))
}
