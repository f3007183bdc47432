//! Tokens: who may come in, and for how long.

use std::os::unix::fs::PermissionsExt;

use accounting::time::Micros;
use operations::{CameBy, Identity, LocalToken, OperationError, Operations, ProcessToken};
use secrecy::ExposeSecret;
use store::{AuditQuery, Role};

use crate::bench::{Bench, NOW};

async fn role(operations: &Operations, token: &str) -> Option<Role> {
    operations.authenticate(token).await.unwrap().map(|identity| identity.role)
}

#[tokio::test]
async fn a_token_is_shown_once_and_works_until_revoked() {
    let bench = Bench::new();
    let issued = bench.operations.create_token("eva", "cli", Role::Viewer, None, Vec::new()).await.unwrap();
    let token = issued.token.expose_secret();
    assert!(token.starts_with("tkm_") && token.len() == 68, "256 bits in hexadecimal digits");
    let identity = bench.operations.authenticate(token).await.unwrap();
    let came_by = CameBy::Token { name: "cli".to_owned() };
    assert_eq!(
        identity,
        Some(Identity {
            actor: "token cli".to_owned(),
            role: Role::Viewer,
            reach: store::Reach::Everywhere,
            came_by
        })
    );
    assert_eq!(role(&bench.operations, &token.to_uppercase()).await, None);
    assert_eq!(role(&bench.operations, "").await, None);
    bench.operations.revoke_token("eva", issued.id).await.unwrap();
    assert_eq!(role(&bench.operations, token).await, None);
    assert_eq!(bench.journal().await, ["eva token.create", "eva token.revoke"]);
    let acts = bench
        .operations
        .audit(AuditQuery { limit: 9, reach: store::Reach::Everywhere, ..AuditQuery::default() })
        .await
        .unwrap();
    assert!(acts.iter().all(|record| !record.act.detail.contains(token)));
}

#[tokio::test]
async fn a_token_expires_at_its_instant() {
    let bench = Bench::new();
    let expires = Micros(NOW.0 + 1_000_000);
    let past = bench.operations.create_token("eva", "cli", Role::Admin, Some(NOW), Vec::new()).await;
    assert!(past.is_err());
    let issued =
        bench.operations.create_token("eva", "cli", Role::Admin, Some(expires), Vec::new()).await.unwrap();
    bench.clock.advance(999_999);
    assert_eq!(role(&bench.operations, issued.token.expose_secret()).await, Some(Role::Admin));
    bench.clock.advance(1);
    assert_eq!(role(&bench.operations, issued.token.expose_secret()).await, None);
}

#[tokio::test]
async fn the_last_use_is_noted_to_the_minute() {
    let bench = Bench::new();
    let issued = bench.operations.create_token("eva", "cli", Role::Admin, None, Vec::new()).await.unwrap();
    let mut noted = Vec::new();
    for _ in 0..3 {
        bench.operations.authenticate(issued.token.expose_secret()).await.unwrap();
        noted.push(bench.operations.list_tokens().await.unwrap()[0].last_used_at.unwrap().0 - NOW.0);
        bench.clock.advance(40_000_000);
    }
    assert_eq!(noted, [0, 0, 80_000_000]);
}

#[tokio::test]
async fn the_process_token_works_without_being_stored() {
    let mut bench = Bench::new();
    bench.operations.process_token = Some(ProcessToken::new("from-the-environment"));
    assert_eq!(role(&bench.operations, "from-the-environment").await, Some(Role::Admin));
    assert_eq!(role(&bench.operations, "from-the-environmenT").await, None);
    assert_eq!(bench.operations.list_tokens().await.unwrap(), vec![]);
}

#[tokio::test]
async fn the_local_token_is_kept_while_it_works_and_replaced_when_not() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let ensured = async || {
        bench.operations.ensure_local_token(&path).await.unwrap();
        std::fs::read_to_string(&path).unwrap().trim().to_owned()
    };
    let first = ensured().await;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(role(&bench.operations, &first).await, Some(Role::Admin));
    assert_eq!(ensured().await, first);
    let id = bench.operations.list_tokens().await.unwrap()[0].id;
    let refused = bench.operations.revoke_token("eva", id).await.unwrap_err();
    assert!(matches!(&refused, OperationError::Conflict(told) if told.contains("delete the file `token`")));
    assert_eq!(role(&bench.operations, &first).await, Some(Role::Admin));
    let elsewhere = Operations { local_token: LocalToken::default(), ..bench.operations.clone() };
    elsewhere.revoke_token("eva", id).await.unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let second = ensured().await;
    assert_ne!(second, first);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(role(&bench.operations, &second).await, Some(Role::Admin));
}

#[tokio::test]
async fn a_local_token_that_cannot_be_written_is_not_stored() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::create_dir(folder.path().join("token.new")).unwrap();
    let refused = bench.operations.ensure_local_token(&path).await.unwrap_err().to_string();
    assert!(refused.contains("cannot be written"), "{refused}");
    assert!(!path.exists() && bench.operations.list_tokens().await.unwrap().is_empty());
}

/// A local token that was replaced is one like any other.
#[tokio::test]
async fn a_local_token_whose_file_was_deleted_can_be_revoked() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    bench.operations.ensure_local_token(&path).await.unwrap();
    let id = bench.operations.list_tokens().await.unwrap()[0].id;
    std::fs::remove_file(&path).unwrap();
    bench.operations.ensure_local_token(&path).await.unwrap();
    bench.operations.revoke_token("eva", id).await.unwrap();
}
