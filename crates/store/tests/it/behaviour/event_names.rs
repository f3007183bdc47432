//! Names in events are held from round to round, for a while and of so many lines; what may change at any time is not.

use accounting::Octets;
use accounting::changes::Changes;
use accounting::ledger::{LedgerEntry, Reason};
use accounting::login::{LoginKind, LoginName};
use accounting::time::Micros;
use store::{EventBody, EventNames, NasId, NewSubscriber, Scope, Store, SubscriberChange, Who};

use super::outbox::{rounds, told, waiting};
use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, entry, first, quiet, resolve, router, shared, subscriber, times};

/// Who the first line of what waits is about, with the names that are held.
async fn first_line(store: &dyn Store, names: &EventNames, now: Micros) -> Who {
    let events = told(store, names, now, store.outbox().await.unwrap()).await;
    let EventBody::Round { usage, .. } = &events[0].body else { panic!("{events:?}") };
    Who::clone(&usage[0])
}

/// A router, and Ana, who is its subscriber: a round of hers waits that is counted, or held.
async fn anas(store: &dyn Store, is_held: bool) -> (NasId, NewSubscriber) {
    store.write_events(true);
    let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    let ana = subscriber("ana", Scope::All);
    store.insert_subscriber(ana.clone(), act("subscriber.add")).await.unwrap();
    let (version, login) = resolve(store, nas, b"ana").await;
    let mut changes = first(login.id, login.cycle, Octets::new(1, 2));
    if is_held {
        let line = changes.new_entries[0].clone();
        changes.new_entries = vec![LedgerEntry { posted: false, reason: Reason::Held, cycle: None, ..line }];
        changes.cycle_octets.clear();
    }
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    (nas, ana)
}

async fn bind(store: &dyn Store, from: &NewSubscriber, to: &NewSubscriber) {
    let login = LoginName::new(LoginKind::Ppp, *b"ana");
    store.unbind_login(from.id, login.clone(), Scope::All, act("subscriber.unbind")).await.unwrap();
    store.bind_login(to.id, login, Scope::All, act("subscriber.bind")).await.unwrap();
}

on_every_store! {
    async fn a_new_name_is_told_once_the_old_one_was_held_for_half_an_hour(store) {
        let (_, ana) = anas(&*store, false).await;
        let names = EventNames::default();
        let name = async |now| first_line(&*store, &names, now).await.subscriber.unwrap().name;
        assert_eq!(name(BEGIN).await, None);
        let is_named = async |name: &str| {
            let change = SubscriberChange { name: Some(Some(name.to_owned())), ..SubscriberChange::default() };
            store.change_subscriber(ana.id, change, act("subscriber.edit"), act("subscriber.renew")).await.unwrap();
        };
        is_named("Ana").await;
        assert_eq!(name(times(EventNames::HELD_SECONDS).at).await, None, "it is held");
        assert_eq!(name(times(EventNames::HELD_SECONDS + 1).at).await.as_deref(), Some("Ana"));
        is_named("Anabel").await;
        assert_eq!(name(BEGIN).await.as_deref(), Some("Anabel"), "the clock was set back");
    }

    async fn of_a_held_line_it_is_told_at_once_who_else_the_login_is_bound_to(store) {
        let (_, ana) = anas(&*store, true).await;
        let bea = subscriber("bea", Scope::All);
        store.insert_subscriber(bea.clone(), act("subscriber.add")).await.unwrap();
        let names = EventNames::default();
        let who = async || first_line(&*store, &names, BEGIN).await.subscriber.unwrap().id;
        assert_eq!(who().await, ana.id);
        bind(&*store, &ana, &bea).await;
        assert_eq!(who().await, bea.id);
        assert_eq!(names.lines(), 0);
    }

    async fn of_a_session_it_is_told_at_once_whose_it_is_now(store) {
        let (nas, ana) = anas(&*store, false).await;
        let bea = subscriber("bea", Scope::All);
        store.insert_subscriber(bea.clone(), act("subscriber.add")).await.unwrap();
        let names = EventNames::default();
        let step = async || {
            let events = told(&*store, &names, BEGIN, store.outbox().await.unwrap()).await;
            let EventBody::Round { sessions, .. } = &events[0].body else { panic!("{events:?}") };
            sessions[0].0.clone()
        };
        assert_eq!(step().await.subscriber.unwrap().id, ana.id);
        bind(&*store, &ana, &bea).await;
        assert_eq!(step().await.subscriber.unwrap().id, bea.id);
        let (version, other) = resolve(&*store, nas, b"other").await;
        let moved = Changes { session_logins: vec![(1, other.id)], ..quiet(2, 10) };
        store.commit(nas, 1, version, shared(moved)).await.unwrap();
        let step = step().await;
        assert_eq!((step.login.unwrap().1, step.subscriber), (b"other"[..].into(), None));
    }

    async fn names_are_held_of_so_many_lines_and_no_more(store) {
        rounds(&*store, "north", 3).await;
        anas(&*store, false).await;
        let (few, none) = (EventNames::of_at_most(1), EventNames::of_at_most(0));
        for names in [&few, &none, &few] {
            let events = told(&*store, names, BEGIN, store.outbox().await.unwrap()).await;
            assert_eq!(events, waiting(&*store).await, "and who is not held is looked up");
        }
        assert_eq!((few.lines(), none.lines()), (1, 0));
    }

    async fn names_that_are_not_spoken_of_any_more_are_forgotten(store) {
        let (nas, _) = anas(&*store, false).await;
        let (names, queues) = (EventNames::default(), store.outbox().await.unwrap());
        let once = async || told(&*store, &names, BEGIN, queues.clone()).await;
        once().await;
        names.only([nas].into_iter(), BEGIN);
        assert_eq!(names.lines(), 1);
        names.only([nas].into_iter(), times(EventNames::HELD_SECONDS + 1).at);
        assert_eq!(names.lines(), 0, "nothing was told of the router for too long");
        once().await;
        names.only([].into_iter(), BEGIN);
        assert_eq!(names.lines(), 0, "the router is not ours any more");
        once().await;
        store.delete_events(vec![(nas, 1)]).await.unwrap();
        let (version, bea) = resolve(&*store, nas, b"bea").await;
        let mut others = quiet(2, 20);
        others.new_entries = vec![LedgerEntry { session: None, ..entry(9, 1, bea.id, Octets::new(1, 1), 20) }];
        store.commit(nas, 1, version, shared(others)).await.unwrap();
        for _ in 0..15 {
            told(&*store, &names, BEGIN, store.outbox().await.unwrap()).await;
        }
        assert_eq!(names.lines(), 1, "fifteen rounds spoke of another alone");
    }
}
