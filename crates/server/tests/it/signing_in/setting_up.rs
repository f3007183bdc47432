//! The first operator, and the last admin.

use secrecy::ExposeSecret;

use super::*;

async fn set_up(desk: &Desk, key: &str, name: &str) -> u16 {
    let body = json!({"key": key, "name": name, "password": PASSWORD});
    Browser::at("192.0.2.7").send(desk, "POST", "/api/v1/setup", Some(body)).await.status.as_u16()
}

#[tokio::test]
async fn the_link_makes_one_admin_and_no_second() {
    let desk = Desk::new().await;
    let key = desk.operate.setup_key().await.unwrap().unwrap();
    assert_eq!(set_up(&desk, "guess", "mallory").await, 404);
    assert_eq!(set_up(&desk, key.expose_secret(), "a/b").await, 422);
    assert_eq!(set_up(&desk, key.expose_secret(), "Eva").await, 201);
    assert_eq!(set_up(&desk, key.expose_secret(), "mallory").await, 404);
    assert!(desk.operate.setup_key().await.unwrap().is_none(), "there is somebody");
    let mut browser = Browser::at("192.0.2.7");
    let who = browser.sign_in(&desk, "eva", PASSWORD).await.expect(200).json();
    assert_eq!(who["role"], "admin");
    assert!(!desk.see("/api/v1/audit").await.to_string().contains(key.expose_secret()));
}

#[tokio::test]
async fn a_link_opens_for_a_day_and_the_newest_only() {
    let desk = Desk::new().await;
    let older = desk.operate.setup_key().await.unwrap().unwrap();
    let newer = desk.operate.setup_key().await.unwrap().unwrap();
    assert_eq!(set_up(&desk, older.expose_secret(), "eva").await, 404);
    desk.clock.advance(24 * HOUR_US);
    assert_eq!(set_up(&desk, newer.expose_secret(), "eva").await, 404);
    let next = desk.operate.setup_key().await.unwrap().unwrap();
    desk.clock.advance(24 * HOUR_US - 1);
    assert_eq!(set_up(&desk, next.expose_secret(), "eva").await, 201);
}

#[tokio::test]
async fn operators_are_kept_by_admins_and_one_is_left() {
    let desk = Desk::new().await;
    let new = |name: &str, role: &str| json!({"name": name, "role": role, "password": PASSWORD}).to_string();
    let made = desk.post("/api/v1/operators", &new("Eva", "admin")).await.expect(201).json();
    assert_eq!(
        (&made["name"], &made["disabled"], &made["signed_in_at"]),
        (&json!("Eva"), &json!(false), &Value::Null)
    );
    assert!(!made.to_string().contains("argon2"));
    desk.post("/api/v1/operators", &new("EVA", "viewer")).await.expect(409);
    desk.post("/api/v1/operators", &new("bob", "king")).await.expect(422);
    let short = json!({"name": "bob", "role": "viewer", "password": "short"});
    desk.post("/api/v1/operators", &short.to_string()).await.expect(422);
    for change in [r#"{"disabled":true}"#, r#"{"role":"operator"}"#] {
        desk.patch("/api/v1/operators/eva", change).await.expect(409);
    }
    desk.delete("/api/v1/operators/eva").await.expect(409);
    desk.post("/api/v1/operators", &new("ida", "admin")).await.expect(201);
    desk.patch("/api/v1/operators/EVA", r#"{"role":"cashier"}"#).await.expect(200);
    desk.delete("/api/v1/operators/ida").await.expect(409);
    desk.delete("/api/v1/operators/nobody").await.expect(404);
    let listed = desk.see("/api/v1/operators").await;
    let names: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Eva", "ida"]);
}
