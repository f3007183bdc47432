//! What a round brought is written down with it, to be told; what was told goes, and what cannot be told in time is given up
//! and says so.

use std::time::Duration;

use accounting::Octets;
use accounting::changes::{Changes, SessionEnded, SessionState};
use accounting::ledger::{LedgerEntry, Reason, Unseen};
use accounting::login::LoginKind;
use accounting::time::Micros;
use store::{
    CommitError, Event, EventBody, EventNames, GiveUp, LedgerSubject, NasId, NasPatch, Node, NodeRole,
    OutboxQueue, Scope, SessionStep, Store, Who,
};

use crate::every_store::on_every_store;
use crate::rounds::{
    BEGIN, act, entry, first, grown, quiet, resolve, router, session, shared, subscriber, times, tower,
};

const ALL: GiveUp = GiveUp::Before(Micros(i64::MAX));

/// All that waits, as it would be told.
pub(super) async fn waiting(store: &dyn Store) -> Vec<Event> {
    let queues = store.outbox().await.unwrap();
    told(store, &EventNames::default(), BEGIN, queues).await
}

/// What waits in these queues, with the names that are held.
pub(super) async fn told(
    store: &dyn Store,
    names: &EventNames,
    now: Micros,
    queues: Vec<OutboxQueue>,
) -> Vec<Event> {
    let queues = queues.into_iter().filter(|queue| queue.events > 0).collect();
    store.events(queues, u64::MAX >> 8, names, now).await.unwrap()
}

async fn queue(store: &dyn Store, nas: NasId) -> OutboxQueue {
    store.outbox().await.unwrap().into_iter().find(|queue| queue.nas == nas).unwrap()
}

/// The octets of an event's posted lines.
fn sum(event: &Event) -> Octets {
    let EventBody::Round { news, .. } = &event.body else { panic!("{event:?} is no round") };
    let posted = news.usage.iter().filter(|line| line.posted);
    posted.fold(Octets::ZERO, |sum, line| sum + line.added)
}

/// Round `no` adds `octets` to Ana's session in an entry of its own.
fn adds(no: u64, login: i64, octets: u64) -> Changes {
    let mut changes = quiet(no, 10 * no);
    changes.new_entries = vec![entry(no, 1, login, Octets::new(octets, octets), 10 * no)];
    changes.session_octets = vec![(1, Octets::new(octets, octets))];
    changes
}

/// So many events of a router, of a round each, 10 seconds apart.
pub(super) async fn rounds(store: &dyn Store, name: &str, last: u64) -> NasId {
    store.write_events(true);
    let nas = store.insert_nas(router(name), act("router.add")).await.unwrap();
    let (version, login) = resolve(store, nas, b"ana").await;
    store.commit(nas, 1, version, shared(first(login.id, None, Octets::new(1, 1)))).await.unwrap();
    for no in 2..=last {
        store.commit(nas, 1, version, shared(adds(no, login.id, no))).await.unwrap();
    }
    nas
}

fn lost_from(event: &Event) -> Option<u64> {
    match event.body {
        EventBody::Lost { from } => Some(from),
        EventBody::Round { .. } => None,
    }
}

on_every_store! {
    async fn nothing_is_written_down_unless_it_is_wanted(store) {
        let (nas, version, ana) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(1, 1)))).await.unwrap();
        assert!(store.outbox().await.unwrap().is_empty());
        store.write_events(true);
        store.commit(nas, 1, version, shared(adds(2, ana.id, 5))).await.unwrap();
        store.write_events(false);
        store.commit(nas, 1, version, shared(adds(3, ana.id, 5))).await.unwrap();
        assert_eq!(waiting(&*store).await.len(), 1);
    }

    async fn what_events_say_adds_up_to_the_entries(store) {
        store.write_events(true);
        let (nas, version, ana) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(3, 4)))).await.unwrap();
        store.commit(nas, 1, version, shared(quiet(2, 5))).await.unwrap();
        let mut changes = quiet(3, 20);
        changes.grown_entries =
            vec![grown(1, ana.id, Octets::new(10, 20), Octets::new(13, 24), Octets::new(13, 24), 20)];
        let held = entry(3, 1, ana.id, Octets::new(1_000, 1_000), 20);
        changes.new_entries = vec![LedgerEntry { posted: false, reason: Reason::Held, ..held }];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let events = waiting(&*store).await;
        let seen: Vec<_> = events.iter().map(|event| (event.seq, event.at, sum(event))).collect();
        let expected = [(1, times(0).at, Octets::new(3, 4)), (2, times(20).at, Octets::new(10, 20))];
        assert_eq!(seen, expected, "a round in which nothing happened is no event");
        let subject = LedgerSubject::Session { nas, no: 1 };
        let posted = store.entries(subject, None, 10).await.unwrap().into_iter().filter(|line| line.entry.posted);
        let entries = posted.fold(Octets::ZERO, |sum, line| sum + line.entry.delta);
        assert_eq!(entries, seen.iter().fold(Octets::ZERO, |all, (.., octets)| all + *octets));
    }

    async fn an_event_says_whose_and_of_which_session_and_cycle(store) {
        store.write_events(true);
        let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let ana = subscriber("ana", Scope::All);
        store.insert_subscriber(ana.clone(), act("subscriber.add")).await.unwrap();
        let (version, bound) = resolve(&*store, nas, b"ana").await;
        let mut changes = first(bound.id, bound.cycle, Octets::new(1, 2));
        let ended = SessionEnded { last_seen_at: times(0).at, terminate_cause: Some(11) };
        changes.new_sessions.push(accounting::changes::SessionRecord { ended: Some(ended), ..session(2, bound.id) });
        let nobodys = LedgerEntry { login: None, session: None, ..entry(3, 1, bound.id, Octets::new(7, 7), 0) };
        let unseen = Some(Unseen { micros: Some(9), upper_octets: None });
        let held = LedgerEntry { posted: false, reason: Reason::Held, unseen, ..entry(4, 1, bound.id, Octets::new(5, 5), 0) };
        changes.new_entries.extend([nobodys, held]);
        changes.session_states = vec![(1, SessionState::Missing)];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let [event] = &waiting(&*store).await[..] else { panic!("one event") };
        assert_eq!((event.nas, event.router.as_str(), event.seq), (nas, "tower", 1));
        let EventBody::Round { news, usage, sessions } = &event.body else { panic!("a round") };
        let [counted, nobody, held] = &usage[..] else { panic!("{usage:?}") };
        assert_eq!(counted.login, Some((LoginKind::Ppp, b"ana"[..].into())));
        assert_eq!(counted.acct_session_id, Some(0x8170_0001));
        let billed = counted.subscriber.as_ref().unwrap();
        assert_eq!((billed.id, &*billed.username, billed.cycle), (ana.id, "ana", Some(1)));
        assert_eq!(**nobody, Who::default());
        let bound = held.subscriber.as_ref().unwrap();
        assert_eq!((bound.id, bound.cycle), (ana.id, None), "it counts into no cycle yet");
        assert_eq!(news.usage[2].unseen, unseen);
        let ends = SessionStep::Ended { last_seen_at: times(0).at, cause: Some(11) };
        let steps = [(1, SessionStep::Started), (2, SessionStep::Started), (2, ends), (1, SessionStep::Missing)];
        assert_eq!(news.sessions, steps);
        assert!(sessions.iter().all(|(who, _)| who.subscriber.as_ref().unwrap().id == ana.id), "{sessions:?}");
        assert_eq!(sessions[1].1.as_ref().unwrap().calling_station_id, b"AA:BB:CC:00:00:01");
    }

    async fn a_round_that_is_refused_tells_nothing(store) {
        store.write_events(true);
        let (nas, version, ana) = tower(&*store).await;
        let refused = store.commit(nas, 9, version, shared(first(ana.id, None, Octets::new(1, 1)))).await;
        assert_eq!(refused, Err(CommitError::Fenced));
        assert!(store.outbox().await.unwrap().is_empty());
    }

    async fn what_was_told_goes_and_the_rest_keeps_its_places(store) {
        let (north, south) = (rounds(&*store, "north", 5).await, rounds(&*store, "south", 3).await);
        store.delete_events(vec![(north, 4), (south, 1), (NasId(99), 7)]).await.unwrap();
        let left: Vec<_> = waiting(&*store).await.iter().map(|event| (event.nas, event.seq)).collect();
        assert_eq!(left, [(north, 5), (south, 2), (south, 3)]);
        store.delete_events(vec![(north, 5), (south, 3)]).await.unwrap();
        let drained = queue(&*store, north).await;
        assert_eq!((drained.first, drained.events, drained.bytes, drained.oldest_at), (6, 0, 0, None));
    }

    async fn it_is_known_who_polls_the_router_of_what_waits(store) {
        let nas = rounds(&*store, "tower", 1).await;
        assert_eq!(queue(&*store, nas).await.polled_by, None);
        let (node, term) = (Node::new("one", NodeRole::All), Duration::from_secs(60));
        store.join(node.clone(), term).await.unwrap();
        store.share_out(node).await.unwrap();
        let holder = store.is_shared().then_some("one");
        assert_eq!(queue(&*store, nas).await.polled_by.as_deref(), holder, "where nobody else can be, nobody is named");
        let patch = NasPatch { enabled: Some(false), ..NasPatch::default() };
        store.update_nas(nas, patch, act("router.edit")).await.unwrap();
        assert_eq!(queue(&*store, nas).await.polled_by, None, "nobody is to poll it");
    }

    async fn as_much_is_read_as_is_asked_for_and_one_event_at_least(store) {
        let nas = rounds(&*store, "tower", 70).await;
        let queue = queue(&*store, nas).await;
        assert_eq!((queue.first, queue.events, queue.oldest_at), (1, 70, Some(BEGIN)));
        let read = |bytes| {
            let store = store.clone();
            let queue = queue.clone();
            async move { store.events(vec![queue], bytes, &EventNames::default(), BEGIN).await.unwrap().len() }
        };
        assert_eq!((read(0).await, read(queue.first_bytes).await, read(queue.first_bytes + 1).await), (1, 1, 2));
        assert_eq!(read(queue.bytes).await, 64, "and no more rows than that");
    }

    async fn events_that_are_too_old_are_given_up_and_one_row_says_so(store) {
        let nas = rounds(&*store, "tower", 5).await;
        let before = queue(&*store, nas).await;
        assert_eq!(store.give_up_events(nas, GiveUp::Before(BEGIN)).await, Ok(0));
        assert_eq!(store.give_up_events(nas, GiveUp::Before(times(25).at)).await, Ok(2));
        let events = waiting(&*store).await;
        let told: Vec<_> = events.iter().map(|event| (event.seq, lost_from(event))).collect();
        assert_eq!(told, [(2, Some(1)), (3, None), (4, None), (5, None)]);
        let after = queue(&*store, nas).await;
        assert_eq!((after.lost, after.events, after.begins_with_loss, after.droppable()), (2, 4, true, 3));
        assert!(after.bytes < before.bytes);
        assert_eq!(store.give_up_events(nas, GiveUp::Before(times(25).at)).await, Ok(0), "that is said already");
        assert_eq!(store.give_up_events(nas, GiveUp::Before(times(45).at)).await, Ok(2));
        let told: Vec<_> = waiting(&*store).await.iter().map(|event| (event.seq, lost_from(event))).collect();
        assert_eq!(told, [(4, Some(1)), (5, None)], "one row says it for all of them");
        assert_eq!(queue(&*store, nas).await.lost, 4);
        store.delete_events(vec![(nas, 4)]).await.unwrap();
        assert_eq!(store.give_up_events(nas, ALL).await, Ok(1));
        assert_eq!(lost_from(&waiting(&*store).await[0]), Some(5));
    }

    async fn as_many_events_are_given_up_as_free_what_is_asked_for(store) {
        let nas = rounds(&*store, "tower", 600).await;
        let before = queue(&*store, nas).await;
        assert_eq!(store.give_up_events(nas, GiveUp::Bytes(1)).await, Ok(1));
        let wanted = before.bytes / 3;
        let lost = store.give_up_events(nas, GiveUp::Bytes(wanted)).await.unwrap();
        let after = queue(&*store, nas).await;
        assert!(before.bytes - before.first_bytes - after.bytes >= wanted && lost < 250, "{lost} {after:?}");
        let all = store.give_up_events(nas, ALL).await.unwrap();
        let rest = store.give_up_events(nas, ALL).await.unwrap();
        assert_eq!((all + rest + lost + 1, rest > 0 || all < 500), (600, true));
        let end = queue(&*store, nas).await;
        assert_eq!((end.lost, end.events, end.bytes, end.droppable()), (600, 1, 0, 0));
        assert_eq!(end.oldest_at, Some(Micros(BEGIN.0 + 6_000_000_000)));
    }
}
