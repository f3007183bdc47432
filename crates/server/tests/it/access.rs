//! Every route times every role. The routes come from the OpenAPI document, which is made from the handlers: one that nobody
//! wrote a rule for here fails the test, and so does one for which the program has none.

use std::collections::BTreeSet;

use accounting::time::Micros;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use secrecy::ExposeSecret;
use server::router;
use sha2::{Digest, Sha256};
use store::{EndedSignIns, NewAudit, NewOperator, NewSignIn, Role};

use crate::document::Operation;
use crate::harness::Desk;
use crate::meter::BEGIN;

/// Who may call a route: nobody in particular, then each role.
type Who = &'static [Option<Role>];

const NOBODY: Option<Role> = None;
const VIEWER: Option<Role> = Some(Role::Viewer);
const CASHIER: Option<Role> = Some(Role::Cashier);
const OPERATOR: Option<Role> = Some(Role::Operator);
const ADMIN: Option<Role> = Some(Role::Admin);

const EVERYBODY: [Option<Role>; 5] = [NOBODY, VIEWER, CASHIER, OPERATOR, ADMIN];
const OPEN: Who = &EVERYBODY;
const KNOWN: Who = &[VIEWER, CASHIER, OPERATOR, ADMIN];
const LOOK: Who = &[VIEWER, OPERATOR, ADMIN];
const SELL: Who = &[CASHIER, OPERATOR, ADMIN];
const ACT: Who = &[OPERATOR, ADMIN];
const OWN: Who = &[ADMIN];

/// What a route is to whoever is bound to groups of routers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scope {
    /// As to everybody.
    Anywhere,
    /// Of what they reach.
    Bounded,
    /// Refused.
    Whole,
}
const ANYWHERE: Scope = Scope::Anywhere;
const BOUNDED: Scope = Scope::Bounded;
const WHOLE: Scope = Scope::Whole;

const RULES: &[(&str, &str, Who, Scope)] = &[
    ("get", "/healthz", OPEN, ANYWHERE),
    ("get", "/readyz", OPEN, ANYWHERE),
    ("get", "/metrics", LOOK, WHOLE),
    ("get", "/api/openapi.json", KNOWN, ANYWHERE),
    ("get", "/api/v1/status", LOOK, BOUNDED),
    ("get", "/api/v1/routers", LOOK, BOUNDED),
    ("post", "/api/v1/routers", OWN, WHOLE),
    ("get", "/api/v1/routers/{name}", LOOK, BOUNDED),
    ("patch", "/api/v1/routers/{name}", OWN, WHOLE),
    ("delete", "/api/v1/routers/{name}", OWN, WHOLE),
    ("post", "/api/v1/routers/{name}/read-now", ACT, BOUNDED),
    ("post", "/api/v1/routers/{name}/test", ACT, BOUNDED),
    ("get", "/api/v1/routers/{name}/queues", LOOK, BOUNDED),
    ("get", "/api/v1/routers/{name}/doctor", LOOK, BOUNDED),
    ("get", "/api/v1/doctor", LOOK, BOUNDED),
    ("post", "/api/v1/router-tests", OWN, WHOLE),
    ("post", "/api/v1/planned-commands", SELL, BOUNDED),
    ("get", "/api/v1/plans", KNOWN, ANYWHERE),
    ("post", "/api/v1/plans", ACT, WHOLE),
    ("patch", "/api/v1/plans/{name}", ACT, WHOLE),
    ("get", "/api/v1/profiles", KNOWN, ANYWHERE),
    ("get", "/api/v1/subscribers", LOOK, BOUNDED),
    ("post", "/api/v1/subscribers", ACT, BOUNDED),
    ("get", "/api/v1/subscribers.csv", LOOK, BOUNDED),
    ("post", "/api/v1/subscribers.csv", ACT, WHOLE),
    ("get", "/api/v1/subscribers.ndjson", LOOK, BOUNDED),
    ("post", "/api/v1/imports", OWN, WHOLE),
    ("get", "/api/v1/subscribers/{subscriber}", LOOK, BOUNDED),
    ("patch", "/api/v1/subscribers/{subscriber}", ACT, BOUNDED),
    ("get", "/api/v1/subscribers/{subscriber}/cycles", LOOK, BOUNDED),
    ("post", "/api/v1/subscribers/{subscriber}/renew", ACT, BOUNDED),
    ("post", "/api/v1/subscribers/{subscriber}/undo-renewal", ACT, BOUNDED),
    ("post", "/api/v1/subscribers/{subscriber}/adopt", ACT, BOUNDED),
    ("post", "/api/v1/subscribers/{subscriber}/undo-adoption", ACT, BOUNDED),
    ("get", "/api/v1/unknown-logins", LOOK, BOUNDED),
    ("get", "/api/v1/live/top", LOOK, BOUNDED),
    ("post", "/api/v1/subscribers/{subscriber}/bind", ACT, BOUNDED),
    ("post", "/api/v1/subscribers/{subscriber}/unbind", ACT, BOUNDED),
    ("get", "/api/v1/subscribers/{subscriber}/credits", LOOK, BOUNDED),
    ("post", "/api/v1/subscribers/{subscriber}/credits", ACT, BOUNDED),
    ("post", "/api/v1/subscribers/{subscriber}/credits/{id}/cancel", ACT, BOUNDED),
    ("get", "/api/v1/sessions", LOOK, BOUNDED),
    ("post", "/api/v1/disconnects", ACT, BOUNDED),
    ("post", "/api/v1/disconnects/bulk", ACT, BOUNDED),
    ("get", "/api/v1/usage", LOOK, BOUNDED),
    ("get", "/api/v1/usage/history", LOOK, BOUNDED),
    ("get", "/api/v1/usage/export.csv", LOOK, BOUNDED),
    ("get", "/api/v1/usage/export.ndjson", LOOK, BOUNDED),
    ("get", "/api/v1/explain", LOOK, BOUNDED),
    ("get", "/api/v1/held", LOOK, BOUNDED),
    ("post", "/api/v1/held/{router}/{bucket}/{no}/release", ACT, BOUNDED),
    ("post", "/api/v1/held/{router}/{bucket}/{no}/reject", ACT, BOUNDED),
    ("get", "/api/v1/monitors", LOOK, BOUNDED),
    ("put", "/api/v1/monitors/{subscriber}", ACT, BOUNDED),
    ("delete", "/api/v1/monitors/{subscriber}", ACT, BOUNDED),
    ("get", "/api/v1/holds", LOOK, BOUNDED),
    ("post", "/api/v1/holds", ACT, BOUNDED),
    ("delete", "/api/v1/holds", ACT, BOUNDED),
    ("get", "/api/v1/limits", LOOK, BOUNDED),
    ("post", "/api/v1/limits", ACT, BOUNDED),
    ("delete", "/api/v1/limits", ACT, BOUNDED),
    ("get", "/api/v1/hotspot-users", LOOK, BOUNDED),
    ("post", "/api/v1/imports/vouchers", ACT, WHOLE),
    ("get", "/api/v1/vouchers", SELL, BOUNDED),
    ("get", "/api/v1/vouchers.csv", SELL, BOUNDED),
    ("get", "/api/v1/vouchers/{code}", SELL, BOUNDED),
    ("post", "/api/v1/vouchers/{code}/pause", SELL, BOUNDED),
    ("post", "/api/v1/vouchers/{code}/resume", SELL, BOUNDED),
    ("post", "/api/v1/vouchers/{code}/revoke", SELL, BOUNDED),
    ("get", "/api/v1/voucher-sales", KNOWN, ANYWHERE),
    ("get", "/api/v1/voucher-batches", KNOWN, ANYWHERE),
    ("post", "/api/v1/voucher-batches", SELL, ANYWHERE),
    ("get", "/api/v1/voucher-batches/{id}", KNOWN, ANYWHERE),
    ("post", "/api/v1/voucher-batches/{id}/revoke", SELL, BOUNDED),
    ("post", "/api/v1/voucher-batches/{id}/pause", SELL, BOUNDED),
    ("post", "/api/v1/voucher-batches/{id}/resume", SELL, BOUNDED),
    ("get", "/api/v1/voucher-batches/{id}/sheet.html", SELL, BOUNDED),
    ("get", "/api/v1/live", LOOK, BOUNDED),
    ("get", "/ws", LOOK, BOUNDED),
    ("get", "/api/v1/retention", LOOK, WHOLE),
    ("post", "/api/v1/retention/run", OWN, WHOLE),
    ("get", "/api/v1/backups", OWN, WHOLE),
    ("post", "/api/v1/backups", OWN, WHOLE),
    ("get", "/api/v1/key", OWN, WHOLE),
    ("post", "/api/v1/key/rotate", OWN, WHOLE),
    ("post", "/api/v1/verify", ACT, WHOLE),
    ("get", "/api/v1/tokens", OWN, WHOLE),
    ("post", "/api/v1/tokens", OWN, WHOLE),
    ("delete", "/api/v1/tokens/{id}", OWN, WHOLE),
    ("post", "/api/v1/session", OPEN, ANYWHERE),
    ("get", "/api/v1/session", KNOWN, ANYWHERE),
    ("patch", "/api/v1/session", KNOWN, ANYWHERE),
    ("delete", "/api/v1/session", KNOWN, ANYWHERE),
    ("put", "/api/v1/session/password", KNOWN, ANYWHERE),
    ("get", "/api/v1/sign-ins", KNOWN, ANYWHERE),
    ("delete", "/api/v1/sign-ins", KNOWN, ANYWHERE),
    ("delete", "/api/v1/sign-ins/{id}", KNOWN, ANYWHERE),
    ("post", "/api/v1/setup", OPEN, ANYWHERE),
    ("get", "/api/v1/operators", OWN, WHOLE),
    ("post", "/api/v1/operators", OWN, WHOLE),
    ("patch", "/api/v1/operators/{name}", OWN, WHOLE),
    ("delete", "/api/v1/operators/{name}", OWN, WHOLE),
    ("get", "/api/v1/operators/{name}/sign-ins", OWN, WHOLE),
    ("delete", "/api/v1/operators/{name}/sign-ins/{id}", OWN, WHOLE),
    ("get", "/api/v1/audit.csv", LOOK, BOUNDED),
    ("get", "/api/v1/audit", LOOK, BOUNDED),
    ("get", "/api/v1/logs", LOOK, WHOLE),
    ("get", "/api/v1/events", LOOK, BOUNDED),
    ("get", "/api/v1/commands", LOOK, BOUNDED),
    ("post", "/api/monitor/start", ACT, BOUNDED),
    ("post", "/api/monitor/stop", ACT, BOUNDED),
    ("get", "/api/monitor/status", LOOK, BOUNDED),
    ("get", "/api/mikrotik/users", LOOK, BOUNDED),
    ("get", "/api/mikrotik/users/{id}", LOOK, BOUNDED),
    ("put", "/api/mikrotik/users/{id}", ACT, BOUNDED),
    ("get", "/admin/api/user-traffic", LOOK, BOUNDED),
    ("post", "/admin/api/set-bandwidth", ACT, BOUNDED),
    ("post", "/admin/api/remove-bandwidth", ACT, BOUNDED),
];

fn allowed(operation: &Operation) -> Who {
    rule(operation).0
}

fn rule(operation: &Operation) -> (Who, Scope) {
    RULES
        .iter()
        .find(|(method, path, _, _)| *method == operation.method && *path == operation.path)
        .map(|(_, _, who, scope)| (*who, *scope))
        .unwrap_or_else(|| panic!("no rule says who may {} {}", operation.method, operation.path))
}

/// How somebody comes.
#[derive(Clone, Copy, Debug)]
enum By {
    Token,
    Cookie,
}

/// What `operation` is asked with by somebody of that role. Anew for each: a route may end what it is called with.
async fn asked(desk: &Desk, operation: &Operation, role: Option<Role>, by: By) -> Request<Body> {
    let mut request = operation.example(None);
    let headers = request.headers_mut();
    match (by, role) {
        (_, None) => {}
        (By::Token, Some(_)) => {
            let token = token(desk, role).await.unwrap();
            headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        (By::Cookie, Some(role)) => {
            headers.insert(
                "cookie",
                format!("tikmeter_session={}", signed_in(desk, role).await).parse().unwrap(),
            );
            headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
        }
    }
    request
}

/// The secret of a browser in which somebody of that role is signed in.
async fn signed_in(desk: &Desk, role: Role) -> String {
    let name = format!("{} who walks", role.as_str());
    if desk.store.operator_named(&name).await.unwrap().is_none() {
        let new = NewOperator {
            folded: name.clone(),
            name: name.clone(),
            role,
            password_hash: "none".to_owned(),
            groups: Vec::new(),
        };
        desk.store.insert_operator(new, act()).await.unwrap();
    }
    let operator = desk.store.operator_named(&name).await.unwrap().unwrap();
    let secret = format!("tks_{}", uuid::Uuid::new_v4().simple());
    let long_ago = Micros(0);
    let new = NewSignIn {
        operator,
        sha256: Sha256::digest(secret.as_bytes()).into(),
        browser_sha256: [7; 32],
        instead_of: None,
        address: "192.0.2.7".to_owned(),
        browser: String::new(),
        over: EndedSignIns { began_by: long_ago, used_by: long_ago },
    };
    desk.store.sign_in(new, act()).await.unwrap().unwrap();
    secret
}

fn act() -> NewAudit {
    let text = || "test".to_owned();
    NewAudit {
        at: BEGIN,
        actor: text(),
        origin: None,
        action: text(),
        subject: text(),
        detail: "{}".to_owned(),
    }
}

/// A token of that role, or none.
async fn token(desk: &Desk, role: Option<Role>) -> Option<String> {
    let issued = desk.operate.create_token("system", "walker", role?, None, Vec::new()).await.unwrap();
    Some(issued.token.expose_secret().to_owned())
}

async fn walk(by: By) {
    let desk = Desk::new().await;
    let app = router(desk.state.clone());
    for role in EVERYBODY {
        let refused = match role {
            None => StatusCode::UNAUTHORIZED,
            Some(_) => StatusCode::FORBIDDEN,
        };
        for operation in desk.operations() {
            let answer = desk.send_to(&app, asked(&desk, operation, role, by).await).await;
            let told =
                format!("{} {} as {role:?} by {by:?}: {}", operation.method, operation.path, answer.body);
            assert_eq!(answer.status != refused, allowed(operation).contains(&role), "{told}");
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{told}");
            assert_ne!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{told}");
        }
    }
}

#[tokio::test]
async fn every_route_asks_every_role_for_what_its_rule_says() {
    walk(By::Token).await;
}

/// Whoever is bound to groups of routers is refused what is about all of them, and nothing else that their role may do.
#[tokio::test]
async fn every_route_says_what_it_is_to_whoever_is_bound_to_groups() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    desk.patch("/api/v1/routers/tower", r#"{"group":"north"}"#).await.expect(200);
    let app = router(desk.state.clone());
    for role in [Role::Viewer, Role::Cashier, Role::Operator] {
        let groups = vec!["north".to_owned()];
        let issued = desk.operate.create_token("system", "bound", role, None, groups).await.unwrap();
        let token = issued.token.expose_secret();
        for operation in desk.operations() {
            let answer = desk.send_to(&app, operation.example(Some(token))).await;
            let (who, scope) = rule(operation);
            let told = format!("{} {} as {role:?}: {}", operation.method, operation.path, answer.body);
            let is_allowed = who.contains(&Some(role)) && (scope != WHOLE || who == OPEN);
            assert_eq!(answer.status != StatusCode::FORBIDDEN, is_allowed, "{told}");
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{told}");
        }
    }
}

#[tokio::test]
async fn every_route_asks_the_same_of_whoever_is_signed_in() {
    walk(By::Cookie).await;
}

/// Another site's page, or a form that no browser speaks for, changes nothing with an admin's cookie.
#[tokio::test]
async fn no_route_changes_anything_by_a_cookie_alone() {
    let desk = Desk::new().await;
    let app = router(desk.state.clone());
    for operation in desk.operations().iter().filter(|one| one.method != "get" && !one.open) {
        for says in [None, Some("cross-site"), Some("same-site"), Some("none")] {
            let mut request = asked(&desk, operation, ADMIN, By::Cookie).await;
            let headers = request.headers_mut();
            headers.remove("sec-fetch-site");
            headers.extend(
                says.map(|says| ("sec-fetch-site".parse().unwrap(), says.parse().unwrap()))
                    .into_iter()
                    .collect::<HeaderMap>(),
            );
            let answer = desk.send_to(&app, request).await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{} {} {says:?}",
                operation.method,
                operation.path
            );
        }
    }
    for path in ["/api/v1/live", "/ws"] {
        let cookie = format!("tikmeter_session={}", signed_in(&desk, Role::Admin).await);
        let request = Request::get(path).header("upgrade", "websocket").header("cookie", cookie);
        let answer = desk.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn every_rule_has_its_route_and_the_document_says_who_needs_a_token() {
    let desk = Desk::new().await;
    let told: BTreeSet<_> =
        desk.operations().iter().map(|one| (one.method.clone(), one.path.clone())).collect();
    let ruled: BTreeSet<_> =
        RULES.iter().map(|(method, path, _, _)| ((*method).into(), (*path).into())).collect();
    assert_eq!(told, ruled);
    for operation in desk.operations() {
        assert_eq!(operation.open, allowed(operation) == OPEN, "{} {}", operation.method, operation.path);
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
