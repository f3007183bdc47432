//! Simulated RouterOS devices that speak the real binary API on loopback, with faults and their own truth.
//!
//! It behaves as `docs/reference/routeros.md` says; points that are not established about real routers are
//! [`world::Switches`].

pub mod names;
pub mod world;
