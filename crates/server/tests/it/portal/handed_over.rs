//! Who a device is taken for.

use std::sync::atomic::Ordering;

use super::browser::{ANA, BEN, House, hand_over};

#[tokio::test]
async fn a_device_is_who_its_router_says_it_is() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let (mac, address) = ANA;
    let page = house.browser(address).get(&hand_over(mac, address)).await.expect(200);
    assert!(page.has("action=\"/activate\"") && !page.device().is_empty(), "{}", page.body);
    for (told_mac, told_address, from, why) in [
        (BEN.0, ANA.1, ANA.1, "another's MAC at one's own address"),
        ("02:00:00:00:00:99", ANA.1, ANA.1, "a MAC that nobody has"),
        (BEN.0, BEN.1, ANA.1, "all of another's, asked from one's own address"),
        (ANA.0, ANA.1, "192.168.88.1", "one's own, through an address translation"),
    ] {
        let mut forger = house.browser(from);
        let refused = forger.get(&hand_over(told_mac, told_address)).await.expect(403);
        assert!(!refused.has("name=\"device\"") && forger.cookies.as_ref().unwrap().is_empty(), "{why}");
        forger.form("/activate", &[("code", "WELCOME1")]).await.expect(403);
    }
    assert!(house.till.vouchers.lock().unwrap()["WELCOME1"].known.is_empty());
}

#[tokio::test]
async fn a_hand_over_that_names_nothing_is_refused() {
    let house = House::new();
    let mut browser = house.browser(ANA.1);
    for (query, status) in [
        ("?mac=AA%3ABB%3ACC%3A00%3A00%3A01&ip=10.5.50.2&router=nowhere", 403),
        ("?mac=AA%3ABB%3ACC%3A00%3A00%3A01&ip=10.5.50.2", 400),
        ("?mac=---&ip=10.5.50.2&router=tower", 400),
        ("?mac=$(mac)&ip=$(ip)&router=tower", 400),
        ("?router=tower", 400),
        ("?mac=1&mac=2", 400),
        ("", 403),
    ] {
        let page = browser.get(&format!("/portal{query}")).await.expect(status);
        assert!(page.has("<h1>") && !page.has("name=\"device\""), "{query}: {}", page.body);
    }
}

/// The form has it, for browsers that keep no cookies; only where the device is.
#[tokio::test]
async fn the_seal_in_the_form_is_enough_and_serves_nobody_else() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let (mac, address) = ANA;
    let mut plain = house.browser(address);
    plain.cookies = None;
    let device = plain.get(&hand_over(mac, address)).await.expect(200).device();
    house.browser(BEN.1).form("/activate", &[("code", "WELCOME1"), ("device", &device)]).await.expect(403);
    let forged = device.replace(mac, BEN.0);
    plain.form("/activate", &[("code", "WELCOME1"), ("device", &forged)]).await.expect(403);
    let page = plain.form("/activate", &[("code", "WELCOME1"), ("device", &device)]).await.expect(200);
    assert!(page.has("You are online") && house.till.is_in(mac), "{}", page.body);
}

#[tokio::test]
async fn a_page_that_lay_open_too_long_has_to_be_opened_anew() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut browser = house.handed_over(ANA).await;
    house.clock.advance(30 * 60 * 1_000_000);
    let page = browser.form("/activate", &[("code", "WELCOME1")]).await.expect(403);
    assert!(page.has("join it again"), "{}", page.body);
    browser.get(&hand_over(ANA.0, ANA.1)).await.expect(200);
    browser.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
}

#[tokio::test]
async fn a_router_that_is_away_is_no_fault_of_the_device() {
    let house = House::new();
    house.till.is_away.store(true, Ordering::SeqCst);
    let mut browser = house.browser(ANA.1);
    let page = browser.get(&hand_over(ANA.0, ANA.1)).await.expect(503);
    assert!(page.has("Please check MikroTik connection"), "{}", page.body);
    house.till.is_away.store(false, Ordering::SeqCst);
    browser.get(&hand_over(ANA.0, ANA.1)).await.expect(200);
}

/// Sixteen devices at once are looked for on one router; those of another one do not wait for it.
#[tokio::test]
async fn a_router_that_does_not_answer_keeps_nobody_elsewhere_waiting() {
    let house = House::new();
    *house.till.slow_router.lock().unwrap() = Some("tower".to_owned());
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let mut browser = house.browser(ANA.1);
        waiting.spawn(async move { browser.get(&hand_over(ANA.0, ANA.1)).await.status });
    }
    while house.till.waiting.load(Ordering::SeqCst) < 16 {
        tokio::task::yield_now().await;
    }
    let mut ben = house.browser(BEN.1);
    let refused = ben.get(&hand_over(BEN.0, BEN.1)).await.expect(503);
    assert!(refused.has("Many devices ask"), "{}", refused.body);
    ben.get(&hand_over(BEN.0, BEN.1).replace("tower", "hill")).await.expect(403);
    house.till.go_on.notify_waiters();
    assert_eq!(waiting.join_all().await, [200; 16]);
    *house.till.slow_router.lock().unwrap() = None;
    ben.get(&hand_over(BEN.0, BEN.1)).await.expect(200);
}
