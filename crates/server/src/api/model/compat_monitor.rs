//! Who is watched live, as the customer traffic monitor told it, whose paths are kept.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

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
