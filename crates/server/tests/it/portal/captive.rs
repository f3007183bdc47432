//! What phones are told by RFC 8908.

use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::HOST;
use serde_json::json;

use super::browser::{ANA, BEN, Browser, House, Shown};
use super::tls::Files;

async fn ask(browser: &mut Browser, router: &str) -> Shown {
    let request = Request::get(format!("/api/captive/{router}")).header(HOST, "wifi.example:8443");
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_device_is_told_whether_it_is_captive_and_what_is_left() {
    let house = House::showing(Some(Files::new().served()));
    house.till.add("WELCOME1", 1, 60);
    house.till.change("WELCOME1", |voucher| voucher.left_octets = Some(5_000));
    let mut phone = house.browser(ANA.1);
    let page = "/portal?router=tower&mac=AA%3ABB%3ACC%3A00%3A00%3A01&ip=10.5.50.2";
    let url = format!("https://wifi.example:8443{page}");
    let told = ask(&mut phone, "tower").await.expect(200);
    assert_eq!(told.headers["content-type"], "application/captive+json");
    assert_eq!(told.headers["cache-control"], "no-store");
    assert_eq!(told.json(), json!({ "captive": true, "user-portal-url": url, "can-extend-session": false }));

    phone.get(page).await.expect(200);
    phone.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    let told = ask(&mut house.browser(ANA.1), "tower").await.expect(200).json();
    let whole = json!({
        "captive": false, "user-portal-url": url, "can-extend-session": false, "seconds-remaining": 3_600, "bytes-remaining": 5_000,
    });
    assert_eq!(told, whole);
    assert_eq!(ask(&mut house.browser(BEN.1), "tower").await.expect(200).json()["captive"], true);

    house.till.forgotten.lock().unwrap().push(ANA.0.to_owned());
    let told = ask(&mut phone, "tower").await.expect(200).json();
    assert_eq!(
        (&told["captive"], &told["seconds-remaining"]),
        (&json!(true), &json!(null)),
        "the router decides"
    );
}

#[tokio::test]
async fn who_is_not_shown_is_told_nothing() {
    let house = House::showing(Some(Files::new().served()));
    let mut phone = house.browser(ANA.1);
    ask(&mut house.browser("10.5.50.9"), "tower").await.expect(403);
    ask(&mut phone, "hill").await.expect(403);
    ask(&mut phone, "").await.expect(404);
    ask(&mut phone, &"x".repeat(129)).await.expect(400);
    phone.get("/api/captive/tower").await.expect(400);
    house.till.is_away.store(true, Ordering::SeqCst);
    ask(&mut phone, "tower").await.expect(503);
}

#[tokio::test]
async fn without_tls_there_is_none() {
    let house = House::new();
    ask(&mut house.browser(ANA.1), "tower").await.expect(404);
}
