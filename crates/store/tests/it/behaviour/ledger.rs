//! Explaining totals: each line comes back, in order, to whoever it belongs to.

use accounting::Octets;
use accounting::ledger::{LedgerEntry, Reason, Unseen};
use store::{EntryRow, LedgerSubject, NasId, Scope, Store};

use crate::every_store::on_every_store;
use crate::rounds::{
    BEGIN, act, counter, entry, first, grown, quiet, resolve, session, shared, subscriber, tower,
};

fn numbers(lines: &[EntryRow]) -> Vec<u64> {
    lines.iter().map(|line| line.entry.no).collect()
}

async fn of(store: &dyn Store, subject: LedgerSubject) -> Vec<u64> {
    numbers(&store.entries(subject, None, 100).await.unwrap())
}

fn login(username: Option<&[u8]>) -> LedgerSubject {
    LedgerSubject::Login { router: "tower".to_owned(), username: username.map(<[u8]>::to_vec), kind: None }
}

/// Ana's first round as her own, then bound: her session goes on as the subscriber's. One line is nobody's.
async fn two_rounds(store: &dyn Store) -> (NasId, i64) {
    let (nas, version, own) = tower(store).await;
    store.commit(nas, 1, version, shared(first(own.id, None, Octets::new(1, 2)))).await.unwrap();
    store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
    let (version, bound) = resolve(store, nas, b"ana").await;
    let mut changes = quiet(2, 1_000);
    let delta = Octets::new(10, 20);
    let grew = LedgerEntry {
        cycle: bound.cycle,
        reason: Reason::Grew,
        before: Octets::new(1, 2),
        after: Octets::new(11, 22),
        ..entry(2, 1, bound.id, delta, 1_000)
    };
    let nobodys = LedgerEntry { login: None, session: None, ..entry(3, 1, bound.id, Octets::ZERO, 1_000) };
    changes.new_entries = vec![grew, nobodys];
    changes.session_logins = vec![(1, bound.id)];
    changes.session_octets = vec![(1, delta)];
    changes.cycle_octets = vec![(bound.cycle.unwrap(), delta)];
    changes.counter_octets = vec![(1, Octets::new(11, 22))];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    (nas, bound.cycle.unwrap())
}

on_every_store! {
    async fn a_line_comes_back_whole(store) {
        let (nas, version, ana) = tower(&*store).await;
        let mut changes = first(ana.id, None, Octets::new(5, 6));
        changes.new_entries[0].unseen = Some(Unseen { micros: None, upper_octets: Some(7) });
        let written = changes.new_entries[0].clone();
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let lines = store.entries(login(Some(b"ana")), None, 10).await.unwrap();
        assert_eq!((lines.len(), &lines[0].entry), (1, &written));
        assert_eq!((lines[0].router.as_str(), lines[0].username.as_deref()), ("tower", Some(&b"ana"[..])));
        assert_eq!(lines[0].counter_name.as_deref(), Some(&b"<pppoe-9>"[..]));
        assert_eq!((lines[0].session_started_at, lines[0].decision), (Some(BEGIN), None));
    }

    async fn an_open_line_is_extended_in_place(store) {
        let (nas, version, ana) = tower(&*store).await;
        store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(1, 1)))).await.unwrap();
        let mut changes = quiet(2, 10);
        let grown = grown(1, ana.id, Octets::new(7, 8), Octets::new(8, 9), Octets::new(8, 9), 10);
        changes.grown_entries = vec![grown];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let lines = store.entries(login(Some(b"ana")), None, 10).await.unwrap();
        let line = &lines[0].entry;
        assert_eq!((lines.len(), line.delta, line.after, line.to, line.polls), (1, grown.delta, grown.after, grown.to, 2));
    }

    async fn each_subject_has_its_lines_and_its_total(store) {
        let (nas, cycle) = two_rounds(&*store).await;
        let session = LedgerSubject::Session { nas, no: 1 };
        assert_eq!(of(&*store, login(Some(b"ana"))).await, [1, 2], "before and after the binding");
        assert_eq!(of(&*store, login(None)).await, [3]);
        assert_eq!(of(&*store, LedgerSubject::Cycle(cycle)).await, [2]);
        assert_eq!(of(&*store, session.clone()).await, [1, 2]);
        assert_eq!(of(&*store, login(Some(b"Ana"))).await, []);
        let total = async |subject| store.explained_total(subject).await.unwrap();
        assert_eq!(total(login(Some(b"ana"))).await, Some(Octets::new(11, 22)));
        assert_eq!(total(LedgerSubject::Cycle(cycle)).await, Some(Octets::new(10, 20)));
        assert_eq!(total(session).await, Some(Octets::new(11, 22)));
        assert_eq!(total(LedgerSubject::Session { nas, no: 77 }).await, None);
    }

    async fn pages_join(store) {
        let (nas, version, ana) = tower(&*store).await;
        let mut changes = quiet(1, 0);
        changes.new_counters = vec![counter(1, 9, Octets::new(7, 7))];
        changes.new_sessions = vec![session(1, ana.id)];
        changes.session_octets = vec![(1, Octets::new(7, 7))];
        let one = Octets::new(1, 1);
        changes.new_entries = (1..=7).map(|no| entry(no, 1, ana.id, one, 700 * no)).collect();
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        let (mut after, mut read) = (None, Vec::new());
        loop {
            let page = store.entries(login(Some(b"ana")), after, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.key());
            read.extend(numbers(&page));
        }
        assert_eq!(read, [1, 2, 3, 4, 5, 6, 7]);
    }
}
