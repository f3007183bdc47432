//! A history that has something of everything that folding must keep, and what people can ask about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use accounting::Octets;
use accounting::changes::{Changes, SessionEnded, SessionState};
use accounting::ledger::{LedgerEntry, Reason, Unseen};
use store::{
    BucketRow, CycleObservation, DayOf, EntryKey, HeldAct, LedgerSubject, NasId, Renews, Scope, Store,
    SubscriberChange, UsageQuery, UsageRow,
};

use crate::rounds::{BEGIN, act, counter, entry, quiet, resolve, session, shared, subscriber, times};

pub(crate) const ALL: UsageQuery = UsageQuery {
    buckets: i64::MIN..i64::MAX,
    router: None,
    username: None,
    subscriber: None,
    reach: store::Reach::Everywhere,
};
/// Sessions of as many logins: where a round is a bucket after the other, more entries a day than are folded in one step.
pub(crate) const LOGINS: u64 = 25;
/// Rounds: three days where one is a bucket after the other.
pub(crate) const ROUNDS: u64 = 3 * 96;
/// The round after which `login-1` is renewed; in the middle of a day.
const RENEWED: u64 = 100;
const HELD: u64 = 60;
const RELEASED: u64 = 70;

/// Buckets of a UTC day.
const DAY_BUCKETS: i64 = 96;

/// UTC days.
pub(crate) fn utc() -> DayOf {
    days_of(0)
}

/// Days that begin so many buckets after the UTC day.
pub(crate) fn days_of(shift: i64) -> DayOf {
    Arc::new(move |bucket| {
        let begin = (bucket - shift).div_euclid(DAY_BUCKETS) * DAY_BUCKETS + shift;
        begin..begin + DAY_BUCKETS
    })
}

/// The begin of the day `days` after that of the first round, as a bucket.
pub(crate) fn day(days: i64) -> i64 {
    (BEGIN.bucket().div_euclid(DAY_BUCKETS) + days) * DAY_BUCKETS
}

/// Writes days: every login grows in every round, some of it unseen, one with a held and one with a released jump,
/// one renewed, one that ends, and octets of nobody.
pub(crate) struct Author {
    store: Arc<dyn Store>,
    pub(crate) nas: NasId,
    values: Vec<Octets>,
    /// Login row and cycle by login.
    logins: Vec<(i64, Option<i64>)>,
    pub(crate) version: u64,
    /// Buckets from one round to the next.
    stride: u64,
}

impl Author {
    pub(crate) async fn new(store: Arc<dyn Store>) -> Author {
        Author::with_stride(store, 1).await
    }

    /// One with so many buckets from one round to the next.
    pub(crate) async fn with_stride(store: Arc<dyn Store>, stride: u64) -> Author {
        let nas = store.insert_nas(crate::rounds::router("tower"), act("router.add")).await.unwrap();
        store.insert_subscriber(subscriber("login-1", Scope::All), act("subscriber.add")).await.unwrap();
        let values = vec![Octets::ZERO; usize::try_from(LOGINS).unwrap() + 1];
        let mut author = Author { store, nas, values, logins: Vec::new(), version: 0, stride };
        author.resolve().await;
        author
    }

    /// When a round is, after the first one.
    pub(crate) fn seconds(&self, round: u64) -> u64 {
        round * self.stride * 900
    }

    async fn resolve(&mut self) {
        self.logins.clear();
        for login in 0..=LOGINS {
            let (version, found) = resolve(&*self.store, self.nas, format!("login-{login}").as_bytes()).await;
            self.version = version;
            self.logins.push((found.id, found.cycle));
        }
    }

    pub(crate) async fn write(&mut self) {
        for round in 0..ROUNDS {
            let changes = self.round(round);
            self.store.commit(self.nas, 1, self.version, shared(changes)).await.unwrap();
            if round == RENEWED {
                let id = self.store.find_subscriber("login-1").await.unwrap().unwrap().id;
                let at = times(self.seconds(round) + 1).at;
                let act = store::NewAudit { at, ..act("subscriber.renew") };
                let change = SubscriberChange {
                    renews: Renews::Always,
                    fresh: vec![self.nas],
                    ..SubscriberChange::default()
                };
                self.store.change_subscriber(id, change, act.clone(), act).await.unwrap();
                self.resolve().await;
            }
        }
        let key = EntryKey {
            bucket: times(self.seconds(RELEASED)).at.bucket(),
            nas: self.nas,
            no: RELEASED * 1_000 + 3,
        };
        let act = store::NewAudit { at: times(self.seconds(ROUNDS)).at, ..act("held.release") };
        self.store.decide_held(key, HeldAct::Released, act).await.unwrap();
    }

    pub(crate) fn round(&mut self, round: u64) -> Changes {
        let mut changes = quiet(round + 1, self.seconds(round));
        changes.nas.next_no = 1_000_000;
        for login in 1..=LOGINS {
            if login == 5 && round > 150 {
                continue;
            }
            self.grow(login, round, &mut changes);
        }
        if round.is_multiple_of(7) {
            let delta = Octets::new(round, 1);
            let nobodys = entry(round * 1_000 + 900, 900, 0, delta, self.seconds(round));
            let nobodys = LedgerEntry { login: None, session: None, counter: None, ..nobodys };
            changes.new_entries.push(nobodys);
        }
        changes
    }

    fn grow(&mut self, login: u64, round: u64, changes: &mut Changes) {
        let at = usize::try_from(login).unwrap();
        let before = self.values[at];
        let (row, cycle) = self.logins[at];
        let line = LedgerEntry {
            before,
            cycle,
            ..entry(round * 1_000 + login, login, row, Octets::ZERO, self.seconds(round))
        };
        let line = LedgerEntry { from: times(self.seconds(round.saturating_sub(1))).at, ..line };
        if login == 5 && round == 150 {
            let unseen = Some(Unseen { micros: Some(77_000_000), upper_octets: Some(9_999) });
            changes.new_entries.push(LedgerEntry {
                reason: Reason::SessionEnd,
                after: before,
                unseen,
                ..line
            });
            let ended =
                SessionEnded { last_seen_at: times(self.seconds(round - 1)).at, terminate_cause: None };
            changes.session_states.push((login, SessionState::Ended(ended)));
            return;
        }
        let delta = Octets::new(round % 7 + login, 2 * round + 1);
        let held = login == 3 && matches!(round, HELD | RELEASED);
        let after = before + delta;
        let reason = match round {
            _ if held => Reason::Held,
            0 => Reason::SessionStart,
            _ => Reason::Grew,
        };
        let unseen = (round % 50 == 49).then(|| Unseen {
            micros: Some(login * 1_000_000),
            upper_octets: (login != 7).then_some(login * 1_000),
        });
        let cycle = cycle.filter(|_| !held);
        changes.new_entries.push(LedgerEntry { reason, posted: !held, delta, after, cycle, unseen, ..line });
        if round == 0 {
            changes.new_counters.push(counter(login, login, after));
            changes.new_sessions.push(session(login, row));
        } else {
            changes.counter_octets.push((login, after));
        }
        if !held {
            changes.session_octets.push((login, delta));
            changes.cycle_octets.extend(cycle.map(|cycle| (cycle, delta)));
        }
        self.values[at] = after;
    }
}

/// Day, login, octets, bound.
type DaySum = (i64, Option<Vec<u8>>, Octets, Option<u64>);

/// What people can ask.
#[derive(Debug, PartialEq)]
pub(crate) struct Picture {
    usage: Vec<Vec<UsageRow>>,
    totals: Vec<Option<Octets>>,
    cycles: Vec<(Octets, CycleObservation)>,
    by_day: Vec<DaySum>,
    pub(crate) mismatches: Vec<String>,
    pub(crate) held: usize,
}

pub(crate) async fn picture(store: &dyn Store) -> Picture {
    let one = store.find_subscriber("login-1").await.unwrap().unwrap();
    let days = (0..5).map(|from| UsageQuery { buckets: day(from)..day(from + 1), ..ALL });
    let mine = UsageQuery { subscriber: Some(one.id), ..ALL };
    let named = UsageQuery { username: Some(b"login-5".to_vec()), ..ALL };
    let mut usage = Vec::new();
    for query in days.chain([ALL, mine, named]) {
        usage.push(store.usage(query).await.unwrap());
    }
    let nas = store.nas_by_name("tower").await.unwrap().unwrap().id;
    let login = |name: Option<&str>| LedgerSubject::Login {
        kind: None,
        router: "tower".to_owned(),
        username: name.map(Into::into),
    };
    let cycles = store.subscriber_cycles(one.id, None, 9).await.unwrap();
    let mut subjects = vec![login(None), login(Some("login-3")), login(Some("login-5"))];
    subjects.extend((1..=LOGINS).map(|no| LedgerSubject::Session { nas, no }));
    subjects.extend(cycles.iter().map(|cycle| LedgerSubject::Cycle(cycle.id)));
    let mut totals = Vec::new();
    for subject in subjects {
        let total = store.explained_total(subject.clone()).await.unwrap();
        let lines = store.entries(subject, None, 100_000).await.unwrap();
        let sum = lines.iter().filter(|line| line.entry.posted).map(|line| line.entry.delta);
        assert_eq!(total, Some(sum.fold(Octets::ZERO, |sum, delta| sum + delta)));
        totals.push(total);
    }
    let mut observed = Vec::new();
    for cycle in cycles {
        observed.push((cycle.octets, store.cycle_observation(cycle.id).await.unwrap()));
    }
    Picture {
        usage,
        totals,
        cycles: observed,
        by_day: by_day(store).await,
        mismatches: store.verify().await.unwrap().mismatches,
        held: store.list_held(None, 10).await.unwrap().len(),
    }
}

async fn by_day(store: &dyn Store) -> Vec<DaySum> {
    let mut sums = BTreeMap::new();
    let (mut after, mut more) = (None, true);
    while more {
        let part = store.usage_by_bucket(ALL, after).await.unwrap();
        for BucketRow { username, bucket, octets, upper_octets, .. } in part.rows {
            let sum =
                sums.entry((bucket.div_euclid(DAY_BUCKETS), username)).or_insert((Octets::ZERO, Some(0)));
            *sum = (sum.0 + octets, sum.1.zip(upper_octets).map(|(sum, more)| sum + more));
        }
        (after, more) = (part.next, part.next.is_some());
    }
    sums.into_iter().map(|((day, login), (octets, upper))| (day, login, octets, upper)).collect()
}

pub(crate) async fn lines(store: &dyn Store) -> u64 {
    store.verify().await.unwrap().entries_checked
}
