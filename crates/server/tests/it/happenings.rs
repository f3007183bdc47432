//! What happened, of all kinds, as one list.

use std::time::Duration;

use accounting::time::Micros;
use operations::Phase;
use serde_json::{Value, json};
use server::{LogBoard, LogLevel, LogLine};
use store::{Beginning, NewCommand, Node, NodeRole};

use crate::harness::Desk;
use crate::meter::BEGIN;

fn kinds(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

fn line(at: Micros, level: LogLevel, text: &str) -> LogLine {
    LogLine { at, level, target: "collector".to_owned(), text: text.to_owned() }
}

/// ana came and went on the harbour and bob came; it was unreachable for a while; somebody's command is under way; the log warns.
async fn eventful() -> Desk {
    let (mut desk, logs) = (Desk::new().await, LogBoard::default());
    desk.state = desk.state.clone().with_logs(logs.clone());
    let harbour = desk.add_router("harbour").await;
    desk.add_router("hill").await;
    let mut meter = desk.meter(harbour).await;
    meter.round(0, &[(b"bob", 30, 1, 1), (b"ana", 30, 1_000, 9_000)]).await;
    for seconds in [60, 120, 240] {
        meter.round(seconds, &[(b"bob", 30 + seconds, 1, 1)]).await;
    }
    let now = desk.operate.clock.now();
    for (phase, ago) in [(Phase::Online, 300), (Phase::Unreachable, 200), (Phase::Online, 100)] {
        let at = Micros(now.0 - ago * 1_000_000);
        desk.operate.board.update(harbour, at, |status| status.enter(phase, None, at));
    }
    logs.push(line(now, LogLevel::Info, "all is well"));
    logs.push(line(now, LogLevel::Warn, "the disk fills up"));
    desk.store.join(Node::new("east", NodeRole::All), Duration::from_secs(60)).await.unwrap();
    let id = uuid::Uuid::new_v4();
    let new = NewCommand { id, nas: harbour, kind: "keep_limits".to_owned(), arguments: "{}".to_owned() };
    assert_eq!(desk.store.begin_command(new, "east").await, Ok(Beginning::Begun));
    // The database's clock goes by the host's, all else by the test's, which is ahead.
    let made_at = desk.store.list_commands(1).await.unwrap()[0].made_at;
    desk.clock.set_wall(made_at);
    desk
}

#[tokio::test]
async fn everything_of_the_last_day_is_one_list_whose_pages_join() {
    let desk = eventful().await;
    let whole = desk.see("/api/v1/events").await;
    let told = kinds(&whole);
    for (kind, count) in
        [("session_began", 2), ("session_ended", 1), ("router_state", 3), ("command", 1), ("log", 1)]
    {
        assert_eq!(told.iter().filter(|told| *told == kind).count(), count, "{kind}: {whole:#}");
        let only = desk.see(&format!("/api/v1/events?kind={kind}")).await;
        assert_eq!(kinds(&only), vec![kind; count]);
    }
    let times: Vec<_> =
        whole["items"].as_array().unwrap().iter().map(|one| one["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, next| one >= next), "{times:?}");
    let mut walked = Vec::new();
    let mut page = desk.see("/api/v1/events?limit=1").await;
    loop {
        walked.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        page = desk.see(&format!("/api/v1/events?limit=1&cursor={next}")).await;
    }
    assert_eq!(json!(walked), whole["items"], "nothing twice, nothing left out");
    assert_eq!((&whole["dropped_log_lines"], &whole["dropped_router_states"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn it_is_told_of_a_router_and_of_what_matters_so_much() {
    let desk = eventful().await;
    assert_eq!(kinds(&desk.see("/api/v1/events?router=harbour").await).len(), 7, "the log is of no router");
    assert_eq!(kinds(&desk.see("/api/v1/events?router=hill").await).len(), 0);
    assert_eq!(kinds(&desk.see("/api/v1/events?kind=log&level=info").await).len(), 2);
    let state = &desk.see("/api/v1/events?kind=router_state").await["items"][1];
    assert_eq!((&state["router"], &state["state"]), (&json!("harbour"), &json!("unreachable")));
    let gone = &desk.see("/api/v1/events?kind=session_ended").await["items"][0];
    assert_eq!((&gone["username"], &gone["router"]), (&json!("ana"), &json!("harbour")));
    for wrong in ["kind=party", "level=loud", "cursor=1.2", "limit=0"] {
        desk.get(&format!("/api/v1/events?{wrong}"), Some(&desk.admin)).await.expect(400);
    }
    desk.get("/api/v1/events?router=nowhere", Some(&desk.admin)).await.expect(404);
    desk.clock.set_wall(Micros(BEGIN.0 + 2 * 86_400_000_000));
    assert_eq!(kinds(&desk.see("/api/v1/events").await), [""; 0], "a day is told");
}

#[tokio::test]
async fn viewers_read_the_first_signs_of_codes_in_it() {
    let (mut desk, logs) = (Desk::new().await, LogBoard::default());
    desk.state = desk.state.clone().with_logs(logs.clone());
    desk.post("/api/v1/voucher-batches", r#"{"count": 1, "validity": "1h", "price": "5"}"#).await.expect(201);
    let code = desk.see("/api/v1/vouchers").await["items"][0]["code"].as_str().unwrap().to_owned();
    logs.push(line(BEGIN, LogLevel::Error, &format!("user {code} is there already")));
    let harbour = desk.add_router("harbour").await;
    let mut meter = desk.meter(harbour).await;
    meter.round_with_guests(0, &[], &[(code.as_bytes(), 30, 1_000, 5_000)]).await;
    let body = async |token: &str| desk.get("/api/v1/events", Some(token)).await.expect(200).body;
    let (admins, viewers) = (body(&desk.admin).await, body(&desk.viewer).await);
    assert_eq!(admins.matches(&code).count(), 2, "{admins}");
    assert!(
        !viewers.contains(&code) && viewers.matches(&format!("{}***", &code[..2])).count() == 2,
        "{viewers}"
    );
}
