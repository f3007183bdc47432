//! What the servers told over Redis.

use std::io::Write;
use std::path::Path;

use crate::events::{Told, drained};
use crate::redis_server::Redis;
use crate::server::Server;

/// Lets servers in this folder tell it.
pub(super) fn configure(folder: &Path, redis: &Redis) {
    let file = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("tikmeter.toml"));
    writeln!(file.unwrap(), "[redis]\nurl = \"{}\"", redis.url()).unwrap();
}

/// Whatever was killed when: each router's events are there in their order, some of them again, and their octets are those of
/// the totals.
pub(super) fn is_what_was_counted(server: &Server, redis: &Redis) -> String {
    drained(server);
    let told = Told::of(redis);
    told.is_what_was_counted(server);
    assert!(told.events > 40, "{} events are no load worth the name", told.events);
    format!("{} events told, {} of them again", told.events, told.repeated)
}
