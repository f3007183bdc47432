//! Two groups of routers, and somebody who is bound to one: of the other they are told nothing, and do nothing there.

use operations::{LimitsKept, MonitorSettings, Phase};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use store::Role;

use crate::harness::{Answer, Desk, request};
use crate::meter::BEGIN;

/// Stands in every name of what is in the other group.
pub(crate) const OTHER: &str = "zebra";

/// A router in a group of its own with a line, a guest of the hotspot, a subscriber, a login that is nobody's, a limit and a hold.
async fn town(desk: &Desk, name: &str) {
    let router = format!("{name}-tower");
    let nas = desk.add_router(&router).await;
    let group = json!({"group": format!("{name}-land")}).to_string();
    desk.patch(&format!("/api/v1/routers/{router}"), &group).await.expect(200);
    let known =
        json!({"username": format!("{name}-ana"), "router": router, "note": format!("{name} street")});
    desk.post("/api/v1/subscribers", &known.to_string()).await.expect(201);
    let mut meter = desk.meter(nas).await;
    let names = ["ana", "bob", "eva"].map(|who| format!("{name}-{who}").into_bytes());
    meter.round_with_guests(0, &[], &[]).await;
    for (seconds, octets) in [(60, 1_000), (120, 2_000)] {
        let rows =
            [(&names[0][..], seconds - 30, octets, octets), (&names[1][..], seconds - 30, octets, octets)];
        meter.round_with_guests(seconds, &rows, &[(&names[2][..], seconds - 30, octets, octets)]).await;
    }
    desk.board.update(nas, BEGIN, |status| status.enter(Phase::Online, None, BEGIN));
    let limit =
        json!({"username": format!("{name}-bob"), "router": router, "up_bps": 1_000_000, "sticky": true});
    *desk.commands.kept.lock().unwrap() = Ok(LimitsKept::default());
    desk.post("/api/v1/limits", &limit.to_string()).await;
    let act = store::NewAudit::by_system(BEGIN, "hold.set", "test");
    let subject = store::HoldSubject::Ppp(format!("{name}-eve").into_bytes());
    let until = accounting::time::Micros(BEGIN.0 + 3_600_000_000);
    let hold = store::Hold { nas, subject, until, is_placed: false, set_by: "eva".to_owned(), set_at: BEGIN };
    desk.store.set_hold(hold, act).await.unwrap();
    desk.operate.start_monitor(&format!("{name}-ana")).await.unwrap();
}

pub(crate) struct Country {
    pub(crate) desk: Desk,
    /// An operator's, who is bound to the first group.
    pub(crate) bound: String,
}

pub(crate) async fn country() -> Country {
    let desk = Desk::new().await.monitoring(MonitorSettings::default());
    town(&desk, "apple").await;
    town(&desk, OTHER).await;
    desk.post("/api/v1/plans", r#"{"name":"home"}"#).await.expect(201);
    desk.clock.advance(121_000_000);
    let groups = vec!["apple-land".to_owned()];
    let issued = desk.operate.create_token("system", "bound", Role::Operator, None, groups).await.unwrap();
    Country { bound: issued.token.expose_secret().to_owned(), desk }
}

impl Country {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.desk.get(path, Some(&self.bound)).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| body.to_string());
        self.desk.send(request(method, path, Some(&self.bound), body.as_deref())).await
    }
}

/// Answers in which something of their own routers has to stand: else the walk would prove nothing.
const TELLING: [&str; 22] = [
    "/api/v1/audit",
    "/api/v1/events",
    "/api/v1/routers",
    "/api/v1/routers/apple-tower",
    "/api/v1/sessions",
    "/api/v1/unknown-logins",
    "/api/v1/live/top",
    "/api/v1/usage",
    "/api/v1/usage/export.csv",
    "/api/v1/usage/export.ndjson",
    "/api/v1/explain?router=apple-tower&username=apple-bob",
    "/api/v1/explain?subscriber=apple-ana",
    "/api/v1/monitors",
    "/api/v1/holds",
    "/api/v1/limits",
    "/api/v1/hotspot-users",
    "/api/v1/subscribers",
    "/api/v1/subscribers.csv",
    "/api/v1/subscribers.ndjson",
    "/api/v1/subscribers/apple-ana",
    "/api/mikrotik/users",
    "/admin/api/user-traffic",
];

#[tokio::test]
async fn no_route_names_anything_of_another_group() {
    let country = country().await;
    for path in TELLING {
        let answer = country.get(path).await.expect(200);
        assert!(answer.body.contains("apple"), "{path}: {}", answer.body);
        assert!(!answer.body.contains(OTHER), "{path}: {}", answer.body);
        let whole = country.desk.get(path, Some(&country.desk.admin)).await.expect(200);
        let is_list = !path.contains("apple");
        assert_eq!(whole.body.contains(OTHER), is_list, "whoever reaches all is told of both: {path}");
    }
    for operation in country.desk.operations().iter().filter(|one| one.method == "get") {
        let answer = country.desk.send(operation.example(Some(&country.bound))).await;
        assert!(!answer.body.contains(OTHER), "{}: {}", operation.path, answer.body);
    }
}

#[tokio::test]
async fn what_is_of_another_group_is_not_there_for_them() {
    let country = country().await;
    let id = country.desk.see("/api/v1/subscribers/zebra-ana").await["id"].as_str().unwrap().to_owned();
    let paths = [
        "/api/v1/routers/zebra-tower".to_owned(),
        "/api/v1/routers/zebra-tower/queues".to_owned(),
        "/api/v1/routers/zebra-tower/doctor".to_owned(),
        "/api/v1/sessions?router=zebra-tower".to_owned(),
        "/api/v1/unknown-logins?router=zebra-tower".to_owned(),
        "/api/v1/live/top?router=zebra-tower".to_owned(),
        "/api/v1/usage?router=zebra-tower".to_owned(),
        "/api/v1/usage?subscriber=zebra-ana".to_owned(),
        "/api/v1/usage/history?router=zebra-tower".to_owned(),
        "/api/v1/usage/history?subscriber=zebra-ana".to_owned(),
        "/api/v1/usage/export.csv?router=zebra-tower".to_owned(),
        "/api/v1/explain?router=zebra-tower&username=zebra-bob".to_owned(),
        "/api/v1/explain?router=zebra-tower&session=1".to_owned(),
        "/api/v1/explain?subscriber=zebra-ana".to_owned(),
        "/api/v1/limits?router=zebra-tower".to_owned(),
        "/api/v1/subscribers/zebra-ana".to_owned(),
        format!("/api/v1/subscribers/{id}"),
        "/api/v1/subscribers/zebra-ana/cycles".to_owned(),
        "/api/v1/subscribers/zebra-ana/credits".to_owned(),
        format!("/api/mikrotik/users/{id}"),
    ];
    for path in paths {
        country.get(&path).await.expect(404);
    }
    let alone = country.get("/api/v1/sessions?username=zebra-ana").await.expect(200).json();
    assert_eq!(alone["items"], json!([]));
}

#[tokio::test]
async fn nothing_is_done_on_a_router_of_another_group() {
    let country = country().await;
    let before = country.desk.store.list_nas().await.unwrap();
    let id = country.desk.see("/api/v1/subscribers/zebra-ana").await["id"].as_str().unwrap().to_owned();
    let login = json!({"login": "x", "router": "apple-tower"});
    let there = json!({"username": "zebra-bob", "router": "zebra-tower"});
    let limit = |mut who: Value| {
        who["up_bps"] = 1_000_000.into();
        who["sticky"] = true.into();
        who
    };
    let tries = [
        ("POST", "/api/v1/routers/zebra-tower/read-now", None),
        ("POST", "/api/v1/routers/zebra-tower/test", None),
        ("POST", "/api/v1/disconnects", Some(there.clone())),
        ("POST", "/api/v1/disconnects", Some(json!({"username": "zebra-bob"}))),
        ("POST", "/api/v1/disconnects/bulk", Some(json!({"router": "zebra-tower"}))),
        ("POST", "/api/v1/holds", Some(json!({"username": "zebra-bob"}))),
        ("POST", "/api/v1/holds", Some(json!({"subscriber": "zebra-ana"}))),
        ("DELETE", "/api/v1/holds?router=zebra-tower&username=zebra-eve", None),
        ("POST", "/api/v1/limits", Some(limit(there))),
        ("POST", "/api/v1/limits", Some(limit(json!({"username": "zebra-bob"})))),
        ("POST", "/api/v1/limits", Some(limit(json!({"subscriber": "zebra-ana"})))),
        ("DELETE", "/api/v1/limits?username=zebra-bob", None),
        ("DELETE", "/api/v1/limits?router=zebra-tower&username=zebra-bob", None),
        ("PATCH", "/api/v1/subscribers/zebra-ana", Some(json!({"note": "mine"}))),
        ("POST", "/api/v1/subscribers/zebra-ana/renew", Some(json!({}))),
        ("POST", "/api/v1/subscribers/zebra-ana/undo-renewal", Some(json!({}))),
        ("POST", "/api/v1/subscribers/zebra-ana/bind", Some(login.clone())),
        ("POST", "/api/v1/subscribers/zebra-ana/unbind", Some(login)),
        ("POST", "/api/v1/subscribers/zebra-ana/credits", Some(json!({"download_octets": 1, "reason": "x"}))),
        ("PUT", "/api/v1/monitors/zebra-ana", None),
        ("DELETE", "/api/v1/monitors/zebra-ana", None),
        (
            "POST",
            "/admin/api/remove-bandwidth",
            Some(json!({"mac": "2C:54:91:00:00:01", "router": "zebra-tower"})),
        ),
    ];
    let journal = async || {
        let query = store::AuditQuery {
            limit: 1_000,
            reach: store::Reach::Everywhere,
            ..store::AuditQuery::default()
        };
        country.desk.store.list_audit(query).await.unwrap().len()
    };
    let written = journal().await;
    country.desk.commands.asked.lock().unwrap().clear();
    for (method, path, body) in tries {
        let answer = country.send(method, path, body.clone()).await;
        let refused = [404, 422].contains(&answer.status.as_u16());
        assert!(refused, "{method} {path} {body:?}: {} {}", answer.status, answer.body);
    }
    let start = format!("/api/monitor/start?customer_id={id}");
    country.send("POST", &start, None).await.expect(404);
    assert_eq!(journal().await, written, "nothing of it is in the journal");
    assert!(country.desk.commands.ends.lock().unwrap().is_empty());
    assert!(country.desk.commands.asked.lock().unwrap().iter().all(|nas| *nas == before[0].id));
}

#[tokio::test]
async fn a_login_is_made_somebodys_where_they_reach_only() {
    let country = country().await;
    let add = async |scope: Value| {
        let mut new = scope;
        new["username"] = "apple-new".into();
        country.send("POST", "/api/v1/subscribers", Some(new)).await
    };
    add(json!({})).await.expect(403);
    add(json!({"router": "zebra-tower"})).await.expect(422);
    // A zone that is named has nobody look the router up.
    add(json!({"router": "zebra-tower", "zone": "UTC"})).await.expect(422);
    add(json!({"router": "apple-tower"})).await.expect(201);
    let bind = async |scope: Value| {
        let mut login = scope;
        login["login"] = "second".into();
        country.send("POST", "/api/v1/subscribers/apple-new/bind", Some(login)).await
    };
    bind(json!({})).await.expect(403);
    bind(json!({"router": "zebra-tower"})).await.expect(422);
    bind(json!({"router": "apple-tower"})).await.expect(200);
    let unbind = json!({"login": "second", "router": "zebra-tower"});
    country.send("POST", "/api/v1/subscribers/apple-new/unbind", Some(unbind)).await.expect(422);
}

#[tokio::test]
async fn figures_are_those_of_their_routers() {
    let country = country().await;
    let status = country.get("/api/v1/status").await.expect(200).json();
    assert_eq!(status["routers"], json!({"total": 1, "online": 1, "trouble": 0}));
    assert_eq!((&status["subscribers"], &status["processes"]), (&json!(1), &json!([])));
    assert_eq!(country.desk.see("/api/v1/status").await["routers"]["total"], 2);
    let sum = |history: Value| -> u64 {
        let items = history["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["upload_octets"].as_u64().unwrap()).sum()
    };
    let path = "/api/v1/usage/history?from=2027-01-15T08:00:00Z&to=2027-01-15T09:00:00Z";
    let (theirs, all) = (sum(country.get(path).await.expect(200).json()), sum(country.desk.see(path).await));
    assert!(theirs > 0 && all == 2 * theirs, "{theirs} of {all}");
}

#[tokio::test]
async fn a_router_that_is_put_into_another_group_goes_from_their_sight_at_once() {
    let country = country().await;
    country.get("/api/v1/routers/apple-tower").await.expect(200);
    country.desk.patch("/api/v1/routers/apple-tower", r#"{"group":null}"#).await.expect(200);
    country.get("/api/v1/routers/apple-tower").await.expect(404);
    assert_eq!(country.get("/api/v1/routers").await.expect(200).json()["items"], json!([]));
}
