//! What is asked of a router's certificate.

mod authorities;
mod pinned;
mod provider;

pub use authorities::{Authorities, AuthoritiesError};
pub(super) use pinned::pinned;
pub(super) use provider::{PROVIDER, fingerprint_of};
