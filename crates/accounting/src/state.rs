//! What accounting remembers of one router between rounds. What it must ask of the store before a snapshot can be applied
//! is in `plan`, applying itself in `apply`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::absence::Absence;
use crate::bound::LinkSpeed;
use crate::changes::{CounterRecord, NasRecord};
use crate::counter::Counter;
use crate::edge::Edge;
use crate::login::{LoginName, LoginRef};
use crate::octets::Octets;
use crate::roster::{LoginSlot, Roster, Supplied};
use crate::standing::Enrolled;
use crate::sums::{LOOKS_TO_BELIEVE, Sums, SumsWanted};
use crate::table::Table;

/// One router's accounting state: rebuilt from the store at start and after every doubtful commit.
#[derive(Debug)]
pub struct NasState {
    pub(crate) record: NasRecord,
    pub(crate) link: LinkSpeed,
    pub(crate) roster: Roster,
    pub(crate) counters: Vec<Counter>,
    pub(crate) by_handle: FxHashMap<u64, u32>,
    /// By handle.
    pub(crate) orphans: FxHashMap<u64, Orphan>,
    /// As in [`crate::time::RoundTimes::bindings`], of the last round; 0 after a restart.
    pub(crate) last_bindings: u64,
    /// Names of the counters of glimpsed sessions whose rows, if any were shown, a restart forgot.
    pub(crate) restored_glimpses: FxHashSet<Box<[u8]>>,
    pub(crate) returning: Vec<CounterRecord>,
    pub(crate) rebound_sessions: Vec<(u64, i64)>,
    /// Counters that are somebody's by enrolment.
    pub(crate) enrolled: Vec<Enrolled>,
    /// Renewals at which this router could not be read, oldest first.
    pub(crate) edges: Vec<Edge>,
    /// Complete prints that must still agree with a suspect table before it ends anything (rule 7), by table.
    pub(crate) suspect_prints_left: [u32; Table::COUNT],
    /// What the router adds up for its users.
    pub(crate) sums: Sums,
}

/// A counter whose owner no table has named yet (rule 6). Not stored: after a restart it is an orphan anew.
#[derive(Debug)]
pub(crate) struct Orphan {
    pub(crate) name: Box<[u8]>,
    pub(crate) rounds: u32,
    pub(crate) seen_in: u64,
    /// What it showed last.
    pub(crate) octets: Octets,
    /// It was seen to drop: its value does not tell all it counted.
    pub(crate) dropped: bool,
    /// The bindings under which the round before the first that showed it was read; 0 when there was none.
    pub(crate) lacked_under: u64,
}

/// What a round should read besides what it always reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The tables that name owners.
    pub owners: bool,
    /// The logins of the hotspot: one is not over, whatever the router shows of a hotspot.
    pub logins: bool,
    /// The devices that the hotspot lets through: one is not gone.
    pub hosts: bool,
    /// What the router adds up for users of the hotspot.
    pub sums: SumsWanted,
}

impl NasState {
    /// Rebuilds the state from what the store kept. `logins` must hold every login the counters' sessions name;
    /// a counter whose login is not among them is returned as an error, by name.
    ///
    /// # Errors
    /// The name of the counter whose login was not supplied.
    pub fn restore(
        record: NasRecord,
        link: LinkSpeed,
        counters: Vec<CounterRecord>,
        logins: &[(LoginName, LoginRef)],
    ) -> Result<NasState, Box<[u8]>> {
        let restored_glimpses = record.glimpses.iter().map(|glimpse| glimpse.counter_name.clone()).collect();
        let sums = Sums::new(record.told_until);
        let mut state = NasState {
            record,
            link,
            roster: Roster::default(),
            counters: Vec::with_capacity(counters.len()),
            by_handle: FxHashMap::default(),
            orphans: FxHashMap::default(),
            last_bindings: 0,
            restored_glimpses,
            returning: Vec::new(),
            rebound_sessions: Vec::new(),
            enrolled: Vec::new(),
            edges: Vec::new(),
            suspect_prints_left: [0; Table::COUNT],
            sums,
        };
        for (name, login) in logins {
            state.roster.supply(name, *login);
        }
        for record in counters {
            let name = record.name.clone();
            let counter = Counter::from_record(record, &state.record, &state.roster).ok_or(name)?;
            state.counters.push(counter);
        }
        state.find_by_handle();
        Ok(state)
    }

    /// The router's record as of the last applied snapshot.
    pub fn record(&self) -> &NasRecord {
        &self.record
    }

    /// True when the next round should read the owner tables even if no id changed: a counter that is shown waits
    /// for its owner or for proof of its session, or a session was shown without its counter. (One of which no table
    /// named a counter may be of a kind that has none: it is looked for when the tables are read for another reason.)
    pub fn wants_owners(&self) -> bool {
        !self.orphans.is_empty()
            || self.record.glimpses.iter().any(|glimpse| !glimpse.counter_name.is_empty())
            || self.set_aside().next().is_some()
    }

    /// Of counters whose rows the last round showed and set aside, until their owner is named or their session proven: since
    /// when they are not read.
    pub(crate) fn set_aside(&self) -> impl Iterator<Item = &Absence> {
        let absent = self.counters.iter().filter(|counter| !counter.gone);
        let absent = absent.filter_map(|counter| counter.absence.as_deref());
        absent.filter(|absence| absence.shown_in == self.record.poll_seq)
    }

    /// What the next round should read even if nothing else asks for it.
    pub fn wanted(&self) -> Wanted {
        let lives_in = |table| self.counters.iter().any(|one| one.table() == table && !one.gone);
        Wanted {
            owners: self.wants_owners(),
            logins: lives_in(Table::HotspotActive),
            hosts: lives_in(Table::HotspotHost),
            sums: if lives_in(Table::HotspotActive) { self.sums_wanted() } else { SumsWanted::Nothing },
        }
    }

    /// Of the sessions that are followed beside a sum: those not seen to move with it yet, and of the others those that
    /// are missing.
    fn sums_wanted(&self) -> SumsWanted {
        let users = self.counters.iter().filter(|counter| !counter.gone).filter_map(|counter| {
            let session = counter.session.as_ref().filter(|_| counter.table() == Table::HotspotActive)?;
            let login = self.roster.name(session.login);
            let believed = self.sums.followed(login, session.no)?.looks >= LOOKS_TO_BELIEVE;
            (believed == counter.absence.is_some()).then_some(login)
        });
        self.sums.wanted(users)
    }

    /// Sessions the router shows now.
    pub fn sessions_open(&self) -> usize {
        self.counters.iter().filter(|counter| counter.session.is_some() && counter.absence.is_none()).count()
    }

    /// Supplies logins that [`Plan::unknown_logins`] asked for, or all of them anew after bindings changed.
    pub fn supply_logins(&mut self, logins: impl IntoIterator<Item = (LoginName, LoginRef)>) {
        // Sets, because a router that joins a group moves all its logins at once.
        let (mut moved, mut nobodys) = (FxHashSet::default(), FxHashSet::default());
        for (name, login) in logins {
            let (slot, supplied) = self.roster.supply(&name, login);
            match supplied {
                Supplied::Moved => _ = moved.insert(slot),
                Supplied::StaysNobodys => _ = nobodys.insert(slot),
                Supplied::New | Supplied::Stays => {}
            }
        }
        self.close_entries(&nobodys);
        if moved.is_empty() {
            return;
        }
        let sessions =
            self.counters.iter().filter(|counter| !counter.gone).filter_map(|c| c.session.as_ref());
        let rebound = sessions.filter(|session| moved.contains(&session.login));
        self.rebound_sessions.extend(rebound.map(|session| (session.no, self.roster.get(session.login).id)));
    }

    /// Lets the open entries of logins grow no more. What is nobody's may have been adopted with the bindings that changed,
    /// and what was adopted must stay what it was.
    fn close_entries(&mut self, logins: &FxHashSet<LoginSlot>) {
        for counter in &mut self.counters {
            if counter.session.as_ref().is_some_and(|session| logins.contains(&session.login)) {
                counter.open = None;
            }
        }
    }

    /// Supplies, once after [`Self::restore`], the login row that each session of the router is stored under. A session
    /// whose login was bound since then moves with the next changes: that it must was known in memory only.
    pub fn supply_session_logins(&mut self, stored: impl IntoIterator<Item = (u64, i64)>) {
        let stored: FxHashMap<u64, i64> = stored.into_iter().collect();
        for session in self.counters.iter().filter_map(|counter| counter.session.as_ref()) {
            let bound = self.roster.get(session.login).id;
            if stored.get(&session.no).is_some_and(|login| *login != bound) {
                self.rebound_sessions.push((session.no, bound));
            }
        }
    }

    /// Supplies, with the logins, the renewals of them that this router's readings have not settled yet.
    pub fn supply_edges(&mut self, mut edges: Vec<Edge>) {
        edges.sort_by_key(|edge| (edge.login, edge.at));
        self.edges = edges;
    }

    /// As [`Self::supply_edges`], of more logins.
    pub fn supply_more_edges(&mut self, edges: Vec<Edge>) {
        let known: FxHashSet<(i64, i64)> = self.edges.iter().map(|edge| (edge.login, edge.cycle)).collect();
        let more = edges.into_iter().filter(|edge| !known.contains(&(edge.login, edge.cycle)));
        self.supply_edges(self.edges.iter().copied().chain(more).collect());
    }

    /// Supplies, with the logins, the counters that are somebody's by enrolment: all of them.
    pub fn supply_enrolled(&mut self, enrolled: impl IntoIterator<Item = (Enrolled, LoginRef)>) {
        self.enrolled.clear();
        for (one, login) in enrolled {
            self.supply_logins([(one.login.clone(), login)]);
            self.enrolled.push(one);
        }
    }

    /// Every login this state refers to.
    pub fn login_names(&self) -> Vec<LoginName> {
        self.roster.names()
    }

    /// Supplies counters that [`Plan::unknown`] asked for and the store remembers as gone.
    pub fn supply_gone(&mut self, gone: Vec<CounterRecord>) {
        self.returning = gone;
    }

    /// The next number of this router's own number space.
    pub(crate) fn next_no(&mut self) -> u64 {
        let no = self.record.next_no;
        self.record.next_no += 1;
        no
    }

    pub(crate) fn insert(&mut self, counter: Counter) -> usize {
        let slot = self.counters.len();
        let index = u32::try_from(slot).expect("a router has fewer than 2^32 counters");
        self.by_handle.insert(counter.handle, index);
        self.counters.push(counter);
        slot
    }

    /// The counter's row has another id from now on.
    pub(crate) fn give_handle(&mut self, slot: usize, handle: u64) {
        let index = u32::try_from(slot).expect("a router has fewer than 2^32 counters");
        let before = std::mem::replace(&mut self.counters[slot].handle, handle);
        if self.by_handle.get(&before) == Some(&index) {
            self.by_handle.remove(&before);
        }
        self.by_handle.insert(handle, index);
    }

    /// Makes room for `unknown` counters more, and a little beyond.
    pub(crate) fn make_room(&mut self, unknown: usize) {
        if self.counters.capacity() - self.counters.len() < unknown {
            self.counters.reserve_exact(unknown + spare(self.counters.len()));
        }
        self.by_handle.reserve(unknown);
    }

    /// Drops the slots of gone counters once they are many.
    pub(crate) fn tidy(&mut self) {
        let gone = self.counters.iter().filter(|counter| counter.gone).count();
        if gone <= spare(self.counters.len()) {
            return;
        }
        self.counters.retain(|counter| !counter.gone);
        self.counters.shrink_to(self.counters.len() + spare(self.counters.len()));
        self.find_by_handle();
    }

    /// Of several counters that had an id, the one whose row was there last has it, else the newest.
    fn find_by_handle(&mut self) {
        self.by_handle.clear();
        let missing = |counter: &Counter| counter.absence.is_some();
        let by_slot = || (0u32..).zip(&self.counters).filter(|(_, counter)| !counter.gone);
        let order =
            by_slot().filter(|(_, counter)| missing(counter)).chain(by_slot().filter(|(_, c)| !missing(c)));
        self.by_handle.extend(order.map(|(slot, counter)| (counter.handle, slot)));
    }

    /// Octets of all counters known now, for the sums a person compares with the router.
    pub fn baseline_sum(&self) -> Octets {
        self.counters.iter().filter(|counter| !counter.gone).map(|counter| counter.octets).sum()
    }
}

/// Slots that may be empty or gone beside so many counters: memory for a hundred thousand is a few tens of MiB.
fn spare(counters: usize) -> usize {
    counters / 8
}
