//! Files of subscribers, in and out.

use axum::body::Body;
use axum::http::Request;
use operations::CounterLook;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::harness::{Answer, Desk};

pub(crate) async fn import(desk: &Desk, query: &str, file: &[u8]) -> Answer {
    let request = Request::post(format!("/api/v1/subscribers.csv{query}"))
        .header("authorization", format!("Bearer {}", desk.admin))
        .header("content-type", "text/csv")
        .body(Body::from(file.to_vec()));
    desk.send(request.unwrap()).await
}

pub(crate) async fn export(desk: &Desk) -> String {
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
pub(crate) fn faults(answer: &Answer) -> Vec<(u64, Value, String)> {
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

/// Sets what routers say of counters by name.
fn answer_looks(desk: &Desk, looks: &[(&str, CounterLook)]) {
    let looks = looks.iter().map(|(name, look)| (name.as_bytes().to_vec(), look.clone())).collect();
    *desk.commands.looks.lock().unwrap() = Some(looks);
}

fn looked_at(desk: &Desk) -> Vec<(String, usize)> {
    let mut looked_at = std::mem::take(&mut *desk.commands.looked_at.lock().unwrap());
    looked_at.sort();
    looked_at
}

#[tokio::test]
async fn static_addresses_are_judged_as_when_they_are_added_by_one_look_at_each_router() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    desk.add_router("hill").await;
    answer_looks(
        &desk,
        &[
            ("vlan1", CounterLook::Fit),
            ("house", CounterLook::Fit),
            ("room", CounterLook::WithinQueue(b"house".to_vec())),
            ("vlan9", CounterLook::PassesQueue(b"q ana".to_vec())),
            ("uplink", CounterLook::CarriesSessions),
        ],
    );
    let add =
        json!({"username": "old", "service": "static_ip", "login": "interface:vlan1", "router": "tower"});
    desk.post("/api/v1/subscribers", &add.to_string()).await.expect(201);
    looked_at(&desk);
    let file = "username,service,login,scope\n\
        old,static_ip,interface:vlan1,router:tower\n\
        ana,static_ip,queue:house,router:tower\n\
        bob,static_ip,queue:room,router:tower\n\
        cid,static_ip,interface:vlan9,router:hill\n\
        dan,static_ip,interface:gone,router:hill\n\
        eve,static_ip,interface:uplink,router:hill\n\
        fay,static_ip,interface:vlan1,router:hill\n\
        gus,static_ip,interface:vlan1,router:tower\n\
        hal,static_ip,interface:vlan1,router:hill\n\
        ivy,static_ip,interface:vlan1,router:nowhere\n\
        jan,pppoe,jan,router:tower\n\
        kim,static_ip,interface:vlan3,all\n";
    let before = acts(&desk).await;
    for query in ["?dry_run=true", ""] {
        let refused = import(&desk, query, file.as_bytes()).await.expect(422);
        let told = faults(&refused);
        let said = |row: u64| {
            let of_row: Vec<_> = told.iter().filter(|(at, ..)| *at == row).collect();
            let [(_, column, said)] = of_row[..] else { panic!("row {row}: {of_row:?}") };
            assert_eq!(column, if [11, 13].contains(&row) { "scope" } else { "login" }, "row {row}");
            said.as_str()
        };
        assert_eq!(
            said(4),
            "the queue room of the router tower is inside the queue house, which counts for row 3 already: octets \
             would count twice"
        );
        assert_eq!(
            said(5),
            "the interface vlan9 of the router hill is the target of the queue q ana, which counts for a subscriber \
             already: octets would count twice"
        );
        assert!(said(6).starts_with("the interface gone of the router hill is not there"), "{}", said(6));
        assert!(said(7).contains("carries PPP sessions"), "{}", said(7));
        assert!(said(9).contains("the subscriber old's already"), "{}", said(9));
        assert_eq!(said(10), "row 8 has the same login");
        assert!(said(11).contains("there is no router"), "{}", said(11));
        assert_eq!(said(13), "what counts for a static address is on one router: name it");
        assert_eq!(told.len(), 8);
        assert_eq!(looked_at(&desk), [("hill".to_owned(), 4), ("tower".to_owned(), 2)]);
    }
    assert_eq!((acts(&desk).await, export(&desk).await.lines().count()), (before, 2));
    let good = "username,service,login,scope\n\
        old,static_ip,interface:vlan1,router:tower\n\
        ana,static_ip,queue:house,router:tower\n\
        fay,static_ip,interface:vlan1,router:hill\n";
    let done = import(&desk, "", good.as_bytes()).await.expect(200);
    assert_eq!((counts(&done), done.json()["unchecked"].clone()), ([3, 2, 0, 1], json!([])));
}

#[tokio::test]
async fn a_router_that_does_not_answer_refuses_no_row_and_the_rows_it_was_not_asked_for_are_told() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    let rows = (0..120).map(|number| format!("u{number},static_ip,interface:vlan{number},router:tower\n"));
    let file = format!("username,service,login,scope\n{}ana,pppoe,,all\n", rows.collect::<String>());
    for (query, dry_run) in [("?dry_run=true", true), ("", false)] {
        let answer = import(&desk, query, file.as_bytes()).await.expect(200);
        assert_eq!((counts(&answer), &answer.json()["dry_run"]), ([121, 121, 0, 0], &json!(dry_run)));
        let answer = answer.json();
        let first = &answer["unchecked"][0];
        assert_eq!((&first["row"], &first["column"]), (&json!(2), &json!("login")));
        let said = first["detail"].as_str().unwrap();
        assert!(said.starts_with("the interface vlan0 of the router tower could not be looked at"), "{said}");
        assert!(said.contains("did not answer in time"), "{said}");
        assert_eq!(answer["unchecked"].as_array().unwrap().len(), 100);
        assert_eq!(answer["unchecked_total"], 120);
        assert_eq!(looked_at(&desk), [("tower".to_owned(), 120)]);
    }
    let again = import(&desk, "", file.as_bytes()).await.expect(200);
    assert_eq!((counts(&again), &again.json()["unchecked_total"]), ([121, 0, 0, 121], &json!(0)));
    assert_eq!(looked_at(&desk), []);
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
            "login": format!("hex:{login}{number:04x}"), "note": note.filter(|note| !note.is_empty()), "zone": zone, "expiry_at": expiry,
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
