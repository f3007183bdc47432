//! Findings over the API: those of routers, of this machine, and what could not be looked at.

use std::path::PathBuf;

use operations::{Finding, FindingCode, House, MendPlace, Room, RouterCommandError};
use serde_json::{Value, json};

use crate::harness::Desk;

const DOCTOR: &str = "/api/v1/doctor";

fn codes(diagnosis: &Value) -> Vec<&str> {
    diagnosis["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

fn find(desk: &Desk, found: Result<Vec<Finding>, RouterCommandError>) {
    *desk.commands.findings.lock().unwrap() = found;
}

#[tokio::test]
async fn a_finding_names_its_router_its_kind_and_what_mends_it_the_worst_first() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    assert_eq!(desk.see(DOCTOR).await, json!({"findings": [], "unseen": [], "routers": 1}), "{nas:?}");
    let rule = Finding::new(FindingCode::FastTrack, "A rule.").mended(MendPlace::Router, "/a/set");
    find(&desk, Ok(vec![rule, Finding::new(FindingCode::NotCountable, "No number.").about("x")]));
    let found = desk.see(DOCTOR).await;
    assert_eq!(codes(&found), ["not_countable", "fasttrack"]);
    let first = &found["findings"][0];
    assert_eq!(
        (&first["about"], &first["severity"], &first["mend"]),
        (&json!("x"), &json!("error"), &json!([]))
    );
    let rule = &found["findings"][1];
    assert_eq!((&rule["router"], &rule["what"]), (&json!("tower"), &json!("A rule.")));
    assert_eq!(rule["mend"], json!([{"place": "router", "command": "/a/set"}]));
    assert!(rule["why"].as_str().unwrap().contains("queues"), "{rule}");
    assert_eq!(codes(&desk.see("/api/v1/routers/tower/doctor").await).len(), 2);
    desk.get("/api/v1/routers/moon/doctor", Some(&desk.admin)).await.expect(404);
}

#[tokio::test]
async fn a_router_that_cannot_be_looked_at_is_told_and_hides_no_other() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    find(&desk, Err(RouterCommandError::TimedOut));
    let found = desk.see(DOCTOR).await;
    assert_eq!((codes(&found).len(), &found["unseen"][0]["router"]), (0, &json!("tower")));
    assert!(found["unseen"][0]["why"].as_str().unwrap().contains("did not answer in time"), "{found}");
    desk.patch("/api/v1/routers/tower", r#"{"enabled": false}"#).await.expect(200);
    let found = desk.see(DOCTOR).await;
    assert_eq!((codes(&found), &found["unseen"]), (vec!["stale_router"], &json!([])), "it is not asked then");
    assert_eq!(found["findings"][0]["mend"][0]["command"], "tikmeter router enable tower");
}

#[tokio::test]
async fn a_device_that_is_let_through_is_a_fault_only_while_it_is_nobodys() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    let device = || Finding::new(FindingCode::BypassedDevice, "Let through.").about("AA:BB:CC:00:00:01");
    find(&desk, Ok(vec![device()]));
    assert_eq!(codes(&desk.see(DOCTOR).await), ["bypassed_device"]);
    let camera = json!({"username": "camera", "login": "mac:AA:BB:CC:00:00:01", "service": "hotspot"});
    desk.post("/api/v1/subscribers", &camera.to_string()).await.expect(201);
    assert_eq!(codes(&desk.see(DOCTOR).await), Vec::<&str>::new());
}

#[tokio::test]
async fn the_disk_of_the_data_folder_is_looked_at_where_the_whole_installation_is() {
    let mut desk = Desk::new().await;
    desk.add_router("tower").await;
    let house = |free: u64| {
        let house = House::new(Some(PathBuf::from("/data")), None);
        house.measuring(move |_| Ok(Room { free, size: 1 << 40 }))
    };
    desk.state = desk.state.clone().in_house(house(1 << 20));
    let found = desk.see(DOCTOR).await;
    assert_eq!((codes(&found), &found["findings"][0]["router"]), (vec!["small_disk"], &Value::Null));
    assert_eq!(found["findings"][0]["mend"][0], json!({"place": "shell", "command": "df -h /data"}));
    assert_eq!(codes(&desk.see("/api/v1/routers/tower/doctor").await), Vec::<&str>::new());
    desk.state = desk.state.clone().in_house(house(1 << 32));
    assert_eq!(codes(&desk.see(DOCTOR).await), Vec::<&str>::new());
    let broken = House::new(Some(PathBuf::from("/data")), None);
    desk.state =
        desk.state.clone().in_house(broken.measuring(|_| Err(std::io::Error::other("no such disk"))));
    let found = desk.see(DOCTOR).await;
    assert!(found["unseen"][0]["why"].as_str().unwrap().contains("no such disk"), "{found}");
}
