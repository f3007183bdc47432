//! What sessions are given by name.

/// The menu of the profiles of PPP.
pub(crate) const PPP_PROFILES: &str = "/ppp/profile";
