//! What RouterOS calls things: from rows of its menus to accounting's words.
//!
//! Pure: commands in, rows out. One file per menu, each with the attributes it asks for and the one place that
//! reads them. Values stay raw bytes. A row that lacks what it is read for is *unknown*: it is left out and counted,
//! never filled with 0 or a guess (routeros.md §8, traps 1, 3 and 8). Nothing above this module knows rx, tx or a
//! menu's path.

mod certainty;
pub mod chosen;
pub mod counters;
pub mod device;
pub mod facing_name;
pub mod fasttrack;
pub mod hold;
pub mod hotspot;
pub mod hotspot_host;
pub mod hotspot_user;
pub mod identity;
pub mod monitor_traffic;
pub mod owners;
pub mod pairing;
pub mod presence;
pub mod queue;
pub mod queue_target;
pub mod resource;
pub mod servers;
pub mod sessions;
pub mod simple_queue;
pub mod text;
pub mod user_group;
