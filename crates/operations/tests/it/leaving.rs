//! Routers that are removed or disabled: whoever is kept out is let in first, and what cannot be done is told and not waited for.

use std::time::Duration;

use accounting::time::Micros;
use operations::{OperationError, RouterPatch};
use store::{Hold, HoldSubject, NewAudit};
use tokio::time::Instant;

use crate::bench::{Bench, NOW, router};

const MINUTE_US: i64 = 60_000_000;

/// The router `tower`, with bob kept out until that time.
async fn tower(until: i64) -> Bench {
    let bench = Bench::new();
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let hold = Hold {
        nas,
        subject: HoldSubject::Ppp(b"bob".to_vec()),
        until: Micros(until),
        is_placed: true,
        set_by: "eva".to_owned(),
        set_at: Micros(0),
    };
    bench.operations.store.set_hold(hold, NewAudit::by_system(NOW, "hold.set", "bob")).await.unwrap();
    bench
}

fn off() -> RouterPatch {
    RouterPatch { enabled: Some(false), ..RouterPatch::default() }
}

async fn disabled(bench: &Bench) -> (String, Duration) {
    let began = Instant::now();
    let edited = bench.operations.edit_router("eva", "tower", off()).await.unwrap();
    assert!(!edited.router.nas.config.enabled);
    (edited.stays.expect("nobody lets bob in here"), began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn who_is_kept_out_of_a_router_that_is_disabled_is_told_and_how_that_is_mended() {
    let (stays, waited) = disabled(&tower(NOW.0 + MINUTE_US).await).await;
    assert!(stays.contains("/ppp secret enable [find name=\"bob\"]"), "{stays}");
    assert!(waited >= Duration::from_secs(10), "it is waited for who could do it: {waited:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_what_was_tried_in_vain_or_nobody_does() {
    let (stays, waited) = disabled(&tower(NOW.0 - MINUTE_US).await).await;
    assert!(stays.contains("bob") && waited < Duration::from_secs(1), "{waited:?}: {stays}");
    let bench = tower(NOW.0 + MINUTE_US).await;
    disabled(&bench).await;
    let began = Instant::now();
    let stays = bench.operations.remove_router("eva", "tower").await.unwrap().unwrap();
    assert!(stays.contains("bob") && began.elapsed() < Duration::from_secs(1), "{stays}");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_is_refused_lets_nobody_in() {
    let bench = tower(NOW.0 + MINUTE_US).await;
    bench.operations.add_router("eva", router("hill")).await.unwrap();
    let patch = RouterPatch { name: Some("hill".to_owned()), ..off() };
    let refused = bench.operations.edit_router("eva", "tower", patch).await;
    assert!(
        matches!(&refused, Err(OperationError::Conflict(why)) if why.contains("called hill")),
        "{refused:?}"
    );
    let hold = bench.operations.store.holds().await.unwrap().remove(0);
    assert_eq!(hold.until, Micros(NOW.0 + MINUTE_US), "he is kept out as before");
    assert!(!bench.journal().await.iter().any(|act| act.contains("hold.release")));
}
