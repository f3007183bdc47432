//! Why a voucher lets nobody in, or not now: nothing is offered that would be refused.

use std::sync::atomic::Ordering;

use operations::VoucherStop;

use super::browser::{ANA, Browser, House, hand_over};
use super::till::MINUTE;

/// Ana was in with it, and it stopped since.
async fn stopped(house: &House, stop: VoucherStop) -> Browser {
    house.till.add("WELCOME1", 1, 60);
    let mut ana = house.handed_over(ANA).await;
    ana.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    house.till.change("WELCOME1", |voucher| {
        voucher.is_over = true;
        voucher.stop = Some(stop);
    });
    ana
}

#[tokio::test]
async fn a_paused_one_offers_nothing_and_says_what_waits() {
    let house = House::new();
    let paused = VoucherStop::Paused { left_us: Some(30 * MINUTE), left_octets: Some(1_500_000_000) };
    let mut ana = stopped(&house, paused).await;
    let page = ana.get("/portal").await.expect(200);
    for part in ["Your voucher is paused", "0:30:00", "1.5 GB", "action=\"/activate\""] {
        assert!(page.has(part), "{part}: {}", page.body);
    }
    assert!(!page.has("something left") && !page.has("You are online"), "{}", page.body);
    ana.language = "id";
    let page = ana.get("/portal").await.expect(200);
    assert!(page.has("sedang dijeda") && page.has("1.5 GB") && !page.has("Lanjutkan"), "{}", page.body);
}

#[tokio::test]
async fn one_that_is_over_says_why_and_what_to_do() {
    for (stop, told) in [
        (VoucherStop::TimeOver, "its time is used up. Enter the code of another one"),
        (VoucherStop::DataOver, "its data is used up. Enter the code of another one"),
        (VoucherStop::Revoked, "was taken out of use"),
    ] {
        let house = House::new();
        let mut ana = stopped(&house, stop).await;
        let page = ana.get("/portal").await.expect(200);
        assert!(page.has(told) && page.has("action=\"/activate\""), "{}", page.body);
        assert!(!page.has("something left"), "{}", page.body);
        // A browser that keeps no cookies: the device is known by the router.
        let page = house.browser(ANA.1).get(&hand_over(ANA.0, ANA.1)).await.expect(200);
        assert!(page.has(told), "{}", page.body);
        ana.from = "192.168.88.1".parse().unwrap();
        let page = ana.get("/portal").await.expect(200);
        assert!(page.has(told) && !page.has("<form"), "nothing can be entered from there: {}", page.body);
    }
}

/// A device that somebody took off the router is not online, whatever is written down; where the router does not say, that counts.
#[tokio::test]
async fn a_device_that_was_put_off_is_not_said_to_be_online() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut ana = house.handed_over(ANA).await;
    ana.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    assert!(ana.get("/portal").await.expect(200).has("You are online"));
    house.till.forgotten.lock().unwrap().push(ANA.0.to_owned());
    let page = ana.get("/portal").await.expect(200);
    assert!(page.has("not online at the moment") && page.has("something left"), "{}", page.body);
    house.till.is_away.store(true, Ordering::SeqCst);
    assert!(ana.get("/portal").await.expect(200).has("You are online"));
}

/// Whoever has the key is told why it lets nobody in, and is not taken for one who guesses.
#[tokio::test]
async fn a_key_whose_voucher_lets_nobody_in_says_why() {
    for (stop, told) in [
        (VoucherStop::Paused { left_us: Some(30 * MINUTE), left_octets: None }, "0:30:00, no data limit"),
        (VoucherStop::TimeOver, "its time is used up"),
        (VoucherStop::DataOver, "its data is used up"),
        (VoucherStop::Revoked, "was taken out of use"),
    ] {
        let house = House::new();
        let mut ana = stopped(&house, stop).await;
        for _ in 0..7 {
            let page = ana.form("/move", &[]).await.expect(403);
            assert!(page.has(told) && page.has("action=\"/activate\""), "{}", page.body);
        }
        ana.language = "id";
        let page = ana.form("/move", &[]).await.expect(403);
        assert!(page.has("Voucher Anda"), "{}", page.body);
    }
}
