//! Subscribers: who is billed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::adoption::AdoptedLogin;
use super::bound_login::BoundLogin;
use super::double_option;
use super::expiry::ExpiryText;
use super::name::Name;
use super::time::Time;

/// Whether those asked for are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubscriberState {
    /// Served.
    Active,
    /// Not served for the moment.
    Suspended,
    /// Left.
    Inactive,
}

/// In which order subscribers come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubscriberOrder {
    /// By username, bytewise.
    #[default]
    Username,
    /// Who was added last comes first.
    Newest,
    /// Whose time runs out first comes first; who has no end comes last.
    Expiry,
}

/// A subscriber with its open cycle.
#[derive(Debug, Serialize, ToSchema)]
pub struct Subscriber {
    /// Its id.
    pub id: Uuid,
    /// Its name towards people, unique.
    pub username: String,
    /// The person's name.
    pub name: Option<String>,
    /// The login it was bound to first of those it is bound to now, as routers give it; null when there is none.
    #[schema(required)]
    pub login: Option<Name>,
    /// Where that login counts: `all`, or `router:` or `group:` and a name; `none` when none is bound.
    #[schema(examples("all", "router:tower-1"))]
    pub scope: String,
    /// All logins it is bound to now.
    pub logins: Vec<BoundLogin>,
    /// The service it uses.
    #[schema(examples("pppoe"))]
    pub service: String,
    /// `active`, `suspended` or `inactive`.
    pub status: String,
    /// The plan's name.
    pub plan: Option<String>,
    /// When it expires.
    pub expiry_at: Option<Time>,
    /// The IANA zone in which its days begin and end; null: that of the router its login is bound to, else the
    /// installation's.
    pub zone: Option<String>,
    /// When its plan opens the next cycle; null: only a renewal does.
    pub next_cycle_at: Option<Time>,
    /// A note.
    pub note: Option<String>,
    /// The open cycle.
    pub cycle: Option<Cycle>,
    /// Sessions open now.
    pub sessions_open: u64,
}

/// A billing window of one subscriber and what it used in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cycle {
    /// Its number: the first is 1.
    pub seq_no: u32,
    /// What opened it: `creation`, `renewal` or `plan`.
    pub opened_by: String,
    /// When it opened.
    pub opened_at: Time,
    /// When it closed; null for the open one.
    #[schema(required)]
    pub closed_at: Option<Time>,
    /// It is closed and nothing will be added to it any more.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Routers that could not be read when it closed and have not been since: their next reading is split between this
    /// cycle and the next by time.
    pub unsettled_routers: u32,
    /// Renewals within it that were undone: what was counted after them counts here.
    pub undone_renewals: u32,
    /// Octets the routers received from the subscriber.
    pub upload_octets: u64,
    /// Octets the routers sent to the subscriber.
    pub download_octets: u64,
    /// Octets of upload credited beside those: never subtracted here.
    pub credited_upload_octets: u64,
    /// Octets of download credited beside those.
    pub credited_download_octets: u64,
    /// How many octets can have passed unseen at most, both directions together; null: unbounded.
    #[schema(required)]
    pub unobserved_upper_octets: Option<u64>,
    /// Observed share of the session time, 0 to 100; null when there was none.
    #[schema(required)]
    pub observed_percent: Option<f64>,
    /// When the newest reading in it was taken; null when there is none.
    #[schema(required)]
    pub as_of: Option<Time>,
}

/// A subscriber to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubscriber {
    /// Its name towards people, unique.
    #[schema(min_length = 1, max_length = 128)]
    pub username: String,
    /// The person's name.
    pub name: Option<String>,
    /// The login it dials in with, or its hotspot user, or `mac:` and the MAC address of a device that a
    /// hotspot lets through; default: its username. `hex:` and digits for bytes that are not UTF-8.
    #[schema(value_type = Option<String>)]
    pub login: Option<Name>,
    /// For the service `static_ip`: the interface of `router` that faces it and nobody else.
    #[schema(value_type = Option<String>)]
    pub interface: Option<Name>,
    /// For the service `static_ip`, where no interface faces it alone: the simple queue of `router` its traffic passes.
    #[schema(value_type = Option<String>)]
    pub queue: Option<Name>,
    /// The service it uses, by the name that sessions have: any PPP service stands for all of them, `hotspot` for itself;
    /// `static_ip` for an address that nobody logs in to. It must be named where the login has the form `interface:NAME` or
    /// `queue:NAME`: for `static_ip` these are counters, for any other service names that somebody really logs in by.
    #[schema(default = "pppoe")]
    pub service: Option<String>,
    /// The plan's name.
    pub plan: Option<String>,
    /// Count the login on this router only; absent: on all.
    pub router: Option<String>,
    /// When it expires, an instant or a date (the end of that day in its zone).
    #[schema(value_type = Option<String>, examples("2026-12-31"))]
    pub expiry_at: Option<ExpiryText>,
    /// The IANA zone in which its days begin and end; absent: its router's, else the installation's.
    #[schema(examples("Asia/Manila"))]
    pub zone: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// Adopt what its login used without a subscriber: entries that end then or later; an instant, or a date (the begin of
    /// that day in its zone).
    #[schema(value_type = Option<String>, examples("2026-11-01"))]
    pub adopt_from: Option<ExpiryText>,
}

/// What to change of a subscriber; fields that are absent stay. It never opens a cycle: renewing does.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriberPatch {
    /// The person's name; null: none.
    #[serde(default, deserialize_with = "double_option::given")]
    pub name: Option<Option<String>>,
    /// `active`, `suspended` or `inactive`.
    pub status: Option<String>,
    /// The plan's name; null: none.
    #[serde(default, deserialize_with = "double_option::given")]
    pub plan: Option<Option<String>>,
    /// When it expires, an instant or a date (the end of that day in its zone); null: never.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<String>)]
    pub expiry_at: Option<Option<ExpiryText>>,
    /// The IANA zone of its days; null: its router's, else the installation's.
    #[serde(default, deserialize_with = "double_option::given")]
    pub zone: Option<Option<String>>,
    /// A note; null: none.
    #[serde(default, deserialize_with = "double_option::given")]
    pub note: Option<Option<String>>,
}

/// How to renew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// The new expiry, an instant or a date (the end of that day in its zone). With it the subscriber is renewed if it
    /// is later than the stored one and still to come, so that asking twice renews once. Without it the subscriber is
    /// renewed each time, and the expiry stays.
    #[schema(value_type = Option<String>)]
    pub expiry_at: Option<ExpiryText>,
}

/// What a renewal came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Renewed {
    /// Whether the next cycle was opened.
    pub renewed: bool,
    /// When it expired before; `subscriber` has the date of now, whether it renewed or not.
    pub expiry_at_before: Option<Time>,
    /// Routers that could not be read for it: their next reading is split between the cycles by time.
    pub unread_routers: Vec<String>,
    /// The subscriber with its open cycle.
    pub subscriber: Subscriber,
}

/// A subscriber whose logins changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rebound {
    /// Routers that show the login and could not be read for it: what it used since their last reading counts with
    /// whoever has it at their next.
    pub unread_routers: Vec<String>,
    /// What was adopted with it.
    pub adopted: Vec<AdoptedLogin>,
    /// The subscriber as it is now.
    pub subscriber: Subscriber,
}
