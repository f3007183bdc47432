//! The router-facing half of Tikmeter: connections to routers, the rounds that poll them, and the accounting actor
//! that turns what they saw into one transaction.
//!
//! Only [`routeros`] knows what RouterOS calls things; everything above it speaks accounting's words.

pub mod actor;
pub mod checkup;
pub mod control;
pub mod devices;
pub mod disconnect;
pub mod doctor;
pub mod enrolment;
pub mod holds;
pub mod limits;
pub mod link;
pub mod memory;
pub mod monitor;
pub mod poller;
mod prints;
pub mod queues;
pub mod round;
pub mod routeros;
pub mod schedule;
pub mod supervisor;
pub mod tenure;
pub mod vouchers;
