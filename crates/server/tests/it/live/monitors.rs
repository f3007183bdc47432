//! /api/v1/monitors

use std::time::Duration;

use operations::{MonitorSettings, Phase, RateReading, SampleSource, Standing};
use serde_json::{Value, json};

use super::scene::{Scene, reading};
use crate::harness::Answer;
use crate::meter::BEGIN;

async fn start(scene: &Scene, key: &str) -> Answer {
    scene.desk.put(&format!("/api/v1/monitors/{key}"), "").await
}

async fn list(scene: &Scene) -> Value {
    scene.desk.see("/api/v1/monitors").await
}

#[tokio::test]
async fn who_is_watched_is_told_with_how_it_stands_and_what_came_last() {
    let scene = Scene::new().await;
    assert_eq!(list(&scene).await, json!({"items": [], "next": null, "slots": 50, "slots_free": 50}));
    let started = start(&scene, "ana").await.expect(200).json();
    let ana = json!({
        "subscriber": scene.ana, "username": "ana", "name": "Ana Cruz", "plan": "Home 20M", "service": "pppoe",
        "router": "tower", "also_on": [], "started": true, "readers": 0, "standing": "sought",
        "standing_text": "The router was not asked yet, or has not answered.", "last": null,
    });
    assert_eq!(started, ana);
    scene.says(1, &[(scene.ana, 1_234_567, 5_234_567)]);
    let listed = list(&scene).await;
    assert_eq!((&listed["slots_free"], &listed["items"][0]["standing"]), (&json!(49), &json!("watched")));
    let last = json!({
        "as_of": "2027-01-15T08:00:01Z", "no": 1, "upload_bps": 1_234_567, "download_bps": 5_234_567,
        "source": "session", "interface": "<pppoe-ana>",
    });
    assert_eq!(listed["items"][0]["last"], last);
    let source = SampleSource::Counters { over: Duration::from_millis(5_010) };
    let counted = RateReading { source, ..reading(scene.ana, 1, 2) };
    scene.board().read(scene.tower, BEGIN, vec![counted]);
    scene.board().stands(scene.tower, scene.ana, Standing::Trouble("the router refuses".to_owned()));
    let told = &list(&scene).await["items"][0];
    assert_eq!((&told["last"]["source"], &told["last"]["over_ms"]), (&json!("counters"), &json!(5_010)));
    assert_eq!(
        (&told["standing"], &told["standing_text"]),
        (&json!("trouble"), &json!("the router refuses"))
    );
}

#[tokio::test]
async fn where_more_of_theirs_is_that_no_sample_shows_is_told() {
    let scene = Scene::new().await;
    let hill = scene.desk.add_router("hill").await;
    scene.desk.board.update(hill, BEGIN, |status| status.enter(Phase::Online, None, BEGIN));
    let mut meter = scene.desk.meter(hill).await;
    meter.round(0, &[]).await;
    meter.round(60, &[(b"ana", 30, 1, 1)]).await;
    let told = start(&scene, "ana").await.expect(200).json();
    assert_eq!((&told["router"], &told["also_on"]), (&json!("hill"), &json!(["tower"])));
    let text = told["standing_text"].as_str().unwrap();
    assert!(text.contains("More of theirs is on tower; what passes there is in no sample"), "{text}");
}

#[tokio::test]
async fn what_was_started_is_stopped_by_name_or_id_as_often_as_asked() {
    let scene = Scene::new().await;
    start(&scene, "ana").await.expect(200);
    start(&scene, &scene.bob.to_string()).await.expect(200);
    for path in [format!("/api/v1/monitors/{}", scene.ana), "/api/v1/monitors/bob".to_owned()] {
        for _ in 0..2 {
            scene.desk.delete(&path).await.expect(204);
        }
    }
    assert_eq!(scene.watched(), []);
    scene.desk.delete("/api/v1/monitors/nobody").await.expect(404);
}

#[tokio::test]
async fn who_cannot_be_watched_is_refused_with_what_to_do() {
    let scene = Scene::with(MonitorSettings { slots: 1, ..MonitorSettings::default() }).await;
    let refused = async |key: &str, status: u16| start(&scene, key).await.expect(status).text("detail");
    assert!(refused("nobody", 404).await.contains("tikmeter subscriber list"));
    scene.desk.post("/api/v1/subscribers", r#"{"username":"dan"}"#).await.expect(201);
    assert!(refused("dan", 409).await.contains("no session now"));
    scene.desk.post("/api/v1/subscribers/dan/unbind", r#"{"login":"dan"}"#).await.expect(200);
    assert!(refused("dan", 422).await.contains("tikmeter subscriber bind"));
    start(&scene, "bob").await.expect(200);
    assert!(refused("ana", 429).await.contains("all 1 slots are taken"));
    scene.router_is(Phase::Unreachable);
    assert!(refused("ana", 424).await.contains("nobody on the router tower can be watched now"));
    let off = Scene::with(MonitorSettings { enabled: false, ..MonitorSettings::default() }).await;
    assert!(start(&off, "ana").await.expect(409).text("detail").contains("monitor.enabled"));
    assert_eq!(list(&off).await["slots"], 0);
}
