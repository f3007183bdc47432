//! Backups over the API: made, listed, told by the metrics, refused where none are made.

use std::time::Duration;

use operations::{BackupPlan, Backups};
use store::{BackupOrigin, check_backup};

use crate::harness::Desk;

fn backups(folder: &std::path::Path, database: &std::path::Path) -> Backups {
    Backups::of(BackupPlan {
        origin: BackupOrigin::Sqlite(database.to_owned()),
        folder: folder.join("backups"),
        every: Some(Duration::from_secs(3_600)),
        keep: 1,
        passphrase: None,
    })
}

#[tokio::test]
async fn one_is_made_when_it_is_asked_for_and_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("tikmeter.db");
    drop(store::Sqlite::open(&database).unwrap());
    let mut desk = Desk::new().await;
    desk.get("/api/v1/backups", None).await.expect(401);
    desk.state = desk.state.clone().with_backups(backups(folder.path(), &database));
    let before = desk.see("/api/v1/backups").await;
    assert_eq!((&before["items"], before["every_s"].as_u64()), (&serde_json::json!([]), Some(3_600)));
    let made = desk.post("/api/v1/backups", "").await.expect(201).json();
    let file = folder.path().join("backups").join(made["name"].as_str().unwrap());
    assert!(check_backup(&file, None).is_ok());
    desk.clock.advance(1_000_000);
    let second = desk.post("/api/v1/backups", "").await.expect(201).json();
    let told = desk.see("/api/v1/backups").await;
    let names: Vec<&str> =
        told["items"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, [second["name"].as_str().unwrap()], "one is kept");
    assert_eq!(told["last_success"], second["made_at"]);
    let acts = desk.see("/api/v1/audit?action=backup.create").await;
    assert_eq!(acts["items"].as_array().unwrap().len(), 2);

    std::fs::remove_file(&database).unwrap();
    desk.clock.advance(1_000_000);
    let refused = desk.post("/api/v1/backups", "").await.expect(409).json();
    assert!(refused.to_string().contains("there is no file"), "{refused}");
    let told = desk.see("/api/v1/backups").await;
    assert!(told["failure"].as_str().unwrap().contains("there is no file"), "{told}");
    assert_eq!(told["last_success"], second["made_at"]);
}

#[tokio::test]
async fn a_process_that_makes_none_says_so() {
    let desk = Desk::new().await;
    desk.post("/api/v1/backups", "").await.expect(409);
}
