//! The pure half: one router as a deterministic model with a virtual clock. No I/O, no host time.

mod accounts;
mod boot;
mod by_id;
mod changes;
mod configure;
mod configured;
mod connect;
mod device;
mod facing;
mod finder;
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
mod parties;
mod party;
mod personality;
mod policies;
mod profile;
mod profiles;
mod queue;
mod queueing;
mod queues;
mod rate_limit;
mod reboot;
mod rename;
mod service;
mod session;
mod settle;
mod shares;
mod sightings;
mod slots;
mod stream;
mod switches;
mod target;
mod truth;

pub(crate) use by_id::{NO_ITEM, items};
pub(crate) use changes::{Change, Listened};
pub(crate) use configured::{Item, Place};
pub(crate) use hotspot::{Cookie, Host, HotspotServer, Refusal};
pub(crate) use interface::{Interface, Kind as InterfaceRowKind};
pub(crate) use model::ApiUser;
pub(crate) use profile::{
    HOTSPOT_PROFILES, HOTSPOT_USERS, IP_BINDINGS, PPP_PROFILES, SCRIPTS, USER_GROUPS, USERS, WALLED_GARDEN,
    WALLED_GARDEN_IP,
};
pub(crate) use queue::{FILTER_RULES, QUEUES};
pub(crate) use rate_limit::rate_limit;
pub(crate) use rename::SECRETS;
pub(crate) use session::{Carrier, OverPpp, Session, ShownBy};
pub(crate) use sightings::Sighting;
pub(crate) use target::Prefix;

pub use device::{Device, HardwareId, User};
pub use interface::FixedKind;
pub use kicked::{KickReach, KickedDevice};
pub use model::World;
pub use octets::Octets;
pub use personality::{DateStyle, Personality, UptimeStyle};
pub use policies::{Policies, Policy};
pub use queueing::{DynamicQueuePlace, QueueSet, StaticBeforeDynamic};
pub use service::{Access, Service};
pub use session::{SessionKey, Shown};
pub use switches::{
    AfterFailedLogin, ApiLoginCookies, BadMonitorName, BindingCounters, BooleanWords, CancelOrder, DeadWord,
    FirstSample, HostCounters, HotspotIds, HotspotRefusals, HotspotUserCounters, InterfaceRow, L2tpType,
    MonitorRight, OverMaxSessions, Roaming, SecondLogin, SecretRename, ServerIds, Switches, TagPlace,
    UnknownProperty, UserLimits, VanishedInterface,
};
pub use truth::{LoginTruth, Mark, SessionTruth, Truth};
