//! A subscriber as the PPPoE usage tool named them, whose paths are kept.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::double_option;
use super::expiry::ExpiryText;
use super::time::Time;

/// A subscriber.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompatUser {
    /// Its id.
    pub id: Uuid,
    /// Its name towards people, unique.
    pub username: String,
    /// The person's name.
    pub name: Option<String>,
    /// `pppoe` (any PPP service), `hotspot` or `static_ip`.
    pub service_type: &'static str,
    /// `active`, `suspended` or `inactive`.
    pub status: String,
    /// When it expires, UTC.
    pub expiry_date: Option<Time>,
    /// The plan's name.
    pub package: Option<String>,
    /// Used in the open cycle.
    pub cycle_data_usage: CompatUsage,
    /// What the counters of its open sessions show; 0 when it is offline.
    pub session_data_usage: CompatUsage,
}

/// Octets in both directions.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct CompatUsage {
    /// Octets the routers received from the subscriber.
    pub upload: u64,
    /// Octets the routers sent to the subscriber.
    pub download: u64,
}

/// A subscriber after a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedCompatUser {
    /// As it is now.
    #[serde(flatten)]
    pub user: CompatUser,
    /// Whether the next cycle was opened.
    pub renewed: bool,
}

/// What to change of a subscriber; fields that are absent stay. What only is shown may be sent back and is not looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompatUserPatch {
    /// When it expires, an instant or a date (the end of that day in its zone); null: never. A date later than the stored
    /// one and still to come renews.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<String>)]
    pub expiry_date: Option<Option<ExpiryText>>,
    /// The person's name; null: none.
    #[serde(default, deserialize_with = "double_option::given")]
    pub name: Option<Option<String>>,
    /// `active`, `suspended` or `inactive`.
    pub status: Option<String>,
    /// The plan's name; null: none.
    #[serde(default, deserialize_with = "double_option::given")]
    pub package: Option<Option<String>>,
    /// false: the date moves and no cycle opens.
    pub renewal: Option<bool>,
    #[serde(default)]
    #[schema(ignore)]
    #[expect(dead_code, reason = "it is not looked at")]
    id: Option<IgnoredAny>,
    #[serde(default)]
    #[schema(ignore)]
    #[expect(dead_code, reason = "it is not looked at")]
    username: Option<IgnoredAny>,
    #[serde(default)]
    #[schema(ignore)]
    #[expect(dead_code, reason = "it is not looked at")]
    service_type: Option<IgnoredAny>,
    #[serde(default)]
    #[schema(ignore)]
    #[expect(dead_code, reason = "it is not looked at")]
    cycle_data_usage: Option<IgnoredAny>,
    #[serde(default)]
    #[schema(ignore)]
    #[expect(dead_code, reason = "it is not looked at")]
    session_data_usage: Option<IgnoredAny>,
    #[serde(default)]
    #[schema(ignore)]
    #[expect(dead_code, reason = "it is not looked at")]
    renewed: Option<IgnoredAny>,
}

/// Why a request was not done.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompatError {
    /// Always `error`.
    #[schema(examples("error"))]
    pub status: &'static str,
    /// What happened, what is still safe, and what to do next.
    pub message: String,
}
