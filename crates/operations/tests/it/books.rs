//! Usage, explaining, held jumps and verifying, over two committed rounds.

use std::sync::Arc;

use accounting::Octets;
use accounting::changes::{Changes, CounterRecord, CounterState, CoverageRow, NasRecord, SessionRecord};
use accounting::ledger::{LedgerEntry, Reason};
use accounting::login::{LoginKind, LoginName, LoginRef};
use accounting::snapshot::Service;
use accounting::table::Table;
use accounting::time::{Micros, RoundTimes};
use operations::{ExplainSubject, OperationError, UsageRequest};
use store::{HeldAct, NasId, SessionPhase, SessionQuery};

use crate::bench::{Bench, NOW, router};

pub(crate) const SECOND: i64 = 1_000_000;

pub(crate) fn round(poll_seq: u64, at: Micros) -> Changes {
    let last = RoundTimes { at, ..RoundTimes::default() };
    Changes {
        nas: NasRecord { boot: 1, last: Some(last), next_no: 100, poll_seq, ..NasRecord::default() },
        new_counters: Vec::new(),
        counter_octets: Vec::new(),
        opened_counters: Vec::new(),
        changed_counters: Vec::new(),
        forget_boots_before: None,
        new_sessions: Vec::new(),
        session_octets: Vec::new(),
        opened_sessions: Vec::new(),
        session_states: Vec::new(),
        session_logins: Vec::new(),
        renamed: Vec::new(),
        settled_edges: Vec::new(),
        looked_in: Table::ALL.map(|table| (table, u64::MAX)).to_vec(),
        rows_wait: false,
        new_entries: Vec::new(),
        grown_entries: Vec::new(),
        cycle_octets: Vec::new(),
        coverage: vec![CoverageRow {
            table: Table::Interface,
            no: 99,
            from: NOW,
            to: at,
            is_new: poll_seq == 1,
        }],
    }
}

pub(crate) fn entry(no: u64, login: LoginRef, from: Octets, to: Octets, at: Micros) -> LedgerEntry {
    LedgerEntry {
        bucket: at.bucket(),
        no,
        login: Some(login.id),
        session: Some(1),
        counter: Some(1),
        cycle: None,
        reason: Reason::Grew,
        posted: true,
        delta: to.saturating_sub(from),
        before: from,
        after: to,
        from: NOW,
        to: at,
        unseen: None,
        polls: 2,
    }
}

pub(crate) fn begun(login: LoginRef) -> Changes {
    let counter = CounterRecord {
        no: 1,
        boot: 1,
        handle: 1,
        name: Box::from(*b"<pppoe-ana>"),
        permanent: false,
        passed_by: false,
        start: None,
        octets: Octets::new(5, 6),
        open: None,
        unattributed: Octets::ZERO,
        before_held: None,
        state: CounterState::Live,
        session: None,
    };
    let session = SessionRecord {
        no: 1,
        login: login.id,
        service: Service::Pppoe,
        acct_session_id: None,
        boot: 1,
        calling_station_id: Box::default(),
        framed_address: Box::default(),
        started_at: NOW,
        first_seen_at: NOW,
        ended: None,
    };
    let first = entry(1, login, Octets::ZERO, Octets::new(5, 6), NOW);
    Changes {
        new_counters: vec![counter],
        new_sessions: vec![session],
        session_octets: vec![(1, first.delta)],
        new_entries: vec![first],
        ..round(1, NOW)
    }
}

/// Ana on the tower: 5/6 octets, and 100 s later a jump to 1,005/2,006 that is held.
pub(crate) async fn two_rounds(bench: &Bench) -> NasId {
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let store = &bench.operations.store;
    let resolved = store.resolve_logins(nas, &[LoginName::new(LoginKind::Ppp, *b"ana")]).await.unwrap();
    let (version, login) = (resolved.version, resolved.logins[0]);
    store.commit(nas, 1, version, Arc::new(begun(login))).await.unwrap();
    let (at, after) = (Micros(NOW.0 + 100 * SECOND), Octets::new(1_005, 2_006));
    let jump = entry(2, login, Octets::new(5, 6), after, at);
    let changes = Changes {
        new_entries: vec![LedgerEntry { reason: Reason::Held, posted: false, ..jump }],
        counter_octets: vec![(1, after)],
        ..round(2, at)
    };
    store.commit(nas, 1, version, Arc::new(changes)).await.unwrap();
    bench.clock.advance(100_000_000);
    nas
}

fn ana() -> ExplainSubject {
    ExplainSubject::Login { router: "tower".to_owned(), username: Some(b"ana".to_vec()), kind: None }
}

#[tokio::test]
async fn a_window_is_widened_to_its_buckets_and_says_so() {
    let bench = Bench::new();
    two_rounds(&bench).await;
    let all = bench.operations.usage(UsageRequest::default()).await.unwrap();
    assert_eq!((all.from, all.to), (None, Micros(NOW.0 + Micros::BUCKET)));
    assert_eq!((all.rows.len(), all.rows[0].octets), (1, Octets::new(5, 6)));
    let within =
        UsageRequest { from: Some(Micros(NOW.0 + 1)), to: Some(Micros(NOW.0 + 2)), ..Default::default() };
    let within = bench.operations.usage(within).await.unwrap();
    assert_eq!((within.from, within.to), (Some(NOW), Micros(NOW.0 + Micros::BUCKET)));
    assert_eq!(within.rows, all.rows);
    let empty = UsageRequest { from: Some(NOW), to: Some(NOW), ..Default::default() };
    assert!(matches!(bench.operations.usage(empty).await, Err(OperationError::Invalid(_))));
}

#[tokio::test]
async fn the_lines_of_all_pages_make_the_total() {
    let bench = Bench::new();
    two_rounds(&bench).await;
    bench.operations.decide_held("eva", "tower", NOW.bucket(), 2, HeldAct::Released).await.unwrap();
    let (mut after, mut posted, mut lines) = (None, Octets::ZERO, Vec::new());
    loop {
        let page = bench.operations.explain(ana(), after, 1).await.unwrap();
        assert_eq!((page.total, page.lines.len()), (Octets::new(1_005, 2_006), 1));
        let line = &page.lines[0];
        lines.push((line.entry.reason, line.decision));
        if line.entry.posted {
            posted += line.entry.delta;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(posted, Octets::new(1_005, 2_006));
    let told = [(Reason::Grew, None), (Reason::Held, Some(HeldAct::Released)), (Reason::Released, None)];
    assert_eq!(lines, told);
    assert!(bench.operations.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn a_removed_routers_history_can_still_be_explained() {
    let bench = Bench::new();
    two_rounds(&bench).await;
    bench.operations.remove_router("eva", "tower").await.unwrap();
    let page = bench.operations.explain(ana(), None, 10).await.unwrap();
    assert_eq!(page.total, Octets::new(5, 6));
    let ended = &page.lines.last().unwrap().entry;
    assert_eq!(
        (ended.reason, ended.delta, ended.unseen.map(|unseen| unseen.upper_octets)),
        (Reason::SessionEnd, Octets::ZERO, Some(None)),
        "unbounded without a link speed"
    );
    let sessions = SessionQuery { limit: 10, reach: store::Reach::Everywhere, ..SessionQuery::default() };
    let sessions = bench.operations.list_sessions(sessions).await.unwrap();
    assert!(sessions.iter().all(|session| session.phase == SessionPhase::Ended), "{sessions:?}");
    assert!(bench.operations.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn a_wall_clock_set_back_hides_no_usage() {
    let bench = Bench::new();
    two_rounds(&bench).await;
    bench.clock.set_wall(Micros(NOW.0 - 3_600 * SECOND));
    let all = bench.operations.usage(UsageRequest::default()).await.unwrap();
    assert_eq!(all.rows[0].octets, Octets::new(5, 6));
}

#[tokio::test]
async fn a_held_jump_is_listed_until_decided_and_the_journal_says_by_whom() {
    let bench = Bench::new();
    two_rounds(&bench).await;
    let held = bench.operations.list_held(None, 10).await.unwrap();
    assert_eq!((held.len(), held[0].entry.delta), (1, Octets::new(1_000, 2_000)));
    let (bucket, no) = (held[0].entry.bucket, held[0].entry.no);
    bench.operations.decide_held("eva", "tower", bucket, no, HeldAct::Rejected).await.unwrap();
    assert_eq!(bench.operations.list_held(None, 10).await.unwrap(), vec![]);
    assert_eq!(bench.journal().await.last().unwrap(), "eva held.reject");
    let again = bench.operations.decide_held("eva", "tower", bucket, no, HeldAct::Released).await;
    assert!(matches!(again, Err(OperationError::Conflict(_))));
}

#[tokio::test]
async fn questions_about_what_is_not_there_are_answered_so() {
    let bench = Bench::new();
    two_rounds(&bench).await;
    let sea = || "sea".to_owned();
    let subjects = [
        ExplainSubject::Login { router: sea(), username: None, kind: None },
        ExplainSubject::Session { router: "tower".to_owned(), session: 77 },
        ExplainSubject::Subscriber { subscriber: sea(), cycle: None },
    ];
    for subject in subjects {
        let refused = bench.operations.explain(subject.clone(), None, 10).await;
        assert!(matches!(refused, Err(OperationError::NotFound(_))), "{subject:?}");
    }
    let sessions = SessionQuery {
        router: Some(sea()),
        limit: 10,
        reach: store::Reach::Everywhere,
        ..SessionQuery::default()
    };
    assert!(matches!(bench.operations.list_sessions(sessions).await, Err(OperationError::NotFound(_))));
    let stranger = UsageRequest { subscriber: Some(sea()), ..UsageRequest::default() };
    assert!(matches!(bench.operations.usage(stranger).await, Err(OperationError::NotFound(_))));
}
