//! Random scripts over a hotspot that adds up for each user in one of the ways that nobody has established: for every
//! user the truth lies between the total and the total plus its bound, also where a sum is reset or made anew by hand,
//! sessions share a user, prints leave rows out, and we restart.

use std::collections::BTreeMap;

use accounting::Octets;
use accounting::snapshot::{CounterRow, CounterRows, OwnedRow, OwnedRows, Snapshot, SumRows};
use accounting::sums::SumsWanted;
use accounting::table::Table;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::scene::{Look, PER_SECOND, Scene};

const USERS: [&str; 2] = ["ana", "bob"];
const SCRIPTS: u32 = 4_000;
/// A sum that is late is up to date at the full minute.
const LATE_S: u64 = 60;

/// How a router adds up.
#[derive(Clone, Copy, Debug)]
enum Adds {
    Live,
    AtLogout,
    Never,
    Late,
}

#[derive(Clone, Debug)]
enum Step {
    LogIn {
        user: usize,
        mac: usize,
    },
    Leave(usize),
    LeaveMac(usize),
    /// Time passes, and each session moves so many percent of its share of the link.
    Pass {
        seconds: u64,
        percent: [u8; 4],
    },
    Reset(usize),
    MakeAnew(usize),
    /// The counter of the nth session begins again, and nothing else of it.
    CountAnew(usize),
    /// A round; the nth session's row is left out, and a second passes between its prints.
    Round {
        without: Option<usize>,
        slow: bool,
    },
    /// Prints leave the newest session that is up out for so many rounds.
    Hide(u32),
    RestartUs,
}

#[derive(Debug)]
struct Session {
    user: usize,
    mac: usize,
    id: u64,
    began_s: u64,
    octets: Octets,
    /// What it moved before its counter began again.
    earlier: Octets,
    up: bool,
    shown: bool,
    lacking: u32,
    /// Rounds for which prints leave it out.
    hidden: u32,
    beyond: bool,
}

impl Session {
    fn moved(&self) -> Octets {
        self.earlier + self.octets
    }
}

#[derive(Debug)]
struct Account {
    id: u64,
    finished: Octets,
    /// What it had when it was reset or made last.
    before: Octets,
    late: Octets,
}

struct Spot {
    scene: Scene,
    adds: Adds,
    sessions: Vec<Session>,
    accounts: Vec<Account>,
    next_id: u64,
}

impl Spot {
    fn open(adds: Adds, had: [u64; 2]) -> Spot {
        let account = |(id, had)| {
            let finished = Octets::new(had, had);
            Account { id, finished, before: Octets::ZERO, late: finished }
        };
        let accounts = (1..).zip(had).map(account).collect();
        let mut spot = Spot { scene: Scene::new(), adds, sessions: Vec::new(), accounts, next_id: 10 };
        spot.round(None, false);
        spot
    }

    fn now_s(&self) -> u64 {
        self.scene.router.now_ms / 1_000
    }

    fn live(&self, user: usize) -> Octets {
        self.sessions.iter().filter(|one| one.up && one.user == user).map(Session::moved).sum()
    }

    fn raw(&self, user: usize) -> Octets {
        let finished = self.accounts[user].finished;
        match self.adds {
            Adds::Live | Adds::Late => finished + self.live(user),
            Adds::AtLogout => finished,
            Adds::Never => Octets::ZERO,
        }
    }

    fn sum(&self, user: usize) -> Octets {
        let account = &self.accounts[user];
        let raw = if matches!(self.adds, Adds::Late) { account.late } else { self.raw(user) };
        raw.saturating_sub(account.before)
    }

    fn note_late(&mut self) {
        if self.now_s().is_multiple_of(LATE_S) {
            for user in 0..USERS.len() {
                self.accounts[user].late = self.raw(user);
            }
        }
    }

    fn pass(&mut self, seconds: u64, percent: [u8; 4]) {
        let until = self.now_s() + seconds;
        while self.now_s() < until {
            let step = (LATE_S - self.now_s() % LATE_S).min(until - self.now_s());
            self.scene.wait(step);
            let up = self.sessions.iter_mut().filter(|one| one.up).take(percent.len());
            for (session, percent) in up.zip(percent) {
                let moved = step * (PER_SECOND / 4 * u64::from(percent) / 100);
                session.octets += Octets::new(moved, moved / 2);
            }
            self.note_late();
        }
    }

    fn play(&mut self, step: &Step) {
        match *step {
            Step::LogIn { user, mac } => {
                self.end(|one| one.mac == mac);
                self.next_id += 1;
                let (id, began_s) = (self.next_id, self.now_s());
                let session = Session {
                    user,
                    mac,
                    id,
                    began_s,
                    octets: Octets::ZERO,
                    earlier: Octets::ZERO,
                    up: true,
                    shown: false,
                    lacking: 0,
                    hidden: 0,
                    beyond: false,
                };
                self.sessions.push(session);
            }
            Step::Leave(nth) => {
                let up: Vec<u64> = self.sessions.iter().filter(|one| one.up).map(|one| one.id).collect();
                if !up.is_empty() {
                    self.end(|one| one.id == up[nth % up.len()]);
                }
            }
            Step::LeaveMac(mac) => self.end(|one| one.mac == mac),
            Step::Pass { seconds, percent } => self.pass(seconds, percent),
            Step::Reset(user) => {
                self.accounts[user].before = self.raw(user);
                self.accounts[user].late = self.raw(user);
            }
            Step::MakeAnew(user) => {
                self.next_id += 1;
                let (id, raw) = (self.next_id, self.raw(user));
                let finished = self.accounts[user].finished;
                self.accounts[user] = Account { id, finished, before: raw, late: raw };
            }
            Step::CountAnew(nth) => {
                let up = self.sessions.iter().filter(|one| one.up).count().max(1);
                for one in self.sessions.iter_mut().filter(|one| one.up).skip(nth % up).take(1) {
                    (one.earlier, one.octets) = (one.moved(), Octets::ZERO);
                    // It may have overtaken what it showed before anybody looks.
                    one.beyond = true;
                }
            }
            Step::Round { without, slow } => self.round(without, slow),
            Step::Hide(rounds) => {
                self.sessions.iter_mut().rfind(|one| one.up).into_iter().for_each(|one| one.hidden = rounds);
            }
            Step::RestartUs => self.scene.restart(),
        }
    }

    fn end(&mut self, which: impl Fn(&Session) -> bool) {
        for session in self.sessions.iter_mut().filter(|one| one.up && which(one)) {
            session.up = false;
            self.accounts[session.user].finished += session.moved();
        }
    }

    fn sums(&self) -> Option<SumRows> {
        let asked = |user: &str| match self.scene.state.wanted().sums {
            SumsWanted::Nothing => false,
            SumsWanted::Of(names) => names.iter().any(|name| **name == *user.as_bytes()),
            SumsWanted::All => true,
        };
        let whole = self.scene.state.wanted().sums == SumsWanted::All;
        let mut rows = CounterRows::default();
        for (user, name) in USERS.iter().enumerate().filter(|(_, name)| asked(name)) {
            let (handle, octets) = (self.accounts[user].id, self.sum(user));
            rows.push(CounterRow { handle, name: name.as_bytes(), octets });
        }
        Some(SumRows { rows, whole }).filter(|sums| whole || !sums.rows.is_empty())
    }

    fn round(&mut self, without: Option<usize>, slow: bool) {
        let sums = self.sums();
        let seconds = u64::from(slow);
        let uptime_s = self.scene.router.uptime_s();
        self.pass(seconds, [100; 4]);
        let now_s = self.now_s();
        let mut logins = OwnedRows::default();
        let up = self.sessions.iter_mut().filter(|one| one.up).enumerate();
        for (nth, session) in up {
            let hidden = session.hidden > 0;
            session.hidden = session.hidden.saturating_sub(1);
            if hidden || Some(nth) == without {
                session.lacking += 1;
                session.beyond |= session.lacking >= 2;
                continue;
            }
            (session.lacking, session.shown) = (0, true);
            let handle = Table::HotspotActive.handle(session.id).expect("a small id");
            let mac = format!("2C:54:91:00:00:{:02X}", session.mac);
            logins.push(OwnedRow {
                counter: CounterRow { handle, name: mac.as_bytes(), octets: session.octets },
                login: USERS[session.user].as_bytes(),
                address: b"",
                session_time_s: now_s - session.began_s,
            });
        }
        let mut snapshot =
            Snapshot { logins: Some(logins), sums, ..self.scene.look(&Look::counters_only(), |_, _| {}) };
        snapshot.times.uptime.before = uptime_s;
        snapshot.times.host.micros -= seconds * 1_000_000;
        self.scene.commit(&snapshot);
    }

    fn check(&self) -> Result<BTreeMap<&'static str, u64>, TestCaseError> {
        let mut told = BTreeMap::new();
        for (user, name) in USERS.iter().enumerate() {
            let of_user = || self.sessions.iter().filter(|one| one.user == user);
            let truth: Octets = of_user().map(Session::moved).sum();
            let shown: Octets = of_user().filter(|one| one.shown).map(Session::moved).sum();
            let (total, bound) = (self.scene.total(name), self.scene.bound(name));
            let entries = || {
                let lines = self.scene.entries(name).into_iter();
                lines
                    .map(|e| format!("{:?} {:?} {:?} {:?}", e.reason, e.delta, e.after, e.unseen))
                    .collect::<Vec<_>>()
                    .join("\n")
            };
            if truth.grown_since(total).is_none() {
                return Err(TestCaseError::fail(format!("{name}: {total:?} of {truth:?}\n{}", entries())));
            }
            let beyond = of_user().any(|one| one.beyond);
            let most = bound.map(|bound| total.both() + bound);
            if !beyond && most.is_some_and(|most| most < shown.both()) {
                return Err(TestCaseError::fail(format!("{name}: {shown:?} within {most:?}\n{}", entries())));
            }
            let tails = self.scene.entries(name).into_iter();
            told.insert(*name, tails.filter(|entry| entry.reason.as_str() == "tail").count() as u64);
        }
        Ok(told)
    }
}

fn step() -> impl Strategy<Value = Step> {
    let without = || prop_oneof![4 => Just(None), 1 => (0..3usize).prop_map(Some)];
    prop_oneof![
        3 => (0..USERS.len(), 0..3usize).prop_map(|(user, mac)| Step::LogIn { user, mac }),
        3 => (0..3usize).prop_map(Step::Leave),
        8 => (1..150u64, any::<[bool; 4]>(), 0..100u8).prop_map(|(seconds, moves, percent)| {
            Step::Pass { seconds, percent: moves.map(|moves| if moves { percent } else { 0 }) }
        }),
        1 => (0..USERS.len()).prop_map(Step::Reset),
        1 => (0..USERS.len()).prop_map(Step::MakeAnew),
        1 => (0..3usize).prop_map(Step::CountAnew),
        8 => (without(), any::<bool>()).prop_map(|(without, slow)| Step::Round { without, slow }),
        1 => (1..6u32).prop_map(Step::Hide),
        1 => Just(Step::RestartUs),
    ]
}

/// What becomes of a session at the end of a visit.
#[derive(Clone, Copy, Debug)]
enum End {
    Leaves,
    /// It stays, and prints leave it out.
    Hidden(u32),
    /// It leaves while another one of its user is there, which prints leave out.
    BesideHidden(u32),
}

/// A user comes, is read a few times and leaves, while other things happen in between.
fn visit() -> impl Strategy<Value = Vec<Step>> {
    let stay = (0..USERS.len(), 2..6usize, 1..100u8, any::<bool>());
    let end = prop_oneof![4 => Just(End::Leaves), 1 => (2..5u32).prop_map(End::Hidden), 1 => (2..5u32).prop_map(End::BesideHidden)];
    let between = proptest::collection::vec(proptest::option::weighted(0.1, step()), 20);
    (stay, end, between).prop_map(|((user, rounds, percent, slow), end, between)| {
        let pass = |seconds| Step::Pass { seconds, percent: [percent; 4] };
        let round = || Step::Round { without: None, slow };
        let mut steps = vec![Step::LogIn { user, mac: 0 }];
        for _ in 0..rounds {
            steps.extend([pass(61), round()]);
        }
        steps.push(pass(20));
        match end {
            End::Leaves => steps.push(Step::LeaveMac(0)),
            End::Hidden(rounds) => steps.push(Step::Hide(rounds)),
            End::BesideHidden(rounds) => {
                steps.extend([Step::LogIn { user, mac: 1 }, Step::Hide(rounds), Step::LeaveMac(0)]);
            }
        }
        for _ in 0..4 {
            steps.extend([pass(61), round()]);
        }
        let mut between = between.into_iter();
        steps.into_iter().flat_map(|step| [Some(step), between.next().flatten()]).flatten().collect()
    })
}

fn script() -> impl Strategy<Value = (Adds, [u64; 2], Vec<Step>)> {
    let adds = prop_oneof![3 => Just(Adds::Live), 1 => Just(Adds::AtLogout), 1 => Just(Adds::Never), 1 => Just(Adds::Late)];
    let had = prop_oneof![Just(0u64), Just(1_000), Just(1 << 40)];
    let steps = prop_oneof![3 => step().prop_map(|step| vec![step]), 1 => visit()];
    let steps = proptest::collection::vec(steps, 1..30).prop_map(|steps| steps.concat());
    (adds, [had.clone(), had], steps)
}

#[test]
fn what_sums_tell_is_never_more_than_was_moved_nor_the_rest_less() {
    let cases = std::env::var("TIKMETER_PROPERTY_SCRIPTS").map_or(SCRIPTS, |number| number.parse().unwrap());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let told = std::cell::Cell::new(0);
    let outcome = TestRunner::new(config).run(&script(), |(adds, had, steps)| {
        let mut spot = Spot::open(adds, had);
        // Somebody is there from the first on, so that all sums are read once.
        spot.play(&Step::LogIn { user: 0, mac: 7 });
        spot.pass(10, [10; 4]);
        spot.round(None, false);
        spot.pass(10, [10; 4]);
        spot.round(None, false);
        steps.iter().for_each(|step| spot.play(step));
        spot.end(|_| true);
        for _ in 0..4 {
            spot.pass(61, [0; 4]);
            spot.round(None, false);
        }
        told.set(told.get() + spot.check()?.values().sum::<u64>());
        Ok(())
    });
    println!("{cases} scripts, {} tails told", told.get());
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(told.get() > u64::from(cases) / 10, "scripts in which no sum tells anything prove nothing");
}
