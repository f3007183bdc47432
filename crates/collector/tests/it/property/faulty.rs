//! A repository whose next commit fails in a chosen way.

use std::sync::{Arc, Mutex};

use accounting::changes::{Changes, CounterRecord};
use accounting::login::LoginName;
use accounting::plan::Unknown;
use async_trait::async_trait;
use store::{AccountingRepository, Asked, CommitError, Loaded, NasId, ResolvedLogins, Sqlite, StoreError};

/// How the next commit fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Failure {
    /// The answer is lost after it was written.
    WrittenButDoubtful,
    /// The answer is lost and nothing was written.
    LostAndDoubtful,
    /// Nothing was written, and we know it.
    RolledBack,
}

/// See the module.
#[derive(Clone)]
pub(super) struct Faulty {
    inner: Sqlite,
    next: Arc<Mutex<Option<Failure>>>,
}

impl Faulty {
    pub(super) fn new(inner: Sqlite) -> Self {
        Faulty { inner, next: Arc::default() }
    }

    pub(super) fn fail_next(&self, failure: Failure) {
        *self.next.lock().unwrap() = Some(failure);
    }
}

#[async_trait]
impl AccountingRepository for Faulty {
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

    async fn resolve_logins(&self, nas: NasId, names: &[LoginName]) -> Result<ResolvedLogins, StoreError> {
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
        let failure = self.next.lock().unwrap().take();
        let lost = || StoreError::Unavailable("the answer was lost".to_owned());
        match failure {
            Some(Failure::RolledBack) => Err(CommitError::RolledBack(StoreError::DiskFull)),
            Some(Failure::LostAndDoubtful) => Err(CommitError::Doubtful(lost())),
            Some(Failure::WrittenButDoubtful) => {
                self.inner.commit(nas, lease_epoch, bindings_version, changes).await?;
                Err(CommitError::Doubtful(lost()))
            }
            None => self.inner.commit(nas, lease_epoch, bindings_version, changes).await,
        }
    }
}
