//! Exact accounting of subscriber octets from counter snapshots.
//!
//! The crate turns snapshots of a router's counters into ledger entries, sessions and totals by the rules of
//! `ARCHITECTURE.md`. It is pure: no I/O, no clock, no spawning, no logging; time is part of a snapshot.

pub mod changes;
pub mod ledger;
pub mod login;
pub mod octets;
pub mod snapshot;
pub mod time;

pub use octets::Octets;
