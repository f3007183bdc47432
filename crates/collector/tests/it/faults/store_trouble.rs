//! A store that takes nothing for a while: the router is polled on, the state says so, the memory stays bounded, and
//! afterwards every octet is there.

use operations::{ErrorKind, Phase};
use store::{CommitError, NasRepository, StoreError};

use super::books::{self, truth_since};
use super::patience::{a_while, until};
use super::polled::{Polled, Setting};

#[tokio::test]
async fn a_full_disk_stops_no_polling_and_costs_no_octet() {
    let polled = Polled::start(Setting::default()).await;
    polled.surf();
    polled.read().await.unwrap();
    let committed = polled.sqlite.nas_by_id(polled.nas).await.unwrap().unwrap().poll_seq;
    polled.repository.set_full(true);
    let prints = polled.counter_prints();
    for _ in 0..30 {
        polled.surf();
        a_while(20).await;
    }
    let status = polled.when_troubled(Phase::StoreStalled, "the disk that holds the database is full").await;
    polled.when(|status| status.errors.contains_key(&ErrorKind::Store)).await;
    assert!(status.message.unwrap().contains("nothing is lost while sessions live"));
    until("the router was polled on", || polled.counter_prints() > prints + 10).await;
    assert!(
        polled.inbox.waiting() <= 3,
        "{} snapshots wait although they only continue",
        polled.inbox.waiting()
    );
    assert!(polled.repository.refused() >= 2);
    let meanwhile = polled.sqlite.nas_by_id(polled.nas).await.unwrap().unwrap().poll_seq;
    assert_eq!(
        meanwhile,
        committed + (meanwhile - committed).min(1),
        "nothing was written while it was full"
    );
    polled.repository.set_full(false);
    polled.when_well().await;
    polled.surf();
    polled.assert_exact().await;
}

/// Sessions that begin meanwhile cannot be merged away: their snapshots wait one by one, until the memory is used up.
#[tokio::test]
async fn a_full_inbox_pauses_the_router_and_says_so_and_the_living_lose_nothing() {
    let polled = Polled::start(Setting { waiting_bytes: 20_000, ..Setting::default() }).await;
    polled.surf();
    polled.repository.set_full(true);
    let mut dialled = 0;
    while !polled.inbox.is_full() {
        polled.connect(&format!("late{dialled}"));
        polled.surf();
        dialled += 1;
        a_while(60).await;
        assert!(dialled < 200, "{} wait and it is not full", polled.inbox.waiting());
    }
    polled.when(|status| status.errors.contains_key(&ErrorKind::Store)).await;
    polled.when_troubled(Phase::StoreStalled, "wait in memory").await;
    let refused = polled.read().await.unwrap_err();
    assert!(refused.to_string().contains("this router pauses"), "{refused}");
    let (prints, waiting) = (polled.counter_prints(), polled.inbox.waiting());
    for _ in 0..20 {
        polled.surf();
        a_while(20).await;
    }
    assert!(polled.counter_prints() <= prints + 2 && polled.inbox.waiting() <= waiting + 1, "it paused");
    polled.repository.set_full(false);
    polled.when_well().await;
    polled.surf();
    polled.assert_exact().await;
    println!("{dialled} sessions began while the store was full; {waiting} snapshots waited");
}

/// Who hung up while nothing could be written is bounded, not forgotten.
#[tokio::test]
async fn a_session_that_ends_while_the_disk_is_full_keeps_what_was_read_of_it() {
    let polled = Polled::start(Setting::default()).await;
    let gone = polled.connect("gone");
    polled.world(|world| world.transfer(gone, 10, 20));
    polled.read().await.unwrap();
    polled.repository.set_full(true);
    polled.world(|world| world.transfer(gone, 1_000, 2_000));
    let prints = polled.counter_prints();
    until("it was read", || polled.counter_prints() > prints + 3).await;
    polled.world(|world| world.disconnect(gone));
    until("its end was read", || polled.counter_prints() > prints + 8).await;
    polled.repository.set_full(false);
    polled.when_well().await;
    polled.read().await.unwrap();
    let said = books::totals(&polled.sqlite, None).await;
    assert_eq!(said.get(&b"gone"[..]), truth_since(&polled.sim, &polled.mark).get(&b"gone"[..]));
    books::assert_sound(&polled.sqlite).await;
}

/// What can never be written must not keep what comes after it from being written.
#[tokio::test]
async fn a_reading_that_can_never_be_written_is_dropped_and_the_next_one_tells_all() {
    let polled = Polled::start(Setting::default()).await;
    polled.surf();
    polled.read().await.unwrap();
    let unfit = StoreError::Constraint("it is too much".to_owned());
    polled.repository.answer_commits(Some(CommitError::RolledBack(unfit)));
    polled.surf();
    let status = polled.when_troubled(Phase::StoreStalled, "it is too much").await;
    assert!(status.message.unwrap().contains("dropped"));
    polled.when(|status| status.errors.get(&ErrorKind::Store).is_some_and(|times| *times >= 2)).await;
    assert!(polled.inbox.trouble().dropped_refused >= 2);
    assert!(polled.inbox.waiting() <= 1, "none waits behind it");
    polled.repository.answer_commits(None);
    polled.when_well().await;
    assert_eq!(polled.inbox.trouble().refused, None);
    polled.surf();
    polled.assert_exact().await;
}

/// What keeps a snapshot from being written is told as it is, however often it was tried: a broken disk is not a busy
/// database.
#[tokio::test]
async fn a_commit_tried_in_vain_is_told_by_its_last_answer() {
    let polled = Polled::start(Setting::default()).await;
    let broken = StoreError::Unavailable("disk I/O error".to_owned());
    let answers = [
        (CommitError::Doubtful(broken), "disk I/O error"),
        (CommitError::Fenced, "another snapshot of this router was committed meanwhile"),
        (CommitError::BindingsChanged, "a binding of a login changed meanwhile"),
        (CommitError::RolledBack(StoreError::Busy), "the database is busy"),
    ];
    for (answer, told) in answers {
        polled.repository.answer_commits(Some(answer));
        polled.surf();
        let status = polled.when_troubled(Phase::StoreStalled, told).await;
        assert!(status.message.unwrap().contains("wait in memory"));
        assert!(polled.inbox.waiting() >= 1);
    }
    polled.repository.answer_commits(None);
    polled.when_well().await;
    polled.assert_exact().await;
}
