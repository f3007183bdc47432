//! Snapshots that wait for the writing connection at the same time are committed together: one transaction and one
//! flush of the disk for all of them. A thousand small routers read in the same second would else wait for a
//! thousand flushes.
//!
//! Nothing else about a commit changes. Each snapshot is fenced by its own router's row and has its own answer. Who
//! is refused has written nothing. When a write or the end of the transaction fails, all of it is undone and each
//! snapshot is tried by itself, so that one that does not fit harms no other. A doubtful end is doubtful for all.

use std::sync::{Mutex, PoisonError};

use accounting::changes::Changes;
use tokio::sync::oneshot;

use crate::error::{CommitError, StoreError};

use super::accounting_commit::{self, Round, Verdict};
use super::driver::{Failed, Reach, Session};

/// From so many moving counters on, a commit touches more pages than the cache holds.
const MANY_COUNTERS: usize = 5_000;

/// Snapshots that wait. Each belongs to a job in the writer's queue, whose bound is theirs; the first of these jobs
/// to run commits them all, the others find nothing left.
#[derive(Default)]
pub(crate) struct CommitGroup(Mutex<Vec<Waiting>>);

struct Waiting {
    round: Round,
    verdict: oneshot::Sender<Verdict>,
}

impl CommitGroup {
    /// Puts a snapshot with the others; what becomes of it is sent there.
    pub(crate) fn add(&self, round: Round, verdict: oneshot::Sender<Verdict>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { round, verdict });
    }

    /// Commits all that wait now.
    pub(crate) fn commit_waiting(&self, session: &mut impl Session) {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if waiting.is_empty() {
            return;
        }
        let (rounds, senders): (Vec<Round>, Vec<_>) =
            waiting.into_iter().map(|waiting| (waiting.round, waiting.verdict)).unzip();
        for (sender, verdict) in senders.into_iter().zip(commit(session, &rounds)) {
            // A caller that went away does not want its answer.
            let _ = sender.send(verdict);
        }
    }
}

/// Commits these, of different routers or in the order of one; answers in their order.
pub(crate) fn commit(session: &mut impl Session, rounds: &[Round]) -> Vec<Verdict> {
    if rounds.iter().map(|round| moved(&round.changes)).sum::<usize>() >= MANY_COUNTERS {
        session.make_room();
    }
    match commit_together(session, rounds) {
        Ok(verdicts) => verdicts,
        Err(error) if rounds.len() > 1 && may_fare_better_alone(&error) => {
            rounds.iter().flat_map(|round| commit(session, std::slice::from_ref(round))).collect()
        }
        Err(error) => vec![Err(error); rounds.len()],
    }
}

fn moved(changes: &Changes) -> usize {
    changes.grown_entries.len() + changes.new_entries.len()
}

/// One transaction; after an error nothing of it is written, or nobody knows.
fn commit_together(session: &mut impl Session, rounds: &[Round]) -> Result<Vec<Verdict>, CommitError> {
    let written =
        session.write(Reach::Rounds, |connection| accounting_commit::write_rounds(connection, rounds));
    written.map_err(|failed| match failed {
        Failed::Undone(error) => CommitError::RolledBack(error),
        Failed::Doubtful(error) => CommitError::Doubtful(error),
    })
}

/// Whoever holds a busy database holds it for each of them, and waiting for each takes as many times as long.
fn may_fare_better_alone(error: &CommitError) -> bool {
    matches!(error, CommitError::RolledBack(why) if *why != StoreError::Busy)
}
