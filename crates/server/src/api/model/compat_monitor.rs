//! Who is watched live, as the customer traffic monitor told it, whose paths are kept.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::name::Name;
use super::time::Time;

/// A monitor was started or stopped.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompatMonitorChange {
    /// Always `success`.
    #[schema(examples("success"))]
    pub status: &'static str,
    /// Which of the two.
    #[schema(examples("Monitoring started"))]
    pub message: &'static str,
    /// Whom it is about.
    pub customer_id: Uuid,
}

/// Who is watched.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompatMonitors {
    /// Always `ok`.
    #[schema(examples("ok"))]
    pub status: &'static str,
    /// Who is watched, by whomever.
    pub active_monitors: Vec<Uuid>,
    /// How many these are.
    pub monitor_count: usize,
    /// How many there can be; 0 where monitoring is switched off.
    pub max_concurrent: usize,
    /// How many more there can be now.
    pub slots_available: usize,
}

/// A message of `/ws`: what a subscriber moves.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompatSample {
    /// Their id.
    pub customer_id: Uuid,
    /// Their name for people, else their username.
    pub customer_name: String,
    /// Their name towards people, unique.
    pub username: String,
    /// `pppoe` (any PPP service), `hotspot` or `static_ip`.
    pub service_type: &'static str,
    /// Name of the interface, queue or device.
    pub interface: Name,
    /// Bits a second that the router received from them, as a text of digits.
    #[schema(examples("1234567"))]
    pub rx_bits_per_second: String,
    /// Bits a second that the router sent to them, as a text of digits.
    #[schema(examples("5234567"))]
    pub tx_bits_per_second: String,
    /// What the router sent to them, for people.
    #[schema(examples("5.23 Mbps"))]
    pub download_speed: String,
    /// What the router received from them, for people.
    #[schema(examples("1.23 Mbps"))]
    pub upload_speed: String,
    /// When the router said so.
    pub timestamp: Time,
    /// The plan's name.
    #[schema(required)]
    pub package: Option<String>,
}
