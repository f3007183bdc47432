//! Usage step by step, and exported.

use serde_json::{Value, json};

use crate::harness::{Answer, Desk};

/// Names that hurt in a table: a formula, a quote and a comma, a line break, bytes that are no UTF-8.
const NAMES: [&[u8]; 5] = [b"ana", b"=1+1", b"a\",b", b"a\nb", b"jos\xe9"];

async fn counted() -> Desk {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    for (round, seconds) in [(1, 60), (2, 7_260), (3, 90_060)] {
        let rows: Vec<_> = (1..)
            .zip(NAMES)
            .map(|(of, name)| (name, seconds - 30, of * 1_000 * round, of * 5_000 * round))
            .collect();
        meter.round(seconds, &rows).await;
    }
    desk.clock.advance(90_100_000_000);
    desk
}

async fn export(desk: &Desk, question: &str) -> Answer {
    desk.get(&format!("/api/v1/usage/export.{question}"), Some(&desk.viewer)).await.expect(200)
}

fn total(items: &[Value], field: &str) -> u64 {
    items.iter().map(|item| item[field].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn a_history_adds_up_to_the_total() {
    let desk = counted().await;
    let usage = desk.see("/api/v1/usage").await;
    for step in ["15m", "hour", "day"] {
        let question =
            format!("/api/v1/usage/history?step={step}&zone=Asia/Manila&from=2027-01-15T00:00:00Z");
        let history = desk.see(&question).await;
        assert_eq!((&history["step"], &history["zone"]), (&json!(step), &json!("Asia/Manila")));
        for field in ["upload_octets", "download_octets"] {
            let sum = |answer: &Value| total(answer["items"].as_array().unwrap(), field);
            assert_eq!(sum(&history), sum(&usage), "{step}");
        }
    }
}

#[tokio::test]
async fn a_step_is_told_in_both_clocks_with_how_much_of_it_was_read() {
    let desk = counted().await;
    let history = desk.see("/api/v1/usage/history?zone=Asia/Manila&username=ana").await;
    let day = history["items"].as_array().unwrap().last().unwrap();
    assert_eq!(day["from"], "2027-01-15T16:00:00Z");
    assert_eq!(day["local"], "2027-01-16T00:00:00+08:00");
    assert_eq!(day["upload_octets"], 1_000);
    assert!(day["covered_percent"].as_f64().unwrap() > 99.0, "{day}");
}

/// For half of the second hour the router does not tell who is on its hotspot; its sessions are read all the time.
#[tokio::test]
async fn a_table_that_could_not_be_read_lowers_the_share_of_its_users_alone() {
    const MINUTE: u64 = 60;
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    desk.post("/api/v1/subscribers", r#"{"username":"hal","service":"hotspot"}"#).await.expect(201);
    desk.post("/api/v1/subscribers", r#"{"username":"pia"}"#).await.expect(201);
    let mut meter = desk.meter(nas).await;
    for minute in 0..=120 {
        let (age, octets) = (minute * MINUTE + 30, 1_000 * minute);
        let (seconds, sessions) = (minute * MINUTE, [(&b"pia"[..], age, octets, octets)]);
        if (75..105).contains(&minute) {
            meter.round(seconds, &sessions).await;
        } else {
            meter.round_with_guests(seconds, &sessions, &[(b"hal", age, octets, octets)]).await;
        }
    }
    desk.clock.advance(2 * 60 * MINUTE * 1_000_000);
    let read = async |of: &str| {
        let hours = "step=hour&from=2027-01-15T08:00:00Z&to=2027-01-15T10:00:00Z";
        let history = desk.see(&format!("/api/v1/usage/history?{hours}&{of}")).await;
        let hours = history["items"].as_array().unwrap().iter();
        hours.map(|hour| hour["covered_percent"].as_f64().unwrap().round()).collect::<Vec<_>>()
    };
    // Minute 74 was read, and 105 is the next.
    for of in ["username=hal", "subscriber=hal"] {
        assert_eq!(read(of).await, [100.0, 48.0], "{of}");
    }
    for of in ["username=pia", "subscriber=pia"] {
        assert_eq!(read(of).await, [100.0, 100.0], "{of}");
    }
    assert_eq!(read("router=tower").await, [100.0, 74.0], "the mean of both sources");
}

#[tokio::test]
async fn lines_of_json_hold_every_octet_under_the_logins_own_name() {
    let desk = counted().await;
    let answer = export(&desk, "ndjson?step=hour").await;
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    let lines: Vec<Value> = answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3 * NAMES.len());
    assert_eq!(total(&lines, "upload_octets"), 3_000 * (1..=5).sum::<u64>());
    let of = |name: &str| lines.iter().filter(|line| line["username"] == name).count();
    assert_eq!([of("=1+1"), of("a\nb"), of("hex:6a6f73e9")], [3, 3, 3]);
}

#[tokio::test]
async fn a_table_quotes_what_must_be_quoted_and_holds_no_formula() {
    let desk = counted().await;
    let answer = export(&desk, "csv?step=day&to=2027-01-16T00:00:00Z").await;
    assert!(answer.headers["content-disposition"].to_str().unwrap().contains("usage.csv"));
    let mut records = csv::Reader::from_reader(answer.body.as_bytes());
    let records: Vec<csv::StringRecord> = records.records().map(Result::unwrap).collect();
    let names: Vec<&str> = records.iter().map(|record| &record[1]).collect();
    assert_eq!(names, ["'=1+1", "a\nb", "a\",b", "ana", "hex:6a6f73e9"]);
    assert_eq!(
        records[3].iter().skip(2).collect::<Vec<_>>(),
        [
            "2027-01-15T00:00:00Z",
            "2027-01-16T00:00:00Z",
            "2027-01-15T00:00:00+00:00",
            "2000",
            "10000",
            "0",
            "ppp"
        ]
    );
}

#[tokio::test]
async fn questions_that_make_no_sense_have_their_status_before_the_first_line() {
    let desk = counted().await;
    for (question, status) in [
        ("history?zone=Mars/Phobos", 400),
        ("history?step=week", 400),
        ("history?step=15m&from=1990-01-01T00:00:00Z", 400),
        ("history?router=towr", 404),
        ("export.csv?subscriber=nobody", 404),
        ("export.ndjson?zone=", 400),
    ] {
        desk.get(&format!("/api/v1/usage/{question}"), Some(&desk.viewer)).await.expect(status);
    }
    assert_eq!(export(&desk, "csv?username=stranger").await.body.lines().count(), 1, "the head alone");
}
