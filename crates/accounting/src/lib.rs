//! Exact accounting of subscriber octets from counter snapshots.
//!
//! The crate turns snapshots of a router's counters into ledger entries, sessions and totals by the rules of
//! `ARCHITECTURE.md`. It is pure: no I/O, no clock, no spawning, no logging; time is part of a snapshot.

mod absence;
mod apply;
pub mod bound;
pub mod changes;
mod continuity;
mod counter;
mod counter_record;
mod crossing;
pub mod edge;
pub mod growth;
pub mod ledger;
pub mod login;
pub mod octets;
mod owned;
pub mod pending;
pub mod plan;
mod roster;
mod rows;
mod series;
pub mod snapshot;
pub mod source;
pub mod standing;
pub mod state;
pub mod sums;
pub mod table;
pub mod text;
pub mod time;

pub use octets::Octets;
pub use state::NasState;
