//! Every route times every kind of caller. The routes come from the OpenAPI document: one that nobody wrote a
//! rule for here fails the test.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use crate::document::Operation;
use crate::harness::Desk;

/// Who may call a route.
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    /// Anybody.
    Open,
    /// Anybody with a token.
    Read,
    /// Admins: it changes something, or shows what is worth money.
    Write,
}

use Rule::{Open, Read, Write};

const RULES: &[(&str, &str, Rule)] = &[
    ("get", "/healthz", Open),
    ("get", "/readyz", Open),
    ("get", "/metrics", Read),
    ("get", "/api/openapi.json", Read),
    ("get", "/api/v1/status", Read),
    ("get", "/api/v1/routers", Read),
    ("post", "/api/v1/routers", Write),
    ("get", "/api/v1/routers/{name}", Read),
    ("patch", "/api/v1/routers/{name}", Write),
    ("delete", "/api/v1/routers/{name}", Write),
    ("post", "/api/v1/routers/{name}/read-now", Write),
    ("post", "/api/v1/routers/{name}/test", Write),
    ("get", "/api/v1/routers/{name}/queues", Read),
    ("get", "/api/v1/plans", Read),
    ("post", "/api/v1/plans", Write),
    ("patch", "/api/v1/plans/{name}", Write),
    ("get", "/api/v1/profiles", Read),
    ("get", "/api/v1/subscribers", Read),
    ("post", "/api/v1/subscribers", Write),
    ("get", "/api/v1/subscribers.csv", Read),
    ("post", "/api/v1/subscribers.csv", Write),
    ("get", "/api/v1/subscribers.ndjson", Read),
    ("post", "/api/v1/imports", Write),
    ("get", "/api/v1/subscribers/{subscriber}", Read),
    ("patch", "/api/v1/subscribers/{subscriber}", Write),
    ("get", "/api/v1/subscribers/{subscriber}/cycles", Read),
    ("post", "/api/v1/subscribers/{subscriber}/renew", Write),
    ("post", "/api/v1/subscribers/{subscriber}/undo-renewal", Write),
    ("post", "/api/v1/subscribers/{subscriber}/adopt", Write),
    ("post", "/api/v1/subscribers/{subscriber}/undo-adoption", Write),
    ("get", "/api/v1/unknown-logins", Read),
    ("get", "/api/v1/live/top", Read),
    ("post", "/api/v1/subscribers/{subscriber}/bind", Write),
    ("post", "/api/v1/subscribers/{subscriber}/unbind", Write),
    ("get", "/api/v1/subscribers/{subscriber}/credits", Read),
    ("post", "/api/v1/subscribers/{subscriber}/credits", Write),
    ("post", "/api/v1/subscribers/{subscriber}/credits/{id}/cancel", Write),
    ("get", "/api/v1/sessions", Read),
    ("post", "/api/v1/disconnects", Write),
    ("post", "/api/v1/disconnects/bulk", Write),
    ("get", "/api/v1/usage", Read),
    ("get", "/api/v1/usage/history", Read),
    ("get", "/api/v1/usage/export.csv", Read),
    ("get", "/api/v1/usage/export.ndjson", Read),
    ("get", "/api/v1/explain", Read),
    ("get", "/api/v1/held", Read),
    ("post", "/api/v1/held/{router}/{bucket}/{no}/release", Write),
    ("post", "/api/v1/held/{router}/{bucket}/{no}/reject", Write),
    ("get", "/api/v1/monitors", Read),
    ("put", "/api/v1/monitors/{subscriber}", Write),
    ("delete", "/api/v1/monitors/{subscriber}", Write),
    ("get", "/api/v1/holds", Read),
    ("post", "/api/v1/holds", Write),
    ("delete", "/api/v1/holds", Write),
    ("get", "/api/v1/limits", Read),
    ("post", "/api/v1/limits", Write),
    ("delete", "/api/v1/limits", Write),
    ("get", "/api/v1/hotspot-users", Read),
    ("post", "/api/v1/imports/vouchers", Write),
    ("get", "/api/v1/vouchers", Write),
    ("get", "/api/v1/vouchers.csv", Write),
    ("get", "/api/v1/vouchers/{code}", Read),
    ("post", "/api/v1/vouchers/{code}/pause", Write),
    ("post", "/api/v1/vouchers/{code}/resume", Write),
    ("post", "/api/v1/vouchers/{code}/revoke", Write),
    ("get", "/api/v1/voucher-sales", Read),
    ("get", "/api/v1/voucher-batches", Read),
    ("post", "/api/v1/voucher-batches", Write),
    ("get", "/api/v1/voucher-batches/{id}", Read),
    ("post", "/api/v1/voucher-batches/{id}/revoke", Write),
    ("post", "/api/v1/voucher-batches/{id}/pause", Write),
    ("post", "/api/v1/voucher-batches/{id}/resume", Write),
    ("get", "/api/v1/voucher-batches/{id}/sheet.html", Write),
    ("get", "/api/v1/live", Read),
    ("get", "/ws", Read),
    ("get", "/api/v1/retention", Read),
    ("post", "/api/v1/retention/run", Write),
    ("post", "/api/v1/verify", Write),
    ("get", "/api/v1/tokens", Read),
    ("post", "/api/v1/tokens", Write),
    ("delete", "/api/v1/tokens/{id}", Write),
    ("get", "/api/v1/audit", Read),
    ("get", "/api/v1/logs", Read),
    ("get", "/api/v1/commands", Read),
    ("post", "/api/monitor/start", Write),
    ("post", "/api/monitor/stop", Write),
    ("get", "/api/monitor/status", Read),
    ("get", "/api/mikrotik/users", Read),
    ("get", "/api/mikrotik/users/{id}", Read),
    ("put", "/api/mikrotik/users/{id}", Write),
    ("get", "/admin/api/user-traffic", Read),
    ("post", "/admin/api/set-bandwidth", Write),
    ("post", "/admin/api/remove-bandwidth", Write),
];

fn rule(operation: &Operation) -> Rule {
    RULES
        .iter()
        .find(|(method, path, _)| *method == operation.method && *path == operation.path)
        .map(|(_, _, rule)| *rule)
        .unwrap_or_else(|| panic!("no rule says who may {} {}", operation.method, operation.path))
}

#[tokio::test]
async fn every_route_asks_for_what_its_rule_says() {
    let desk = Desk::new().await;
    for operation in desk.operations() {
        let expected = match rule(operation) {
            Open => [true, true, true],
            Read => [false, true, true],
            Write => [false, false, true],
        };
        for (token, allowed) in [None, Some(&desk.viewer), Some(&desk.admin)].into_iter().zip(expected) {
            let answer = desk.send(operation.example(token.map(String::as_str))).await;
            let refused = match token {
                None => StatusCode::UNAUTHORIZED,
                Some(_) => StatusCode::FORBIDDEN,
            };
            assert_eq!(
                answer.status != refused,
                allowed,
                "{} {} with {token:?} answered {}",
                operation.method,
                operation.path,
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn every_rule_has_its_route_and_the_document_says_who_needs_a_token() {
    let desk = Desk::new().await;
    let told: BTreeSet<_> =
        desk.operations().iter().map(|one| (one.method.clone(), one.path.clone())).collect();
    let ruled: BTreeSet<_> =
        RULES.iter().map(|(method, path, _)| ((*method).into(), (*path).into())).collect();
    assert_eq!(told, ruled);
    for operation in desk.operations() {
        assert_eq!(operation.open, rule(operation) == Open, "{} {}", operation.method, operation.path);
    }
}

#[tokio::test]
async fn a_token_that_is_wrong_or_revoked_is_no_token() {
    let desk = Desk::new().await;
    let with = async |token: &str| desk.get("/api/v1/status", Some(token)).await;
    for wrong in ["tkm_", "nonsense", "tkm_0000000000000000000000000000000000000000000"] {
        let answer = with(wrong).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
    let made = desk.post("/api/v1/tokens", r#"{"name":"shop","role":"viewer"}"#).await;
    let (id, token) = (made.text("id"), made.text("token"));
    assert_eq!(with(&token).await.status, StatusCode::OK);
    assert_eq!(desk.delete(&format!("/api/v1/tokens/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(with(&token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_local_token_is_not_revoked() {
    let desk = Desk::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    desk.operate.ensure_local_token(&file).await.unwrap();
    let id = desk.operate.list_tokens().await.unwrap()[0].id;
    let refused = desk.delete(&format!("/api/v1/tokens/{id}")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text("detail").contains("delete the file `token`"), "{}", refused.text("detail"));
    let local = std::fs::read_to_string(&file).unwrap();
    assert_eq!(desk.get("/api/v1/status", Some(local.trim())).await.status, StatusCode::OK);
}
