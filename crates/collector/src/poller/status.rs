//! Tells the board how one router's poller is doing.

use std::sync::Arc;

use operations::{Clock, ErrorKind, Phase, RoundReport, RouterStatus, StatusBoard};
use store::NasId;
use tokio::sync::watch;

use crate::checkup::unknown_version;
use crate::control::Listening;
use crate::link::{LinkError, Traffic};
use crate::schedule::Outcome;

/// Writes one router's line of the board.
#[derive(Clone)]
pub(super) struct Reporter {
    nas: NasId,
    board: StatusBoard,
    clock: Arc<dyn Clock>,
}

impl Reporter {
    pub(super) fn new(nas: NasId, board: StatusBoard, clock: Arc<dyn Clock>) -> Self {
        Reporter { nas, board, clock }
    }

    pub(super) fn enter(&self, phase: Phase, message: Option<String>) {
        let now = self.clock.now();
        self.update(|status| status.enter(phase, message, now));
    }

    /// A connection is tried.
    pub(super) fn connecting(&self) {
        let now = self.clock.now();
        self.update(|status| status.connecting(now));
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut RouterStatus)) {
        self.board.update(self.nas, self.clock.now(), change);
    }

    /// Shows a failure and says what it means for the schedule.
    pub(super) fn failed(&self, error: &LinkError) -> Outcome {
        let (phase, kind, outcome) = judge(error);
        let message = error.to_string();
        tracing::warn!(nas = %self.nas, %message, "a router could not be polled");
        let now = self.clock.now();
        self.update(|status| {
            status.enter(phase, Some(message), now);
            status.count_error(kind);
        });
        outcome
    }

    /// A round was read but could not be used; the connection goes on.
    pub(super) fn discarded(&self, message: String) {
        tracing::info!(nas = %self.nas, %message, "a round was discarded");
        self.update(|status| status.discarded(message));
    }

    /// Shows the version the router tells, and warns once of each that nobody here knows.
    pub(super) fn version(&self, told: Option<&str>) {
        let mut warning = None;
        self.update(|status| {
            if status.version.as_deref() != told {
                status.version = told.map(str::to_owned);
                status.version_warning = told.and_then(unknown_version);
                warning.clone_from(&status.version_warning);
            }
        });
        if let Some(message) = warning {
            tracing::warn!(nas = %self.nas, %message, "a router tells a version that is not known here");
        }
    }

    /// Shows whether the router is listened to, whenever that changes; ends with the ear.
    pub(super) async fn follow(&self, mut listening: watch::Receiver<Listening>) {
        loop {
            let Listening { not_because, dropped } = listening.borrow_and_update().clone();
            self.update(|status| {
                status.not_listening_because = not_because;
                status.heard_dropped = dropped;
            });
            if listening.changed().await.is_err() {
                return;
            }
        }
    }

    /// The router is read. `remark`: what its operator should know all the same, warned of when it begins.
    pub(super) fn online(&self, remark: Option<String>) {
        let now = self.clock.now();
        let mut news = None;
        self.update(|status| {
            if status.phase != Phase::Online || status.message.is_none() {
                news.clone_from(&remark);
            }
            status.enter(Phase::Online, remark, now);
        });
        if let Some(message) = news {
            tracing::warn!(nas = %self.nas, %message, "a router is read, and not all of it can be counted");
        }
    }

    /// A snapshot is committed; `remark` as in [`Self::online`].
    pub(super) fn round_done(&self, round: RoundReport, remark: Option<String>) {
        let now = self.clock.now();
        self.update(|status| {
            status.round_done(round);
            if status.phase == Phase::StoreStalled {
                status.enter(Phase::Online, remark, now);
            }
        });
    }
}

fn judge(error: &LinkError) -> (Phase, ErrorKind, Outcome) {
    match error {
        LinkError::Unreachable(_) | LinkError::Closed(_) => {
            (Phase::Unreachable, ErrorKind::Connection, Outcome::Failed)
        }
        LinkError::Insecure(_) => (Phase::Insecure, ErrorKind::Tls, Outcome::Failed),
        LinkError::TimedOut(_) => (Phase::Unreachable, ErrorKind::Timeout, Outcome::Failed),
        LinkError::LoginRefused(_) => (Phase::LoginRefused, ErrorKind::Login, Outcome::Refused),
        LinkError::NoRights(_) => (Phase::NoRights, ErrorKind::Rights, Outcome::Failed),
        LinkError::MissingMenu(_) | LinkError::Protocol(_) => {
            (Phase::ProtocolError, ErrorKind::Protocol, Outcome::Failed)
        }
        LinkError::Trapped(_) => (Phase::ProtocolError, ErrorKind::DiscardedRound, Outcome::Failed),
    }
}

/// What a connection carried, in octets.
pub(super) fn add_traffic(status: &mut RouterStatus, traffic: Traffic) {
    status.bytes_in_total += traffic.bytes_in;
    status.bytes_out_total += traffic.bytes_out;
}
