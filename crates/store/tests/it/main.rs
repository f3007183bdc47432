//! Behaviour of the store, told once for every database ([`behaviour`]), and what is special to SQLite.

mod behaviour;
mod rounds;
mod sqlite_file;
