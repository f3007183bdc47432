//! A code is entered, time runs, the session is ended.

use std::sync::atomic::Ordering;

use super::browser::{ANA, BEN, House, hand_over};
use super::till::MINUTE;

#[tokio::test]
async fn a_code_lets_a_device_in_and_the_page_shows_what_is_left() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 120);
    house.till.change("WELCOME1", |voucher| voucher.left_octets = Some(1_500_000_000));
    let mut browser = house.handed_over(ANA).await;
    let page = browser.form("/activate", &[("code", " welcome1 ")]).await.expect(200);
    let key = browser.key().unwrap().clone();
    for part in ["You are online", "2:00:00", "1.5 GB", "data-seconds=\"7200\"", &key] {
        assert!(page.has(part), "{part}: {}", page.body);
    }
    assert!(house.till.is_in(ANA.0));
    house.till.change("WELCOME1", |voucher| voucher.left_us = Some(90 * MINUTE));
    let again = browser.get("/portal").await.expect(200);
    assert!(again.has("1:30:00") && !again.has(&key), "the key is shown once: {}", again.body);
    let twice = browser.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    assert!(twice.has("Already activated") && browser.key() == Some(&key), "{}", twice.body);
}

/// What phones read off a printed voucher opens this address.
#[tokio::test]
async fn a_printed_code_is_entered_already_and_lets_nobody_in_by_itself() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut ana = house.handed_over(ANA).await;
    let page = ana.get("/portal?code=WELCOME1").await.expect(200);
    assert!(page.has("value=\"WELCOME1\"") && !house.till.is_in(ANA.0), "{}", page.body);
    house.browser("10.5.50.9").get("/portal?code=WELCOME1").await.expect(403);
}

#[tokio::test]
async fn a_device_that_is_refused_sees_why_and_what_it_typed() {
    let house = House::new();
    house.till.add("TAKEN", 1, 60);
    house.handed_over(BEN).await.form("/activate", &[("code", "TAKEN")]).await.expect(200);
    let mut browser = house.handed_over(ANA).await;
    for (code, said) in [("nothing<b>", "Invalid voucher code"), ("TAKEN", "Voucher already used")] {
        let page = browser.form("/activate", &[("code", code)]).await.expect(400);
        assert!(page.has(said) && page.has("action=\"/activate\"") && !page.has("<b>"), "{}", page.body);
    }
    let page = browser.form("/activate", &[("code", "  ")]).await.expect(400);
    assert!(page.has("enter the code"), "{}", page.body);
    assert!(browser.key().is_none() && !house.till.is_in(ANA.0));
}

#[tokio::test]
async fn a_router_that_does_not_let_it_in_uses_nothing_up() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut browser = house.handed_over(ANA).await;
    house.till.is_away.store(true, Ordering::SeqCst);
    for _ in 0..9 {
        let page = browser.form("/activate", &[("code", "WELCOME1")]).await.expect(503);
        assert!(page.has("Failed to authorize with router. Please check MikroTik connection and try again."));
    }
    house.till.is_away.store(false, Ordering::SeqCst);
    browser.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
}

/// Where the browser gives up in the middle, the device is in or out, and never half.
#[tokio::test]
async fn what_was_begun_is_done_though_nobody_waits_for_it() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut browser = house.handed_over(ANA).await;
    house.till.is_slow.store(true, Ordering::SeqCst);
    let gives_up = tokio::time::timeout(
        std::time::Duration::from_millis(50),
        browser.form("/activate", &[("code", "WELCOME1")]),
    );
    assert!(gives_up.await.is_err());
    assert!(!house.till.is_in(ANA.0));
    house.till.go_on.notify_one();
    for _ in 0..300 {
        if house.till.is_in(ANA.0) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it was broken off in the middle");
}

#[tokio::test]
async fn who_has_the_key_or_the_code_ends_the_session_and_nobody_else() {
    let house = House::new();
    house.till.add("WELCOME1", 2, 60);
    let mut ana = house.handed_over(ANA).await;
    ana.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    let mut ben = house.handed_over(BEN).await;
    ben.form("/end-session", &[]).await.expect(400);
    ben.form("/end-session", &[("code", "OTHER")]).await.expect(400);
    assert!(house.till.is_in(ANA.0));
    let page = ana.form("/end-session", &[]).await.expect(200);
    assert!(
        page.has("Session ended") && page.has("action=\"/activate\"") && !house.till.is_in(ANA.0),
        "{}",
        page.body
    );
    assert!(page.has("something left"), "the key is good as long as the voucher: {}", page.body);
    let page = ana.form("/end-session", &[]).await.expect(200);
    assert!(page.has("Session ended"), "it was pressed twice: {}", page.body);
    let page = ana.form("/move", &[]).await.expect(200);
    assert!(page.has("You are online") && house.till.is_in(ANA.0), "{}", page.body);
    let page = ben.form("/end-session", &[("code", "welcome1")]).await.expect(200);
    assert!(page.has("Session ended") && !house.till.is_in(ANA.0));
}

/// Whoever was away too long has to log in again, though their session is written down as running.
#[tokio::test]
async fn a_device_that_the_router_keeps_out_is_not_said_to_be_online() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut ana = house.handed_over(ANA).await;
    ana.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    assert!(ana.get(&hand_over(ANA.0, ANA.1)).await.expect(200).has("You are online"));
    house.till.forgotten.lock().unwrap().push(ANA.0.to_owned());
    let page = ana.get(&hand_over(ANA.0, ANA.1)).await.expect(200);
    assert!(!page.has("You are online") && page.has("something left"), "{}", page.body);
    assert!(ana.form("/move", &[]).await.expect(200).has("You are online"), "its key lets it in again");
    assert!(ana.get(&hand_over(ANA.0, ANA.1)).await.expect(200).has("You are online"));
}

#[tokio::test]
async fn a_session_that_cannot_be_ended_is_not_said_to_be() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut ana = house.handed_over(ANA).await;
    ana.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    house.till.is_away.store(true, Ordering::SeqCst);
    let page = ana.form("/end-session", &[]).await.expect(503);
    assert!(!page.has("Session ended"), "{}", page.body);
}

/// Where the hotspot hides the device's address once it is in, or its seal is too old, the key still shows what is left.
#[tokio::test]
async fn the_key_alone_shows_what_is_left() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut ana = house.handed_over(ANA).await;
    ana.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    ana.from = "192.168.88.1".parse().unwrap();
    let page = ana.get("/portal").await.expect(200);
    assert!(page.has("You are online") && page.has("data-status=\"\""), "{}", page.body);
    ana.form("/end-session", &[]).await.expect(200);
    assert!(!house.till.is_in(ANA.0));
}
