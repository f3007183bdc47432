//! Ending a session.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::name::Name;
use super::time::Time;

/// Which session is to be ended. Exactly one has to fit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDisconnect {
    /// The login as its router gives it.
    pub username: Name,
    /// On this router, which is read first if no session fits.
    pub router: Option<String>,
    /// With this number within its router.
    pub session: Option<u64>,
    /// Of this MAC, or address, capitals or not.
    pub calling_station_id: Option<Name>,
    /// Keep out whoever has it, for so many seconds from now on, at most 30 days: a device of the hotspot by a binding that blocks its
    /// MAC, a PPP login by its local secret switched off. Both are undone on time.
    #[schema(minimum = 1, maximum = 2_592_000)]
    pub hold_s: Option<u64>,
    /// Only find out what would be sent.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of a session that was to be ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct Disconnect {
    /// Its router.
    pub router: String,
    /// Its number within the router.
    pub session: u64,
    /// The login as the router gives it.
    pub username: Name,
    /// What carries it.
    pub service: String,
    /// MAC or address of the caller.
    pub calling_station_id: Name,
    /// What became of it.
    pub outcome: DisconnectOutcome,
    /// The same in a sentence.
    pub told: String,
    /// Where somebody came back: seconds between the end and the new begin.
    #[schema(required)]
    pub back_after_s: Option<u64>,
    /// Where somebody came back: the way in, `cookie`, `mac-cookie`, `login` or `redial`.
    #[schema(required)]
    pub back_by: Option<String>,
    /// Sessions of the login's other devices that went in the same moment, which nobody asked for.
    pub also_gone: u64,
    /// Until then whoever had it is kept out.
    #[schema(required)]
    pub held_until: Option<Time>,
    /// The commands that were sent to change something, or would be, word by word.
    #[schema(examples(json!(["/ip/hotspot/cookie/remove =.id=*5", "/ip/hotspot/active/remove =.id=*A050002"])))]
    pub commands: Vec<String>,
}

/// What became of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisconnectOutcome {
    /// It is there; nothing was sent, as was wished.
    Planned,
    /// The router shows it no more, and nobody came back while it was looked at.
    Gone,
    /// It was ended, and who had it is there again.
    CameBack,
}
