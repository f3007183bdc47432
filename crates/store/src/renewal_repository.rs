//! Changing a subscriber, which may open their next cycle.

use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::subscriber_repository::SubscriberStatus;

/// Whether a change opens the next cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Renews {
    /// It moves the date and no more.
    Never,
    /// If the new date is later than the old one, or there was none, and still to come.
    #[default]
    ByDate,
    /// In any case.
    Always,
}

impl Renews {
    /// Whether moving the date from `old` to `new` at `now` opens the next cycle.
    pub fn decide(self, old: Option<Micros>, new: Option<Micros>, now: Micros) -> bool {
        match self {
            Renews::Never => false,
            Renews::Always => true,
            Renews::ByDate => new.is_some_and(|new| new > now && old.is_none_or(|old| new > old)),
        }
    }
}

/// What to change of a subscriber; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscriberChange {
    /// Name for people, or none any more.
    pub name: Option<Option<String>>,
    /// What they use.
    pub service: Option<String>,
    /// Whether they are served.
    pub status: Option<SubscriberStatus>,
    /// Name of their plan, or none any more.
    pub plan: Option<Option<String>>,
    /// When their time runs out, or never.
    pub expiry_at: Option<Option<Micros>>,
    /// The IANA zone of their days, or none any more.
    pub zone: Option<Option<String>>,
    /// Anything, or nothing any more.
    pub note: Option<Option<String>>,
    /// Whether it opens the next cycle.
    pub renews: Renews,
    /// Routers that were read for this, so that nothing of before is left uncounted there.
    pub fresh: Vec<NasId>,
}

/// What a change came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// The next cycle was opened.
    pub renewed: bool,
    /// Names of the routers whose next reading will be split between the cycles.
    pub unread: Vec<String>,
}

/// A renewal that was undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoneRenewal {
    /// When it had been made.
    pub renewed_at: Micros,
    /// When it was undone.
    pub undone_at: Micros,
    /// Who undid it.
    pub undone_by: String,
}

/// Changing subscribers and their cycles.
#[async_trait]
pub trait RenewalRepository: Send + Sync {
    /// Changes a subscriber, all or nothing. Whether it renews is decided by the date stored then, so that the same
    /// change made twice renews once. Renewing closes the open cycle and opens the next; every router on which the
    /// subscriber has a session, or that was silent for a quarter of an hour, and is not `fresh` must still settle it.
    /// `act` goes into the journal when nothing was renewed, `renewal` when it was. `NotFound` when there is no such
    /// subscriber, `NoSuch` when there is no such plan.
    async fn change_subscriber(
        &self,
        id: Uuid,
        change: SubscriberChange,
        act: NewAudit,
        renewal: NewAudit,
    ) -> Result<Changed, StoreError>;

    /// Undoes the renewal that opened the open cycle: what is in it, and what will be, counts with the cycle that it
    /// continues; no entry changes. The expiry is again what it was, unless it was changed since. `Constraint` with a
    /// sentence when the last cycle was opened by something else, or the renewal was undone before.
    async fn undo_renewal(&self, id: Uuid, act: NewAudit) -> Result<UndoneRenewal, StoreError>;

    /// The undone renewals within a cycle, oldest first.
    async fn undone_renewals(&self, cycle: i64) -> Result<Vec<UndoneRenewal>, StoreError>;

    /// Routers that show a session of the subscriber, did in the last round but one, or ever did and are being read: one may
    /// have begun since.
    async fn routers_of_subscriber(&self, id: Uuid) -> Result<Vec<NasId>, StoreError>;
}
