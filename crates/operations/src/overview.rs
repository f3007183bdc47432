//! The installation at a glance, its books and its journal.

use store::{AuditQuery, AuditRecord, Installation, SeenNode, StoreError, VerifyReport};

use crate::error::OperationError;
use crate::operations::Operations;
use crate::router_status::Phase;

/// The installation at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The installation.
    pub installation: Installation,
    /// Routers that were not removed.
    pub routers: usize,
    /// Routers polled right now.
    pub routers_online: usize,
    /// Routers somebody should look at.
    pub routers_in_trouble: usize,
    /// The processes that share the database, by name; none where only one can have it.
    pub processes: Vec<SeenNode>,
    /// Subscribers.
    pub subscribers: u64,
    /// Entries that are held back until somebody decides.
    pub held: u64,
    /// Why readings of some router, or anything, cannot be written down at the moment; `None` when all can.
    pub store_stalled: Option<String>,
}

impl Operations {
    /// The installation at a glance.
    pub async fn overview(&self) -> Result<Overview, OperationError> {
        let routers = self.reached_routers().await?;
        let phases: Vec<Phase> =
            routers.iter().filter_map(|nas| Some(self.board.get(nas.id)?.phase)).collect();
        let count = |is: fn(Phase) -> bool| phases.iter().filter(|phase| is(**phase)).count();
        Ok(Overview {
            installation: self.store.installation().await?,
            routers: routers.len(),
            routers_online: count(|phase| phase == Phase::Online),
            routers_in_trouble: count(Phase::is_trouble),
            processes: self.processes().await?,
            subscribers: self.store.count_subscribers_within(self.reach.clone()).await?,
            held: self.store.count_held_within(self.reach.clone()).await?.into_values().sum(),
            store_stalled: self.store_trouble().await?,
        })
    }

    /// The processes that share the database, by name; none where only one can have it.
    pub async fn processes(&self) -> Result<Vec<SeenNode>, OperationError> {
        // How many routers each has is told to whoever reaches all of them.
        if !self.store.is_shared() || !self.reach.is_everything() {
            return Ok(Vec::new());
        }
        Ok(self.store.nodes().await?)
    }

    /// Why something cannot be written down at the moment, in a sentence; `None` when all can.
    ///
    /// # Errors
    /// When the database does not even answer.
    pub async fn store_trouble(&self) -> Result<Option<String>, OperationError> {
        match self.store.check_ready().await {
            Err(error @ StoreError::Misplaced { .. }) => return Ok(Some(error.to_string())),
            other => other?,
        }
        let stalled = self.board.own().into_iter().find(|status| status.phase == Phase::StoreStalled);
        Ok(stalled.map(|status| match self.reach.is_everything() {
            true => status.message.unwrap_or_default(),
            false => "the database does not take all readings at the moment; they wait".to_owned(),
        }))
    }

    /// Recomputes every total from the ledger (rule 12).
    pub async fn verify(&self) -> Result<VerifyReport, OperationError> {
        Ok(self.store.verify().await?)
    }

    /// Acts of the journal, newest first; of routers and subscribers that are reached.
    pub async fn audit(&self, mut query: AuditQuery) -> Result<Vec<AuditRecord>, OperationError> {
        query.reach = self.reach.clone();
        Ok(self.store.list_audit(query).await?)
    }
}
