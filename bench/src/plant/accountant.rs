//! A router's accounting, as its actor keeps it in memory.

use std::sync::Arc;

use accounting::NasState;
use accounting::bound::LinkSpeed;
use accounting::changes::Changes;
use accounting::snapshot::Snapshot;
use store::{CommitError, NasId, Store};

use crate::figure::Result;

/// What is known of one router.
pub(crate) struct Accountant {
    pub(crate) nas: NasId,
    lease_epoch: u64,
    bindings_version: u64,
    state: NasState,
}

impl Accountant {
    /// As the database has it.
    pub(crate) async fn load(store: &dyn Store, nas: NasId) -> Result<Self> {
        let loaded = store.load(nas).await?;
        let state = NasState::restore(loaded.record, LinkSpeed(loaded.link_speed_bps), loaded.counters, &[])
            .map_err(|_| "an empty database names a counter")?;
        Ok(Accountant { nas, lease_epoch: loaded.lease_epoch, bindings_version: 0, state })
    }

    /// What a snapshot changes.
    pub(crate) async fn apply(&mut self, store: &dyn Store, snapshot: &Snapshot) -> Result<Arc<Changes>> {
        let plan = self.state.plan(snapshot);
        if !plan.unknown_logins.is_empty() {
            let names = plan.unknown_logins.clone();
            let resolved = store.resolve_logins(self.nas, &names).await?;
            self.bindings_version = resolved.version;
            self.state.supply_logins(names.into_iter().zip(resolved.logins));
        }
        Ok(Arc::new(self.state.apply(snapshot, plan)))
    }

    /// Writes it.
    pub(crate) fn commit(
        &self,
        store: Arc<dyn Store>,
        changes: Arc<Changes>,
    ) -> impl Future<Output = std::result::Result<(), CommitError>> + Send + use<> {
        let (nas, lease_epoch, bindings_version) = (self.nas, self.lease_epoch, self.bindings_version);
        async move { store.commit(nas, lease_epoch, bindings_version, changes).await }
    }
}
