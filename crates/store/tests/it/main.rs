//! Behaviour of the store, told once for every database ([`behaviour`]), and what is special to SQLite.

#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]

mod behaviour;
mod every_store;
mod rounds;
mod sqlite_damage;
mod sqlite_file;
mod sqlite_stop;
