//! One connection's life: rounds until it fails.

use std::sync::Arc;
use std::time::Duration;

use accounting::sums::SumsWanted;
use operations::{Phase, RouterCommandError};
use store::Asked;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;

use super::asked::ReadRequest;
use super::setup::{Ended, PollerSetup};
use super::status::{Reporter, add_traffic};
use super::told::{paused, refuse, told};
use crate::actor::Progress;
use crate::control::{Door, Ear};
use crate::devices::Refusal;
use crate::link::{Link, LinkError};
use crate::round::{CleanRound, Round, RoundError};
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
    pub(super) setup: &'p PollerSetup,
    pub(super) reporter: &'p Reporter,
    pub(super) link: Link,
    pub(super) round: Round,
    pub(super) progress: watch::Receiver<Progress>,
    pub(super) discarded: u32,
    pub(super) last_round_at: Option<Instant>,
    pub(super) claimed: bool,
    pub(super) waiting: Arc<Semaphore>,
    /// Snapshots committed when what the router adds up for users was read last: nothing is to be learned of it again before
    /// that is.
    pub(super) summed_at: Option<u64>,
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
            summed_at: None,
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
        let Progress { mut wanted, poll_seq, .. } = self.progress.borrow().clone();
        if self.summed_at == Some(poll_seq) {
            wanted.sums = SumsWanted::Nothing;
        }
        wanted.owners |= self.setup.ear.has_lost_sight();
        let (bindings, enrolled) = (self.bindings().await, self.enrolled().await);
        match self.round.run(&mut self.link, self.setup.clock.as_ref(), &wanted, &enrolled).await {
            Ok(mut clean) => {
                clean.snapshot.times.bindings = bindings;
                self.discarded = 0;
                self.summed_at = clean.snapshot.sums.as_ref().map(|_| poll_seq).or(self.summed_at);
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

    /// Under which bindings the round is read. A store that cannot say lets it settle no renewal, which the next one does.
    async fn bindings(&self) -> u64 {
        self.setup.repository.bindings_version().await.unwrap_or_else(|error| {
            tracing::warn!(
                %error,
                "the database could not say which renewals came before this round: it makes no cycle final, the next one does"
            );
            0
        })
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
}

/// Has the control connection give way where the router may be full. A refusal while that one stood may be the full
/// router's, for it took our password before: tried once more soon, when the place is free.
fn kept_out(ear: &Ear, error: &LinkError, outcome: Outcome) -> Outcome {
    let may_be_full = error.may_be_full();
    let stood = ear.stands();
    ear.found(if may_be_full { Door::Full } else { Door::Shut });
    if may_be_full && stood { Outcome::Failed } else { outcome }
}
