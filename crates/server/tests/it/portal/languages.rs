//! Pages in the language that the browser asks for, and programs in English.

use super::browser::{ANA, House, Shown};

fn is_indonesian(shown: &Shown) {
    assert!(shown.has("<html lang=\"id\">"), "{}", shown.body);
    assert_eq!(shown.headers["content-language"], "id");
    for english in [
        "voucher was",
        "You are",
        "Time left",
        "Go online",
        "Wait ",
        "Leave the",
        "Invalid",
        "Session",
        "Look again",
        "device",
    ] {
        let without_names = shown.body.replace("name=\"device\"", "").replace("width=device-width", "");
        assert!(!without_names.contains(english), "{english}: {}", shown.body);
    }
}

#[tokio::test]
async fn each_page_is_in_the_language_that_is_asked_for() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60 * 24 * 3);
    let mut browser = house.handed_over(ANA).await;
    browser.language = "id-ID,id;q=0.9,en;q=0.8";
    let mut pages = vec![
        (house.browser("10.5.50.9").get("/portal").await, "This device is not known here"),
        (browser.get("/portal").await, "Kode voucher Anda"),
        (browser.form("/activate", &[("code", "WRONG")]).await, "Kode voucher tidak berlaku"),
        (browser.form("/activate", &[("code", "WELCOME1")]).await, "Sudah online"),
        (browser.get("/portal").await, "3 hari 0:00:00"),
        (browser.form("/end-session", &[]).await, "Sesi diakhiri"),
        (browser.get("/nothing").await, "Tidak ada apa-apa"),
    ];
    let (english, words) = pages.remove(0);
    assert!(english.has("<html lang=\"en\">") && english.has(words), "{}", english.body);
    for (page, words) in &pages {
        is_indonesian(page);
        assert!(page.has(words) && !page.has("{{"), "{words}: {}", page.body);
    }
    for _ in 0..9 {
        browser.form("/activate", &[("code", "WRONG")]).await;
    }
    let locked = browser.form("/activate", &[("code", "WRONG")]).await.expect(429);
    assert!(locked.has("Tunggu ") && locked.has(" detik"), "{}", locked.body);
    is_indonesian(&locked);
}

#[tokio::test]
async fn programs_are_answered_in_english() {
    let house = House::new();
    let mut browser = house.handed_over(ANA).await;
    browser.language = "id";
    let answer = browser.json("/api/activate-quick", r#"{"code":"WRONG"}"#).await.expect(400);
    assert_eq!(answer.body, r#"{"success":false,"message":"Invalid voucher code"}"#);
    let answer = browser.get("/api/nothing").await.expect(404);
    assert_eq!(answer.json()["message"], "Nothing is at this address.");
}
