//! The portal over HTTP, on vouchers and routers that the tests hold in their hands.

mod browser;
mod guessing;
mod handed_over;
mod letting_in;
mod moving;
mod program;
mod socket;
mod till;
