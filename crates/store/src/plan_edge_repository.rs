//! Edges at which plans open the next cycle of their subscribers.

use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::plan_cycle::PlanCycle;

/// A subscriber whose next cycle is due, or whose next edge is to be worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueEdge {
    /// The subscriber.
    pub subscriber: Uuid,
    /// The edge, or since when the next one is to be worked out.
    pub at: Micros,
    /// Whether `at` is the edge.
    pub known: bool,
    /// What their plan says; `Renewal` without a plan, and for those who left.
    pub cycle: PlanCycle,
    /// When their open cycle opened.
    pub opened_at: Micros,
    /// When the renewal that opened it was undone: what was counted until then is in it, so it closes no earlier.
    pub not_before: Option<Micros>,
    /// The IANA zone of their days, else of the router their login is bound to.
    pub zone: Option<String>,
    /// Routers that show a session of theirs, or did in the last round but one.
    pub routers: Vec<NasId>,
}

/// What is to become of a [`DueEdge`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedEdges {
    /// As it was found.
    pub due: DueEdge,
    /// Edges at which a cycle opens, in order.
    pub opened: Vec<Micros>,
    /// The next edge; `None`: only a renewal opens the next cycle.
    pub next: Option<Micros>,
}

/// Opening cycles as plans say.
#[async_trait]
pub trait PlanEdgeRepository: Send + Sync {
    /// At most `limit` subscribers with something to do at `now`, the longest due first.
    async fn due_edges(&self, now: Micros, limit: u32) -> Result<Vec<DueEdge>, StoreError>;

    /// That of a subscriber whose next edge is to be worked out; `None` when it is known, or their plan opens no cycle.
    async fn edge_to_work_out(&self, subscriber: Uuid) -> Result<Option<DueEdge>, StoreError>;

    /// Opens the cycles, all or nothing, and answers how many. Who was renewed or changed since they were found is left
    /// out, and found again. `fresh` says which routers were read and when: for an edge before that, nothing is left
    /// uncounted there; the others must still settle the closed cycle, as after a renewal. A
    /// reading of later than `now` says nothing: the clock was set back.
    async fn pass_edges(
        &self,
        passed: Vec<PassedEdges>,
        fresh: Vec<(NasId, Micros)>,
        now: Micros,
    ) -> Result<u64, StoreError>;
}
