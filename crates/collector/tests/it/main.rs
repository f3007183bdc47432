//! Tests of the router-facing half through its public face.

mod link;
mod mapping;
mod owners;
mod round;
mod round_faults;
mod rows;
mod scripted;
mod sim;
