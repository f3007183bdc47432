//! Simulated RouterOS devices that speak the real binary API on loopback, with faults and their own truth.
//!
//! It behaves as `docs/reference/routeros.md` says; points that are not established about real routers are
//! [`world::Switches`]. Three layers: [`world`] is the pure model of one router with a virtual clock, the menus
//! turn it into rows, [`server`] puts it on a socket. [`faults`] break what the server says; an [`isp`] is a whole
//! provider that lives by itself.
//!
//! ```
//! # #[tokio::main] async fn main() -> std::io::Result<()> {
//! use std::time::Duration;
//! use routeros_sim::faults::Fault;
//! use routeros_sim::server::{Options, SimRouter};
//! use routeros_sim::world::{Device, Octets, Personality, Service};
//!
//! let router = SimRouter::start(Device::new("tower-1", Personality::V7_20, 1), Options::default()).await?;
//! let mark = router.with_world(|world| {
//!     world.connect("ana", Service::Pppoe, "D0:D0:4B:36:7C:C1", 8_000_000, 80_000_000);
//!     world.mark()
//! });
//! router.faults().once_on("/interface/print", Fault::trap_after(3));
//! router.at_print("/ppp/active/print", 2, |world| world.reboot());
//! // ... a client polls router.addr() while the script moves time ...
//! router.with_world(|world| world.advance(Duration::from_secs(10)));
//! let truth = router.with_world(|world| world.truth_since(&mark));
//! assert_eq!(truth.login("ana").total(), Octets::new(10_000_000, 100_000_000));
//! router.stop().await;
//! # Ok(()) }
//! ```

pub mod faults;
pub mod isp;
mod menu;
pub mod names;
pub mod server;
pub mod world;
