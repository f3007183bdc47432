//! The connection to one router: TCP or TLS, login, one command in flight.
//!
//! A link is made by [`Link::open`] and used until it fails; it never reconnects by itself (who decides when to try
//! again also decides how often a router's log may grow a login line; routeros.md §1.8). A trap is the answer to one
//! command and leaves the link usable; everything else that goes wrong ends it ([`LinkError::ends_link`]).
//!
//! [`transport`] (connect, read, write, deadlines, counters) and [`login`] know nothing of commands in flight, so
//! that a connection with tagged commands is built on the same two.

mod address;
mod certificate;
pub mod error;
mod handshake;
mod insecure;
pub mod login;
pub mod polling;
pub mod security;
pub mod target;
pub mod traffic;
pub mod transport;

pub use address::Address;
pub use error::{Deadline, LinkError, MAY_WRITE, Refusal};
pub use insecure::{Insecure, TlsFailure};
pub use polling::Link;
pub use security::Security;
pub use target::{Deadlines, Target};
pub use traffic::Traffic;
