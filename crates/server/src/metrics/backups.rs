//! How the backups of this process stand.

use operations::BackupState;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

/// Registers it as it is now; without a backup there is no time of the last one.
pub(super) fn register(registry: &mut Registry, state: &BackupState) {
    if let Some(at) = state.last_success {
        registry.register_with_unit(
            "tikmeter_backup_last_success",
            "When the newest backup was begun, Unix time",
            Unit::Seconds,
            ConstGauge::new(at.0 / 1_000_000),
        );
    }
    registry.register(
        "tikmeter_backup_failing",
        "1 while the last attempt to make a backup failed",
        ConstGauge::new(i64::from(state.last_failure.is_some())),
    );
}
