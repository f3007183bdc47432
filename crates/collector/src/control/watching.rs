//! Those who are watched on a router, on its control connection.

use std::sync::Arc;
use std::time::Duration;

use operations::{Clock, LiveBoard, StatusBoard, Watch, WatchingStatus};
use routeros_proto::{Command, Event, Tag, Tagged};
use store::NasId;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::monitor::{Desk, Pace, Said};

/// How often it is shown what the router is asked.
const SHOW_EVERY: Duration = Duration::from_secs(5);

/// See the module. It lives as long as the router is polled, connected or not.
pub struct Watching {
    nas: NasId,
    live: LiveBoard,
    board: StatusBoard,
    clock: Arc<dyn Clock>,
    wanted: watch::Receiver<Arc<[Watch]>>,
    desk: Desk,
    shown: WatchingStatus,
    shown_at: Option<Instant>,
}

impl Watching {
    /// Of that router. What it is asked is shown on `board`.
    pub fn new(nas: NasId, live: LiveBoard, board: StatusBoard, clock: Arc<dyn Clock>) -> Watching {
        let mut wanted = live.wanted(nas);
        wanted.mark_changed();
        let (desk, shown) = (Desk::default(), WatchingStatus::default());
        Watching { nas, live, board, clock, wanted, desk, shown, shown_at: None }
    }

    /// Waits until others are to be watched than before. A board that is gone changes nothing.
    pub(super) async fn changed(&mut self) {
        if self.wanted.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        let wanted = self.wanted.borrow_and_update().clone();
        let said = self.desk.want(&wanted);
        self.tell(said);
    }

    /// There is no connection any more: says so of whoever is to be watched.
    pub(super) fn lost(&mut self, because: &str) {
        let said = self.desk.disconnected(because);
        self.tell(said);
        self.show(Instant::now(), true);
    }

    /// Says so, while there is none, of those too who are to be watched then.
    pub(super) async fn refuse(&mut self, because: &str) -> std::convert::Infallible {
        loop {
            self.changed().await;
            self.lost(because);
        }
    }

    /// Whether it is heard when sessions come and go.
    pub(super) fn hears(&mut self, is_heard: bool) {
        self.desk.hears(is_heard);
    }

    /// Sessions came or went.
    pub(super) fn hears_of_sessions(&mut self) {
        self.desk.hears_of_sessions();
    }

    /// When [`Self::step`] has something to do.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        self.desk.due(now)
    }

    /// What is to be sent now.
    pub(super) fn step(&mut self, now: Instant, replies: &mut Tagged) -> Vec<Command> {
        let mut out = Vec::new();
        let said = self.desk.step(now, replies, &mut out);
        self.tell(said);
        self.show(now, false);
        out
    }

    /// Takes a reply; `false` when it is to nothing that was asked here.
    pub(super) fn accept(&mut self, tag: Tag, event: &Event<'_>) -> bool {
        let said = self.desk.accept(tag, event, Instant::now());
        let is_ours = said.is_some();
        self.tell(said.unwrap_or_default());
        is_ours
    }

    fn tell(&self, said: Vec<Said>) {
        for said in said {
            match said {
                Said::Read(readings) => self.live.read(self.nas, self.clock.now(), readings),
                Said::Stands(customer, standing) => self.live.stands(self.nas, customer, standing),
            }
        }
    }

    /// Shows what the router is asked, where that changed and it was not shown just now.
    fn show(&mut self, now: Instant, at_once: bool) {
        let is_due = self.shown_at.is_none_or(|shown_at| shown_at + SHOW_EVERY <= now);
        if !at_once && !is_due && self.shown.streams == self.desk.streams() {
            return;
        }
        self.shown_at = Some(now);
        let streams = self.desk.streams();
        let budget = self.desk.budget();
        let status = WatchingStatus {
            commands_last_minute: budget.commands(now),
            streams,
            cpu_load_percent: budget.load(),
            slowed: budget.pace() == Pace::Slow,
        };
        if status != self.shown && self.board.show_watching(self.nas, status.clone()) {
            self.shown = status;
        }
    }
}
