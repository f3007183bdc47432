//! [`AccountingRepository`]; the statements are in the files named `accounting_*`.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use accounting::changes::{Changes, CounterRecord};
use accounting::login::LoginName;
use accounting::plan::Unknown;
use async_trait::async_trait;

use crate::accounting_repository::{AccountingRepository, Asked, Loaded, ResolvedLogins};
use crate::error::{CommitError, StoreError};
use crate::ids::NasId;

use super::accounting_commit::Round;
use super::database::Database;
use super::{accounting_load, accounting_logins, bindings, enrolment};

#[async_trait]
impl<D: Database> AccountingRepository for D {
    // On the writing connection, so that a commit whose answer was lost is over before its effect is looked for.
    async fn load(&self, nas: NasId) -> Result<Loaded, StoreError> {
        self.read_written(move |connection| accounting_load::load(connection, nas)).await
    }

    async fn gone_counters(
        &self,
        nas: NasId,
        boot: u32,
        unknown: &Unknown,
    ) -> Result<Vec<CounterRecord>, StoreError> {
        let unknown = unknown.clone();
        self.read_written(move |connection| accounting_load::gone_counters(connection, nas, boot, &unknown))
            .await
    }

    async fn resolve_logins(&self, nas: NasId, names: &[LoginName]) -> Result<ResolvedLogins, StoreError> {
        let names = names.to_vec();
        self.transact(move |connection| accounting_logins::resolve(connection, nas, &names)).await
    }

    async fn asked_counters(&self, nas: NasId) -> Result<Vec<Asked>, StoreError> {
        self.read(move |connection| enrolment::asked(connection, nas)).await
    }

    async fn bindings_version(&self) -> Result<u64, StoreError> {
        self.read_written(bindings::version).await
    }

    async fn commit(
        &self,
        nas: NasId,
        lease_epoch: u64,
        bindings_version: u64,
        changes: Arc<Changes>,
    ) -> Result<(), CommitError> {
        let events = self.threads().events().load(Ordering::Relaxed);
        let round = Round { nas, lease_epoch, bindings_version, changes, events };
        self.commit_round(round).await
    }
}
