//! What whoever is bound to groups of routers is told of what is about all: their part of it, and nothing that names the rest.

use serde_json::{Value, json};
use store::{ClaimedVoucher, NewAudit, NewCommand, VoucherClaim};

use crate::harness::Desk;
use crate::reach::{Country, OTHER, country};

/// A device comes in with that code on that router.
async fn use_it(desk: &Desk, code: &str, router: &str, mac: &str) {
    let nas = desk.store.nas_by_name(router).await.unwrap().unwrap().id;
    let at = desk.operate.clock.now();
    let claim = VoucherClaim { code: code.to_owned(), nas, mac: mac.to_owned(), proof: None, at, by: None };
    let ClaimedVoucher::Device { holder, .. } = desk.store.claim_voucher(claim).await.unwrap() else {
        panic!("{code}")
    };
    let act = NewAudit::by_system(at, "voucher.use", code);
    desk.store.complete_voucher_device(holder.device.id, at, act).await.unwrap().unwrap();
}

/// The number of a batch of that answer, and its codes, the newest first.
async fn made(country: &Country, token: &str) -> (i64, Vec<String>) {
    let body = json!({"count": 2, "validity": "1h", "price": "5"}).to_string();
    let request = crate::harness::request("POST", "/api/v1/voucher-batches", Some(token), Some(&body));
    let batch = country.desk.send(request).await.expect(201).json()["id"].as_i64().unwrap();
    let all = country.desk.see(&format!("/api/v1/vouchers?batch={batch}")).await;
    (
        batch,
        all["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect(),
    )
}

fn listed(told: &Value) -> Vec<&str> {
    told["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_journal_commands_and_events_tell_of_their_routers_alone() {
    let country = country().await;
    for router in ["apple-tower", "zebra-tower"] {
        let nas = country.desk.store.nas_by_name(router).await.unwrap().unwrap().id;
        let (id, arguments) = (uuid::Uuid::new_v4(), String::new());
        let new = NewCommand { id, nas, kind: "read_now".to_owned(), arguments };
        country.desk.store.withdraw_command(new).await.unwrap();
    }
    let made_at = country.desk.store.list_commands(1).await.unwrap()[0].made_at;
    country.desk.clock.set_wall(made_at);
    for (path, count) in [
        ("/api/v1/commands", 1),
        ("/api/v1/events?kind=command", 1),
        ("/api/v1/events?kind=session_began", 3),
        ("/api/v1/events?kind=router_state", 1),
    ] {
        let told = country.get(path).await.expect(200);
        assert!(told.body.contains("apple-tower") && !told.body.contains(OTHER), "{path}: {}", told.body);
        assert_eq!(told.json()["items"].as_array().unwrap().len(), count, "{path}: {}", told.body);
        let whole = country.desk.see(path).await;
        assert_eq!(whole["items"].as_array().unwrap().len(), 2 * count, "{path}: {whole}");
    }
    let acts = country.get("/api/v1/audit?limit=1000").await.expect(200);
    assert!(!acts.body.contains(OTHER), "{}", acts.body);
    let named: Vec<String> =
        acts.json()["items"].as_array().unwrap().iter().map(|act| act["action"].to_string()).collect();
    for action in ["router.edit", "subscriber.add", "limit.set"] {
        assert!(named.contains(&format!("\"{action}\"")), "{action}: {named:?}");
    }
    country.get("/api/v1/events?router=zebra-tower").await.expect(404);
}

#[tokio::test]
async fn the_servers_log_is_of_all_routers_and_is_not_told() {
    let mut country = country().await;
    let logs = server::LogBoard::default();
    country.desk.state = country.desk.state.clone().with_logs(logs.clone());
    let at = country.desk.operate.clock.now();
    let text = "zebra-tower is away".to_owned();
    logs.push(server::LogLine { at, level: server::LogLevel::Warn, target: "collector".to_owned(), text });
    assert!(country.desk.see("/api/v1/events").await.to_string().contains("zebra-tower is away"));
    assert!(!country.get("/api/v1/events").await.expect(200).body.contains(OTHER));
    for path in ["/api/v1/events?kind=log", "/api/v1/logs"] {
        country.get(path).await.expect(403);
    }
}

#[tokio::test]
async fn sheets_codes_and_acts_are_of_what_they_made_and_of_what_was_used_there_alone() {
    let country = country().await;
    let (mine, my_codes) = made(&country, &country.bound).await;
    let (others, codes) = made(&country, &country.desk.admin).await;
    use_it(&country.desk, &my_codes[0], "zebra-tower", "AA:BB:CC:DD:EE:01").await;
    let list = async || country.get("/api/v1/vouchers").await.expect(200).json();
    assert_eq!(listed(&list().await), my_codes.iter().map(String::as_str).collect::<Vec<_>>());
    let csv = country.get("/api/v1/vouchers.csv").await.expect(200).body;
    let sheet = country.get(&format!("/api/v1/voucher-batches/{mine}/sheet.html")).await.expect(200).body;
    assert!(csv.contains(&my_codes[1]) && sheet.replace(' ', "").contains(&my_codes[1]), "{sheet}");
    country.get(&format!("/api/v1/voucher-batches/{others}/sheet.html")).await.expect(403);
    let shown = country.get(&format!("/api/v1/vouchers/{}", my_codes[0])).await.expect(200).json();
    assert_eq!(shown["used_by"], json!([]), "where else it was used is not told");
    for code in &codes {
        assert!(!csv.contains(code), "{csv}");
        country.get(&format!("/api/v1/vouchers/{code}")).await.expect(404);
        country.send("POST", &format!("/api/v1/vouchers/{code}/revoke"), None).await.expect(404);
        let thought = json!({"act": "revoke_vouchers", "code": code});
        country.send("POST", "/api/v1/planned-commands", Some(thought)).await.expect(404);
    }
    for act in ["pause", "resume", "revoke"] {
        country.send("POST", &format!("/api/v1/voucher-batches/{others}/{act}"), None).await.expect(403);
        country.send("POST", &format!("/api/v1/voucher-batches/{mine}/{act}"), None).await.expect(200);
    }
    let thought = json!({"act": "revoke_vouchers", "batch": others});
    country.send("POST", "/api/v1/planned-commands", Some(thought)).await.expect(403);
    use_it(&country.desk, &codes[0], "apple-tower", "AA:BB:CC:DD:EE:02").await;
    assert!(listed(&list().await).contains(&codes[0].as_str()), "it is used where they are");
    country.send("POST", &format!("/api/v1/vouchers/{}/pause", codes[0]), None).await.expect(200);
    use_it(&country.desk, &codes[1], "zebra-tower", "AA:BB:CC:DD:EE:03").await;
    country.get(&format!("/api/v1/vouchers/{}", codes[1])).await.expect(404);
}

#[tokio::test]
async fn what_would_be_sent_is_told_of_their_routers_alone() {
    let country = country().await;
    *country.desk.commands.plans.lock().unwrap() = Ok(vec!["/queue/simple/remove".to_owned()]);
    let (_, codes) = made(&country, &country.bound).await;
    for (router, mac) in [("apple-tower", "AA:BB:CC:DD:EE:01"), ("zebra-tower", "AA:BB:CC:DD:EE:02")] {
        use_it(&country.desk, &codes[usize::from(router == "zebra-tower")], router, mac).await;
    }
    let plan = async |body: Value| country.send("POST", "/api/v1/planned-commands", Some(body)).await;
    let told = plan(json!({"act": "revoke_vouchers", "code": codes[0]})).await.expect(200).json();
    assert_eq!(told["routers"][0]["router"], "apple-tower", "{told}");
    let told = plan(json!({"act": "revoke_vouchers", "code": codes[1]})).await.expect(200).json();
    assert_eq!(told["routers"], json!([]), "theirs, and in on a router of others");
    let release =
        |router: &str, login: &str| json!({"act": "release_hold", "router": router, "username": login});
    plan(release("apple-tower", "apple-eve")).await.expect(200);
    plan(release("zebra-tower", "zebra-eve")).await.expect(404);
}

#[tokio::test]
async fn what_counts_beyond_their_routers_they_do_not_adopt() {
    let country = country().await;
    let adopt = async |who: &str| {
        let path = format!("/api/v1/subscribers/{who}/adopt");
        country.send("POST", &path, Some(json!({"from": "2027-01-15"}))).await
    };
    adopt("apple-ana").await.expect(409);
    adopt("zebra-ana").await.expect(404);
    let new = json!({"username": "wide", "login": "apple-bob"});
    country.desk.post("/api/v1/subscribers", &new.to_string()).await.expect(201);
    let beside = json!({"login": "apple-second", "router": "apple-tower"});
    country.desk.post("/api/v1/subscribers/wide/bind", &beside.to_string()).await.expect(200);
    let refused = adopt("wide").await.expect(403);
    assert!(refused.body.contains("beyond"), "{}", refused.body);
    country.send("POST", "/api/v1/subscribers/wide/undo-adoption", None).await.expect(403);
    country.desk.post("/api/v1/subscribers/wide/unbind", r#"{"login":"apple-bob"}"#).await.expect(200);
    let only_here = json!({"login": "apple-bob", "router": "apple-tower"});
    country.desk.post("/api/v1/subscribers/wide/bind", &only_here.to_string()).await.expect(200);
    let adopted = adopt("wide").await.expect(200).json();
    assert_eq!(adopted["items"][0]["router"], "apple-tower", "{adopted}");
    country.send("POST", "/api/v1/subscribers/wide/undo-adoption", None).await.expect(200);
}

#[tokio::test]
async fn sentences_that_name_another_router_are_not_told() {
    let country = country().await;
    let told = "apple-tower and zebra-tower are the same device";
    *country.desk.commands.remark.lock().unwrap() = told.to_owned();
    let test = "/api/v1/routers/apple-tower/test";
    let checks = country.send("POST", test, None).await.expect(200);
    assert!(!checks.body.contains(OTHER) && checks.body.contains("do not reach"), "{}", checks.body);
    assert!(country.desk.post(test, "").await.expect(200).body.contains(told));
    "apple-tower is well".clone_into(&mut *country.desk.commands.remark.lock().unwrap());
    assert!(country.send("POST", test, None).await.expect(200).body.contains("apple-tower is well"));
    let nas = country.desk.store.nas_by_name("apple-tower").await.unwrap().unwrap().id;
    let at = country.desk.operate.clock.now();
    country.desk.board.update(nas, at, |status| {
        status.enter(operations::Phase::PausedDuplicate, Some(told.to_owned()), at);
    });
    for path in ["/api/v1/routers", "/api/v1/routers/apple-tower", "/api/v1/events?kind=router_state"] {
        let body = country.get(path).await.expect(200).body;
        assert!(!body.contains(OTHER) && body.contains("do not reach"), "{path}: {body}");
        assert!(country.desk.get(path, Some(&country.desk.admin)).await.body.contains(told), "{path}");
    }
}

#[tokio::test]
async fn a_username_of_somebody_beyond_is_refused_without_a_word_of_them() {
    let country = country().await;
    let add = async |username: &str| {
        let new = json!({"username": username, "login": "new", "router": "apple-tower"});
        country.send("POST", "/api/v1/subscribers", Some(new)).await
    };
    let refused = add("zebra-ana").await.expect(409);
    assert!(!refused.body.contains(OTHER) && !refused.body.contains("already"), "{}", refused.body);
    assert!(add("apple-ana").await.expect(409).body.contains("already"), "one of theirs is named");
    add("new").await.expect(201);
}

#[tokio::test]
async fn a_session_says_by_what_it_is_bound() {
    let country = country().await;
    let me = country.get("/api/v1/session").await.expect(200).json();
    assert_eq!((&me["bound"], &me["groups"]), (&json!(true), &json!(["apple-land"])));
    let whole = country.desk.see("/api/v1/session").await;
    assert_eq!((&whole["bound"], &whole["groups"]), (&json!(false), &json!([])));
}

#[tokio::test]
async fn how_much_waits_for_redis_is_of_all_routers_and_is_not_told() {
    let mut country = country().await;
    let telling = country.desk.state.clone().telling(Some(server::EventsBoard::default()));
    country.desk.state = telling.telling_traffic(Some(server::TrafficBoard::default()));
    let whole = country.desk.see("/api/v1/status").await;
    assert!(whole["events"].is_object() && whole["redis"].as_array().unwrap().len() == 1, "{whole}");
    let theirs = country.get("/api/v1/status").await.expect(200).json();
    assert_eq!((&theirs["events"], &theirs["redis"]), (&Value::Null, &json!([])));
}
