//! Operators in a browser: who may try how often, and what the browser carries.
//!
//! * `gate`: how often passwords may be tried, by address, by account, and by browsers that are known
//! * `cookies`: the sign-in and the mark of a known browser

pub(crate) mod cookies;
mod gate;

pub(crate) use gate::{Gate, Lane};
