//! A repository that takes nothing for as long as a test wants.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use accounting::changes::{Changes, CounterRecord};
use accounting::login::LoginName;
use accounting::plan::Unknown;
use async_trait::async_trait;
use store::{AccountingRepository, Asked, CommitError, Loaded, NasId, ResolvedLogins, Sqlite, StoreError};

/// See the module.
#[derive(Clone)]
pub(super) struct Stalling {
    inner: Sqlite,
    stalled: Arc<AtomicBool>,
    refused: Arc<AtomicU64>,
    answer: Arc<Mutex<Option<CommitError>>>,
}

impl Stalling {
    pub(super) fn new(inner: Sqlite) -> Self {
        Stalling { inner, stalled: Arc::default(), refused: Arc::default(), answer: Arc::default() }
    }

    /// From now on the disk is full, or has room again.
    pub(super) fn set_full(&self, full: bool) {
        self.stalled.store(full, Ordering::SeqCst);
    }

    /// From now on nothing is written and every commit is answered so, or each is written again.
    pub(super) fn answer_commits(&self, answer: Option<CommitError>) {
        *self.answer.lock().unwrap() = answer;
    }

    /// Commits refused so far.
    pub(super) fn refused(&self) -> u64 {
        self.refused.load(Ordering::SeqCst)
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.stalled.load(Ordering::SeqCst) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return Err(StoreError::DiskFull);
        }
        Ok(())
    }
}

#[async_trait]
impl AccountingRepository for Stalling {
    async fn load(&self, nas: NasId) -> Result<Loaded, StoreError> {
        self.inner.load(nas).await
    }

    async fn gone_counters(
        &self,
        nas: NasId,
        boot: u32,
        unknown: &Unknown,
    ) -> Result<Vec<CounterRecord>, StoreError> {
        self.inner.gone_counters(nas, boot, unknown).await
    }

    /// New logins are written, so a full disk refuses them too.
    async fn resolve_logins(&self, nas: NasId, names: &[LoginName]) -> Result<ResolvedLogins, StoreError> {
        self.check()?;
        self.inner.resolve_logins(nas, names).await
    }

    async fn asked_counters(&self, nas: NasId) -> Result<Vec<Asked>, StoreError> {
        self.inner.asked_counters(nas).await
    }

    async fn bindings_version(&self) -> Result<u64, StoreError> {
        self.inner.bindings_version().await
    }

    async fn commit(
        &self,
        nas: NasId,
        lease_epoch: u64,
        bindings_version: u64,
        changes: Arc<Changes>,
    ) -> Result<(), CommitError> {
        self.check().map_err(CommitError::RolledBack)?;
        if let Some(answer) = self.answer.lock().unwrap().clone() {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return Err(answer);
        }
        self.inner.commit(nas, lease_epoch, bindings_version, changes).await
    }
}
