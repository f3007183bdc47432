//! The key over the API: shown by its fingerprint, replaced by an admin, refused where it is not ours.

use std::sync::Arc;

use operations::{KeyPlace, Operations, Vault};
use server::ServerState;

use crate::harness::Desk;

#[tokio::test]
async fn a_key_is_shown_by_its_fingerprint_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let place = KeyPlace::File(folder.path().join("key"));
    let vault = Vault::kept(place.make().unwrap(), place.clone());
    let mut desk = Desk::new().await;
    let operations = Operations { vault: Arc::new(vault), ..(*desk.operate).clone() };
    desk.state = ServerState::new(Arc::new(operations), false);
    desk.add_router("tower").await;
    let key = std::fs::read(place.path()).unwrap();
    let before = desk.get("/api/v1/key", Some(&desk.admin)).await.expect(200);
    assert!(!before.body.contains(&hex::encode(&key)), "{}", before.body);
    let before = before.json();
    assert_eq!((before["source"].as_str(), before["opens"].as_u64()), (Some("file"), Some(1)));
    assert_eq!(before["path"], place.path().display().to_string());
    assert!(before["since"].is_string() && before["older"].is_null());
    let after = desk.post("/api/v1/key/rotate", "").await.expect(200).json();
    assert_ne!(after["fingerprint"], before["fingerprint"]);
    assert_eq!((after["opens"].as_u64(), &after["lost"]), (Some(1), &serde_json::json!([])));
    assert_ne!(std::fs::read(place.path()).unwrap(), key);
    let acts = desk.see("/api/v1/audit?action=key.rotate").await;
    assert_eq!(acts["items"][0]["actor"], "token boss", "{acts}");
    desk.get("/api/v1/key", Some(&desk.viewer)).await.expect(403);
}

#[tokio::test]
async fn a_key_that_is_kept_nowhere_is_not_replaced() {
    let desk = Desk::new().await;
    assert_eq!(desk.see("/api/v1/key").await["source"], "memory");
    let refused = desk.post("/api/v1/key/rotate", "").await.expect(409).json();
    assert!(refused.to_string().contains("nothing was changed"), "{refused}");
}
