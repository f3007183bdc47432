//! What happened, of all kinds: sessions, routers' states, commands and the log.

pub(super) mod list;
mod place;
mod shape;
mod sources;
