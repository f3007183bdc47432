//! Files of subscribers, in and out.

use axum::body::Body;
use axum::http::Request;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::harness::{Answer, Desk};

async fn import(desk: &Desk, query: &str, file: &[u8]) -> Answer {
    let request = Request::post(format!("/api/v1/subscribers.csv{query}"))
        .header("authorization", format!("Bearer {}", desk.admin))
        .header("content-type", "text/csv")
        .body(Body::from(file.to_vec()));
    desk.send(request.unwrap()).await
}

async fn export(desk: &Desk) -> String {
    desk.get("/api/v1/subscribers.csv", Some(&desk.viewer)).await.expect(200).body
}

async fn acts(desk: &Desk) -> usize {
    desk.see("/api/v1/audit?limit=1000").await["items"].as_array().unwrap().len()
}

fn counts(answer: &Answer) -> [u64; 4] {
    let answer = answer.json();
    ["rows", "new", "changed", "same"].map(|field| answer[field].as_u64().unwrap())
}

/// Row, column and sentence of each fault.
fn faults(answer: &Answer) -> Vec<(u64, Value, String)> {
    let of = |fault: &Value| {
        let said = fault["detail"].as_str().unwrap().to_owned();
        (fault["row"].as_u64().unwrap(), fault["column"].clone(), said)
    };
    answer.json()["faults"].as_array().unwrap().iter().map(of).collect()
}

async fn add_plan(desk: &Desk, name: &str) {
    desk.post("/api/v1/plans", &json!({"name": name, "devices": 1}).to_string()).await.expect(201);
}

#[tokio::test]
async fn a_file_adds_changes_and_leaves_and_the_second_time_changes_nothing() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    add_plan(&desk, "gold").await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana","name":"Ana","zone":"Asia/Manila"}"#)
        .await
        .expect(201);
    desk.post("/api/v1/subscribers", r#"{"username":"bob","note":"stays"}"#).await.expect(201);
    let file = "Plan;username;Expiry;login;scope;status\r\n\
        gold;ana;2027-12-31;ana;all;active\r\n\
        ;bob;;;;\r\n\
        gold;cid;;hex:e16e61;router:tower;suspended\r\n";
    let dry = import(&desk, "?dry_run=true", file.as_bytes()).await.expect(200);
    assert_eq!((counts(&dry), dry.json()["dry_run"].clone()), ([3, 1, 1, 1], json!(true)));
    desk.get("/api/v1/subscribers/cid", Some(&desk.viewer)).await.expect(404);
    let before = acts(&desk).await;
    let done = import(&desk, "", file.as_bytes()).await.expect(200);
    assert_eq!((counts(&done), done.json()["dry_run"].clone()), ([3, 1, 1, 1], json!(false)));
    let ana = desk.see("/api/v1/subscribers/ana").await;
    assert_eq!((&ana["plan"], &ana["name"]), (&json!("gold"), &json!("Ana")));
    assert_eq!(
        ana["expiry_at"], "2027-12-31T15:59:59Z",
        "a day of her own zone, which the file does not name"
    );
    assert_eq!(ana["cycle"]["seq_no"], 1, "a later date renews nobody here");
    assert_eq!(desk.see("/api/v1/subscribers/bob").await["note"], "stays");
    let cid = desk.see("/api/v1/subscribers/cid").await;
    let told = ["login", "scope", "status"].map(|field| cid[field].as_str().unwrap());
    assert_eq!(told, ["hex:e16e61", "router:tower", "suspended"]);
    let act = desk.see("/api/v1/audit?action=subscriber.import").await["items"][0].clone();
    assert!(act["detail"].to_string().contains("sha256"), "{act}");
    assert_eq!(acts(&desk).await, before + 1);
    assert_eq!(counts(&import(&desk, "", file.as_bytes()).await.expect(200)), [3, 0, 0, 3]);
    assert_eq!(acts(&desk).await, before + 1);
}

#[tokio::test]
async fn every_fault_is_told_with_its_place_and_nothing_is_imported() {
    let desk = Desk::new().await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let file = b"username,login,scope,plan,zone,id\n\
        dora,,,,,\n\
        ana,other,,,,\n\
        bob,ana,,,,\n\
        cid,,router:hill,gold,Mars/Phobos,\n\
        eve,jos\xe9,,,,\n\
        dora,d2,,,,\n\
        fay,dora,,,,\n\
        gus,,,,,nonsense\n\
        ana,,,,,7d444840-9dc0-11d1-b245-5ffdce74fad2\n\
        hal\n\
        \x20ivy,i,,,,\n";
    let before = acts(&desk).await;
    let refused = import(&desk, "", file).await.expect(422);
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    let mut places: Vec<(u64, String)> = faults(&refused)
        .iter()
        .map(|(row, column, _)| (*row, column.as_str().unwrap_or("-").to_owned()))
        .collect();
    places.sort();
    let expected = [
        (3, "login"),
        (4, "login"),
        (5, "plan"),
        (5, "scope"),
        (5, "zone"),
        (6, "login"),
        (7, "username"),
        (8, "login"),
        (9, "id"),
        (10, "id"),
        (10, "username"),
        (11, "-"),
        (12, "username"),
    ];
    assert_eq!(places, expected.map(|(row, column)| (row, column.to_owned())));
    assert_eq!(refused.json()["faults_total"], 13);
    let said = faults(&refused).into_iter().find(|(row, ..)| *row == 7).unwrap().2;
    assert!(said.contains("row 2"), "{said}");
    assert!(refused.text("detail").contains("13 faults"));
    assert_eq!(acts(&desk).await, before);
    assert_eq!(export(&desk).await.lines().count(), 2);
}

#[tokio::test]
async fn a_hundred_faults_are_told_and_the_rest_counted() {
    let desk = Desk::new().await;
    let file = format!("username,status\n{}", "x,gone\n".repeat(350));
    let refused = import(&desk, "", file.as_bytes()).await.expect(422);
    assert_eq!((faults(&refused).len(), &refused.json()["faults_total"]), (100, &json!(350)));
    assert_eq!(refused.json()["rows"], 350);
}

#[tokio::test]
async fn only_an_admin_may_and_only_a_csv_file() {
    let desk = Desk::new().await;
    let file = |token: &str, media_type: &str| {
        let request =
            Request::post("/api/v1/subscribers.csv").header("authorization", format!("Bearer {token}"));
        request.header("content-type", media_type).body(Body::from("username\nana\n")).unwrap()
    };
    desk.send(file(&desk.viewer, "text/csv")).await.expect(403);
    desk.send(file(&desk.admin, "application/json")).await.expect(415);
    import(&desk, "?dry_run=maybe", b"username\n").await.expect(400);
    import(&desk, "", b"").await.expect(422);
    desk.send(file(&desk.admin, "text/csv; charset=utf-8")).await.expect(200);
}

#[tokio::test]
async fn a_subscriber_with_another_id_is_not_taken_for_the_same() {
    let desk = Desk::new().await;
    let added = desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let id = added.text("id");
    let renamed = import(&desk, "", format!("id,username\n{id},anna\n").as_bytes()).await.expect(422);
    assert!(faults(&renamed)[0].2.contains("renames nobody"), "{}", renamed.body);
    let named_so = import(&desk, "", format!("username\n{id}\n").as_bytes()).await.expect(422);
    assert!(faults(&named_so)[0].2.contains("id of another"), "{}", named_so.body);
    let same = import(&desk, "", format!("id,username\n{id},ana\n").as_bytes()).await.expect(200);
    assert_eq!(counts(&same), [1, 0, 0, 1]);
}

#[tokio::test]
async fn lines_of_json_are_the_same_subscribers() {
    let desk = Desk::new().await;
    import(&desk, "", b"username,login,note\n'=ana,hex:e16e61,\"one\ntwo\"\n").await.expect(200);
    let body = desk.get("/api/v1/subscribers.ndjson", Some(&desk.viewer)).await.expect(200).body;
    let line: Value = serde_json::from_str(&body).unwrap();
    let told = ["username", "login", "note", "status"].map(|field| line[field].as_str().unwrap());
    assert_eq!(told, ["=ana", "hex:e16e61", "one\ntwo", "active"]);
}

/// Texts as people and devices make them: formulas, quotes, separators, apostrophes, other scripts.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("=1+1"),
        Just("+63"),
        Just("-"),
        Just("@sum"),
        Just("'"),
        Just("\""),
        Just(","),
        Just(";"),
        Just("hex:"),
        Just("ana"),
        Just("ñ"),
        Just("名"),
        Just(" "),
        Just("a")
    ];
    vec(piece, 1..5).prop_map(|pieces| pieces.concat().trim().to_owned())
}

/// Also with line ends, tabs and zero bytes.
fn note() -> impl Strategy<Value = Option<String>> {
    let piece = prop_oneof![
        text(),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\t".to_owned()),
        Just("\0".to_owned())
    ];
    proptest::option::of(vec(piece, 1..4).prop_map(|pieces| pieces.concat()))
}

fn subscribers() -> impl Strategy<Value = Vec<Value>> {
    let login = vec(any::<u8>(), 1..6);
    let zone = prop_oneof![Just(None), Just(Some("Asia/Manila"))];
    let expiry = proptest::option::of(0_i64..4_000_000_000_000_000);
    let of = |((number, username, name), login, (note, zone, expiry), here): (
        _,
        Vec<u8>,
        (_, _, Option<i64>),
        bool,
    )| {
        let username: String = username;
        let login: String = login.iter().map(|byte| format!("{byte:02x}")).collect();
        let expiry = expiry.map(|at| jiff::Timestamp::from_microsecond(at).unwrap().to_string());
        let number: u16 = number;
        let name: Option<String> = name;
        let note: Option<String> = note;
        let zone: Option<&str> = zone;
        json!({"username": format!("{username}{number}"), "name": name.filter(|name| !name.is_empty()),
            "login": format!("hex:{login}{number:04x}"), "note": note, "zone": zone, "expiry_at": expiry,
            "router": here.then_some("tower"), "plan": here.then_some("'=gold, 1\"")})
    };
    let one =
        ((any::<u16>(), text(), proptest::option::of(text())), login, (note(), zone, expiry), any::<bool>());
    vec(one.prop_map(of), 1..8)
}

#[test]
fn what_is_exported_can_be_imported_elsewhere_and_is_the_same_there() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(12) });
    let outcome = runner.run(&subscribers(), |all| {
        runtime.block_on(async {
            let (here, there) = (Desk::new().await, Desk::new().await);
            for desk in [&here, &there] {
                desk.add_router("tower").await;
                add_plan(desk, "'=gold, 1\"").await;
            }
            let mut added = 0;
            for one in &all {
                // The same name or login may come up twice.
                let answer = here.post("/api/v1/subscribers", &one.to_string()).await;
                assert!(matches!(answer.status.as_u16(), 201 | 409), "{one} {}", answer.body);
                added += u64::from(answer.status == 201);
            }
            let file = export(&here).await;
            assert_eq!(
                counts(&import(&here, "", file.as_bytes()).await.expect(200)),
                [added, 0, 0, added],
                "{file}"
            );
            assert_eq!(counts(&import(&there, "", file.as_bytes()).await.expect(200)), [added, added, 0, 0]);
            assert_eq!(export(&there).await, file);
            let [mine, theirs] =
                [&here, &there].map(|desk| desk.get("/api/v1/subscribers.ndjson", Some(&desk.viewer)));
            assert_eq!(mine.await.body, theirs.await.body);
        });
        Ok(())
    });
    outcome.unwrap();
}
