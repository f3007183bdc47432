//! Backups that a server makes: by itself every so often, and when somebody asks.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use accounting::time::Micros;
use secrecy::SecretString;
use serde_json::json;
use store::{Backup, BackupOrigin, Checked};
use tokio::sync::Semaphore;

use crate::backup_folder::{self, FoundBackup};
use crate::error::OperationError;
use crate::operations::Operations;

/// After a failure it is tried again so soon, and no sooner.
const AGAIN: Duration = Duration::from_secs(600);

/// How a server makes backups.
#[derive(Clone, Debug)]
pub struct BackupPlan {
    /// What is copied.
    pub origin: BackupOrigin,
    /// Where to.
    pub folder: PathBuf,
    /// How often by itself; `None`: never.
    pub every: Option<Duration>,
    /// How many are kept.
    pub keep: usize,
    /// With it they are encrypted.
    pub passphrase: Option<SecretString>,
}

/// How the backups of this process stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupState {
    /// One is being made.
    pub is_running: bool,
    /// When the newest that is there was begun.
    pub last_success: Option<Micros>,
    /// When the last attempt failed, if it did, and why.
    pub last_failure: Option<(Micros, String)>,
}

/// The backups of this process; clones share them.
#[derive(Clone, Debug)]
pub struct Backups {
    plan: Arc<BackupPlan>,
    state: Arc<Mutex<BackupState>>,
    /// One at a time.
    turn: Arc<Semaphore>,
}

impl Backups {
    /// Those of that plan. The newest that is in the folder counts as made.
    pub fn of(plan: BackupPlan) -> Backups {
        let newest = backup_folder::found(&plan.folder).unwrap_or_else(|error| {
            tracing::warn!(%error, "which backups there are is not known; the next one is made as if there was none");
            Vec::new()
        });
        let newest = newest.into_iter();
        let last_success = newest.filter_map(|one| one.at).max();
        let state = BackupState { last_success, ..BackupState::default() };
        Backups {
            plan: Arc::new(plan),
            state: Arc::new(Mutex::new(state)),
            turn: Arc::new(Semaphore::new(1)),
        }
    }

    /// How they are made.
    pub fn plan(&self) -> &BackupPlan {
        &self.plan
    }

    /// How they stand.
    pub fn state(&self) -> BackupState {
        self.locked().clone()
    }

    /// What is in the folder, the newest first.
    ///
    /// # Errors
    /// `Conflict` when the folder cannot be read.
    pub fn list(&self) -> Result<Vec<FoundBackup>, OperationError> {
        backup_folder::found(&self.plan.folder).map_err(OperationError::Conflict)
    }

    /// Whether one is due by itself.
    pub fn is_due(&self, now: Micros) -> bool {
        let Some(every) = self.plan.every else { return false };
        let state = self.state();
        let since = |at: Micros| Duration::from_micros(now.0.saturating_sub(at.0).max(0).unsigned_abs());
        let is_old = state.last_success.is_none_or(|at| since(at) >= every);
        is_old && state.last_failure.is_none_or(|(at, _)| since(at) >= AGAIN.min(every))
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BackupState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One was written, or was not.
    fn note(&self, now: Micros, failure: Option<&String>) {
        let mut state = self.locked();
        state.is_running = false;
        match failure {
            None => (state.last_success, state.last_failure) = (Some(now), None),
            Some(why) => state.last_failure = Some((now, why.clone())),
        }
    }

    /// Writes one, and removes what is too old.
    async fn written(&self, now: Micros) -> Result<(String, Checked), String> {
        let plan = self.plan.clone();
        let writing = tokio::task::spawn_blocking(move || {
            let file = backup_folder::new_file(&plan.folder, now)?;
            let backup = Backup::new(&plan.origin, now).sealed_with(plan.passphrase.as_ref());
            let checked = backup.write(&file).map_err(|error| error.to_string())?;
            if let Err(error) = backup_folder::prune(&plan.folder, plan.keep) {
                tracing::warn!(%error, "old backups could not be removed");
            }
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Ok((name, checked))
        });
        writing.await.unwrap_or_else(|error| Err(format!("it broke half-way ({error}); please report it")))
    }
}

impl Operations {
    /// Makes a backup now and tells the journal. It goes on when the answer is not waited for only if it is spawned.
    ///
    /// # Errors
    /// `Conflict` when one is being made, or with what stands in the way; no file is left.
    pub async fn make_backup(&self, backups: &Backups, actor: &str) -> Result<FoundBackup, OperationError> {
        let Ok(_turn) = backups.turn.try_acquire() else {
            return Err(OperationError::Conflict(
                "a backup is being made; wait until it is there".to_owned(),
            ));
        };
        let now = self.now();
        backups.locked().is_running = true;
        let written = backups.written(now).await;
        backups.note(now, written.as_ref().err());
        let (name, checked) = written.map_err(OperationError::Conflict)?;
        let detail =
            json!({"rows": checked.rows, "octets": checked.octets, "encrypted": checked.header.is_sealed});
        self.store.append_audit(self.act(actor, "backup.create", &name, detail)).await?;
        Ok(FoundBackup { name, octets: checked.octets, at: Some(now), header: Ok(Some(checked.header)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn backups(folder: &std::path::Path, every: Option<u64>) -> Backups {
        Backups::of(BackupPlan {
            origin: BackupOrigin::Sqlite(folder.join("tikmeter.db")),
            folder: folder.join("backups"),
            every: every.map(|hours| Duration::from_secs(hours * 3_600)),
            keep: 2,
            passphrase: None,
        })
    }

    #[test]
    fn one_is_due_when_the_newest_is_old_and_not_at_once_after_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let made = |hours: i64| Micros(HOUR * (1_000_000 + hours));
        assert!(!backups(folder.path(), None).is_due(made(0)));
        let file = backup_folder::new_file(&folder.path().join("backups"), made(0)).unwrap();
        assert!(backups(folder.path(), Some(24)).is_due(made(0)), "none is there");
        std::fs::write(&file, "").unwrap();
        let backups = backups(folder.path(), Some(24));
        assert_eq!((backups.is_due(made(23)), backups.is_due(made(24))), (false, true));
        backups.locked().last_failure = Some((made(24), "no room".to_owned()));
        assert_eq!((backups.is_due(made(24)), backups.is_due(made(25))), (false, true));
    }
}
