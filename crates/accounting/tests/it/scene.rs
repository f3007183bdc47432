//! The stage of a scenario: a pretend router, our host's clocks, accounting, and a store in memory. A scene polls as
//! the collector does and commits every round.

use std::collections::BTreeMap;

use accounting::bound::LinkSpeed;
use accounting::changes::Changes;
use accounting::edge::Edge;
use accounting::ledger::{LedgerEntry, Reason};
use accounting::login::{LOGIN_KINDS, LoginKind, LoginName, LoginRef};
use accounting::snapshot::{CounterRows, Heard, Identified, Owner, OwnerSession, Snapshot};
use accounting::source::source_of_login;
use accounting::standing::Enrolled;
use accounting::time::{HostInstant, Micros, RoundTimes, UptimeSpan};
use accounting::{NasState, Octets};

use crate::book::Book;
use crate::router::{LineId, Router};

/// 8 Mbit/s: a million octets a second in each direction.
pub(crate) const LINK: LinkSpeed = LinkSpeed(Some(8_000_000));
/// Octets per second in one direction at [`LINK`].
pub(crate) const PER_SECOND: u64 = 1_000_000;

/// What a round looks at, and what of it the router leaves out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Look {
    /// Lines that the print before the owner tables lacks.
    pub(crate) lacks_before: Vec<LineId>,
    /// Lines that the print after them lacks.
    pub(crate) lacks_after: Vec<LineId>,
    /// Lines the owner tables do not name.
    pub(crate) nameless: Vec<LineId>,
    /// Lines that only the server table shows.
    pub(crate) sessionless: Vec<LineId>,
    /// Lines that only the session table shows.
    pub(crate) serverless: Vec<LineId>,
    /// The owner tables are not read.
    pub(crate) counters_only: bool,
    /// The owner tables were cut short.
    pub(crate) owners_incomplete: bool,
    /// The second print asks only for counters unknown before.
    pub(crate) only_unknown_after: bool,
}

impl Look {
    pub(crate) fn counters_only() -> Self {
        Look { counters_only: true, ..Look::default() }
    }

    /// No print shows these lines; the owner tables still do.
    pub(crate) fn without(lines: &[LineId]) -> Self {
        Look { lacks_before: lines.into(), lacks_after: lines.into(), ..Look::default() }
    }

    pub(crate) fn nameless(lines: &[LineId]) -> Self {
        Look { nameless: lines.into(), ..Look::default() }
    }
}

/// Points within a round at which something may happen on the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    BeforeOwners,
    AfterOwners,
}

pub(crate) struct Scene {
    pub(crate) router: Router,
    pub(crate) state: NasState,
    pub(crate) book: Book,
    pub(crate) link: LinkSpeed,
    pub(crate) logins: BTreeMap<String, LoginRef>,
    /// Our wall clock minus the scene's time, microseconds.
    pub(crate) wall_offset_us: i64,
    /// Renewals that no reading marked and that are not settled.
    pub(crate) edges: Vec<Edge>,
    /// Counters that are somebody's by enrolment, as the store has them.
    pub(crate) enrolled: Vec<Enrolled>,
    /// Sessions for the next snapshot that only `listen` showed.
    pub(crate) heard: Vec<Heard>,
    pub(crate) lost_sight_of: Vec<OwnerSession>,
    /// What the last commit changed.
    pub(crate) changes: Option<Changes>,
    /// The version of the bindings: as many renewals as there were.
    bindings: u64,
    host_epoch: u128,
    after_gap: bool,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Scene::with_link(LINK)
    }

    pub(crate) fn with_link(link: LinkSpeed) -> Self {
        let book = Book::default();
        Scene {
            router: Router::new(),
            state: NasState::restore(book.nas.clone(), link, Vec::new(), &[]).expect("no counters"),
            book,
            link,
            logins: BTreeMap::new(),
            wall_offset_us: 0,
            edges: Vec::new(),
            enrolled: Vec::new(),
            heard: Vec::new(),
            lost_sight_of: Vec::new(),
            changes: None,
            bindings: 0,
            host_epoch: 1,
            after_gap: true,
        }
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        self.router.now_ms += seconds * 1_000;
    }

    /// The router's machine shows an earlier state of itself, from now on.
    pub(crate) fn restore_router(&mut self, earlier: Router) {
        let missed_ms = self.router.now_ms - earlier.now_ms;
        self.router = earlier;
        self.router.stand_still(missed_ms);
        self.gap();
    }

    /// A login dials in.
    pub(crate) fn dial(&mut self, login: &str) -> LineId {
        self.router.dial(login)
    }

    /// A login that dialled in and has been read since: its later octets all grow.
    pub(crate) fn dial_and_read(&mut self, login: &str) -> LineId {
        let line = self.router.dial(login);
        self.wait(10);
        self.round();
        line
    }

    pub(crate) fn pass(&mut self, line: LineId, input: u64, output: u64) {
        self.router.pass(line, input, output);
    }

    /// The connection to the router breaks; the next round runs on a new one.
    pub(crate) fn gap(&mut self) {
        self.after_gap = true;
    }

    /// The next round runs on a new connection.
    pub(crate) fn is_after_gap(&self) -> bool {
        self.after_gap
    }

    /// The router restarts, which breaks the connection.
    pub(crate) fn reboot(&mut self) {
        self.router.reboot();
        self.gap();
    }

    /// Our process restarts on the same host: only what the store kept is left.
    pub(crate) fn restart(&mut self) {
        self.reload();
        self.gap();
    }

    /// Accounting is rebuilt from the store while the connection stays, as after a doubtful commit.
    pub(crate) fn reload(&mut self) {
        let logins = self.known_logins();
        self.state = NasState::restore(self.book.nas.clone(), self.link, self.book.present(), &logins)
            .expect("every login was kept");
        self.state.supply_session_logins(self.book.session_logins());
        self.state.supply_edges(self.edges.clone());
        self.supply_enrolled();
    }

    /// Gives accounting the enrolments there are now.
    pub(crate) fn supply_enrolled(&mut self) {
        for one in &self.enrolled {
            let name = String::from_utf8(one.login.name.to_vec()).expect("the scene's names are text");
            let id = self.logins.len() as i64 + 1;
            self.logins.entry(name).or_insert(LoginRef { id, cycle: Some(100 + id) });
        }
        let login = |one: &Enrolled| self.logins[std::str::from_utf8(&one.login.name).expect("text")];
        self.state
            .supply_enrolled(self.enrolled.iter().map(|one| (one.clone(), login(one))).collect::<Vec<_>>());
    }

    fn keep_enrolments(&mut self, changes: &Changes) {
        for one in &mut self.enrolled {
            let id = self.logins[std::str::from_utf8(&one.login.name).expect("text")].id;
            let counted = changes.new_sessions.iter().filter(|session| session.login == id);
            one.counted_in = counted.map(|session| session.boot).next_back().or(one.counted_in);
            if let Some((_, name)) = changes.renamed.iter().find(|(login, _)| *login == id) {
                one.name = name.clone();
            }
        }
    }

    /// Our host restarts too, so no clock spans the outage.
    pub(crate) fn restart_host(&mut self) {
        self.host_epoch += 1;
        self.restart();
    }

    /// A full round: counters, owner tables, counters again.
    pub(crate) fn round(&mut self) -> &Changes {
        self.round_of(&Look::default())
    }

    pub(crate) fn round_of(&mut self, look: &Look) -> &Changes {
        self.round_with(look, |_, _| {})
    }

    /// A round during which something happens on the router.
    pub(crate) fn round_with(&mut self, look: &Look, during: impl FnMut(&mut Router, Moment)) -> &Changes {
        let snapshot = self.look(look, during);
        self.commit(&snapshot)
    }

    /// Reads a round without committing it.
    pub(crate) fn look(&mut self, look: &Look, mut during: impl FnMut(&mut Router, Moment)) -> Snapshot {
        let (before_s, host) = (self.router.uptime_s(), self.host());
        let counters = self.router.counters(|id| !look.lacks_before.contains(&id));
        let mut identified = None;
        if !look.counters_only {
            during(&mut self.router, Moment::BeforeOwners);
            let mut half: Vec<LineId> = [&look.sessionless[..], &look.serverless].concat();
            half.retain(|line| self.router.lines[*line].call.is_some());
            let owners = self.router.owners(|id| !look.nameless.contains(&id) && !half.contains(&id));
            let half_seen = self.half_seen(look);
            during(&mut self.router, Moment::AfterOwners);
            identified = Some(Identified {
                owners,
                complete: !look.owners_incomplete,
                counters_after: self.counters_after(look),
                half_seen,
                counters_after_complete: !look.only_unknown_after,
            });
        }
        let uptime = UptimeSpan { before: before_s, after: self.router.uptime_s() };
        let at = Micros(self.router.now_ms as i64 * 1_000 + self.wall_offset_us);
        Snapshot {
            device: self.router.device.as_str().into(),
            times: RoundTimes { uptime, host, host_after: self.host(), at, bindings: self.bindings },
            after_gap: std::mem::take(&mut self.after_gap),
            counters,
            identified,
            logins: None,
            hosts: None,
            sums: None,
            standing: Vec::new(),
            idle: Vec::new(),
            heard: std::mem::take(&mut self.heard),
            lost_sight_of: std::mem::take(&mut self.lost_sight_of),
        }
    }

    fn half_seen(&self, look: &Look) -> Vec<Owner> {
        let mut of_server = self.router.owners(|id| look.sessionless.contains(&id));
        for session in of_server.iter_mut().filter_map(|owner| owner.session.as_mut()) {
            session.acct_session_id = None;
        }
        let mut of_sessions = self.router.owners(|id| look.serverless.contains(&id));
        for owner in &mut of_sessions {
            owner.counter_name = Default::default();
        }
        [of_server, of_sessions].concat()
    }

    fn counters_after(&self, look: &Look) -> CounterRows {
        let all = self.router.counters(|id| !look.lacks_after.contains(&id));
        if !look.only_unknown_after {
            return all;
        }
        let known: Vec<u64> = self.book.present().iter().map(|counter| counter.handle).collect();
        let mut unknown = CounterRows::default();
        all.rows().filter(|row| !known.contains(&row.handle)).for_each(|row| unknown.push(row));
        unknown
    }

    fn host(&self) -> HostInstant {
        HostInstant { epoch: self.host_epoch, micros: self.router.now_ms * 1_000 }
    }

    /// Applies a snapshot and commits it.
    pub(crate) fn commit(&mut self, snapshot: &Snapshot) -> &Changes {
        let changes = self.apply(snapshot);
        self.book.commit(&changes);
        self.edges.retain(|edge| !changes.settled_edges.contains(edge));
        self.keep_enrolments(&changes);
        self.check_restorable();
        self.changes.insert(changes)
    }

    /// Applies a snapshot whose commit is lost.
    pub(crate) fn commit_in_vain(&mut self, snapshot: &Snapshot) {
        self.changes = Some(self.apply(snapshot));
    }

    fn apply(&mut self, snapshot: &Snapshot) -> Changes {
        let plan = self.state.plan(snapshot);
        for login in &plan.unknown_logins {
            let name = String::from_utf8(login.name.to_vec()).expect("the scene's names are text");
            let id = self.logins.len() as i64 + 1;
            self.logins.entry(name).or_insert(LoginRef { id, cycle: Some(100 + id) });
        }
        let supplied = plan.unknown_logins.iter().map(|login| {
            let text = std::str::from_utf8(&login.name).expect("text");
            (login.clone(), self.logins[text])
        });
        self.state.supply_logins(supplied.collect::<Vec<_>>());
        self.state.supply_gone(self.book.gone(&plan.unknown));
        self.state.apply(snapshot, plan)
    }

    /// Every login of the scene, whatever kind of login it is one to: its names are different.
    fn known_logins(&self) -> Vec<(LoginName, LoginRef)> {
        let of_kind = |kind| {
            self.logins.iter().map(move |(name, login)| (LoginName::new(kind, name.as_bytes()), *login))
        };
        LOGIN_KINDS.iter().flat_map(|(kind, _)| of_kind(*kind)).collect()
    }

    /// What the store kept must be what memory holds, or a restart would count otherwise.
    fn check_restorable(&self) {
        let logins = self.known_logins();
        let restored = NasState::restore(self.book.nas.clone(), self.link, self.book.present(), &logins);
        let restored = restored.expect("every login was kept");
        assert_eq!(restored.baseline_sum(), self.state.baseline_sum(), "stored baselines");
        assert_eq!(restored.sessions_open(), self.state.sessions_open(), "stored open sessions");
    }

    /// Resolves `login` anew: another row, another cycle.
    pub(crate) fn rebind(&mut self, login: &str, to: LoginRef) {
        self.rebind_name(LoginName::new(LoginKind::Ppp, login.as_bytes()), to);
    }

    fn rebind_name(&mut self, login: LoginName, to: LoginRef) {
        let name = std::str::from_utf8(&login.name).expect("the scene's names are text");
        self.logins.insert(name.into(), to);
        self.state.supply_logins([(login, to)]);
    }

    /// The login's subscriber renews now, and the router cannot be read: `cycle` opens.
    pub(crate) fn renew_unread(&mut self, login: &str, cycle: i64) {
        self.renew_unread_name(LoginName::new(LoginKind::Ppp, login.as_bytes()), cycle);
    }

    /// Ali has two lines, both read, and renews while the router cannot be read: cycle 7000 opens.
    pub(crate) fn with_two_lines_renewed_unread() -> (Scene, [LineId; 2]) {
        let mut scene = Scene::new();
        scene.round();
        scene.wait(10);
        let lines = [scene.dial("ali"), scene.dial("ali")];
        scene.wait(10);
        scene.round();
        scene.wait(10);
        scene.renew_unread("ali", 7_000);
        (scene, lines)
    }

    /// The same for a login of any kind.
    pub(crate) fn renew_unread_name(&mut self, name: LoginName, cycle: i64) {
        let login = std::str::from_utf8(&name.name).expect("the scene's names are text");
        let before = self.logins[login];
        let at = Micros(self.router.now_ms as i64 * 1_000 + self.wall_offset_us);
        let closed = before.cycle.expect("its cycle is open");
        self.bindings += 1;
        self.edges.push(Edge {
            login: before.id,
            cycle: closed,
            at,
            table: source_of_login(&name),
            since: self.bindings,
        });
        self.rebind_name(name, LoginRef { cycle: Some(cycle), ..before });
        self.state.supply_edges(self.edges.clone());
    }

    pub(crate) fn login(&self, login: &str) -> i64 {
        self.logins[login].id
    }

    /// Entries of a login in the order they were written.
    pub(crate) fn entries(&self, login: &str) -> Vec<&LedgerEntry> {
        let id = self.logins.get(login).map(|login| login.id);
        self.book.entries.values().filter(|entry| id.is_some() && entry.login == id).collect()
    }

    pub(crate) fn reasons(&self, login: &str) -> Vec<Reason> {
        self.entries(login).iter().map(|entry| entry.reason).collect()
    }

    /// Octets posted to a login.
    pub(crate) fn total(&self, login: &str) -> Octets {
        self.entries(login).iter().filter(|entry| entry.posted).map(|entry| entry.delta).sum()
    }

    /// Octets posted to nobody.
    pub(crate) fn unattributed(&self) -> Octets {
        let nobody = self.book.entries.values().filter(|entry| entry.login.is_none() && entry.posted);
        nobody.map(|entry| entry.delta).sum()
    }

    /// Upper bound of what was not seen of a login, both directions; `None` = unbounded.
    pub(crate) fn bound(&self, login: &str) -> Option<u64> {
        self.entries(login).iter().filter_map(|entry| entry.unseen).map(|unseen| unseen.upper_octets).sum()
    }

    /// What really passed for a login, in all its calls.
    pub(crate) fn truth(&self, login: &str) -> Octets {
        self.router.calls.iter().filter(|call| call.login == login).map(|call| call.passed).sum()
    }
}
