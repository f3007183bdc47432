//! The accounting state of one router beside the store it came from: fetches what a snapshot needs, applies it and
//! commits.

use std::sync::Arc;

use accounting::NasState;
use accounting::bound::LinkSpeed;
use accounting::changes::{Changes, CounterRecord};
use accounting::growth::{Gains, Window};
use accounting::login::{LoginKind, LoginName, LoginRef};
use accounting::plan::{Plan, Unknown};
use accounting::snapshot::Snapshot;
use accounting::state::Wanted;
use accounting::table::Table;
use rustc_hash::FxHashSet;
use store::{AccountingRepository, CommitError, Lease, Loaded, StoreError};

/// What a snapshot that is committed says beside what it counts.
pub(super) struct Entered {
    /// The session-ids of the sessions it began to count.
    pub(super) counted: FxHashSet<u64>,
    /// Between which readings sessions gained what they gained; `None` where there was none before.
    pub(super) window: Option<Window>,
    /// What they gained.
    pub(super) gains: Gains,
}

/// In-memory state that is equal to the store's, or dropped.
pub(super) struct Books {
    lease: Lease,
    repository: Arc<dyn AccountingRepository>,
    state: NasState,
    bindings_version: u64,
}

impl Books {
    /// # Errors
    /// `Fenced` when another process has taken the router, else why nothing could be read.
    pub(super) async fn open(
        lease: Lease,
        repository: Arc<dyn AccountingRepository>,
    ) -> Result<Books, CommitError> {
        let loaded = repository.load(lease.nas).await.map_err(CommitError::RolledBack)?;
        if loaded.lease_epoch != lease.epoch {
            return Err(CommitError::Fenced);
        }
        let books = Books::read(lease, loaded, repository).await;
        books.map_err(CommitError::RolledBack)
    }

    async fn read(
        lease: Lease,
        loaded: Loaded,
        repository: Arc<dyn AccountingRepository>,
    ) -> Result<Books, StoreError> {
        let names = login_names(&loaded.counters);
        let resolved = repository.resolve_logins(lease.nas, &names).await?;
        let logins: Vec<(LoginName, LoginRef)> = names.into_iter().zip(resolved.logins).collect();
        let link = LinkSpeed(loaded.link_speed_bps);
        let mut state =
            NasState::restore(loaded.record, link, loaded.counters, &logins).map_err(|counter| {
                let counter = String::from_utf8_lossy(&counter).escape_debug().to_string();
                StoreError::Corrupt(format!("the counter {counter} belongs to a login that was not stored"))
            })?;
        state.supply_session_logins(loaded.session_logins);
        state.supply_enrolled(resolved.enrolled);
        state.supply_edges(resolved.edges);
        Ok(Books { lease, repository, state, bindings_version: resolved.version })
    }

    pub(super) fn poll_seq(&self) -> u64 {
        self.state.record().poll_seq
    }

    pub(super) fn sessions_open(&self) -> usize {
        self.state.sessions_open()
    }

    pub(super) fn unseen_sessions(&self) -> u64 {
        self.state.record().unseen_sessions
    }

    pub(super) fn wanted(&self) -> Wanted {
        self.state.wanted()
    }

    /// True when the snapshot was begun before the last committed one had ended: it is discarded, never interpreted.
    pub(super) fn is_late(&self, snapshot: &Snapshot) -> bool {
        let Some(last) = &self.state.record().last else { return false };
        let (begun, committed) = (snapshot.times.host, last.host_after);
        begun.epoch == committed.epoch && begun.micros < committed.micros
    }

    /// Applies the snapshot and commits what it changes.
    /// After any error the state no longer equals the store's.
    pub(super) async fn enter(&mut self, snapshot: &Snapshot) -> Result<Entered, CommitError> {
        let plan = self.prepare(snapshot).await.map_err(CommitError::RolledBack)?;
        let last = self.state.record().last;
        let changes = Arc::new(self.state.apply(snapshot, plan));
        let entered = Entered {
            counted: counted_sessions(&changes),
            window: last.and_then(|last| Window::between(&last, &snapshot.times)),
            gains: last.map(|last| changes.gains(last.at)).unwrap_or_default(),
        };
        self.repository.commit(self.lease.nas, self.lease.epoch, self.bindings_version, changes).await?;
        Ok(entered)
    }

    async fn prepare(&mut self, snapshot: &Snapshot) -> Result<Plan, StoreError> {
        if self.repository.bindings_version().await? != self.bindings_version {
            self.resolve(self.state.login_names()).await?;
        }
        let plan = self.state.plan(snapshot);
        if !plan.unknown_logins.is_empty() {
            self.resolve(plan.unknown_logins.clone()).await?;
        }
        if !plan.unknown.is_empty() && self.state.record().last.is_some() {
            self.recall(&plan.unknown).await?;
        }
        Ok(plan)
    }

    /// Resolves these logins; when bindings changed meanwhile, all the others anew as well, so that the state knows
    /// one version of them.
    async fn resolve(&mut self, names: Vec<LoginName>) -> Result<(), StoreError> {
        let mut resolved = self.repository.resolve_logins(self.lease.nas, &names).await?;
        self.state.supply_logins(names.into_iter().zip(resolved.logins));
        let changed = resolved.version != self.bindings_version;
        if changed {
            let all = self.state.login_names();
            resolved = self.repository.resolve_logins(self.lease.nas, &all).await?;
            self.bindings_version = resolved.version;
            self.state.supply_logins(all.into_iter().zip(resolved.logins));
        }
        self.state.supply_enrolled(resolved.enrolled);
        if changed {
            self.state.supply_edges(resolved.edges);
        } else {
            self.state.supply_more_edges(resolved.edges);
        }
        Ok(())
    }

    /// Fetches counters believed gone that show up again, with their logins.
    async fn recall(&mut self, unknown: &Unknown) -> Result<(), StoreError> {
        let gone = self.repository.gone_counters(self.lease.nas, self.state.record().boot, unknown).await?;
        let names = login_names(&gone);
        if !names.is_empty() {
            self.resolve(names).await?;
        }
        self.state.supply_gone(gone);
        Ok(())
    }
}

/// Sessions that only `listen` or half the tables showed are written when they are over, and have no counter.
fn counted_sessions(changes: &Changes) -> FxHashSet<u64> {
    let counted = changes.new_sessions.iter().filter(|session| session.ended.is_none());
    counted.filter_map(|session| session.acct_session_id).collect()
}

fn login_names(counters: &[CounterRecord]) -> Vec<LoginName> {
    let login = |counter: &CounterRecord| {
        let kind = LoginKind::of_table(Table::of(counter.handle));
        Some(LoginName { kind, name: counter.session.as_ref()?.login_name.clone() })
    };
    let mut names: Vec<LoginName> = counters.iter().filter_map(login).collect();
    names.sort_unstable();
    names.dedup();
    names
}
