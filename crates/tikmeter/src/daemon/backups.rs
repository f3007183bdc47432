//! Backups by themselves, by the one process that does for all what one has to do.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use collector::supervisor::Supervisor;
use operations::{BackupPlan, Backups, Operations, check_passphrase};
use secrecy::SecretString;
use store::BackupOrigin;
use tokio_util::sync::CancellationToken;

use crate::config::{BackupSettings, DatabaseUrl};
use crate::failure::Failure;
use crate::password_file;

/// Between two looks at whether one is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The backups of this process.
///
/// # Errors
/// When the passphrase cannot be read, or is no good.
pub(super) fn of(settings: &BackupSettings, database: &DatabaseUrl) -> Result<Backups, Failure> {
    let read =
        |file: &PathBuf| password_file::first_line(file).map(SecretString::from).map_err(Failure::said);
    let passphrase = settings.passphrase_file.as_ref().map(read).transpose()?;
    passphrase.iter().try_for_each(check_passphrase).map_err(Failure::said)?;
    let origin = match database.clone() {
        DatabaseUrl::Sqlite(file) => BackupOrigin::Sqlite(file),
        DatabaseUrl::Postgres(url) => BackupOrigin::Postgres(url),
    };
    let BackupSettings { folder, every, keep, .. } = settings.clone();
    Ok(Backups::of(BackupPlan { origin, folder, every, keep, passphrase }))
}

/// Makes backups as planned until `stop`. What fails is told, and tried again.
pub(super) async fn keep(
    operations: Arc<Operations>,
    supervisor: Arc<Supervisor>,
    backups: Backups,
    stop: CancellationToken,
) {
    loop {
        if supervisor.leads() && backups.is_due(operations.now()) {
            match operations.make_backup(&backups, "system").await {
                Ok(made) => tracing::info!(file = made.name, octets = made.octets, "a backup was made"),
                Err(error) => tracing::error!(
                    %error,
                    folder = %backups.plan().folder.display(),
                    "no backup could be made; counting goes on, and it is tried again in ten minutes at the latest"
                ),
            }
        }
        if stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_none() {
            return;
        }
    }
}
