//! Logins that routers show and that are nobody's.

use serde_json::{Value, json};

use crate::harness::Desk;

const HOUR: u64 = 3_600;

/// On `hill` ana and a guest of the hotspot, on `sea` ana; ana of `sea` is a subscriber.
async fn town() -> Desk {
    let desk = Desk::new().await;
    let (hill, sea) = (desk.add_router("hill").await, desk.add_router("sea").await);
    desk.post("/api/v1/subscribers", r#"{"username":"ana.sea","login":"ana","router":"sea"}"#)
        .await
        .expect(201);
    let mut meter = desk.meter(hill).await;
    meter.round_with_guests(0, &[], &[]).await;
    meter.round_with_guests(HOUR, &[(b"ana", 1_800, 100, 1_000)], &[(b"Gast\xe9", 600, 7, 9)]).await;
    meter.round_with_guests(2 * HOUR, &[(b"ana", 1_800 + HOUR, 150, 1_500)], &[]).await;
    let mut meter = desk.meter(sea).await;
    meter.round(0, &[]).await;
    meter.round(HOUR, &[(b"ana", 1_800, 3, 4)]).await;
    desk.clock.advance(2 * HOUR * 1_000_000);
    desk
}

fn told(unknown: &Value) -> Vec<(String, String, u64, u64)> {
    let items = unknown["items"].as_array().unwrap().iter();
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    let octets = |item: &Value, field: &str| item[field].as_u64().unwrap();
    items
        .map(|item| {
            let (up, down) = (octets(item, "upload_octets"), octets(item, "download_octets"));
            (text(item, "router"), text(item, "login"), up, down)
        })
        .collect()
}

#[tokio::test]
async fn they_are_listed_with_what_could_be_adopted_and_when_they_were_seen() {
    let desk = town().await;
    let unknown = desk.see("/api/v1/unknown-logins").await;
    let row = |login: &str, up, down| ("hill".to_owned(), login.to_owned(), up, down);
    assert_eq!(told(&unknown), [row("hex:47617374e9", 7, 9), row("ana", 150, 1_500)]);
    let (guest, ana) = (&unknown["items"][0], &unknown["items"][1]);
    assert_eq!((&guest["kind"], &guest["service"]), (&json!("hotspot"), &json!("hotspot")));
    assert_eq!(
        (&ana["kind"], &ana["service"], &ana["sessions_open"]),
        (&json!("ppp"), &json!("pppoe"), &json!(1))
    );
    assert_eq!(
        (&ana["first_seen_at"], &ana["last_seen_at"]),
        (&json!("2027-01-15T09:00:00Z"), &json!("2027-01-15T10:00:00Z"))
    );
    assert_eq!(guest["last_seen_at"], "2027-01-15T09:00:00Z");
    assert_eq!(told(&desk.see("/api/v1/unknown-logins?router=sea").await), []);
    desk.get("/api/v1/unknown-logins?router=see", Some(&desk.viewer)).await.expect(404);
}

#[tokio::test]
async fn they_come_in_pages() {
    let desk = town().await;
    let first = desk.see("/api/v1/unknown-logins?limit=1").await;
    assert_eq!(told(&first)[0].1, "hex:47617374e9");
    let next = first["next"].as_str().unwrap();
    let second = desk.see(&format!("/api/v1/unknown-logins?limit=1&cursor={next}")).await;
    assert_eq!((told(&second)[0].1.as_str(), &second["next"]), ("ana", &json!(null)));
    desk.get("/api/v1/unknown-logins?cursor=x", Some(&desk.viewer)).await.expect(400);
    desk.get("/api/v1/unknown-logins?limit=0", Some(&desk.viewer)).await.expect(400);
}

#[tokio::test]
async fn a_login_that_becomes_somebodys_is_known_and_unbound_unknown_again() {
    let desk = town().await;
    let names = async || told(&desk.see("/api/v1/unknown-logins").await).len();
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    assert_eq!(names().await, 1, "bound on all routers");
    desk.post("/api/v1/subscribers/ana/unbind", r#"{"login":"ana"}"#).await.expect(200);
    assert_eq!(names().await, 2);
    desk.post("/api/v1/subscribers/ana/bind", r#"{"login":"ana","adopt_from":"2027-01-15"}"#)
        .await
        .expect(200);
    desk.post("/api/v1/subscribers/ana/unbind", r#"{"login":"ana"}"#).await.expect(200);
    let unknown = desk.see("/api/v1/unknown-logins").await;
    assert_eq!(told(&unknown)[1].2, 0, "it has a session, and all of before is adopted: {unknown}");
    assert_eq!(told(&unknown).len(), 2);
}
