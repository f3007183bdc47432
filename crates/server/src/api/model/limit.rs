//! Speed limits.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::name::Name;
use super::time::Time;

/// A limit that is to be set. Exactly one of `mac`, `username`, `address` and `subscriber` says for whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLimit {
    /// A device of the hotspot.
    #[schema(examples("AA:BB:CC:DD:EE:FF"))]
    pub mac: Option<String>,
    /// A login as its router gives it: all its PPP sessions, or its one device of the hotspot.
    pub username: Option<Name>,
    /// An address or prefix of somebody without a session; several with commas between.
    #[schema(examples("10.0.0.7"))]
    pub address: Option<String>,
    /// A subscriber by username or id: whatever they have of PPP or the hotspot now, or the interface that faces them.
    pub subscriber: Option<String>,
    /// On this router.
    pub router: Option<String>,
    /// What they may send, bits per second; null: as fast as they can, where `down_bps` or `plan` says how fast the rest is.
    pub up_bps: Option<u64>,
    /// What they may receive, bits per second; null: as fast as they can.
    pub down_bps: Option<u64>,
    /// A plan by name: its speeds, as they are now, hold where none is given here.
    pub plan: Option<String>,
    /// They may be as fast as they can. Without this, a speed or a plan nothing is set: a limit is taken away by `DELETE`.
    #[serde(default)]
    pub unlimited: bool,
    /// It ends by itself when the clock on the wall shows this instant.
    pub until: Option<Time>,
    /// It ends by itself after so many seconds, also where the clock on the wall is set meanwhile.
    #[schema(minimum = 1, maximum = 315_360_000)]
    pub for_s: Option<u64>,
    /// It holds until somebody removes it. Without this, `until` and `for_s` it ends with their session.
    #[serde(default)]
    pub sticky: bool,
    /// Only find out what would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of setting or removing a limit.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitOutcome {
    /// The router.
    pub router: String,
    /// `device`, `ppp`, `address` or `interface`.
    pub kind: String,
    /// The MAC, the login, the address, or the interface.
    pub subject: Name,
    /// How it stands, as the router showed it; null where none is wanted any more, and with a dry run unless it would be refused.
    #[schema(required)]
    pub state: Option<LimitState>,
    /// The same in a sentence.
    pub told: String,
    /// The commands that were sent to change something, or would be, word by word.
    pub commands: Vec<String>,
}

/// How a limit stands on its router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitState {
    /// Nobody of whom it is for is connected; it is set when they come.
    Away,
    /// They may be as fast as they can, and nothing of ours slows them.
    Free,
    /// The router shows it as wanted.
    Set,
    /// The router shows it as wanted, and it limits nothing, perhaps nothing, or not all; the sentence says why and how to mend it.
    WithoutEffect,
    /// The router does not have it as wanted.
    Refused,
}

/// A limit that is wanted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Limit {
    /// The router.
    pub router: String,
    /// `device`, `ppp`, `address` or `interface`.
    pub kind: String,
    /// The MAC, the login, the address, or the interface.
    pub subject: Name,
    /// What they may send, bits per second; null: as fast as they can.
    #[schema(required)]
    pub up_bps: Option<u64>,
    /// What they may receive, bits per second; null: as fast as they can.
    #[schema(required)]
    pub down_bps: Option<u64>,
    /// It ends with the session of this number within the router.
    #[schema(required)]
    pub session: Option<u64>,
    /// It ends at this instant; that of one for a while is moved along with a clock that is set.
    #[schema(required)]
    pub until: Option<Time>,
    /// Nobody set it: it is the speed of the plan that they are on, and `set_by` names that.
    pub is_planned: bool,
    /// Who set it.
    pub set_by: String,
    /// When; of a plan's speed since when they are connected, as far as known.
    pub set_at: Time,
    /// How it stood when the router was looked at last; null where this process has not looked, or could not.
    #[schema(required)]
    pub state: Option<LimitState>,
    /// The same in a sentence, or why it is not known.
    pub told: String,
    /// When the router was looked at.
    #[schema(required)]
    pub as_of: Option<Time>,
}
