//! What happened, for programs that are told of it: written in the transaction in which it happened, read and deleted by
//! whoever passes it on.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::event::Event;
use crate::event_names::EventNames;
use crate::ids::NasId;

/// What waits of one router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxQueue {
    /// The router's row.
    pub nas: NasId,
    /// The oldest event that waits; past the newest when none does.
    pub first: u64,
    /// How many wait.
    pub events: u64,
    /// Bytes they take.
    pub bytes: u64,
    /// Bytes that all before the oldest took, ever.
    pub bytes_before: u64,
    /// Bytes that the oldest takes.
    pub first_bytes: u64,
    /// Our clock when the oldest happened; of those that were given up only where nothing else waits.
    pub oldest_at: Option<Micros>,
    /// Whether the oldest only says that others were given up.
    pub begins_with_loss: bool,
    /// How many events were ever given up.
    pub lost: u64,
    /// The process that polls the router, by its name; `None` where nobody has it or nobody is to.
    pub polled_by: Option<String>,
}

impl OutboxQueue {
    /// How many events wait that could be given up.
    pub fn droppable(&self) -> u64 {
        self.events - u64::from(self.begins_with_loss)
    }
}

/// Which events of a router are given up, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiveUp {
    /// Those from before that instant of our clock.
    Before(Micros),
    /// So many that this many bytes become free, if there are.
    Bytes(u64),
}

/// Events that wait to be told.
#[async_trait]
pub trait OutboxRepository: Send + Sync {
    /// Whether what happens from now on in this process is written down to be told. It is not unless somebody said so.
    fn write_events(&self, wanted: bool);

    /// What waits, by router. The work is that of one look for each router, however much waits.
    async fn outbox(&self) -> Result<Vec<OutboxQueue>, StoreError>;

    /// The oldest events of these routers, in their order within a router: of each as many as take `bytes`, and one at
    /// least. What `names` holds is not looked up, what is looked up is kept there; `now` is our clock.
    async fn events(
        &self,
        of: Vec<OutboxQueue>,
        bytes: u64,
        names: &EventNames,
        now: Micros,
    ) -> Result<Vec<Event>, StoreError>;

    /// These were told: the events of each router up to that one are deleted.
    async fn delete_events(&self, told: Vec<(NasId, u64)>) -> Result<(), StoreError>;

    /// Gives up some events of a router, 500 at most, in whose place one stays that says so. How many those are.
    async fn give_up_events(&self, nas: NasId, which: GiveUp) -> Result<u64, StoreError>;
}
