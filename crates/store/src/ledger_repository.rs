//! The ledger's lines, for explaining a total and for deciding on held ones.

use std::collections::HashMap;

use accounting::Octets;
use accounting::ledger::{LedgerEntry, Unseen};
use accounting::login::LoginKind;
use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;
use crate::tally::Line;

/// Whose lines are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerSubject {
    /// Of a login on the router(s) of that name; the nobody's when there is no login.
    Login {
        /// The router's name.
        router: String,
        /// The login as the router gave it, raw bytes.
        username: Option<Vec<u8>>,
        /// Only a login of this kind; `None` = of every kind.
        kind: Option<LoginKind>,
    },
    /// All that counted into a cycle, also after renewals that were undone, and what was held in its time.
    Cycle(i64),
    /// Of a session.
    Session {
        /// Its router.
        nas: NasId,
        /// Its number within the router.
        no: u64,
    },
}

/// Names one line; lines are ordered by bucket, router, number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryKey {
    /// 15-minute UTC bucket of its end.
    pub bucket: i64,
    /// Its router.
    pub nas: NasId,
    /// Its number within the router. Numbers from 2^39 on were given by decisions on held lines.
    pub no: u64,
}

/// What was decided on a held line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldAct {
    /// It counts: a new line into the open cycle.
    Released,
    /// It never happened.
    Rejected,
}

impl HeldAct {
    /// The stable name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            HeldAct::Released => "released",
            HeldAct::Rejected => "rejected",
        }
    }

    /// The act of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [HeldAct::Released, HeldAct::Rejected].into_iter().find(|act| act.as_str() == name)
    }
}

/// The cycle in which a released line counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedIn {
    /// Its subscriber's username.
    pub subscriber: String,
    /// The first, second, ... cycle of theirs.
    pub seq_no: u32,
}

/// A line with what its numbers stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its router.
    pub nas: NasId,
    /// The router's name.
    pub router: String,
    /// The line.
    pub entry: LedgerEntry,
    /// The login as the router gave it.
    pub username: Option<Vec<u8>>,
    /// What that is a login to; `None` without one.
    pub kind: Option<LoginKind>,
    /// Name of the counter (the interface), raw bytes.
    pub counter_name: Option<Vec<u8>>,
    /// When its session began.
    pub session_started_at: Option<Micros>,
    /// What was decided, for a held line.
    pub decision: Option<HeldAct>,
    /// How many lines it stands for, if it brings them forward.
    pub folded: Option<u64>,
}

impl EntryRow {
    /// The line's name, to go on after it.
    pub fn key(&self) -> EntryKey {
        EntryKey { bucket: self.entry.bucket, nas: self.nas, no: self.entry.no }
    }

    /// What was not seen, as sums have it: of a held line, what it may have to count or can have carried at most.
    pub fn unseen(&self) -> Option<Unseen> {
        let octets = self.entry.delta;
        let line = match (self.entry.posted, self.decision) {
            (true, _) => Line::Posted(octets),
            (false, None) => Line::Undecided(octets),
            (false, Some(HeldAct::Released)) => Line::Released,
            (false, Some(HeldAct::Rejected)) => Line::Rejected(octets),
        };
        line.unseen(self.entry.unseen)
    }
}

/// The ledger as people ask for it.
#[async_trait]
pub trait LedgerRepository: Send + Sync {
    /// At most `limit` lines after `after`, in order.
    async fn entries(
        &self,
        subject: LedgerSubject,
        after: Option<EntryKey>,
        limit: u32,
    ) -> Result<Vec<EntryRow>, StoreError> {
        self.entries_within(subject, after, limit, Reach::Everywhere).await
    }

    /// The same of routers that are reached.
    async fn entries_within(
        &self,
        subject: LedgerSubject,
        after: Option<EntryKey>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<EntryRow>, StoreError>;

    /// The total that the lines explain: as stored for a cycle or a session, added up for a login. `None` when
    /// there is no such cycle or session.
    async fn explained_total(&self, subject: LedgerSubject) -> Result<Option<Octets>, StoreError> {
        self.explained_total_within(subject, Reach::Everywhere).await
    }

    /// The same of what routers that are reached counted.
    async fn explained_total_within(
        &self,
        subject: LedgerSubject,
        reach: Reach,
    ) -> Result<Option<Octets>, StoreError>;

    /// At most `limit` held lines after `after` that nobody decided on yet.
    async fn list_held(&self, after: Option<EntryKey>, limit: u32) -> Result<Vec<EntryRow>, StoreError> {
        self.list_held_within(after, limit, Reach::Everywhere).await
    }

    /// The same of routers that are reached.
    async fn list_held_within(
        &self,
        after: Option<EntryKey>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<EntryRow>, StoreError>;

    /// How many held lines nobody decided on yet, by router; those of removed ones too.
    async fn count_held(&self) -> Result<HashMap<NasId, u64>, StoreError> {
        self.count_held_within(Reach::Everywhere).await
    }

    /// The same of routers that are reached.
    async fn count_held_within(&self, reach: Reach) -> Result<HashMap<NasId, u64>, StoreError>;

    /// The held line of that bucket and number on the router(s) of that name, removed ones included; of several the one
    /// that waits. Decided ones too.
    async fn find_held(&self, router: &str, bucket: i64, no: u64) -> Result<Option<EntryRow>, StoreError> {
        self.find_held_within(router, bucket, no, Reach::Everywhere).await
    }

    /// The same of routers that are reached.
    async fn find_held_within(
        &self,
        router: &str,
        bucket: i64,
        no: u64,
        reach: Reach,
    ) -> Result<Option<EntryRow>, StoreError>;

    /// Decides on a held line, once. Releasing posts a new line into the open cycle of its login and adds to the
    /// session's total, all in one transaction; answers that cycle, `None` where the login has none or the line is rejected.
    /// `NotFound` when no such line is held, `Constraint` when it was decided on before.
    async fn decide_held(
        &self,
        key: EntryKey,
        decision: HeldAct,
        act: NewAudit,
    ) -> Result<Option<CountedIn>, StoreError>;
}
