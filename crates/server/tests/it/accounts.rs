//! What was counted: usage, explain, sessions and subscribers, on rounds that the real accounting took.

use serde_json::{Value, json};

use crate::harness::{Desk, encoded};
use crate::meter::Row;

/// Names that hurt: other case, spaces and signs, a prefix of another, bytes that are no UTF-8, an escape.
const NAMES: [&[u8]; 7] = [b"ana", b"Ana", b"bob", b"bob-1", b"a b,c=d>", b"jos\xe9", b"e\x1b[2J"];

/// A desk with a router on which every name used something in three rounds.
async fn counted() -> Desk {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    for (round, seconds) in [60, 120, 180].into_iter().enumerate() {
        let rows: Vec<Row<'_>> =
            (1..).zip(NAMES).map(|(of, name)| row(of, name, round as u64, seconds)).collect();
        meter.round(seconds, &rows).await;
    }
    desk.clock.advance(200_000_000);
    desk
}

fn row(of: u64, name: &[u8], round: u64, seconds: u64) -> Row<'_> {
    (name, seconds - 30, of * 1_000 * (round + 1), of * 5_000 * (round + 1))
}

fn sum(items: &Value, field: &str) -> u64 {
    items
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["posted"] != json!(false))
        .map(|item| item[field].as_u64().unwrap())
        .sum()
}

#[tokio::test]
async fn usage_gives_every_octet_to_the_right_login() {
    let desk = counted().await;
    let usage = desk.see("/api/v1/usage?by=router,username").await;
    let told: Vec<_> = usage["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                item["username"].as_str().unwrap(),
                item["upload_octets"].as_u64().unwrap(),
                item["download_octets"].as_u64().unwrap(),
            )
        })
        .collect();
    let mut expected = vec![
        ("ana", 3_000, 15_000),
        ("Ana", 6_000, 30_000),
        ("bob", 9_000, 45_000),
        ("bob-1", 12_000, 60_000),
        ("a b,c=d>", 15_000, 75_000),
        ("hex:6a6f73e9", 18_000, 90_000),
        ("e\u{1b}[2J", 21_000, 105_000),
    ];
    expected.sort_unstable();
    let mut sorted = told.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!(usage["next"], Value::Null);
    assert_eq!(usage["items"][0]["as_of"], "2027-01-15T08:03:00Z");
}

#[tokio::test]
async fn the_window_moves_outward_and_is_told() {
    let desk = counted().await;
    let usage =
        desk.see("/api/v1/usage?from=2027-01-15T08:01:00Z&to=2027-01-15T08:02:00Z&username=ana").await;
    assert_eq!(
        (&usage["from"], &usage["to"]),
        (&json!("2027-01-15T08:00:00Z"), &json!("2027-01-15T08:15:00Z"))
    );
    assert_eq!(usage["items"][0]["upload_octets"], 3_000);
    let later =
        desk.see("/api/v1/usage?from=2027-01-15T08:15:00Z&to=2027-01-15T09:00:00Z&username=ana").await;
    assert_eq!(sum(&later["items"], "upload_octets"), 0);
    desk.get("/api/v1/usage?from=2027-01-15T08:15:00Z&to=2027-01-15T08:15:00Z", Some(&desk.admin))
        .await
        .expect(400);
}

#[tokio::test]
async fn usage_in_pages_is_the_usage_whole() {
    let desk = counted().await;
    let whole = desk.see("/api/v1/usage").await;
    assert_eq!(whole["next"], Value::Null);
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = desk.see(&format!("/api/v1/usage?limit=2{cursor}")).await;
        let found = page["items"].as_array().unwrap();
        assert!(!found.is_empty() && found.len() <= 2, "{page}");
        items.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", encoded(next)),
            None => break,
        }
    }
    assert_eq!(Value::from(items), whole["items"]);
    let nobodys = format!("cursor={}", encoded(r#"["tower",7000]"#));
    for wrong in ["limit=0", "limit=10001", "cursor=x", &nobodys] {
        desk.get(&format!("/api/v1/usage?{wrong}"), Some(&desk.admin)).await.expect(400);
    }
}

#[tokio::test]
async fn explain_accounts_for_every_octet_of_every_name() {
    let desk = counted().await;
    let usage = desk.see("/api/v1/usage").await;
    assert_eq!(usage["items"].as_array().unwrap().len(), NAMES.len());
    for item in usage["items"].as_array().unwrap() {
        let name = item["username"].as_str().unwrap();
        let explained = desk.see(&format!("/api/v1/explain?router=tower&username={}", encoded(name))).await;
        for field in ["upload_octets", "download_octets"] {
            assert_eq!(explained[field], item[field], "{name}");
            assert_eq!(sum(&explained["items"], field), item[field].as_u64().unwrap(), "{name}");
        }
        for entry in explained["items"].as_array().unwrap() {
            assert!(!entry["text"].as_str().unwrap().contains(char::is_control), "{entry}");
        }
    }
}

#[tokio::test]
async fn explain_is_a_sentence_and_comes_in_pages() {
    let desk = counted().await;
    let uri = "/api/v1/explain?router=tower&username=ana&limit=1";
    let first = desk.see(uri).await;
    assert_eq!(first["items"][0]["reason"], "session_start");
    let text = first["items"][0]["text"].as_str().unwrap();
    assert!(
        text.starts_with("interface <pppoe-ana> was first read at 1,000 octets up and 5,000 down"),
        "{text}"
    );
    let second = desk.see(&format!("{uri}&cursor={}", first["next"].as_str().unwrap())).await;
    let text = second["items"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("interface <pppoe-ana> went from 1,000 to 3,000 octets up"), "{text}");
    assert!(text.ends_with("read 2 times"), "{text}");
    assert_eq!(second["next"], Value::Null);
}

#[tokio::test]
async fn explain_says_what_it_needs_and_what_it_lacks() {
    let desk = counted().await;
    for (query, status) in [
        ("", 400),
        ("?username=ana", 400),
        ("?router=tower&username=ana&session=1", 400),
        ("?router=tower&username=hex:6", 400),
        ("?router=tower&username=nobody", 404),
        ("?router=nowhere&session=1", 404),
        ("?router=tower&session=99999", 404),
        ("?router=tower&session=18446744073709551615", 400),
        ("?subscriber=nobody", 404),
        ("?router=tower&username=ana&cursor=x", 400),
        ("?router=tower&username=ana&limit=0", 400),
        ("?router=tower&username=ana&colour=red", 400),
    ] {
        desk.get(&format!("/api/v1/explain{query}"), Some(&desk.viewer)).await.expect(status);
    }
}

#[tokio::test]
async fn sessions_are_listed_filtered_and_paged() {
    let desk = counted().await;
    let all = desk.see("/api/v1/sessions?state=open&limit=5").await;
    assert_eq!(all["items"].as_array().unwrap().len(), 5);
    let rest = desk
        .see(&format!("/api/v1/sessions?state=open&limit=5&cursor={}", all["next"].as_str().unwrap()))
        .await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (2, &Value::Null));
    let one = desk.see(&format!("/api/v1/sessions?router=tower&username={}", encoded("hex:6a6f73e9"))).await;
    let session = &one["items"][0];
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
    assert_eq!((&session["username"], &session["state"]), (&json!("hex:6a6f73e9"), &json!("open")));
    assert_eq!((&session["service"], &session["framed_address"]), (&json!("pppoe"), &json!("10.0.0.7")));
    assert_eq!(session["acct_session_id"], "0x81100006");
    let explained = desk.see(&format!("/api/v1/explain?router=tower&session={}", session["no"])).await;
    assert_eq!(explained["upload_octets"], session["upload_octets"]);
    assert_eq!(sum(&explained["items"], "upload_octets"), session["upload_octets"].as_u64().unwrap());
    desk.get("/api/v1/sessions?cursor=1.1.9223372036854775807", Some(&desk.admin)).await.expect(400);
    desk.get("/api/v1/sessions?state=gone", Some(&desk.admin)).await.expect(400);
}

#[tokio::test]
async fn a_subscriber_is_billed_from_its_binding_on_and_its_cycle_is_explained() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let made = desk
        .post("/api/v1/subscribers", r#"{"username":"jose","name":"José","login":"hex:6a6f73e9"}"#)
        .await
        .expect(201);
    assert_eq!(
        (made.text("login"), made.text("scope"), made.text("status")),
        ("hex:6a6f73e9".into(), "all".into(), "active".into())
    );
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    meter.round(60, &[(b"jos\xe9", 30, 700, 9_000)]).await;
    desk.clock.advance(61_000_000);
    let subscriber = desk.see("/api/v1/subscribers/jose").await;
    assert_eq!(
        (&subscriber["cycle"]["upload_octets"], &subscriber["cycle"]["download_octets"]),
        (&json!(700), &json!(9_000))
    );
    assert_eq!((&subscriber["cycle"]["seq_no"], &subscriber["sessions_open"]), (&json!(1), &json!(1)));
    assert_eq!(subscriber, desk.see(&format!("/api/v1/subscribers/{}", made.text("id"))).await);
    let explained = desk.see("/api/v1/explain?subscriber=jose").await;
    assert_eq!(
        (&explained["upload_octets"], explained["subject"].as_str().unwrap()),
        (&json!(700), "subscriber jose, open cycle")
    );
    assert_eq!(sum(&explained["items"], "download_octets"), 9_000);
    let usage = desk.see("/api/v1/usage?subscriber=jose").await;
    assert_eq!(sum(&usage["items"], "download_octets"), 9_000);
}

#[tokio::test]
async fn the_books_agree() {
    let desk = counted().await;
    let report = desk.post("/api/v1/verify", "").await.expect(200).json();
    assert_eq!((&report["mismatches_total"], &report["mismatches"]), (&json!(0), &json!([])));
    assert_eq!(report["sessions_checked"], 7);
    assert!(report["entries_checked"].as_u64().unwrap() >= 14);
}

#[tokio::test]
async fn a_spelling_mistake_never_looks_like_zero_usage() {
    let desk = counted().await;
    for question in ["usage?router=towr", "usage?subscriber=nobody", "sessions?router=towr"] {
        let missing = desk.get(&format!("/api/v1/{question}"), Some(&desk.viewer)).await.expect(404);
        assert!(missing.text("detail").contains("there is no"), "{}", missing.body);
    }
    desk.add_router("quiet").await;
    assert_eq!(desk.see("/api/v1/usage?router=quiet").await["items"], json!([]));
    desk.delete("/api/v1/routers/tower").await.expect(204);
    assert_eq!(desk.see("/api/v1/usage?router=tower").await["items"].as_array().unwrap().len(), NAMES.len());
    assert_eq!(desk.see("/api/v1/usage?router=tower&username=nobody").await["items"], json!([]));
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused_and_not_replaced() {
    let desk = counted().await;
    for question in ["usage?username=jos%e9", "sessions?username=%ff", "explain?router=tower&username=%ff"] {
        let refused = desk.get(&format!("/api/v1/{question}"), Some(&desk.viewer)).await.expect(400);
        assert!(refused.text("detail").contains("hex:"), "{}", refused.body);
    }
}

#[tokio::test]
async fn an_absurd_uptime_gives_no_begin() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[(b"ana", 400_000_000_000, 1, 1), (b"bob", 30, 1, 1)]).await;
    let began = async |name: &str| {
        desk.see(&format!("/api/v1/sessions?username={name}")).await["items"][0]["started_at"].clone()
    };
    assert_eq!(began("ana").await, Value::Null);
    assert_eq!(began("bob").await, "2027-01-15T07:59:30Z");
}
