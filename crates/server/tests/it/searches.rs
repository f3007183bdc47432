//! Lists that are searched and put in order at the server.

use serde_json::Value;

use crate::harness::Desk;

fn of(field: &str, page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}

async fn with_people() -> Desk {
    let desk = Desk::new().await;
    for body in [
        r#"{"username":"cid","name":"Cid Cruz","expiry_at":"2027-02-01T00:00:00Z"}"#,
        r#"{"username":"ana","name":"Ana Cruz"}"#,
        r#"{"username":"bob","expiry_at":"2027-01-01T00:00:00Z"}"#,
    ] {
        desk.post("/api/v1/subscribers", body).await.expect(201);
        desk.clock.advance(1_000_000);
    }
    desk.patch("/api/v1/subscribers/bob", r#"{"status":"suspended"}"#).await.expect(200);
    desk
}

/// All pages of one item each.
async fn walked(desk: &Desk, uri: &str, field: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut page = desk.see(&format!("{uri}&limit=1")).await;
    loop {
        all.extend(of(field, &page));
        let Some(next) = page["next"].as_str() else { return all };
        page = desk.see(&format!("{uri}&limit=1&cursor={next}")).await;
    }
}

#[tokio::test]
async fn subscribers_are_searched_filtered_and_put_in_order() {
    let desk = with_people().await;
    for (asked, found) in [
        ("q=CRUZ", &["ana", "cid"][..]),
        ("q=cruz+ci", &["cid"]),
        ("status=suspended", &["bob"]),
        ("order=newest", &["bob", "ana", "cid"]),
        ("order=expiry", &["bob", "cid", "ana"]),
        ("order=expiry&status=active", &["cid", "ana"]),
    ] {
        assert_eq!(
            walked(&desk, &format!("/api/v1/subscribers?{asked}"), "username").await,
            found,
            "{asked}"
        );
    }
    for wrong in ["q=a+b+c+d+e", "q=%00", "status=gone", "order=name", "cursor=ana"] {
        desk.get(&format!("/api/v1/subscribers?{wrong}"), Some(&desk.admin)).await.expect(400);
    }
    let long = format!("/api/v1/subscribers?q={}", "a".repeat(201));
    desk.get(&long, Some(&desk.admin)).await.expect(400);
}

#[tokio::test]
async fn who_is_online_is_searched_and_put_in_order() {
    let desk = with_people().await;
    let harbour = desk.add_router("harbour").await;
    let mut meter = desk.meter(harbour).await;
    meter
        .round(0, &[(b"ana", 30, 1_000, 9_000), (b"bob", 20, 2_000, 5_000), (b"eva", 10, 3_000, 7_000)])
        .await;
    meter
        .round(60, &[(b"ana", 90, 9_000, 20_000), (b"bob", 80, 3_000, 90_000), (b"eva", 70, 3_500, 8_000)])
        .await;
    let open = "/api/v1/sessions?state=open";
    for (asked, found) in [
        ("q=BOB", &["bob"][..]),
        ("q=harbour+a&order=username", &["ana", "bob", "eva"]),
        ("order=username&descending=true", &["eva", "bob", "ana"]),
        ("order=started_at", &["ana", "bob", "eva"]),
        ("service=pppoe", &["eva", "bob", "ana"]),
        ("service=hotspot", &[]),
    ] {
        assert_eq!(walked(&desk, &format!("{open}&{asked}"), "username").await, found, "{asked}");
    }
    let by_download =
        walked(&desk, &format!("{open}&order=download_octets&descending=true"), "username").await;
    let page = desk.see(&format!("{open}&order=download_octets&descending=true")).await;
    assert_eq!(by_download, of("username", &page), "pages join");
    let moved: Vec<u64> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["download_octets"].as_u64().unwrap())
        .collect();
    assert!(moved.is_sorted_by(|one, next| one >= next) && moved[0] > moved[2], "{moved:?}");
    let of_ana = desk.see("/api/v1/sessions?subscriber=ana").await;
    assert_eq!(of("username", &of_ana), ["ana"]);
    for wrong in [
        "q=ana",
        "state=ended&q=ana",
        "order=username",
        "state=open&q=a+b+c+d+e",
        "state=open&service=telnet",
        "state=open&q=ana&username=ana",
        "state=open&q=ana&subscriber=ana",
        "username=ana&subscriber=ana",
        "state=open&order=router&cursor=5.3.7",
    ] {
        desk.get(&format!("/api/v1/sessions?{wrong}"), Some(&desk.admin)).await.expect(400);
    }
    desk.get("/api/v1/sessions?subscriber=nobody", Some(&desk.admin)).await.expect(404);
    desk.get("/api/v1/sessions?state=open&q=a&router=nowhere", Some(&desk.admin)).await.expect(404);
}

/// Who types a part of a code and sees whether somebody is found would learn it sign by sign.
#[tokio::test]
async fn a_viewer_finds_nobody_by_a_code_and_reads_none_in_a_cursor() {
    let desk = Desk::new().await;
    desk.post("/api/v1/voucher-batches", r#"{"count": 1, "validity": "1h", "price": "5"}"#).await.expect(201);
    let code = desk.see("/api/v1/vouchers").await["items"][0]["code"].as_str().unwrap().to_owned();
    let harbour = desk.add_router("harbour").await;
    let mut meter = desk.meter(harbour).await;
    let rows = [(&b"ana"[..], 30, 1_000, 5_000), (code.as_bytes(), 30, 1_000, 5_000)];
    meter.round_with_guests(0, &[], &rows).await;
    let body = async |query: &str, token: &str| {
        let uri = format!("/api/v1/sessions?state=open&{query}");
        desk.get(&uri, Some(token)).await.expect(200).json()
    };
    let q = format!("q={}", &code[..4]);
    assert_eq!(body(&q, &desk.admin).await["items"].as_array().unwrap().len(), 1);
    assert_eq!(body(&q, &desk.viewer).await["items"].as_array().unwrap().len(), 0);
    assert_eq!(body("q=harbour", &desk.viewer).await["items"].as_array().unwrap().len(), 2);
    let hex: String = code.bytes().map(|byte| format!("{byte:02x}")).collect();
    for asked in ["order=username&limit=1", "order=username&limit=1&descending=true"] {
        let told = body(asked, &desk.viewer).await.to_string();
        assert!(!told.contains(&code) && !told.to_lowercase().contains(&hex), "{told}");
    }
}

#[tokio::test]
async fn vouchers_are_found_by_a_mac_however_it_is_written() {
    let desk = Desk::new().await;
    desk.post("/api/v1/voucher-batches", r#"{"count": 2, "validity": "1h"}"#).await.expect(201);
    let code = desk.see("/api/v1/vouchers").await["items"][0]["code"].as_str().unwrap().to_owned();
    crate::vouchers::use_it(&desk, &code).await;
    for mac in ["AA:BB:CC:DD:EE:01", "aa-bb-cc-dd-ee-01", "aabb.ccdd.ee01", "aabbccddee01"] {
        let found = desk.see(&format!("/api/v1/vouchers?mac={mac}")).await;
        assert_eq!(of("code", &found), std::slice::from_ref(&code), "{mac}");
    }
    assert_eq!(of("code", &desk.see("/api/v1/vouchers?mac=AA:BB:CC:DD:EE:02").await), [""; 0]);
    for wrong in ["AA:BB:CC:DD:EE", "printer", "%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9"] {
        desk.get(&format!("/api/v1/vouchers?mac={wrong}"), Some(&desk.admin)).await.expect(400);
    }
    let csv = desk.get("/api/v1/vouchers.csv?mac=aabbccddee01", Some(&desk.admin)).await.expect(200).body;
    assert_eq!(csv.lines().count(), 2, "{csv}");
}
