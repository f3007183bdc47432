//! The paths of the customer traffic monitor: what they promised, word by word.

use std::time::Duration;

use operations::{Hearing, LiveTold, MonitorError, MonitorSettings, Phase};
use serde_json::{Value, json};
use store::{Node, NodeRole};
use uuid::Uuid;

use super::scene::Scene;
use crate::harness::{Answer, Desk, request};
use crate::postgres_server::Database;

async fn ask(scene: &Scene, what: &str, customer: &str) -> Answer {
    let path = format!("/api/monitor/{what}?customer_id={customer}");
    scene.desk.send(request("POST", &path, Some(&scene.desk.admin), None)).await
}

async fn done(scene: &Scene, what: &str, customer: Uuid) -> Value {
    ask(scene, what, &customer.to_string()).await.expect(200).json()
}

async fn status(scene: &Scene) -> Value {
    scene.desk.see("/api/monitor/status").await
}

#[tokio::test]
async fn who_is_started_is_watched_once_until_stopped() {
    let scene = Scene::new().await;
    let said = |message: &str| json!({"status": "success", "message": message, "customer_id": scene.ana});
    for _ in 0..2 {
        assert_eq!(done(&scene, "start", scene.ana).await, said("Monitoring started"));
        assert_eq!(scene.watched(), [(scene.ana, true, 0)]);
    }
    done(&scene, "start", scene.bob).await;
    let mut both = [scene.ana, scene.bob];
    both.sort_unstable();
    let expected = json!({
        "status": "ok", "active_monitors": both, "monitor_count": 2, "max_concurrent": 50, "slots_available": 48,
    });
    assert_eq!(status(&scene).await, expected);
    for _ in 0..2 {
        assert_eq!(done(&scene, "stop", scene.ana).await, said("Monitoring stopped"));
    }
    assert_eq!(scene.watched(), [(scene.bob, true, 0)]);
    done(&scene, "stop", Uuid::from_u128(7)).await;
}

#[tokio::test]
async fn stopping_leaves_those_who_look_their_watch() {
    let scene = Scene::new().await;
    let operations = &scene.desk.operate;
    let mut view = operations.view_nobody();
    operations.look_at(&mut view, "ana").await.unwrap();
    done(&scene, "start", scene.ana).await;
    done(&scene, "stop", scene.ana).await;
    assert_eq!(scene.watched(), [(scene.ana, false, 1)]);
    assert_eq!(status(&scene).await["monitor_count"], 1);
}

/// Another process is there and hears of nothing: what it may have started is not said to be stopped.
#[tokio::test]
async fn a_stop_that_others_are_not_told_of_is_refused_unless_it_was_started_here() {
    let scene = Scene::at(Desk::shared(Database::create()).await).await;
    let store = &scene.desk.store;
    let east = Node::new("east", NodeRole::Collector);
    let stop = async |status| ask(&scene, "stop", &scene.ana.to_string()).await.expect(status).json();
    stop(200).await;
    store.join(east.clone(), Duration::from_secs(3_600)).await.unwrap();
    let message = stop(503).await["message"].as_str().unwrap().to_owned();
    assert!(message.contains("goes on there") && message.contains("redis.url"), "{message}");
    scene.desk.delete("/api/v1/monitors/ana").await.expect(424);
    scene.desk.operate.live_hearing(Hearing::Yes);
    let message = stop(503).await["message"].as_str().unwrap().to_owned();
    assert!(message.contains("the process east is not heard"), "{message}");
    scene.desk.operate.hear_live("east", LiveTold::default());
    stop(200).await;
    scene.start(scene.ana).await;
    scene.desk.operate.live_telling(Err("Redis is away.".to_owned()));
    stop(200).await;
    assert_eq!(scene.watched(), []);
    stop(503).await;
    // Where the other one said that it had started it, too, it is not enough that it was started here.
    scene.desk.operate.live_telling(Ok(()));
    scene.start(scene.ana).await;
    let wants = scene.desk.operate.live_told().wants;
    scene.desk.operate.hear_live("east", LiveTold { wants, ..LiveTold::default() });
    scene.desk.operate.live_telling(Err("Redis is away.".to_owned()));
    let message = stop(503).await["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("not started in this process") && message.contains("goes on there"),
        "{message}"
    );
    assert_eq!(scene.desk.operate.live_told().wants.customers, []);
    store.leave(east).await.unwrap();
    stop(200).await;
}

/// Slots are those of all processes: one that lives and is not heard may have taken them all.
#[tokio::test]
async fn while_another_process_is_not_heard_nobody_more_is_watched_and_who_is_goes_on() {
    let scene = Scene::at(Desk::shared(Database::create()).await).await;
    let (store, operate) = (&scene.desk.store, &scene.desk.operate);
    let start = async |customer: Uuid, status| {
        ask(&scene, "start", &customer.to_string()).await.expect(status).json()
    };
    scene.start(scene.ana).await;
    let east = Node::new("east", NodeRole::Collector);
    store.join(east.clone(), Duration::from_secs(3_600)).await.unwrap();
    let refused = async || start(scene.bob, 503).await["message"].as_str().unwrap().to_owned();
    let told = refused().await;
    assert!(told.contains("how many slots") && told.contains("redis.url"), "{told}");
    scene.desk.put("/api/v1/monitors/bob", "").await.expect(424);
    operate.live_hearing(Hearing::Begins);
    let told = refused().await;
    assert!(told.contains("only just begun") && !told.contains("redis.url"), "{told}");
    let told = ask(&scene, "stop", &scene.bob.to_string()).await.expect(503).text("message");
    assert!(told.contains("only just begun"), "{told}");
    operate.live_hearing(Hearing::Yes);
    assert!(refused().await.contains("the process east is not heard"));
    let mut view = operate.view_nobody();
    assert!(matches!(operate.look_at(&mut view, "bob").await, Err(MonitorError::Unheard { .. })));
    operate.look_at(&mut view, "ana").await.unwrap();
    start(scene.ana, 200).await;
    assert_eq!(scene.watched(), [(scene.ana, true, 1)]);
    operate.hear_live("east", LiveTold::default());
    start(scene.bob, 200).await;
    operate.live_hearing(Hearing::No);
    start(scene.eve, 503).await;
    store.leave(east).await.unwrap();
    start(scene.eve, 200).await;
}

#[tokio::test]
async fn each_refusal_has_its_status_and_its_words() {
    let scene = Scene::with(MonitorSettings { slots: 1, ..MonitorSettings::default() }).await;
    let add = async |new: &str| scene.desk.post("/api/v1/subscribers", new).await.expect(201).text("id");
    let dan = add(r#"{"username":"dan"}"#).await;
    let fay = add(r#"{"username":"fay"}"#).await;
    let unbind = r#"{"login":"fay"}"#;
    scene.desk.post("/api/v1/subscribers/fay/unbind", unbind).await.expect(200);
    let gil = add(r#"{"username":"gil"}"#).await;
    scene.desk.patch("/api/v1/subscribers/gil", r#"{"status":"suspended"}"#).await.expect(200);
    let refused = async |customer: &str, status: u16| {
        let told = ask(&scene, "start", customer).await.expect(status).json();
        assert_eq!(told, json!({"status": "error", "message": told["message"]}));
        told["message"].as_str().unwrap().to_owned()
    };
    for bad in ["ana", "", "7"] {
        assert!(refused(bad, 400).await.starts_with("invalid customer_id"));
        ask(&scene, "stop", bad).await.expect(400);
    }
    assert_eq!(refused(&Uuid::from_u128(7).to_string(), 404).await, "customer not found");
    assert_eq!(refused(&gil, 404).await, "customer not found");
    assert_eq!(refused(&fay, 422).await, "failed to get interface name");
    assert_eq!(refused(&dan, 409).await, "no active session");
    scene.start(scene.bob).await;
    assert_eq!(refused(&scene.ana.to_string(), 429).await, "all 1 slots are taken");
    scene.router_is(Phase::Unreachable);
    assert_eq!(refused(&scene.eve.to_string(), 503).await, "MikroTik client not connected");
    assert_eq!(scene.watched(), [(scene.bob, true, 0)]);
}

#[tokio::test]
async fn where_it_is_switched_off_nobody_is_watched_and_there_are_no_slots() {
    let scene = Scene::with(MonitorSettings { enabled: false, ..MonitorSettings::default() }).await;
    let told = ask(&scene, "start", &scene.ana.to_string()).await.expect(503).json();
    assert_eq!(told, json!({"status": "error", "message": "traffic monitor disabled"}));
    let expected = json!({
        "status": "ok", "active_monitors": [], "monitor_count": 0, "max_concurrent": 0, "slots_available": 0,
    });
    assert_eq!(status(&scene).await, expected);
}

#[tokio::test]
async fn a_viewer_looks_and_starts_nothing_and_every_error_is_in_their_words() {
    let scene = Scene::new().await;
    let desk = &scene.desk;
    desk.get("/api/monitor/status", Some(&desk.viewer)).await.expect(200);
    let path = format!("/api/monitor/start?customer_id={}", scene.ana);
    for (method, path, token, status) in [
        ("POST", &*path, Some(&desk.viewer), 403),
        ("POST", &path, None, 401),
        ("POST", "/api/monitor/start", Some(&desk.admin), 400),
        ("GET", &path, Some(&desk.admin), 405),
        ("GET", "/api/monitor/nothing", Some(&desk.admin), 404),
    ] {
        let told = desk.send(request(method, path, token.map(String::as_str), None)).await;
        assert_eq!(told.status.as_u16(), status, "{method} {path}");
        assert_eq!((&told.json()["status"], told.json()["message"].is_string()), (&json!("error"), true));
    }
    assert_eq!(scene.watched(), []);
}
