//! A code that is read off a sheet by a device that nobody handed over yet.

use super::browser::{ANA, House, hand_over};

#[tokio::test]
async fn it_is_said_how_to_connect_and_the_code_is_filled_in_afterwards() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut browser = house.browser(ANA.1);
    let page = browser.get("/portal?code=WELCOME1").await.expect(403);
    assert!(page.has("Connect to the Wi-Fi first") && page.has("<code>WELCOME1</code>"), "{}", page.body);
    assert!(!page.has("<form") && !house.till.is_in(ANA.0));
    assert!(browser.get("/portal").await.expect(403).has("WELCOME1"), "it is kept");
    let page = browser.get(&hand_over(ANA.0, ANA.1)).await.expect(200);
    assert!(page.has("value=\"WELCOME1\""), "{}", page.body);
    browser.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    assert_eq!(browser.cookies.as_ref().unwrap()["tikmeter_portal_code"], "", "it was entered");
}

/// Whoever tries codes learns nothing: what is not looked up cannot be told.
#[tokio::test]
async fn every_code_has_the_same_page() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    house.handed_over(ANA).await.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    let mut stranger = house.browser("10.5.50.9");
    stranger.cookies = None;
    let mut page = async |code: &str| {
        let page = stranger.get(&format!("/portal?code={code}")).await.expect(403);
        let nonce = page.body.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        page.body.replace(code, "").replace(&nonce, "")
    };
    assert_eq!(page("WELCOME1").await, page("NOSUCH11").await);
}

#[tokio::test]
async fn what_may_not_stand_in_a_cookie_is_shown_and_not_kept() {
    let house = House::new();
    let mut browser = house.browser(ANA.1);
    let page = browser.get("/portal?code=x%3B%20Domain%3Devil%3Cb%3E").await.expect(403);
    assert!(
        page.has("x; Domain=evil&lt;b&gt;") && browser.cookies.as_ref().unwrap().is_empty(),
        "{}",
        page.body
    );
}
