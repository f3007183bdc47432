//! The portal over HTTP, on vouchers and routers that the tests hold in their hands.

mod browser;
mod captive;
mod guessing;
mod handed_over;
mod languages;
mod letting_in;
mod log;
mod moving;
mod program;
mod scanned;
mod socket;
mod stopped;
mod till;
pub(crate) mod tls;
