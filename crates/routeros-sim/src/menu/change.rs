//! Commands that change something.

use routeros_proto::Request;

use super::answer::Complaint;
use super::catalog::Verb;
use super::column::Menu;
use super::hotspot_login;
use super::schema::Schema;
use super::settings::{self, called, named};
use super::{services, system};
use crate::world::{HOTSPOT_USERS, World};

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
        (Verb::Set, None) if menu.path == services::IP_SERVICE.path => services::set(world, request),
        (Verb::Set, None) if menu.path == system::CLOCK.path => system::set_clock(world, request),
        (Verb::Remove, Some(schema)) => settings::remove(world, schema, request),
        (Verb::Remove, None) if menu.path == COOKIES => plainly(world.remove_cookies(named(request))),
        (Verb::Remove, None) => plainly(world.kick(menu.path, named(request))),
        (Verb::Login, _) => hotspot_login::log_in(world, request),
        (Verb::ResetCounters, Some(schema)) => reset(world, schema, request),
        (Verb::ResetCounters, None) => plainly(world.reset_by_id_or_name(named(request))),
        (Verb::Add | Verb::Set, None) | (Verb::Print | Verb::Listen | Verb::MonitorTraffic, _) => {
            plainly(Err("no such command"))
        }
    };
    unit.map(|()| None)
}

/// `reset-counters` of configured items that have counters, by ids or names.
fn reset(world: &mut World, schema: &Schema, request: &Request<'_>) -> Result<(), Complaint> {
    let of = if schema.path == HOTSPOT_USERS { World::reset_user } else { World::reset_queue };
    called(world, schema, request)?.into_iter().for_each(|item| of(world, item));
    Ok(())
}

fn plainly(done: Result<(), &'static str>) -> Result<(), Complaint> {
    done.map_err(|message| (None, message.to_owned()))
}
