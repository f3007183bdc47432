//! One connection's life: rounds until it fails.

use std::sync::Arc;
use std::time::Duration;

use operations::{ErrorKind, Phase, ReadNow, RoundReport as ShownRound, RouterCommandError, RouterStatus};
use store::Asked;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;

use super::asked::ReadRequest;
use super::setup::{Ended, PollerSetup};
use super::status::Reporter;
use super::told::{dropped_for, not_written, paused, refuse, told, waiting_for};
use crate::actor::{Progress, Trouble};
use crate::control::{Door, Ear};
use crate::devices::Refusal;
use crate::link::{Link, LinkError, Traffic};
use crate::round::{CleanRound, Round, RoundError, RoundReport};
use crate::routeros::identity;
use crate::schedule::{Outcome, Schedule};

/// What the control connection hears leads to at most one round in this time (DESIGN section 4).
const HINT_APART: Duration = Duration::from_secs(10);

/// While the store does not take snapshots, the router is looked at again after this.
const STALLED_WAIT: Duration = Duration::from_secs(2);

/// Unusable rounds in a row before the connection is given up.
const MOST_DISCARDED: u32 = 3;

/// Rounds whose commit is waited for at once, to be reported. Overflow rule: a round beyond it is counted like any
/// other, but not reported by itself, and who asked for it is told that the database is slow.
const MOST_WAITING: usize = 64;

pub(super) struct Session<'p> {
    setup: &'p PollerSetup,
    reporter: &'p Reporter,
    link: Link,
    round: Round,
    progress: watch::Receiver<Progress>,
    discarded: u32,
    last_round_at: Option<Instant>,
    claimed: bool,
    waiting: Arc<Semaphore>,
}

impl<'p> Session<'p> {
    /// Connects and polls until something ends the connection.
    pub(super) async fn run(
        setup: &'p PollerSetup,
        reporter: &'p Reporter,
        schedule: &mut Schedule,
        requests: &mut mpsc::Receiver<ReadRequest>,
    ) -> Ended {
        reporter.connecting();
        let link = match Link::open(&setup.target).await {
            Ok(link) => link,
            Err(error) => {
                let outcome = kept_out(&setup.ear, &error, reporter.failed(&error));
                return Ended { outcome, duplicate: false, told: told(&error.into()) };
            }
        };
        setup.ear.found(Door::Open);
        let progress = setup.inbox.progress();
        let mut session = Session {
            setup,
            reporter,
            link,
            round: Round::new(),
            progress,
            discarded: 0,
            last_round_at: None,
            claimed: false,
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
        };
        session.rounds(schedule, requests).await
    }

    async fn rounds(&mut self, schedule: &mut Schedule, requests: &mut mpsc::Receiver<ReadRequest>) -> Ended {
        let mut due = Instant::now();
        loop {
            let mut asked = match self.wait(due, requests).await {
                Ok(asked) => asked,
                Err(error) => return self.broke_off(error),
            };
            while let Ok(request) = requests.try_recv() {
                asked.push(request);
            }
            let begun = Instant::now();
            match self.one_round(asked).await {
                Ok(()) => due = begun + schedule.after(Outcome::Read, Duration::ZERO, rand::random()),
                Err(Some(ended)) => return ended,
                Err(None) => due = Instant::now() + STALLED_WAIT,
            }
        }
    }

    /// Waits until a round is due, asked for, or something was heard long enough after the last one; the connection is
    /// kept alive meanwhile.
    async fn wait(
        &mut self,
        due: Instant,
        requests: &mut mpsc::Receiver<ReadRequest>,
    ) -> Result<Vec<ReadRequest>, LinkError> {
        let (ear, last_round_at) = (&self.setup.ear, self.last_round_at);
        // One for all turns of the loop: what was heard is told once.
        let mut hinted = std::pin::pin!(async {
            ear.changed().await;
            if let Some(last) = last_round_at {
                tokio::time::sleep_until(last + HINT_APART).await;
            }
        });
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(due) => return Ok(Vec::new()),
                () = &mut hinted => return Ok(Vec::new()),
                Some(request) = requests.recv() => return Ok(vec![request]),
                () = tokio::time::sleep(self.setup.target.deadlines.question_every) => self.keep_alive().await?,
            }
        }
    }

    /// Asks something cheap. Whatever the router answers, the connection lives.
    async fn keep_alive(&mut self) -> Result<(), LinkError> {
        let before = self.link.traffic();
        let asked = self.link.print(&identity::print(), |_| ()).await;
        let traffic = self.link.traffic() - before;
        self.reporter.update(|status| add_traffic(status, traffic));
        match asked {
            Err(error) if error.ends_link() => Err(error),
            _ => Ok(()),
        }
    }

    /// The connection ended between two rounds.
    fn broke_off(&mut self, error: LinkError) -> Ended {
        let error = RoundError::Link(error);
        self.failed(&error);
        Ended { outcome: Outcome::Failed, duplicate: false, told: told(&error) }
    }

    /// Reads one round and hands it over. `Err(None)`: it could not be used now, the connection goes on.
    async fn one_round(&mut self, asked: Vec<ReadRequest>) -> Result<(), Option<Ended>> {
        if self.setup.inbox.is_full() {
            self.show_stalled();
            refuse(asked, &paused(&self.setup.inbox.trouble()));
            return Err(None);
        }
        self.last_round_at = Some(Instant::now());
        let mut wanted = self.progress.borrow().wanted;
        wanted.owners |= self.setup.ear.has_lost_sight();
        let enrolled = self.enrolled().await;
        match self.round.run(&mut self.link, self.setup.clock.as_ref(), wanted, &enrolled).await {
            Ok(clean) => {
                self.discarded = 0;
                match self.claim_device(&clean).await {
                    Ok(()) => self.hand_over(clean, asked),
                    Err(refusal) => return Err(self.refused(refusal, asked)),
                }
                Ok(())
            }
            Err(error) => {
                let told = told(&error);
                refuse(asked, &told);
                Err(self.failed(&error).then_some(Ended { outcome: Outcome::Failed, duplicate: false, told }))
            }
        }
    }

    /// Who counts by enrolment, anew for each round: whoever was added since the last one is in the next. A store that
    /// cannot say leaves them unread this time, which costs them nothing: counters are cumulative.
    async fn enrolled(&self) -> Vec<Asked> {
        match self.setup.repository.asked_counters(self.setup.nas).await {
            Ok(enrolled) => enrolled,
            Err(error) => {
                tracing::warn!(%error, "interfaces and queues of static addresses are not read in this round");
                Vec::new()
            }
        }
    }

    /// Shows why a round was discarded; true once so many were that the connection is given up. What the router refuses
    /// shows at once, for only its operator can mend it; anything else may be over by the next round.
    fn failed(&mut self, error: &RoundError) -> bool {
        self.discarded += 1;
        let goes_on = !error.ends_link() && self.discarded < MOST_DISCARDED;
        match error {
            RoundError::Link(error) if goes_on && !error.is_for_the_operator() => {
                self.reporter.discarded(error.to_string());
            }
            RoundError::Link(error) => {
                self.reporter.failed(error);
            }
            RoundError::BootChanged { .. } => self.reporter.discarded(error.to_string()),
            RoundError::NoUptime | RoundError::NoDeviceKey => {
                self.reporter.enter(Phase::ProtocolError, Some(error.to_string()));
            }
        }
        !goes_on
    }

    /// Asks once per connection, which never leads to another device, whether this entry may count it (rule 8).
    async fn claim_device(&mut self, clean: &CleanRound) -> Result<(), Refusal> {
        if !self.claimed {
            self.setup.devices.claim(&clean.snapshot.device, self.setup.nas).await?;
            self.claimed = true;
        }
        Ok(())
    }

    fn refused(&self, refusal: Refusal, asked: Vec<ReadRequest>) -> Option<Ended> {
        match refusal {
            Refusal::Held(message) => {
                self.reporter.enter(Phase::PausedDuplicate, Some(message.clone()));
                for request in asked {
                    request.answer(Err(RouterCommandError::Refused(message.clone())));
                }
                let told = RouterCommandError::Refused(message);
                Some(Ended { outcome: Outcome::Refused, duplicate: true, told })
            }
            Refusal::NotKnown(error) => {
                let message = format!(
                    "It is not known whether another router is this device, because {error}. Nothing is lost while \
                     sessions live; it is asked again in a moment."
                );
                refuse(asked, &RouterCommandError::StoreStalled(message.clone()));
                self.show_store_trouble(message);
                None
            }
        }
    }

    fn hand_over(&mut self, clean: CleanRound, asked: Vec<ReadRequest>) {
        let CleanRound { mut snapshot, report } = clean;
        if snapshot.identified.as_ref().is_some_and(|identified| identified.complete) {
            snapshot.lost_sight_of = self.setup.ear.take_lost_sight(&snapshot.times);
        }
        snapshot.heard = self.setup.ear.take_heard();
        let read_at = snapshot.times.host_after;
        let device = snapshot.device.to_string();
        asked.iter().for_each(ReadRequest::note_read);
        self.setup.inbox.push(snapshot);
        self.show_read(&report, device);
        let (progress, reporter) = (self.progress.clone(), self.reporter.clone());
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
            reporter.round_done(shown(&report, &progress));
            for request in asked {
                request.answer(Ok(ReadNow { poll_seq: progress.poll_seq, at: progress.at }));
            }
        });
    }

    fn show_read(&self, report: &RoundReport, device: String) {
        let trouble = self.setup.inbox.trouble();
        let now = self.reporter.now();
        self.reporter.update(|status| {
            let told = trouble.store.as_deref().map(waiting_for);
            match told.or_else(|| trouble.refused.as_deref().map(dropped_for)) {
                Some(told) => {
                    status.enter(Phase::StoreStalled, Some(told), now);
                    status.count_error(ErrorKind::Store);
                }
                None => status.enter(Phase::Online, None, now),
            }
            add_traffic(status, report.traffic);
            status.version = report.version.as_deref().map(str::to_owned);
            status.identity = report.identity.as_deref().map(str::to_owned);
            status.uptime_s = Some(report.uptime_s);
            status.device = Some(device);
        });
    }

    fn show_stalled(&self) {
        let error = self.setup.inbox.trouble().store.unwrap_or_else(|| "it is too slow".to_owned());
        self.show_store_trouble(waiting_for(&error));
    }

    fn show_store_trouble(&self, message: String) {
        self.reporter.enter(Phase::StoreStalled, Some(message));
        self.reporter.update(|status| status.count_error(ErrorKind::Store));
    }
}

fn add_traffic(status: &mut RouterStatus, traffic: Traffic) {
    status.bytes_in_total += traffic.bytes_in;
    status.bytes_out_total += traffic.bytes_out;
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

/// Has the control connection give way where the router may be full. A refusal while that one stood may be the full
/// router's, for it took our password before: tried once more soon, when the place is free.
fn kept_out(ear: &Ear, error: &LinkError, outcome: Outcome) -> Outcome {
    let may_be_full = error.may_be_full();
    let stood = ear.is_listening();
    ear.found(if may_be_full { Door::Full } else { Door::Shut });
    if may_be_full && stood { Outcome::Failed } else { outcome }
}

/// Waits until a snapshot read at `read_at`, or a later one that includes it, is committed; `None` when the actor is
/// gone.
async fn committed(
    mut progress: watch::Receiver<Progress>,
    read_at: accounting::time::HostInstant,
) -> Option<Progress> {
    let reached =
        |progress: &Progress| progress.host.epoch == read_at.epoch && progress.host.micros >= read_at.micros;
    progress.wait_for(reached).await.ok().map(|progress| *progress)
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
