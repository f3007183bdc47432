//! The pure half: one router as a deterministic model with a virtual clock. No I/O, no host time.

mod boot;
mod by_id;
mod changes;
mod configure;
mod configured;
mod connect;
mod device;
mod facing;
mod flow;
mod hidden;
mod hotspot;
mod interface;
mod interfaces;
mod kick;
mod kicked;
mod login_by;
mod meter;
mod model;
mod monitoring;
mod octets;
mod personality;
mod queue;
mod reboot;
mod rename;
mod service;
mod session;
mod sightings;
mod slots;
mod switches;
mod truth;

pub(crate) use by_id::{NO_ITEM, items};
pub(crate) use changes::{Change, Listened};
pub(crate) use configured::Item;
pub(crate) use hotspot::{Cookie, Host, HotspotServer, HotspotUser, IpBinding};
pub(crate) use interface::{Interface, Kind as InterfaceRowKind};
pub(crate) use model::ApiUser;
pub(crate) use queue::{FILTER_RULES, QUEUES};
pub(crate) use rename::SECRETS;
pub(crate) use session::{Carrier, OverPpp, Session, ShownBy};
pub(crate) use sightings::Sighting;

pub use device::{Device, HardwareId, Policies, User};
pub use interface::FixedKind;
pub use kicked::{KickReach, KickedDevice};
pub use model::World;
pub use octets::Octets;
pub use personality::{DateStyle, Personality, UptimeStyle};
pub use service::{Access, Service};
pub use session::{SessionKey, Shown};
pub use switches::{
    AfterFailedLogin, BadMonitorName, BindingCounters, BooleanWords, CancelOrder, DeadWord, FirstSample,
    HostCounters, HotspotIds, HotspotUserCounters, InterfaceRow, L2tpType, OverMaxSessions, QueueSet,
    Roaming, SecretRename, ServerIds, Switches, TagPlace, UnknownProperty, VanishedInterface,
};
pub use truth::{LoginTruth, Mark, SessionTruth, Truth};
