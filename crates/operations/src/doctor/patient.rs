//! What whoever looks at a router has to know beforehand.

use serde::{Deserialize, Serialize};

/// What is wanted of a router, as far as it decides what is a fault there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// How far the days of its subscribers are from UTC now, seconds, east positive.
    pub zone_offset_s: i64,
    /// The IANA name of their zone; `None` where it has none.
    pub zone_name: Option<String>,
    /// Limits are wanted on it.
    pub is_limited: bool,
    /// Something else is to be changed on it: somebody is kept out.
    pub is_changed: bool,
    /// The portal's port, where there are vouchers to be entered at it.
    pub portal_port: Option<u16>,
    /// Interfaces that count for subscribers, raw names.
    pub faces: Vec<Vec<u8>>,
}
