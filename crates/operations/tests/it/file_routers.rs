//! Routers of the configuration file.

use operations::{NewRouter, OperationError, RouterPatch};
use secrecy::ExposeSecret;
use store::FileSync;

use crate::bench::{Bench, router};

#[tokio::test]
async fn the_same_file_read_again_changes_nothing() {
    let bench = Bench::new();
    let first = bench.operations.sync_file_routers(vec![router("tower")], true).await.unwrap();
    assert_eq!(first.added, ["tower"]);
    let again = bench.operations.sync_file_routers(vec![router("tower")], true).await.unwrap();
    assert_eq!((again, bench.commands.reloads()), (FileSync::default(), 1));
}

#[tokio::test]
async fn a_new_password_or_address_is_taken_over() {
    let bench = Bench::new();
    bench.operations.sync_file_routers(vec![router("tower")], true).await.unwrap();
    let changes = [
        NewRouter { password: "other".into(), ..router("tower") },
        NewRouter { password: "other".into(), port: 8729, ..router("tower") },
    ];
    for changed in changes {
        let done = bench.operations.sync_file_routers(vec![changed.clone()], true).await.unwrap();
        assert_eq!(done.changed, ["tower"]);
        let nas = bench.operations.router("tower").await.unwrap().nas;
        assert_eq!(nas.config.port, changed.port);
        let opened = bench.operations.vault.password_of(&nas).unwrap();
        assert_eq!(opened.expose_secret(), "other");
    }
}

#[tokio::test]
async fn a_vanished_entry_is_paused_and_comes_back() {
    let bench = Bench::new();
    bench.operations.sync_file_routers(vec![router("tower")], true).await.unwrap();
    let done = bench.operations.sync_file_routers(vec![], true).await.unwrap();
    assert_eq!(done.vanished, ["tower"]);
    assert!(bench.operations.router("tower").await.unwrap().nas.paused_reason.is_some());
    bench.operations.sync_file_routers(vec![router("tower")], true).await.unwrap();
    assert_eq!(bench.operations.router("tower").await.unwrap().nas.paused_reason, None);
    assert_eq!(bench.journal().await.len(), 3);
}

#[tokio::test]
async fn faces_cannot_change_what_the_file_says() {
    let bench = Bench::new();
    bench.operations.sync_file_routers(vec![router("tower")], true).await.unwrap();
    let off = RouterPatch { enabled: Some(false), ..RouterPatch::default() };
    let edited = bench.operations.edit_router("eva", "tower", off).await.map(|_| ());
    for refused in [edited, bench.operations.remove_router("eva", "tower").await.map(drop)] {
        assert!(
            matches!(&refused, Err(OperationError::Conflict(text)) if text.contains("file")),
            "{refused:?}"
        );
    }
}

/// It still holds its device, so there must be a way to let go of it.
#[tokio::test]
async fn a_vanished_entry_can_be_removed() {
    let bench = Bench::new();
    bench.operations.sync_file_routers(vec![router("tower")], true).await.unwrap();
    bench.operations.sync_file_routers(vec![], true).await.unwrap();
    bench.operations.remove_router("eva", "tower").await.unwrap();
    assert_eq!(bench.operations.list_routers().await.unwrap().len(), 0);
    let back = bench.operations.sync_file_routers(vec![router("tower")], true).await.unwrap();
    assert_eq!(back.added, ["tower"]);
}

#[tokio::test]
async fn a_wrong_entry_changes_nothing_at_all() {
    let bench = Bench::new();
    bench.operations.sync_file_routers(vec![router("tower")], true).await.unwrap();
    let wrong = vec![router("hill"), NewRouter { port: 0, ..router("sea") }];
    assert!(bench.operations.sync_file_routers(wrong, true).await.is_err());
    let names: Vec<_> = bench.operations.list_routers().await.unwrap();
    assert_eq!((names.len(), names[0].nas.paused_reason.clone()), (1, None));
}
