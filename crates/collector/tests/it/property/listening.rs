//! The control connection of a script, and of which sessions it surely heard: each of them must be bounded, whether or not a
//! print ever showed it (DESIGN rule 9).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use accounting::snapshot::Snapshot;
use accounting::time::{HostInstant, Micros};
use collector::control::{Door, Ear, listen};
use collector::link::{LinkError, Target};
use operations::{Clock, ManualClock};
use routeros_sim::server::SimRouter;
use routeros_sim::world::{Access, SessionKey, SessionTruth, World};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Nothing that a script waits for here takes as long on the busiest of machines.
const PATIENCE: Duration = Duration::from_secs(60);

/// A clock that the ear reads once for each row it hears.
#[derive(Clone)]
struct RowClock {
    clock: ManualClock,
    rows: watch::Sender<u64>,
}

impl Clock for RowClock {
    fn now(&self) -> Micros {
        self.clock.now()
    }

    fn host(&self) -> HostInstant {
        let now = self.clock.host();
        self.rows.send_modify(|rows| *rows += 1);
        now
    }
}

/// See the module.
#[derive(Default)]
pub(super) struct Listening {
    pub(super) ear: Arc<Ear>,
    wanted: bool,
    connection: Option<Connection>,
    /// Sessions whose begin the ear heard.
    heard: BTreeSet<SessionKey>,
    /// Those whose end it heard too.
    over: BTreeSet<SessionKey>,
    /// Those that a committed reading tells of: the others are known in memory only.
    kept: BTreeSet<SessionKey>,
}

struct Connection {
    clock: RowClock,
    /// Rows the router had told of when it began to listen, and how many sessions there had been.
    rows_before: u64,
    sessions_before: usize,
    _stop: DropGuard,
}

impl Listening {
    pub(super) fn new(wanted: bool) -> Self {
        Listening { wanted, ..Listening::default() }
    }

    /// The polling connection is in: the router is listened to, if it is to be.
    pub(super) async fn admit(&mut self, sim: &SimRouter, target: Target, clock: &ManualClock) {
        if !self.wanted || self.connection.is_some() {
            return;
        }
        self.ear.found(Door::Open);
        let (stop, clock) =
            (CancellationToken::new(), RowClock { clock: clock.clone(), rows: watch::Sender::new(0) });
        let begun = sim.stats().listens;
        let nobody = crate::sim::nobody_watched();
        tokio::spawn(listen(target, self.ear.clone(), nobody, Arc::new(clock.clone()), stop.clone()));
        let mut state = self.ear.listening_state();
        let listens = state.wait_for(|listening| listening.not_because.is_none());
        drop(tokio::time::timeout(PATIENCE, listens).await.expect("the router lets us listen"));
        while sim.stats().listens == begun {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let (rows_before, sessions_before) =
            sim.with_world(|world| (rows_told(world), world.truth().sessions.len()));
        self.connection = Some(Connection { clock, rows_before, sessions_before, _stop: stop.drop_guard() });
    }

    /// The polling connection was not let in.
    pub(super) async fn kept_out(&mut self, error: &LinkError) {
        self.ear.found(if error.may_be_full() { Door::Full } else { Door::Shut });
        if error.may_be_full() {
            self.lose().await;
        }
    }

    /// The place is given up.
    pub(super) async fn give_way(&mut self) {
        self.ear.found(Door::Full);
        self.lose().await;
    }

    async fn lose(&mut self) {
        if self.connection.is_some() {
            let mut state = self.ear.listening_state();
            let lost = state.wait_for(|listening| listening.not_because.is_some());
            drop(tokio::time::timeout(PATIENCE, lost).await.expect("who is told to give way does"));
            self.connection = None;
        }
    }

    /// Waits until everything that the router told was heard, or listening broke off.
    pub(super) async fn hear(&mut self, sim: &SimRouter) {
        let Some(connection) = &self.connection else { return };
        let (mut rows, mut state) = (connection.clock.rows.subscribe(), self.ear.listening_state());
        loop {
            let told = sim.with_world(|world| rows_told(world)) - connection.rows_before;
            if state.borrow_and_update().not_because.is_some() {
                self.connection = None;
                return;
            }
            if *rows.borrow_and_update() >= told {
                break;
            }
            let heard = async {
                tokio::select! {
                    Ok(()) = rows.changed() => {}
                    Ok(()) = state.changed() => {}
                }
            };
            tokio::time::timeout(PATIENCE, heard).await.expect("what the router tells is heard");
        }
        let sessions = sim.with_world(|world| world.truth().sessions);
        let began = sessions.iter().skip(connection.sessions_before).filter(|session| is_ppp(session));
        for session in began {
            self.heard.insert(session.key);
            if session.ended_us.is_some() {
                self.over.insert(session.key);
            }
        }
    }

    /// A round was read that began at that virtual time: what it tells will be kept.
    pub(super) fn read(&mut self, world: &World, snapshot: &mut Snapshot, began_us: u64) {
        self.ear.tell(snapshot);
        let complete = snapshot.identified.as_ref().is_some_and(|identified| identified.complete);
        let truth = world.truth();
        let is_told = |key: &&SessionKey| {
            let ended = truth.session(**key).and_then(|session| session.ended_us);
            ended.is_some_and(|ended| ended < began_us) && (complete || self.over.contains(key))
        };
        self.kept.extend(self.heard.iter().filter(is_told));
    }

    /// We are killed: what was in memory only is lost.
    pub(super) fn forget(&mut self) {
        self.heard = std::mem::take(&mut self.kept);
        self.kept.clone_from(&self.heard);
        (self.connection, self.ear) = (None, Arc::default());
    }

    pub(super) fn heard(&self, session: SessionKey) -> bool {
        self.heard.contains(&session)
    }
}

/// Rows of a `listen` to all sessions, from the beginning of the world on.
fn rows_told(world: &World) -> u64 {
    let begin = 1 + u64::from(world.device().switches.listen_repeats);
    let sessions = world.truth().sessions;
    let rows = |session: &SessionTruth| begin + u64::from(session.ended_us.is_some());
    sessions.iter().filter(|session| is_ppp(session)).map(rows).sum()
}

fn is_ppp(session: &SessionTruth) -> bool {
    matches!(session.access, Access::Ppp(_))
}
