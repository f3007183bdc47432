//! Both ways to log in, for both sides (`routeros.md` §1.8).

mod challenge;
mod client;
mod server;

pub use challenge::challenge_response;
pub use client::{ClientLogin, LoginStep};
pub use server::{ServerLogin, ServerLoginStep};
