//! Tests of the router-facing half through its public face.
#![allow(clippy::unwrap_used, reason = "a test whose setting fails has to fail")]

mod bounds;
mod bypassed;
mod checkup;
mod coverage;
mod cycles;
mod faults;
mod hotspot;
mod hotspot_tails;
mod link;
mod mapping;
mod owners;
mod property;
mod round;
mod round_faults;
mod rows;
mod scripted;
mod sim;
mod static_ip;
mod static_queue;
mod tls;
mod watching;
