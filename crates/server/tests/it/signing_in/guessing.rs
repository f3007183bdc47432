//! Floods of guesses. What they cost is counted in hashes, not in time.

use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use tower::ServiceExt;

use super::*;

/// Guesses at an account, each from an address of its own; the answers' statuses.
async fn guess(desk: &Desk, name: &str, guesses: u32) -> Vec<u16> {
    let (app, mut statuses) = (router(desk.state.clone()), Vec::new());
    for no in 0..guesses {
        let from = Ipv4Addr::from_bits(0x0a00_0000 + no).to_string();
        statuses.push(Browser::of(&app, &from).sign_in(desk, name, "guess").await.status.as_u16());
    }
    statuses
}

#[tokio::test]
async fn a_flood_at_an_account_is_not_hashed_and_its_owner_signs_in_with_a_known_browser() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Operator).await;
    let mut known = Browser::at("192.0.2.7");
    known.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    known.send(&desk, "DELETE", "/api/v1/session", None).await.expect(204);
    let before = desk.operate.passwords.checked();
    let statuses = guess(&desk, "EVA", 300).await;
    let refused = statuses.iter().filter(|status| **status == 429).count();
    let looked_at = desk.operate.passwords.checked() - before;
    assert_eq!((refused, looked_at), (290, 10));
    let mut stranger = Browser::at("192.0.2.8");
    let kept_waiting = stranger.sign_in(&desk, "eva", PASSWORD).await.expect(429);
    assert!(kept_waiting.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
    known.sign_in(&desk, "eva", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_flood_from_an_address_stops_there_and_known_browsers_beside_it_sign_in() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Operator).await;
    let mut known = Browser::at("192.0.2.7");
    known.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    let before = desk.operate.passwords.checked();
    let app = router(desk.state.clone());
    for no in 0..200 {
        let mut guesser = Browser::of(&app, "192.0.2.7");
        guesser.sign_in(&desk, &format!("nobody {no}"), "guess").await;
    }
    assert_eq!(desk.operate.passwords.checked() - before, 20);
    Browser::at("192.0.2.7").sign_in(&desk, "eva", PASSWORD).await.expect(429);
    known.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    Browser::at("192.0.2.9").sign_in(&desk, "eva", PASSWORD).await.expect(200);
}

/// The owner is told another password, and does not wait until the guesser's time is over.
#[tokio::test]
async fn a_password_that_an_admin_sets_opens_an_account_that_is_guessed_at() {
    let desk = Desk::new().await;
    add(&desk, "Eva", Role::Operator).await;
    guess(&desk, "eva", 20).await;
    Browser::at("192.0.2.7").sign_in(&desk, "eva", PASSWORD).await.expect(429);
    desk.patch("/api/v1/operators/eva", r#"{"role":"viewer"}"#).await.expect(200);
    Browser::at("192.0.2.7").sign_in(&desk, "eva", PASSWORD).await.expect(429);
    desk.patch("/api/v1/operators/eva", r#"{"password":"quite another"}"#).await.expect(200);
    Browser::at("192.0.2.7").sign_in(&desk, "eva", "quite another").await.expect(200);
}

/// Guesses from many, without a pause, at a known name and at made-up ones, for as long as somebody signs in again and again: each time they
/// are let in while the guesses go on, and the guesses cost no more hashes than are free. So is, from a browser that nobody knows, whoever is
/// not guessed at. It says how many guesses came meanwhile, and how long the slowest of them waited: figures of this machine and build, which it
/// judges nobody by.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_in_amid_thousands_of_guesses_is_let_in_amid_them() {
    const GUESSERS: u32 = 4;
    const BETWEEN: u64 = 1_000;
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Operator).await;
    add(&desk, "ida", Role::Viewer).await;
    let mut known = Browser::at("192.0.2.7");
    known.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    let before = desk.operate.passwords.checked();
    let (begun, mut slowest) = (Instant::now(), Duration::ZERO);
    let (refused, app) = (Arc::new(AtomicU64::new(0)), router(desk.state.clone()));
    let guessing = (0..GUESSERS).map(|nth| {
        let (app, refused) = (app.clone(), Arc::clone(&refused));
        tokio::spawn(async move {
            for no in 0.. {
                let from = Ipv4Addr::from_bits(0x0a00_0000 + no * GUESSERS + nth);
                let body = json!({"name": "eva", "password": "guess"}).to_string();
                let request = Request::post("/api/v1/session")
                    .header("content-type", "application/json")
                    .extension(ConnectInfo(SocketAddr::from((from, 5000))));
                let answer = app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
                if answer.status() == 429 {
                    refused.fetch_add(1, Ordering::Relaxed);
                }
                tokio::task::yield_now().await;
            }
        })
    });
    let guessing: Vec<_> = guessing.collect();
    for time in 1..=5 {
        while refused.load(Ordering::Relaxed) < time * BETWEEN {
            assert!(guessing.iter().all(|one| !one.is_finished()), "a guesser broke");
            tokio::task::yield_now().await;
        }
        for (browser, name) in [(&mut known, "eva"), (&mut Browser::at("192.0.2.8"), "ida")] {
            let asked = Instant::now();
            browser.sign_in(&desk, name, PASSWORD).await.expect(200);
            slowest = slowest.max(asked.elapsed());
        }
        let then = refused.load(Ordering::Relaxed);
        while refused.load(Ordering::Relaxed) == then {
            tokio::task::yield_now().await;
        }
    }
    let (guesses, elapsed) = (refused.load(Ordering::Relaxed), begun.elapsed());
    guessing.iter().for_each(tokio::task::JoinHandle::abort);
    state_rate(guesses, elapsed, slowest);
    let hashed = desk.operate.passwords.checked() - before;
    assert!((10..=10 + 10).contains(&hashed), "ten times it was they, and ten guesses are free: {hashed}");
}

/// Past what keeps the words of tests that pass to itself.
fn state_rate(guesses: u64, elapsed: Duration, slowest: Duration) {
    let a_second = u128::from(guesses) * 1_000 / elapsed.as_millis().max(1);
    let told = format!(
        "amid {a_second} guesses a second ({guesses} in all) the slowest of 10 sign-ins took {} ms\n",
        slowest.as_millis()
    );
    std::io::stderr().write_all(told.as_bytes()).unwrap();
}

/// Nobody escapes the count, and nobody has another counted, by a header of their own.
#[tokio::test]
async fn only_a_proxy_that_is_named_says_where_a_guess_comes_from() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Operator).await;
    let guessed = async |desk: &Desk, through: &str, guesses: u32| {
        let (app, before) = (router(desk.state.clone()), desk.operate.passwords.checked());
        for no in 0..guesses {
            let body = json!({"name": format!("nobody {no}"), "password": "guess"}).to_string();
            let request = Request::post("/api/v1/session")
                .header("content-type", "application/json")
                .header("x-forwarded-for", format!("203.0.113.{no}"))
                .extension(ConnectInfo(format!("{through}:5000").parse::<SocketAddr>().unwrap()));
            desk.send_to(&app, request.body(Body::from(body)).unwrap()).await;
        }
        desk.operate.passwords.checked() - before
    };
    assert_eq!(guessed(&desk, "192.0.2.7", 60).await, 20);
    let behind = desk.state.clone().behind(Proxies::parse("192.0.2.1").unwrap());
    let desk = desk.answering(behind);
    assert_eq!(guessed(&desk, "192.0.2.7", 60).await, 0, "who is no proxy is still counted as one");
    assert_eq!(guessed(&desk, "192.0.2.1", 60).await, 60, "each of them for itself");
}

/// The mark is its owner's: with it nobody gets more guesses at somebody else.
#[tokio::test]
async fn a_known_browser_is_a_stranger_to_everybody_elses_account() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Viewer).await;
    add(&desk, "bob", Role::Admin).await;
    let mut evas = Browser::at("192.0.2.7");
    evas.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    guess(&desk, "bob", 10).await;
    evas.sign_in(&desk, "bob", PASSWORD).await.expect(429);
    let mut forged = Browser::at("192.0.2.8");
    forged.cookies = "tikmeter_browser=tkb_0000".to_owned();
    forged.sign_in(&desk, "bob", PASSWORD).await.expect(429);
}

#[tokio::test]
async fn a_stolen_mark_gets_ten_guesses() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Viewer).await;
    let mut known = Browser::at("192.0.2.7");
    known.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    let before = desk.operate.passwords.checked();
    for _ in 0..50 {
        known.sign_in(&desk, "eva", "guess").await;
    }
    assert_eq!(desk.operate.passwords.checked() - before, 10);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_answered_as_one_that_somebody_has() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Viewer).await;
    add(&desk, "ida", Role::Viewer).await;
    add(&desk, "bob", Role::Admin).await;
    desk.patch("/api/v1/operators/ida", r#"{"disabled":true}"#).await.expect(200);
    let mut told = Vec::new();
    for (name, password) in [("eva", "guess"), ("nobody", "guess"), ("nobody", ""), ("ida", PASSWORD)] {
        let before = desk.operate.passwords.checked();
        let answer = Browser::at("192.0.2.7").sign_in(&desk, name, password).await.expect(401);
        assert!(!answer.headers.contains_key("set-cookie"));
        told.push((answer.body, desk.operate.passwords.checked() - before));
    }
    assert!(told.iter().all(|one| *one == told[0] && one.1 == 1), "{told:?}");
}
