//! A reading's way from the connection to the store, and what the router's state shows of it.

use accounting::time::HostInstant;
use operations::{ErrorKind, Phase, ReadNow, RoundReport as ShownRound};
use tokio::sync::watch;

use super::asked::ReadRequest;
use super::session::Session;
use super::status::{Reporter, add_traffic};
use super::told::{dropped_for, not_written, refuse, waiting_for};
use crate::actor::{Progress, Trouble};
use crate::round::{CleanRound, RoundReport};

impl Session<'_> {
    pub(super) fn hand_over(&mut self, clean: CleanRound, asked: Vec<ReadRequest>) {
        let CleanRound { mut snapshot, report } = clean;
        self.setup.ear.tell(&mut snapshot);
        let read_at = snapshot.times.host_after;
        let device = snapshot.device.to_string();
        asked.iter().for_each(ReadRequest::note_read);
        self.setup.inbox.push(snapshot);
        self.show_read(&report, device);
        let (progress, reporter) = (self.progress.clone(), self.reporter.clone());
        let remark = report.remark();
        let Ok(place) = self.waiting.clone().try_acquire_owned() else {
            refuse(asked, &not_written(&self.setup.inbox.trouble()));
            return;
        };
        let trouble = self.setup.inbox.troubles();
        tokio::spawn(async move {
            let _place = place;
            let progress = tokio::select! {
                Some(progress) = committed(progress, read_at) => progress,
                () = tell_trouble(trouble, &reporter) => return,
            };
            reporter.round_done(shown(&report, &progress), remark);
            for request in asked {
                request.answer(Ok(ReadNow { poll_seq: progress.poll_seq, at: progress.at }));
            }
        });
    }

    fn show_read(&self, report: &RoundReport, device: String) {
        self.reporter.version(report.version.as_deref());
        let trouble = self.setup.inbox.trouble();
        let told = trouble.store.as_deref().map(waiting_for);
        match told.or_else(|| trouble.refused.as_deref().map(dropped_for)) {
            Some(told) => self.show_store_trouble(told),
            None => self.reporter.online(report.remark()),
        }
        self.reporter.update(|status| {
            add_traffic(status, report.traffic);
            status.identity = report.identity.as_deref().map(str::to_owned);
            status.uptime_s = Some(report.uptime_s);
            status.device = Some(device);
        });
    }

    pub(super) fn show_stalled(&self) {
        let error = self.setup.inbox.trouble().store.unwrap_or_else(|| "it is too slow".to_owned());
        self.show_store_trouble(waiting_for(&error));
    }

    pub(super) fn show_store_trouble(&self, message: String) {
        self.reporter.enter(Phase::StoreStalled, Some(message));
        self.reporter.update(|status| status.count_error(ErrorKind::Store));
    }
}

/// Shows that readings wait as soon as they do, not only at the next round; returns when the actor is gone.
async fn tell_trouble(mut trouble: watch::Receiver<Trouble>, reporter: &Reporter) {
    loop {
        let told = trouble.borrow_and_update().store.as_deref().map(waiting_for);
        if told.is_some() {
            reporter.enter(Phase::StoreStalled, told);
        }
        if trouble.changed().await.is_err() {
            return;
        }
    }
}

/// Waits until a snapshot read at `read_at`, or a later one that includes it, is committed; `None` when the actor is
/// gone.
async fn committed(mut progress: watch::Receiver<Progress>, read_at: HostInstant) -> Option<Progress> {
    let reached =
        |progress: &Progress| progress.host.epoch == read_at.epoch && progress.host.micros >= read_at.micros;
    progress.wait_for(reached).await.ok().map(|progress| progress.clone())
}

fn shown(report: &RoundReport, progress: &Progress) -> ShownRound {
    ShownRound {
        at: progress.at,
        rows: report.rows,
        rows_unreadable: report.rows_unreadable,
        rows_unpaired: report.rows_unpaired,
        sessions_without_counter: report.sessions_without_counter,
        sessions_open: progress.sessions_open as u64,
        bytes_in: report.traffic.bytes_in,
        bytes_out: report.traffic.bytes_out,
        duration_us: report.duration_us,
        poll_seq: progress.poll_seq,
    }
}
