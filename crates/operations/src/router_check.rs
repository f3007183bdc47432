//! What a test of a router tells: item by item, each failing one with what mends it.

use store::Fingerprint;

/// What is looked at, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckItem {
    /// The host answers.
    Reachable,
    /// Something answers on the port.
    Port,
    /// TLS stands and the router is the right one.
    Tls,
    /// User and password are taken.
    Login,
    /// The user may read.
    Rights,
    /// It tells itself from other routers.
    Device,
    /// The RouterOS version.
    Version,
    /// Whether it has hotspot servers.
    Hotspot,
    /// Whether it has PPP sessions.
    Ppp,
    /// Whether it passes traffic by its queues.
    FastTrack,
    /// Whether its clock is right.
    Clock,
}

/// Every item with its stable name.
pub const CHECK_ITEMS: [(CheckItem, &str); 11] = [
    (CheckItem::Reachable, "reachable"),
    (CheckItem::Port, "port"),
    (CheckItem::Tls, "tls"),
    (CheckItem::Login, "login"),
    (CheckItem::Rights, "rights"),
    (CheckItem::Device, "device"),
    (CheckItem::Version, "version"),
    (CheckItem::Hotspot, "hotspot"),
    (CheckItem::Ppp, "ppp"),
    (CheckItem::FastTrack, "fasttrack"),
    (CheckItem::Clock, "clock"),
];

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// As it should be.
    Ok,
    /// There is none, which is no mistake.
    Absent,
    /// It works, but somebody should know.
    Attention,
    /// It has to be mended before the router, or all of it, can be counted.
    Failed,
    /// It could not be looked at.
    NotObserved,
}

/// Every state with its stable name.
pub const CHECK_STATES: [(CheckState, &str); 5] = [
    (CheckState::Ok, "ok"),
    (CheckState::Absent, "absent"),
    (CheckState::Attention, "attention"),
    (CheckState::Failed, "failed"),
    (CheckState::NotObserved, "not_observed"),
];

/// One item of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub item: CheckItem,
    /// How it stands.
    pub state: CheckState,
    /// What was seen, or why nothing was, as a sentence; with the commands that mend it where something is wrong.
    pub told: String,
    /// The certificate that was shown and refused, to be compared and pinned by a person; of [`CheckItem::Tls`] only.
    pub refused: Option<Fingerprint>,
}

impl CheckItem {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        CHECK_ITEMS.iter().find(|(item, _)| *item == self).map_or("", |(_, name)| name)
    }
}

impl CheckState {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        CHECK_STATES.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }
}
