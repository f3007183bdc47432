//! Folding old entries: every answer stays what it was.

use std::sync::Arc;

use accounting::Octets;
use accounting::changes::{Changes, SessionEnded, SessionState};
use accounting::ledger::{LedgerEntry, Reason, Unseen};
use store::{
    BucketRow, CycleObservation, DayOf, EntryKey, HeldAct, LedgerSubject, NasId, Renews, Scope, Store,
    StoreError, SubscriberChange, UsageQuery, UsageRow,
};

use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, counter, entry, quiet, resolve, session, shared, subscriber, times};

const ALL: UsageQuery =
    UsageQuery { buckets: i64::MIN..i64::MAX, router: None, username: None, subscriber: None };
/// Sessions of as many logins: more entries a day than are folded in one step.
const LOGINS: u64 = 25;
/// Rounds, one a bucket: three days.
const ROUNDS: u64 = 3 * 96;
/// The round after which `login-1` is renewed; in the middle of a day.
const RENEWED: u64 = 100;
const HELD: u64 = 60;
const RELEASED: u64 = 70;

/// Buckets of a UTC day.
const DAY_BUCKETS: i64 = 96;

/// UTC days.
fn utc() -> DayOf {
    days_of(0)
}

/// Days that begin so many buckets after the UTC day.
fn days_of(shift: i64) -> DayOf {
    Arc::new(move |bucket| {
        let begin = (bucket - shift).div_euclid(DAY_BUCKETS) * DAY_BUCKETS + shift;
        begin..begin + DAY_BUCKETS
    })
}

/// The begin of the day `days` after that of the first round, as a bucket.
fn day(days: i64) -> i64 {
    (BEGIN.bucket().div_euclid(DAY_BUCKETS) + days) * DAY_BUCKETS
}

/// Writes three days: every login grows in every round, some of it unseen, one with a held and one with a released jump,
/// one renewed, one that ends, and octets of nobody.
struct Author {
    store: Arc<dyn Store>,
    nas: NasId,
    values: Vec<Octets>,
    /// Login row and cycle by login.
    logins: Vec<(i64, Option<i64>)>,
    version: u64,
}

impl Author {
    async fn new(store: Arc<dyn Store>) -> Author {
        let nas = store.insert_nas(crate::rounds::router("tower"), act("router.add")).await.unwrap();
        store.insert_subscriber(subscriber("login-1", Scope::All), act("subscriber.add")).await.unwrap();
        let values = vec![Octets::ZERO; usize::try_from(LOGINS).unwrap() + 1];
        let mut author = Author { store, nas, values, logins: Vec::new(), version: 0 };
        author.resolve().await;
        author
    }

    async fn resolve(&mut self) {
        self.logins.clear();
        for login in 0..=LOGINS {
            let (version, found) = resolve(&*self.store, self.nas, format!("login-{login}").as_bytes()).await;
            self.version = version;
            self.logins.push((found.id, found.cycle));
        }
    }

    async fn write(&mut self) {
        for round in 0..ROUNDS {
            let changes = self.round(round);
            self.store.commit(self.nas, 1, self.version, shared(changes)).await.unwrap();
            if round == RENEWED {
                let id = self.store.find_subscriber("login-1").await.unwrap().unwrap().id;
                let at = times(round * 900 + 1).at;
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
        let key =
            EntryKey { bucket: times(RELEASED * 900).at.bucket(), nas: self.nas, no: RELEASED * 1_000 + 3 };
        let act = store::NewAudit { at: times(ROUNDS * 900).at, ..act("held.release") };
        self.store.decide_held(key, HeldAct::Released, act).await.unwrap();
    }

    fn round(&mut self, round: u64) -> Changes {
        let mut changes = quiet(round + 1, round * 900);
        changes.nas.next_no = 1_000_000;
        for login in 1..=LOGINS {
            if login == 5 && round > 150 {
                continue;
            }
            self.grow(login, round, &mut changes);
        }
        if round.is_multiple_of(7) {
            let delta = Octets::new(round, 1);
            let nobodys = entry(round * 1_000 + 900, 900, 0, delta, round * 900);
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
            ..entry(round * 1_000 + login, login, row, Octets::ZERO, round * 900)
        };
        let line = LedgerEntry { from: times((round * 900).saturating_sub(900)).at, ..line };
        if login == 5 && round == 150 {
            let unseen = Some(Unseen { micros: Some(77_000_000), upper_octets: Some(9_999) });
            changes.new_entries.push(LedgerEntry {
                reason: Reason::SessionEnd,
                after: before,
                unseen,
                ..line
            });
            let ended = SessionEnded { last_seen_at: line_from(round), terminate_cause: None };
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

fn line_from(round: u64) -> accounting::time::Micros {
    times(round * 900 - 900).at
}

/// Day, login, octets, bound.
type DaySum = (i64, Option<Vec<u8>>, Octets, Option<u64>);

/// What people can ask.
#[derive(Debug, PartialEq)]
struct Picture {
    usage: Vec<Vec<UsageRow>>,
    totals: Vec<Option<Octets>>,
    cycles: Vec<(Octets, CycleObservation)>,
    by_day: Vec<DaySum>,
    mismatches: Vec<String>,
    held: usize,
}

async fn picture(store: &dyn Store) -> Picture {
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
    let mut sums = std::collections::BTreeMap::new();
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

async fn lines(store: &dyn Store) -> u64 {
    store.verify().await.unwrap().entries_checked
}

on_every_store! {
    async fn no_answer_changes_while_old_entries_are_folded(store) {
        Author::new(store.clone()).await.write().await;
        let before = picture(&*store).await;
        assert_eq!((before.mismatches.as_slice(), before.held), (&[][..], 1));
        let foldable = store.foldable(day(2)).await.unwrap();
        assert_eq!((foldable[0].router.as_str(), foldable[0].folded_until), ("tower", None));
        let written = lines(&*store).await;
        let (mut steps, mut entries) = (0, 0);
        while let Some(folded) = store.fold_some(day(2), utc()).await.unwrap() {
            (steps, entries) = (steps + 1, entries + folded.entries);
            assert_eq!(picture(&*store).await, before, "after step {steps}");
        }
        assert!(steps > 2, "a day of {LOGINS} logins takes more than one step");
        assert_eq!(entries, foldable[0].entries);
        // Two days of each login and of nobody, and one of them on both sides of a renewal.
        let kept = written - lines(&*store).await;
        assert_eq!(entries - kept, 2 * (LOGINS + 1) + 1);
        assert_eq!(store.fold_some(day(2), utc()).await.unwrap(), None);
        assert_eq!(store.foldable(day(2)).await.unwrap()[0].entries, 0);
        assert_eq!(store.detail_from(None).await.unwrap().unwrap().bucket(), day(2));
    }

    async fn a_folded_entry_says_how_many_it_stands_for(store) {
        let mut author = Author::new(store.clone()).await;
        author.write().await;
        while store.fold_some(day(2), utc()).await.unwrap().is_some() {}
        let session = LedgerSubject::Session { nas: author.nas, no: 2 };
        let lines = store.entries(session, None, 10).await.unwrap();
        let told: Vec<_> = lines.iter().take(3).map(|line| (line.entry.reason, line.folded)).collect();
        assert_eq!(told, [(Reason::BroughtForward, Some(64)), (Reason::BroughtForward, Some(96)), (Reason::Grew, None)]);
        assert_eq!((lines[0].entry.from, lines[0].entry.polls), (BEGIN, 64));
        assert_eq!(lines[1].entry.to, times(159 * 900).at, "an entry belongs to its end");
        assert_eq!(lines[1].entry.from, times(63 * 900).at, "of both steps that folded its day");
        assert_eq!(lines[1].counter_name, None);
    }

    async fn counting_goes_on_after_folding(store) {
        let mut author = Author::new(store.clone()).await;
        author.write().await;
        while store.fold_some(day(9), utc()).await.unwrap().is_some() {}
        let changes = author.round(ROUNDS);
        store.commit(author.nas, 1, author.version, shared(changes)).await.unwrap();
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
        let mut wrong = author.round(ROUNDS + 1);
        wrong.new_entries[1].before += Octets::new(1, 0);
        wrong.new_entries[1].delta = wrong.new_entries[1].after;
        store.commit(author.nas, 1, author.version, shared(wrong)).await.unwrap();
        let mismatches = store.verify().await.unwrap().mismatches;
        assert!(mismatches.iter().any(|told| told.contains("goes on from")), "{mismatches:?}");
    }

    async fn days_may_be_those_of_any_zone_and_of_another_one_later(store) {
        let mut author = Author::new(store.clone()).await;
        author.write().await;
        let before = store.usage(ALL).await.unwrap();
        while store.fold_some(day(1) + 64, days_of(64)).await.unwrap().is_some() {}
        let bob = LedgerSubject::Session { nas: author.nas, no: 2 };
        let lines = store.entries(bob.clone(), None, 2).await.unwrap();
        assert_eq!(lines.iter().map(|line| line.folded).collect::<Vec<_>>(), [Some(32), Some(96)], "from 8 o'clock to 16");
        while store.fold_some(day(3), utc()).await.unwrap().is_some() {}
        assert_eq!(store.usage(ALL).await.unwrap(), before);
        let lines = store.entries(bob, None, 9).await.unwrap();
        assert_eq!(lines.iter().filter_map(|line| line.folded).sum::<u64>(), 64 + 2 * 96);
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    async fn a_jump_held_since_before_is_released_as_ever(store) {
        let mut author = Author::new(store.clone()).await;
        author.write().await;
        while store.fold_some(day(9), utc()).await.unwrap().is_some() {}
        let held = store.list_held(None, 10).await.unwrap().remove(0);
        store.decide_held(held.key(), HeldAct::Released, act("held.release")).await.unwrap();
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    async fn who_reads_in_parts_hears_of_folding_behind_their_place(store) {
        Author::new(store.clone()).await.write().await;
        let place = |line| store::BucketsAfter { nas: NasId(1), line: Some(line), folds: 0 };
        let (old, new) = (place((day(0), 1)), place((day(2), 1)));
        assert!(store.usage_by_bucket(ALL, Some(old)).await.is_ok());
        while store.fold_some(day(2), utc()).await.unwrap().is_some() {}
        assert!(matches!(store.usage_by_bucket(ALL, Some(old)).await, Err(StoreError::Constraint(_))));
        assert!(store.usage_by_bucket(ALL, Some(new)).await.is_ok());
    }
}
