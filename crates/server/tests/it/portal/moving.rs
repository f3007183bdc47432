//! A phone that shows the Wi-Fi another address: what is left follows its owner, and nobody else.

use super::browser::{ANA, BEN, House, hand_over};

const NEW: (&str, &str) = ("02:11:22:33:44:55", "10.5.50.77");

#[tokio::test]
async fn the_browser_that_has_the_key_is_offered_what_is_left() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut phone = house.handed_over(ANA).await;
    phone.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    house.till.sees(NEW.0, NEW.1);
    phone.from = NEW.1.parse().unwrap();
    let page = phone.get(&hand_over(NEW.0, NEW.1)).await.expect(200);
    assert!(page.has("something left") && page.has("1:00:00"), "{}", page.body);
    let page = phone.form("/move", &[]).await.expect(200);
    assert!(
        page.has("You are online") && house.till.is_in(NEW.0) && !house.till.is_in(ANA.0),
        "{}",
        page.body
    );
    assert!(phone.get("/portal").await.expect(200).has("You are online"));
}

#[tokio::test]
async fn a_key_that_was_written_down_moves_it_too() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut phone = house.handed_over(ANA).await;
    phone.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    let key = phone.key().unwrap().clone();
    let mut laptop = house.handed_over(BEN).await;
    laptop.form("/activate", &[("code", "WELCOME1")]).await.expect(400);
    let page = laptop.form("/move", &[("proof", &format!(" {key} "))]).await.expect(200);
    assert!(page.has("You are online") && house.till.is_in(BEN.0) && !house.till.is_in(ANA.0));
    assert_eq!(laptop.key(), Some(&key), "the key goes with it");
    let page = phone.get("/portal").await.expect(200);
    assert!(page.has("something left"), "and whoever has it may move it again: {}", page.body);
}

#[tokio::test]
async fn without_a_key_nothing_moves() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    house.handed_over(ANA).await.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    let mut thief = house.handed_over(BEN).await;
    assert!(!thief.get("/portal").await.expect(200).has("something left"));
    thief.form("/move", &[]).await.expect(403);
    for guess in ["WELCOME1", "key", "00000"] {
        let page = thief.form("/move", &[("proof", guess)]).await.expect(403);
        assert!(page.has("This key is unknown"), "{}", page.body);
    }
    let mut without_device = house.browser("10.5.50.200");
    without_device.form("/move", &[("proof", "key")]).await.expect(403);
    assert!(house.till.is_in(ANA.0));
}

#[tokio::test]
async fn what_is_used_up_is_not_offered() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut phone = house.handed_over(ANA).await;
    phone.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    house.till.change("WELCOME1", |voucher| {
        (voucher.left_us, voucher.is_over) = (Some(0), true);
        voucher.online.clear();
    });
    let page = phone.get("/portal").await.expect(200);
    assert!(page.has("action=\"/activate\"") && !page.has("something left"), "{}", page.body);
}

/// The device of before is put out first, and then the router refuses the new one.
#[tokio::test]
async fn a_move_that_the_router_refused_leaves_the_key_good() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut phone = house.handed_over(ANA).await;
    phone.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    let key = phone.key().unwrap().clone();
    let mut laptop = house.handed_over(BEN).await;
    *house.till.says.lock().unwrap() = Some("no such user".to_owned());
    laptop.form("/move", &[("proof", &key)]).await.expect(503);
    assert!(!house.till.is_in(ANA.0) && !house.till.is_in(BEN.0));
    *house.till.says.lock().unwrap() = None;
    let page = phone.get("/portal").await.expect(200);
    assert!(page.has("something left") && page.has("action=\"/move\""), "{}", page.body);
    let page = laptop.form("/move", &[("proof", &key)]).await.expect(200);
    assert!(page.has("You are online") && house.till.is_in(BEN.0), "{}", page.body);
    let page = phone.get("/portal").await.expect(200);
    assert!(page.has("something left"), "it can be had back: {}", page.body);
}

#[tokio::test]
async fn what_others_have_is_not_offered_to_who_has_a_key_of_before() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut phone = house.handed_over(ANA).await;
    phone.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    phone.form("/end-session", &[]).await.expect(200);
    house.handed_over(BEN).await.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    let page = phone.get("/portal").await.expect(200);
    assert!(page.has("action=\"/activate\"") && !page.has("something left"), "{}", page.body);
    let page = phone.form("/move", &[]).await.expect(400);
    assert!(page.has("Voucher already used") && house.till.is_in(BEN.0), "{}", page.body);
}
