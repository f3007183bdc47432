//! Whoever guesses codes learns nothing and is locked.

use super::browser::{ANA, BEN, Browser, House, Shown};

/// What differs by its nature: the seal of a form and the nonce of an answer.
fn without_what_changes(shown: &Shown, code: &str) -> String {
    let policy = shown.headers["content-security-policy"].to_str().unwrap();
    let nonce = policy.split("'nonce-").nth(1).map_or("no nonce", |after| after.split('\'').next().unwrap());
    let mut body = shown.body.replace(nonce, "NONCE").replace(code, "CODE");
    if body.contains("name=\"device\"") {
        body = body.replace(&shown.device(), "DEVICE");
    }
    body
}

#[tokio::test]
async fn wrong_foreign_and_finished_codes_are_answered_alike() {
    let house = House::new();
    for code in ["UNUSED", "OVER"] {
        house.till.add(code, 1, 60);
    }
    house.till.change("OVER", |voucher| voucher.is_over = true);
    let mut browser = house.handed_over(ANA).await;
    let mut told = Vec::new();
    for code in ["WRONG", "OVER"] {
        let page = browser.form("/activate", &[("code", code)]).await.expect(400);
        told.push(without_what_changes(&page, code));
    }
    assert_eq!(told[0], told[1]);
    let mut told = Vec::new();
    for code in ["WRONG", "OVER", "UNUSED"] {
        told.push(browser.get(&format!("/api/status/{code}")).await.expect(200).body);
    }
    assert_eq!(
        told[0],
        r#"{"success":true,"active":false,"remaining_seconds":null,"remaining_octets":null}"#
    );
    assert!(told.iter().all(|answer| *answer == told[0]), "{told:?}");
}

async fn locked(browser: &mut Browser, after: usize) {
    for number in 0..after {
        browser.form("/activate", &[("code", &format!("GUESS{number}"))]).await.expect(400);
    }
    let page = browser.form("/activate", &[("code", "GUESS")]).await.expect(429);
    assert!(page.has("Too many tries. Wait "), "{}", page.body);
}

#[tokio::test]
async fn an_address_is_locked_on_every_path_and_with_the_right_code_too() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut browser = house.handed_over(ANA).await;
    locked(&mut browser, 5).await;
    let refused = browser.json("/api/activate-quick", r#"{"code":"WELCOME1"}"#).await.expect(429);
    let seconds: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");
    assert_eq!(refused.json()["message"], format!("Too many tries. Wait {seconds} s and try again."));
    browser.form("/end-session", &[("code", "WELCOME1")]).await.expect(429);
    browser.form("/move", &[("proof", "key")]).await.expect(429);
    browser.get("/portal").await.expect(200);
    house.handed_over(BEN).await.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    house.clock.advance(61_000_000);
    browser.form("/activate", &[("code", "WELCOME1")]).await.expect(400);
}

/// Status answers are guesses as well, counted apart, and those of one's own voucher are none.
#[tokio::test]
async fn asking_how_codes_stand_is_slowed_too() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut browser = house.handed_over(ANA).await;
    browser.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    for _ in 0..20 {
        house.clock.advance(1_000_000);
        browser.get("/api/status/welcome1").await.expect(200);
    }
    house.clock.advance(30_000_000);
    for number in 0..20 {
        browser.get(&format!("/api/status/GUESS{number}")).await.expect(200);
    }
    browser.get("/api/status/GUESS").await.expect(429);
    browser.get(&format!("/api/status/{}", ANA.0)).await.expect(200);
}

#[tokio::test]
async fn a_code_is_locked_whoever_tries_it() {
    let house = House::new();
    for last in 0..10 {
        house.browser(&format!("10.9.0.{last}")).form("/end-session", &[("code", "SAME")]).await.expect(400);
    }
    let mut another = house.browser("10.9.1.1");
    another.form("/end-session", &[("code", "same")]).await.expect(429);
    another.form("/end-session", &[("code", "OTHER")]).await.expect(400);
}

/// A browser asks for the pictures of a page, wherever they are: neither who opened it nor whose code it names is locked.
#[tokio::test]
async fn pictures_on_a_page_elsewhere_lock_nobody() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut browser = house.handed_over(ANA).await;
    for number in 0..20 {
        browser.get(&format!("/api/status/GUESS{number}")).await.expect(200);
    }
    browser.get("/api/status/GUESS").await.expect(429);
    for last in 0..20 {
        house.browser(&format!("10.9.0.{last}")).get("/api/status/WELCOME1").await.expect(200);
    }
    browser.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
}

#[tokio::test]
async fn who_asks_too_fast_waits() {
    let house = House::new();
    let mut browser = house.browser(ANA.1);
    let mut answers = Vec::new();
    for _ in 0..40 {
        answers.push(browser.get("/portal").await.status);
    }
    assert_eq!(answers.iter().filter(|status| **status == 403).count(), 30, "{answers:?}");
    assert!(answers[30..].iter().all(|status| *status == 429), "{answers:?}");
    house.browser(BEN.1).get("/portal").await.expect(403);
}
