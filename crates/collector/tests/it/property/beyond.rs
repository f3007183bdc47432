//! What of a script no poller can have learned or bounded (DESIGN rules 7 and 9), told exactly and counted apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use accounting::Octets;
use accounting::login::LoginKind;
use accounting::snapshot::{CounterRows, Snapshot};
use routeros_sim::world::{Access, SessionKey, SessionTruth, World};

use super::script::BINDING;

/// Rounds in a row that must lack a row before it is believed to be gone (`accounting::apply::absence`).
const ROUNDS_TO_BELIEVE: u32 = 2;

/// Resets by hand of counters not read since, in order: the session, and how many prints had shown its counter by then.
/// One counter may be reset more than once.
pub(super) type Resets = Arc<Mutex<Vec<(SessionKey, u32)>>>;

/// A counter as the router has it: a binding's is the same for all its sessions.
type Counter = Option<SessionKey>;

/// Starts this close are one: 3 s, and a second of rounding at both ends of both intervals (`accounting::time`).
const ONE_START_US: u64 = 7_000_000;

/// See the module.
#[derive(Default)]
pub(super) struct Beyond {
    pub(super) resets: Resets,
    /// Sessions that a server table showed in a round that succeeded: with the name of their counter.
    named: BTreeSet<SessionKey>,
    /// Sessions that the session table showed in such a round.
    listed: BTreeSet<SessionKey>,
    /// Those of both that a session-id told apart from every other.
    told_by_id: BTreeSet<SessionKey>,
    /// What counters showed in the last such round.
    values: BTreeMap<Counter, Octets>,
    /// A round failed since: what its prints showed before is not used, so polling knows nothing of it.
    lost: bool,
    /// Rounds in a row, read whole, that lacked the row of a session that was up.
    lacking: BTreeMap<SessionKey, u32>,
    reset: BTreeSet<SessionKey>,
    /// Hotspot sessions whose row a round that succeeded showed.
    logged_in: BTreeSet<SessionKey>,
}

/// How often the tables had shown each session before a round.
pub(super) struct Prints(BTreeMap<SessionKey, [u32; 3]>);

impl Prints {
    pub(super) fn of(world: &World) -> Prints {
        let shown = |session: &SessionTruth| {
            let shown = session.shown;
            [shown.counter_prints, shown.session_prints, shown.server_prints]
        };
        Prints(world.truth().sessions.iter().map(|session| (session.key, shown(session))).collect())
    }

    /// Which of the three tables showed a session since.
    pub(super) fn since(&self, session: &SessionTruth) -> [bool; 3] {
        let then = self.0.get(&session.key).copied().unwrap_or_default();
        let now = [session.shown.counter_prints, session.shown.session_prints, session.shown.server_prints];
        [now[0] > then[0], now[1] > then[1], now[2] > then[2]]
    }
}

impl Beyond {
    /// True when a round that succeeded saw a session in one of the tables that tell of sessions and could tell it from
    /// others: without session-ids, those of a login that begin within seconds of each other are one (rule 4), unless
    /// the names of their counters tell them apart.
    pub(super) fn was_shown(&self, world: &World, session: &SessionTruth) -> bool {
        if session.access == Access::Hotspot {
            return self.logged_in.contains(&session.key);
        }
        let (key, name) = (session.key, world.interface_name_of(session.key));
        let of_login = |other: &SessionTruth| is_one_start(session, other);
        let follows = |other: &SessionTruth| {
            of_login(other) && other.key > key && world.interface_name_of(other.key) == name
        };
        let alone = |others: &dyn Fn(&SessionTruth) -> bool| {
            self.told_by_id.contains(&key) || !world.truth().sessions.iter().any(others)
        };
        let named = self.named.contains(&key) && alone(&follows);
        named || (self.listed.contains(&key) && alone(&of_login))
    }

    /// True when a session that only `listen` showed is one with another that began with it (rule 4): no session-id told the
    /// other, so none told it.
    pub(super) fn is_taken_for_another(&self, world: &World, session: &SessionTruth) -> bool {
        let sessions = world.truth().sessions;
        let mut began_with_it = sessions.iter().filter(|other| is_one_start(session, other));
        began_with_it.any(|other| !self.told_by_id.contains(&other.key))
    }

    /// Logins whose truth no bound need reach: a counter of theirs was reset by hand at a moment of which every trace
    /// was lost, or prints believed by rule 7 said that their session was over while it went on.
    pub(super) fn logins(&self, world: &World) -> BTreeSet<(LoginKind, Vec<u8>)> {
        let left_out = self.lacking.iter().filter(|(_, rounds)| **rounds >= ROUNDS_TO_BELIEVE);
        let sessions = left_out.map(|(key, _)| key).chain(&self.reset);
        let truth = world.truth();
        let kind = |key: &SessionKey| match truth.session(*key).map(|session| session.access) {
            Some(Access::Hotspot) => LoginKind::Hotspot,
            _ => LoginKind::Ppp,
        };
        sessions.map(|key| (kind(key), world.login_of(*key).to_vec())).collect()
    }

    /// A round failed.
    pub(super) fn failed(&mut self) {
        self.lost = true;
    }

    /// A round was read.
    pub(super) fn read(&mut self, world: &World, snapshot: &Snapshot, before: &Prints) {
        self.judge_resets(world, snapshot, before);
        let whole = snapshot.identified.as_ref().is_some_and(|identified| identified.complete);
        for session in world.truth().sessions {
            if session.access == Access::Hotspot {
                self.read_login(snapshot, &session, before);
                continue;
            }
            let [counter, named_by_sessions, named_by_server] = before.since(&session);
            let named = named_by_sessions && named_by_server;
            if named_by_server {
                self.named.insert(session.key);
            }
            if named_by_sessions {
                self.listed.insert(session.key);
            }
            if named && has_id(snapshot, world.interface_name_of(session.key)) {
                self.told_by_id.insert(session.key);
            }
            if let Some(value) = values_in(world, snapshot, session.key).last() {
                self.values.insert(counter_of(world, session.key), *value);
            }
            if counter || (named && whole) {
                self.lacking.remove(&session.key);
            } else if session.ended_us.is_none() {
                *self.lacking.entry(session.key).or_default() += if whole { ROUNDS_TO_BELIEVE } else { 1 };
            }
        }
    }

    /// The row of a login names its session itself: the print that shows it tells all.
    fn read_login(&mut self, snapshot: &Snapshot, session: &SessionTruth, before: &Prints) {
        let [shown, ..] = before.since(session);
        if shown {
            self.logged_in.insert(session.key);
            self.lacking.remove(&session.key);
        } else if session.ended_us.is_none() && snapshot.logins.is_some() {
            *self.lacking.entry(session.key).or_default() += 1;
        }
    }

    /// A reset since the last round that succeeded gives itself away by a lower value in this one. Where it does not,
    /// the simulator tells that too, unless a round in between printed the counter and failed.
    fn judge_resets(&mut self, world: &World, snapshot: &Snapshot, before: &Prints) {
        let resets = std::mem::take(&mut *self.resets.lock().unwrap());
        let mut unread = Vec::new();
        for (key, prints) in resets {
            let then = before.0.get(&key).map_or(0, |prints| prints[0]);
            let within = usize::try_from(prints.saturating_sub(then)).unwrap();
            let last = self.values.get(&counter_of(world, key)).copied().unwrap_or_default();
            match values_in(world, snapshot, key).get(within) {
                _ if !self.named.contains(&key) => drop(self.reset.insert(key)),
                None => unread.push((key, prints)),
                Some(value) if self.lost && within == 0 && value.grown_since(last).is_some() => {
                    self.reset.insert(key);
                }
                Some(_) => {}
            }
        }
        self.lost &= !unread.is_empty();
        self.resets.lock().unwrap().extend(unread);
    }
}

fn is_one_start(session: &SessionTruth, other: &SessionTruth) -> bool {
    let apart = other.began_us.abs_diff(session.began_us);
    other.key != session.key && other.login == session.login && apart < ONE_START_US
}

/// Notes that the counters of these sessions are reset by hand now.
pub(super) fn note_resets(world: &World, resets: &Resets, keys: &[SessionKey]) {
    let truth = world.truth();
    let prints = |key: &SessionKey| truth.session(*key).map_or(0, |session| session.shown.counter_prints);
    resets.lock().unwrap().extend(keys.iter().map(|key| (*key, prints(key))));
}

fn counter_of(world: &World, key: SessionKey) -> Counter {
    Some(key).filter(|key| world.interface_name_of(*key) != BINDING)
}

/// True when the round knew the session-id of what ran on that interface.
fn has_id(snapshot: &Snapshot, name: &[u8]) -> bool {
    let owners = snapshot.identified.iter().flat_map(|identified| &identified.owners);
    let mut sessions =
        owners.filter(|owner| &*owner.counter_name == name).filter_map(|owner| owner.session.as_ref());
    sessions.any(|session| session.acct_session_id.is_some())
}

/// What the prints of a round show of a session's counter.
fn values_in(world: &World, snapshot: &Snapshot, key: SessionKey) -> Vec<Octets> {
    let name = world.interface_name_of(key);
    let of = |rows: &CounterRows| rows.rows().find(|row| row.name == name).map(|row| row.octets);
    let after = snapshot.identified.as_ref().and_then(|identified| of(&identified.counters_after));
    of(&snapshot.counters).into_iter().chain(after).collect()
}
