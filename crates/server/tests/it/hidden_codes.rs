//! Codes of vouchers in the journal and the log: admins read them, viewers their first signs.

use std::time::Duration;

use accounting::time::Micros;
use serde_json::Value;
use server::{LogBoard, LogLevel, LogLine};
use store::{Beginning, NewAudit, NewCommand, Node, NodeRole};

use crate::harness::{Desk, encoded};

async fn read(desk: &Desk, path: &str, token: &str) -> Value {
    desk.get(path, Some(token)).await.expect(200).json()
}

#[tokio::test]
async fn viewers_read_the_first_signs_of_codes_and_admins_all() {
    let (mut desk, logs) = (Desk::new().await, LogBoard::default());
    desk.state = desk.state.clone().with_logs(logs.clone());
    desk.post("/api/v1/voucher-batches", r#"{"count": 1, "validity": "1h", "price": "5"}"#).await.expect(201);
    let code = desk.see("/api/v1/vouchers").await["items"][0]["code"].as_str().unwrap().to_owned();
    desk.post(&format!("/api/v1/vouchers/{code}/revoke"), "").await.expect(200);
    let act = NewAudit::by_system(Micros(0), "session.disconnected", &format!("{code}-2"));
    let detail = format!(r#"{{"commands": ["/x/add =user={code}"], "router": "tower"}}"#);
    desk.store.append_audit(NewAudit { detail, ..act }).await.unwrap();
    let text = format!("user {} is there already (6)", code.to_lowercase());
    let line = LogLine { at: Micros(0), level: LogLevel::Warn, target: "collector".to_owned(), text };
    logs.push(line);
    for path in ["/api/v1/audit", "/api/v1/logs"] {
        let (admins, viewers) = (
            read(&desk, path, &desk.admin).await.to_string(),
            read(&desk, path, &desk.viewer).await.to_string(),
        );
        let has = |text: &str| text.to_uppercase().contains(&code);
        assert!(has(&admins) && !has(&viewers), "{path}: {viewers}");
        assert!(viewers.to_uppercase().contains(&format!("{}***", &code[..2])), "{path}: {viewers}");
    }
    let journal = read(&desk, "/api/v1/audit", &desk.viewer).await;
    assert_eq!(journal["items"][0]["detail"]["router"], "tower", "all else is told");
}

/// A code in use is the login of its devices.
#[tokio::test]
async fn viewers_read_the_first_signs_of_codes_that_are_logins() {
    let desk = Desk::new().await;
    desk.post("/api/v1/voucher-batches", r#"{"count": 1, "validity": "1h", "price": "5"}"#).await.expect(201);
    let code = desk.see("/api/v1/vouchers").await["items"][0]["code"].as_str().unwrap().to_owned();
    let harbour = desk.add_router("harbour").await;
    let mut meter = desk.meter(harbour).await;
    meter.round_with_guests(0, &[], &[(b"ana", 30, 1_000, 5_000), (code.as_bytes(), 30, 1_000, 5_000)]).await;
    meter
        .round_with_guests(60, &[], &[(b"ana", 90, 9_000, 50_000), (code.as_bytes(), 90, 9_000, 50_000)])
        .await;
    for path in [
        "/api/v1/sessions",
        "/api/v1/hotspot-users",
        "/api/v1/live/top",
        "/api/v1/usage",
        "/api/v1/unknown-logins",
        "/admin/api/user-traffic",
        "/api/v1/usage/export.csv?step=hour",
        "/api/v1/usage/export.ndjson?step=hour",
    ] {
        let body = async |token: &str| desk.get(path, Some(token)).await.expect(200).body;
        let (admins, viewers) = (body(&desk.admin).await, body(&desk.viewer).await);
        assert!(admins.contains(&code), "{path}: {admins}");
        assert!(!viewers.contains(&code) && viewers.contains("ana"), "{path}: {viewers}");
        assert!(viewers.contains(&format!("{}***", &code[..2])), "{path}: {viewers}");
    }
}

/// What a router refused stands among the commands in its own words.
#[tokio::test]
async fn viewers_read_the_first_signs_of_codes_in_what_routers_refused() {
    let desk = Desk::new().await;
    desk.post("/api/v1/voucher-batches", r#"{"count": 1, "validity": "1h", "price": "5"}"#).await.expect(201);
    let code = desk.see("/api/v1/vouchers").await["items"][0]["code"].as_str().unwrap().to_owned();
    let nas = desk.add_router("tower").await;
    desk.store.join(Node::new("east", NodeRole::All), Duration::from_secs(60)).await.unwrap();
    let id = uuid::Uuid::new_v4();
    let new = NewCommand { id, nas, kind: "admit".to_owned(), arguments: "{}".to_owned() };
    assert_eq!(desk.store.begin_command(new, "east").await, Ok(Beginning::Begun));
    let outcome = serde_json::json!({"refused": format!("no rights to add =name={code}")}).to_string();
    assert_eq!(desk.store.end_command(id, outcome).await, Ok(true));
    let read = async |token: &str| read(&desk, "/api/v1/commands", token).await["items"].clone();
    let (admins, viewers) = (read(&desk.admin).await, read(&desk.viewer).await);
    assert_eq!(admins.as_array().unwrap().len(), 1, "{admins}");
    assert!(admins.to_string().contains(&code), "{admins}");
    let hidden = format!("{}***", &code[..2]);
    assert!(!viewers.to_string().contains(&code) && viewers.to_string().contains(&hidden), "{viewers}");
}

/// Everything that has pages, to be read one item at a time: where it is, and how many pages a viewer reads at least.
const PAGES: [(&str, usize); 13] = [
    ("/api/v1/audit", 2),
    ("/api/v1/events", 3),
    ("/api/v1/explain?router=harbour&session=1", 2),
    ("/api/v1/held", 2),
    ("/api/v1/logs", 1),
    ("/api/v1/sessions", 2),
    ("/api/v1/subscribers", 2),
    ("/api/v1/subscribers/{subscriber}/credits", 2),
    ("/api/v1/subscribers/{subscriber}/cycles", 1),
    ("/api/v1/unknown-logins", 2),
    ("/api/v1/usage", 3),
    ("/api/v1/voucher-batches", 2),
    ("/api/v1/vouchers", 0),
];

/// Three codes: a subscriber's name and login, a login of nobody's, and one that nobody used.
async fn codes_everywhere(desk: &Desk) -> (Vec<String>, String) {
    for count in [1, 2] {
        let body = format!(r#"{{"count": {count}, "validity": "1h", "price": "5"}}"#);
        desk.post("/api/v1/voucher-batches", &body).await.expect(201);
    }
    let vouchers = desk.see("/api/v1/vouchers").await;
    let codes: Vec<String> =
        (0..3).map(|nth| vouchers["items"][nth]["code"].as_str().unwrap().to_owned()).collect();
    let harbour = desk.add_router("harbour").await;
    let body = serde_json::json!({"username": codes[0], "service": "hotspot"}).to_string();
    desk.post("/api/v1/subscribers", &body).await.expect(201);
    desk.post("/api/v1/subscribers", r#"{"username": "zoe"}"#).await.expect(201);
    let subscriber = desk.see(&format!("/api/v1/subscribers/{}", codes[0])).await["id"].clone();
    let subscriber = subscriber.as_str().unwrap().to_owned();
    for megabytes in ["1000000", "2000000"] {
        let body = format!(r#"{{"download_octets": {megabytes}, "reason": "it was slow"}}"#);
        desk.post(&format!("/api/v1/subscribers/{subscriber}/credits"), &body).await.expect(201);
    }
    let mut meter = desk.meter(harbour).await;
    let jump = 90_000_000_000_000;
    for (seconds, age, octets) in [(0, 30, 1_000), (60, 90, 9_000), (120, 150, jump)] {
        let guests = [codes[0].as_bytes(), codes[1].as_bytes(), b"ana"];
        meter.round_with_guests(seconds, &[], &guests.map(|login| (login, age, octets, octets))).await;
    }
    desk.clock.advance(130_000_000);
    (codes, subscriber)
}

/// What a viewer is answered, page by page of one item.
async fn page_by_page(desk: &Desk, path: &str) -> Vec<String> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    let sign = if path.contains('?') { '&' } else { '?' };
    loop {
        let page = desk.get(&format!("{path}{sign}limit=1{cursor}"), Some(&desk.viewer)).await.expect(200);
        pages.push(page.body.clone());
        assert!(pages.len() < 100, "{path} does not end: {}", page.body);
        match page.json()["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", encoded(next)),
            None => return pages,
        }
    }
}

/// What a page hands on to read the next one names the last item of it.
#[tokio::test]
async fn viewers_read_no_code_in_what_leads_from_page_to_page() {
    let desk = Desk::new().await;
    let (codes, subscriber) = codes_everywhere(&desk).await;
    let mut walked: Vec<String> = Vec::new();
    for (path, least) in PAGES {
        walked.push(path.split('?').next().unwrap().to_owned());
        let path = path.replace("{subscriber}", &subscriber);
        if least == 0 {
            desk.get(&path, Some(&desk.viewer)).await.expect(403);
            continue;
        }
        let pages = page_by_page(&desk, &path).await;
        assert!(pages.len() >= least, "{path}: {pages:?}");
        for page in &pages {
            let has = |code: &String| page.to_uppercase().contains(code.as_str());
            assert!(!codes.iter().any(has), "{path}: {page}");
        }
        let items = pages.iter().flat_map(|page| items_of(page));
        let whole = read(&desk, &path, &desk.viewer).await["items"].clone();
        assert_eq!(Value::from(items.collect::<Vec<_>>()), whole, "{path}: pages join to the whole");
    }
    assert_eq!(walked, with_pages(), "all that have a cursor are among them");
}

fn items_of(page: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(page).unwrap()["items"].as_array().unwrap().clone()
}

/// Every list of the API that has a cursor.
fn with_pages() -> Vec<String> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let is_paged = |told: &Value| {
        let parameters = told["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "cursor"))
    };
    let paths = document["paths"].as_object().unwrap().iter();
    let mut all: Vec<String> =
        paths.filter(|(_, item)| is_paged(&item["get"])).map(|(path, _)| path.clone()).collect();
    all.sort();
    all
}
