//! Plays a script on a scene and knows what really passed: total <= truth <= total + bound for every login.

use std::collections::{BTreeMap, BTreeSet};

use accounting::Octets;
use accounting::bound::LinkSpeed;
use accounting::changes::CounterState;
use accounting::ledger::Reason;
use accounting::snapshot::Heard;

use crate::router::{BindingCounters, Call, LineId, Router};
use crate::scene::{LINK, Look, PER_SECOND, Scene};
use crate::script::{Event, Lack, Load, RoundSpec, Script, Step};

const BINDINGS: usize = 2;
/// Starts so far apart are told apart if a round takes no time.
const ALIKE_MS: u64 = 7_000;

/// A script being played.
pub(crate) struct Play {
    pub(crate) scene: Scene,
    /// What had passed in each call when coverage began.
    before_coverage: BTreeMap<usize, Octets>,
    /// Calls that an owner table showed in a committed round, or that were heard of.
    shown: BTreeSet<usize>,
    /// Calls that an owner table ever showed.
    named: BTreeSet<usize>,
    listens: bool,
    /// Calls there were at the last commit.
    calls_before: usize,
    /// Calls of which a counter was read under their name.
    read: BTreeSet<usize>,
    /// Lines whose counters somebody reset since they were read last, and the calls on them then.
    reset: BTreeMap<LineId, Option<usize>>,
    /// Lines the last committed prints lacked although they were there.
    lied_about: Vec<LineId>,
    /// The router's machine was paused since the last round.
    stood_still: bool,
    /// The longest any round took.
    longest_round_ms: u64,
    /// Calls that one table alone showed, without an id.
    half_shown: BTreeSet<usize>,
    /// Logins beyond polling, by why (rule 9).
    pub(crate) beyond_polling: BTreeMap<String, &'static str>,
}

/// What the plays of many scripts proved.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) logins: usize,
    /// By why.
    pub(crate) beyond_polling: BTreeMap<&'static str, usize>,
    pub(crate) unbounded: usize,
    /// Octets of the logins judged.
    pub(crate) passed: u64,
    pub(crate) counted: u64,
}

impl Play {
    /// Adds a finished play to the tally.
    pub(crate) fn tally(&self, tally: &mut Tally) {
        for login in self.logins() {
            tally.logins += 1;
            if let Some(why) = self.beyond_polling.get(&login) {
                *tally.beyond_polling.entry(why).or_default() += 1;
                continue;
            }
            tally.unbounded += usize::from(self.scene.bound(&login).is_none());
            tally.passed += self.truth(&login, |call| self.shown.contains(call)).both();
            tally.counted += self.scene.total(&login).both();
        }
    }

    pub(crate) fn new(script: &Script) -> Play {
        let mut scene = Scene::with_link(if script.link_known { LINK } else { LinkSpeed(None) });
        scene.router.gives_session_ids = script.gives_session_ids;
        scene.router.bindings = script.bindings;
        for binding in 0..BINDINGS {
            scene.router.bind(&format!("in-{binding}"), &format!("b{binding}"));
        }
        Play {
            scene,
            before_coverage: BTreeMap::new(),
            shown: BTreeSet::new(),
            named: BTreeSet::new(),
            listens: script.listens,
            calls_before: 0,
            read: BTreeSet::new(),
            reset: BTreeMap::new(),
            lied_about: Vec::new(),
            stood_still: false,
            longest_round_ms: 0,
            half_shown: BTreeSet::new(),
            beyond_polling: BTreeMap::new(),
        }
    }

    pub(crate) fn step(&mut self, step: &Step) {
        match step {
            Step::Happens(event) => happen(&mut self.scene.router, *event),
            Step::Wait { seconds, load } => pass(&mut self.scene.router, u64::from(*seconds) * 1_000, *load),
            Step::Round(spec) => self.round(spec),
            Step::Gap => self.scene.gap(),
            Step::Reboot => {
                self.scene.reboot();
                self.reset.clear();
            }
            Step::Restart => self.scene.restart(),
            Step::RestartHost => self.scene.restart_host(),
            Step::Reload => self.scene.reload(),
            Step::ResetCounters(number) => self.reset_counters(*number),
            Step::StandStill(seconds) => self.stand_still(u64::from(*seconds) * 1_000),
            Step::SetWallClock(hours) => self.scene.wall_offset_us += i64::from(*hours) * 3_600_000_000,
        }
    }

    /// Lets everything that is missing end, and judges.
    pub(crate) fn finish(&mut self) {
        for _ in 0..4 {
            self.scene.wait(61);
            self.commit(&Look::default(), &[]);
        }
        let hides = self.scene.router.bindings != BindingCounters::Survive;
        for (number, call) in self.scene.router.calls.iter().enumerate().filter(|_| hides) {
            if call.login.starts_with('b') && !self.named.contains(&number) {
                self.beyond_polling
                    .entry(call.login.clone())
                    .or_insert("a binding's call that nobody showed");
            }
        }
        self.note_look_alikes();
        for login in self.logins() {
            self.check_upper(&login);
        }
    }

    /// Without session-ids, calls of a login that began together are one (rule 4). How near that is the round says in
    /// which they are seen: the longer it takes, the less is known of when they began.
    fn note_look_alikes(&mut self) {
        let calls = &self.scene.router.calls;
        let near_ms = ALIKE_MS + self.longest_round_ms;
        let alike = |number: usize| {
            let together = |other: &Call| other.started_ms.abs_diff(calls[number].started_ms) < near_ms;
            let others = calls.iter().enumerate().filter(|(other, _)| *other != number);
            others.map(|(_, call)| call).any(|call| call.login == calls[number].login && together(call))
        };
        let nameless = (0..calls.len()).filter(|number| calls[*number].acct_session_id.is_none());
        let alike = nameless.chain(self.half_shown.iter().copied()).filter(|number| alike(*number));
        let alike = alike.map(|number| (calls[number].login.clone(), "two calls that look alike"));
        self.beyond_polling.extend(alike);
    }

    fn round(&mut self, spec: &RoundSpec) {
        let lines = self.existing();
        let pick = |number: u8| lines.get(usize::from(number) % lines.len().max(1)).copied();
        let (before, after) = match spec.lack {
            Lack::Nothing => (None, None),
            Lack::Before(number) => (pick(number), None),
            Lack::After(number) => (None, pick(number)),
            Lack::Both(number) => (pick(number), pick(number)),
        };
        let honest = |line: &LineId| !self.lied_about.contains(line);
        let half = |of_server: bool| {
            spec.half.filter(|half| half.1 == of_server).and_then(|half| pick(half.0)).into_iter().collect()
        };
        let look = Look {
            sessionless: half(true),
            serverless: half(false),
            lacks_before: before.filter(honest).into_iter().collect(),
            lacks_after: after.filter(honest).into_iter().collect(),
            nameless: spec.nameless.and_then(pick).into_iter().collect(),
            counters_only: !(spec.owners || self.scene.is_after_gap() || self.scene.book.nas.poll_seq == 0),
            owners_incomplete: spec.owners_incomplete,
            only_unknown_after: spec.only_unknown_after,
        };
        let during: &[_] = if self.scene.book.nas.poll_seq == 0 { &[] } else { &spec.during };
        self.commit(&look, during);
    }

    fn commit(&mut self, look: &Look, during: &[(crate::scene::Moment, Event)]) {
        let mut named = Vec::new();
        self.listen();
        let began_ms = self.scene.router.now_ms;
        let snapshot = self.scene.look(look, |router, moment| {
            for (_, event) in during.iter().filter(|(when, _)| *when == moment) {
                happen(router, *event);
            }
            if moment == crate::scene::Moment::BeforeOwners {
                let lines = router.lines.iter().enumerate();
                let shown = lines.filter(|(id, line)| line.exists && !look.nameless.contains(id));
                named = shown.filter_map(|(id, line)| Some((id, line.call?))).collect();
            }
        });
        self.longest_round_ms = self.longest_round_ms.max(self.scene.router.now_ms - began_ms);
        let listed = named.iter().filter(|(id, _)| look.serverless.contains(id)).map(|(_, call)| *call);
        let calls = &self.scene.router.calls;
        self.half_shown.extend(listed.filter(|call| calls[*call].acct_session_id.is_none()));
        let served = named.iter().filter(|(id, _)| look.sessionless.contains(id)).map(|(_, call)| *call);
        self.half_shown.extend(served);
        let baselines = self.baselines(false);
        self.scene.commit(&snapshot);
        if self.before_coverage.is_empty() && self.scene.book.nas.poll_seq == 1 {
            let calls = self.scene.router.calls.iter().enumerate();
            self.before_coverage = calls.map(|(number, call)| (number, call.passed)).collect();
        }
        self.stood_still = false;
        self.calls_before = self.scene.router.calls.len();
        self.note_shown(&named);
        self.note_resets(&baselines);
        let hidden = look.lacks_before.iter().chain(&look.lacks_after);
        self.lied_about = hidden.copied().collect();
        for login in self.logins() {
            self.check_lower(&login);
        }
        self.check_entries();
    }

    /// Calls that came and went since the last round were heard of.
    fn listen(&mut self) {
        let router = &self.scene.router;
        for number in self.calls_before..router.calls.len() {
            let over = router.lines.iter().all(|line| line.call != Some(number));
            let call = &router.calls[number];
            if self.listens && over && self.scene.book.nas.poll_seq > 0 {
                let lasted_at_most_s = (router.now_ms - call.started_ms) / 1_000 + 1;
                let heard = Heard { session: router.session(call), lasted_at_most_s };
                self.scene.heard.push(heard);
                self.shown.insert(number);
                self.read.insert(number);
            }
        }
    }

    fn note_shown(&mut self, named: &[(LineId, usize)]) {
        for (line, call) in named {
            self.shown.insert(*call);
            self.named.insert(*call);
            let handle = self.scene.router.lines[*line].handle;
            let live = self.scene.book.present().into_iter().find(|counter| counter.handle == handle);
            let login = &self.scene.router.calls[*call].login;
            let of_login = live.and_then(|counter| counter.session);
            if of_login.is_some_and(|session| &*session.login_name == login.as_bytes()) {
                self.read.insert(*call);
            }
        }
    }

    /// By handle: the counter's number and baseline.
    fn baselines(&self, live_only: bool) -> BTreeMap<u64, (u64, Octets)> {
        let counters = self.scene.book.present().into_iter();
        let wanted = counters.filter(|counter| !live_only || counter.state == CounterState::Live);
        wanted.map(|counter| (counter.handle, (counter.no, counter.octets))).collect()
    }

    /// A counter reset by hand that overtook its old value within one interval is beyond polling; so is one reset
    /// before it was ever read, and one that the end of its call reset again.
    fn note_resets(&mut self, baselines: &BTreeMap<u64, (u64, Octets)>) {
        let live = self.baselines(true);
        for (line, call) in std::mem::take(&mut self.reset) {
            let (handle, login) =
                (self.scene.router.lines[line].handle, &self.scene.router.lines[line].login);
            match (baselines.get(&handle), live.get(&handle)) {
                (Some((old, before)), Some((new, after)))
                    if old == new
                        && after.grown_since(*before).is_none()
                        && self.scene.router.lines[line].call == call => {}
                (Some(_), None) => {
                    self.reset.insert(line, call);
                }
                _ => {
                    self.beyond_polling.insert(login.clone(), "a reset by hand that nobody could see");
                }
            }
        }
    }

    /// A pause together with a hand reset looks like an earlier state of the machine.
    fn stand_still(&mut self, millis: u64) {
        if self.reset.is_empty() {
            self.scene.router.stand_still(millis);
            self.stood_still = true;
        }
    }

    fn reset_counters(&mut self, number: u8) {
        if self.stood_still {
            return;
        }
        let lines = self.existing();
        let Some(line) = lines.get(usize::from(number) % lines.len().max(1)) else { return };
        // A hand reset together with a reconnect looks like a binding that resets by itself.
        let confusing = self.scene.router.lines[*line].permanent;
        if !confusing || self.scene.router.bindings != BindingCounters::Survive {
            self.scene.router.reset_counters(*line);
            self.reset.insert(*line, self.scene.router.lines[*line].call);
        }
    }

    fn existing(&self) -> Vec<LineId> {
        let lines = self.scene.router.lines.iter().enumerate();
        lines.filter(|(_, line)| line.exists).map(|(id, _)| id).collect()
    }

    fn logins(&self) -> Vec<String> {
        let names: BTreeSet<_> = self.scene.router.calls.iter().map(|call| call.login.clone()).collect();
        names.into_iter().collect()
    }

    fn truth(&self, login: &str, counts: impl Fn(&usize) -> bool) -> Octets {
        let calls = self.scene.router.calls.iter().enumerate().filter(|(_, call)| call.login == login);
        let since_coverage = |(number, call): (usize, &crate::router::Call)| {
            call.passed.saturating_sub(self.before_coverage.get(&number).copied().unwrap_or_default())
        };
        calls.filter(|(number, _)| counts(number)).map(since_coverage).sum()
    }

    fn check_lower(&self, login: &str) {
        let (total, truth) = (self.scene.total(login), self.truth(login, |_| true));
        assert!(
            truth.grown_since(total).is_some(),
            "{login}: total {total:?} is more than passed, {truth:?}\n{}",
            self.story(login)
        );
    }

    fn check_upper(&self, login: &str) {
        if self.beyond_polling.contains_key(login) {
            return;
        }
        let truth = self.truth(login, |call| self.shown.contains(call));
        let Some(bound) = self.scene.bound(login) else { return };
        let total = self.scene.total(login);
        assert!(
            truth.both() <= total.both() + bound,
            "{login}: {truth:?} passed, but total {total:?} + bound {bound} is less\n{}",
            self.story(login)
        );
    }

    /// No bound is wider than its seconds times the link, and no script makes an impossible jump.
    fn check_entries(&self) {
        for entry in self.scene.book.entries.values() {
            assert_ne!(entry.reason, Reason::Held, "{entry:?}");
            let Some(unseen) = entry.unseen else { continue };
            if let (Some(micros), Some(upper), true) =
                (unseen.micros, unseen.upper_octets, self.scene.link == LINK)
            {
                assert!(upper <= 2 * PER_SECOND * micros / 1_000_000, "{entry:?}");
            }
        }
    }

    fn story(&self, login: &str) -> String {
        let entries = self.scene.entries(login).into_iter().map(|entry| {
            format!(
                "#{} c{:?} s{:?} {:?} {:?}->{:?} +{:?} unseen {:?} at {}",
                entry.no,
                entry.counter,
                entry.session,
                entry.reason,
                entry.before,
                entry.after,
                entry.delta,
                entry.unseen,
                entry.to.0 / 1_000
            )
        });
        let calls = self.scene.router.calls.iter().enumerate().filter(|(_, call)| call.login == login);
        let calls = calls
            .map(|(number, call)| format!("call {number} shown {} {call:?}", self.shown.contains(&number)));
        entries.chain(calls).collect::<Vec<_>>().join("\n")
    }
}

fn happen(router: &mut Router, event: Event) {
    match event {
        Event::Dial(number) => {
            let login = format!("u{number}");
            if router.lines.len() < 30 && can_be_told_apart(router, &login) {
                router.dial(&login);
            }
        }
        Event::DialOn(number) => {
            let idle = router.lines[usize::from(number)].call.is_none();
            if idle && can_be_told_apart(router, &format!("b{number}")) {
                router.dial_on(number.into());
            }
        }
        Event::HangUp(number) => {
            let lines = router.lines.iter().enumerate().filter(|(_, line)| line.call.is_some());
            let up: Vec<LineId> = lines.map(|(id, _)| id).collect();
            if let Some(line) = up.get(usize::from(number) % up.len().max(1)) {
                router.hang_up(*line);
            }
        }
        Event::Pass { ms, load } => pass(router, ms.into(), load),
    }
}

/// Without session-ids two calls of a login that begin within seconds of each other are one to anybody who polls
/// (rule 4).
fn can_be_told_apart(router: &Router, login: &str) -> bool {
    let latest = router.calls.iter().rev().find(|call| call.login == login);
    router.gives_session_ids || latest.is_none_or(|call| router.now_ms > call.started_ms + 6_000)
}

/// Time passes, and on the lines of the mask as many octets as the link's share carries.
fn pass(router: &mut Router, ms: u64, load: Load) {
    router.now_ms += ms;
    let octets = ms * (PER_SECOND / 1_000) * u64::from(load.percent) / 100;
    for line in 0..router.lines.len() {
        if router.lines[line].call.is_some() && load.lines >> (line % 7) & 1 == 1 {
            router.pass(line, octets, octets / (1 + u64::from(load.lines >> 7)));
        }
    }
}
