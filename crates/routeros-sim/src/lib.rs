//! Simulated RouterOS devices that speak the real binary API on loopback, with faults and their own truth.
//!
//! It behaves as `docs/reference/routeros.md` says; points that are not established about real routers are
//! [`world::Switches`]. Three layers: [`world`] is the pure model of one router with a virtual clock, the menus
//! turn it into rows, [`server`] puts it on a socket. [`faults`] break what the server says.

pub mod faults;
mod menu;
pub mod names;
pub mod server;
pub mod world;
