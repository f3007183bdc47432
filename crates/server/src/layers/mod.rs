//! What happens around every request, whatever its handler does. `router` says in which order.

pub(crate) mod acting_from;
pub(crate) mod limits;
pub(crate) mod origin;
pub(crate) mod panics;
pub(crate) mod response_headers;
pub(crate) mod traced;
pub(crate) mod transport;
