//! What the accounting actor of a router needs of a database: load, resolve, commit.

use std::sync::Arc;

use accounting::changes::{Changes, CounterRecord, NasRecord};
use accounting::edge::Edge;
use accounting::login::{LoginName, LoginRef};
use accounting::plan::Unknown;
use accounting::standing::Enrolled;
use accounting::table::Table;
use async_trait::async_trait;

use crate::error::{CommitError, StoreError};
use crate::ids::NasId;

/// What is known of a router between two runs of its actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The router's record as of its last committed snapshot.
    pub record: NasRecord,
    /// Epoch of the router's lease; every commit must name it.
    pub lease_epoch: u64,
    /// Configured speed of the router's fastest link, bits per second (rules 9 and 10).
    pub link_speed_bps: Option<u64>,
    /// Live and missing counters of the current boot, by number.
    pub counters: Vec<CounterRecord>,
    /// Sessions that have not ended, each with the login row it is stored under.
    pub session_logins: Vec<(u64, i64)>,
}

/// Logins as they were bound at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedLogins {
    /// The bindings version they were read under; a commit that uses them must name it.
    pub version: u64,
    /// One per name, in the order asked.
    pub logins: Vec<LoginRef>,
    /// Counters of the router that are somebody's by enrolment, all of them, each with its login.
    pub enrolled: Vec<(Enrolled, LoginRef)>,
    /// All renewals that the router has not settled yet, whoever's.
    pub edges: Vec<Edge>,
}

/// An enrolled counter as a round asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The table it is in.
    pub table: Table,
    /// What the router called it last, raw bytes.
    pub name: Vec<u8>,
    /// The router's ids of the rows that were counted for it in this boot: whatever they are called now.
    pub ids: Vec<u64>,
}

/// The accounting's side of the store. Calls for one router take effect in the order they were made.
#[async_trait]
pub trait AccountingRepository: Send + Sync {
    /// The router's record and its live and missing counters of the current boot, read in one moment and after
    /// every commit asked for earlier.
    async fn load(&self, nas: NasId) -> Result<Loaded, StoreError>;

    /// Gone counters of that boot that rows which returned may be: those with one of the handles, of whatever session,
    /// and those of hotspot logins with one of the names and starts. By number.
    async fn gone_counters(
        &self,
        nas: NasId,
        boot: u32,
        unknown: &Unknown,
    ) -> Result<Vec<CounterRecord>, StoreError>;

    /// Each name's login for this router: the narrowest that a subscriber is bound to (this router, its group,
    /// all routers), else the router's own row, which is made when lacking. Same order as `names`.
    async fn resolve_logins(&self, nas: NasId, names: &[LoginName]) -> Result<ResolvedLogins, StoreError>;

    /// The enrolled counters that a round asks this router for.
    async fn asked_counters(&self, nas: NasId) -> Result<Vec<Asked>, StoreError>;

    /// Grows with every change of a binding or of which cycle is open.
    async fn bindings_version(&self) -> Result<u64, StoreError>;

    /// Writes one snapshot's changes in one transaction (rule 3). The router's stored `poll_seq` must be one less
    /// than `changes.nas.poll_seq`, and lease epoch and bindings version must be these; else nothing is written.
    async fn commit(
        &self,
        nas: NasId,
        lease_epoch: u64,
        bindings_version: u64,
        changes: Arc<Changes>,
    ) -> Result<(), CommitError>;
}
