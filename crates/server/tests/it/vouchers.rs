//! Vouchers over HTTP: made, listed, printed, exported, stopped, revoked and counted.

use serde_json::{Value, json};
use store::{ClaimedVoucher, NewAudit, VoucherClaim};

use crate::harness::{Desk, request};

/// So many of one hour, by the kiosk; the batch's number.
async fn made(desk: &Desk, count: u32) -> i64 {
    let body = json!({"count": count, "validity": "1h", "price": "5.50", "seller": "=kiosk", "devices": 2,
        "rate_down_bps": 2_000_000, "quota_octets": 1_000_000_000});
    desk.post("/api/v1/voucher-batches", &body.to_string()).await.expect(201).json()["id"].as_i64().unwrap()
}

async fn items(desk: &Desk, path: &str) -> Vec<Value> {
    desk.see(path).await["items"].as_array().unwrap().clone()
}

async fn codes(desk: &Desk, batch: i64) -> Vec<String> {
    let all = items(desk, &format!("/api/v1/vouchers?batch={batch}")).await;
    all.iter().map(|voucher| voucher["code"].as_str().unwrap().to_owned()).collect()
}

/// A device comes in with it now.
pub(crate) async fn use_it(desk: &Desk, code: &str) {
    let nas = desk.add_router("tower").await;
    let (at, mac) = (desk.operate.clock.now(), "AA:BB:CC:DD:EE:01".to_owned());
    let claim = VoucherClaim { code: code.to_owned(), nas, mac, proof: None, at, by: None };
    let ClaimedVoucher::Device { holder, .. } = desk.store.claim_voucher(claim).await.unwrap() else {
        panic!("{code}")
    };
    let act = NewAudit::by_system(at, "voucher.use", code);
    desk.store.complete_voucher_device(holder.device.id, at, act).await.unwrap().unwrap();
}

#[tokio::test]
async fn they_are_made_and_found_by_batch_state_and_code() {
    let desk = Desk::new().await;
    let batch = made(&desk, 3).await;
    let told = desk.see(&format!("/api/v1/voucher-batches/{batch}")).await;
    assert_eq!(
        (&told["size"], &told["states"]["unused"], &told["price"]),
        (&json!(3), &json!(3), &json!("5.50"))
    );
    assert_eq!(
        (&told["validity_seconds"], &told["devices"], &told["rate_up_bps"]),
        (&json!(3_600), &json!(2), &json!(null))
    );
    let codes = codes(&desk, batch).await;
    use_it(&desk, &codes[0]).await;
    desk.clock.advance(600_000_000);
    let running = items(&desk, "/api/v1/vouchers?state=running").await;
    assert_eq!(
        (running.len(), &running[0]["code"], &running[0]["left_seconds"]),
        (1, &json!(codes[0]), &json!(3_000))
    );
    let shown = desk.see(&format!("/api/v1/vouchers/{}", codes[0].to_lowercase())).await;
    assert_eq!(
        (&shown["state"], &shown["used_by"][0]["router"]),
        (&json!("running"), &json!("tower")),
        "{shown}"
    );
    assert_eq!(
        (&shown["used_by"][0]["state"], &shown["used_by"][0]["username"]),
        (&json!("in"), &json!(codes[0]))
    );
    let page = desk.see("/api/v1/vouchers?limit=2").await;
    let rest = desk.see(&format!("/api/v1/vouchers?cursor={}", page["next"].as_str().unwrap())).await;
    assert_eq!((page["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (2, 1));
    let second = made(&desk, 1).await;
    let batches = items(&desk, "/api/v1/voucher-batches?seller==kiosk").await;
    let ids: Vec<_> = batches.iter().map(|batch| batch["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [second, batch]);
    let page = desk.see("/api/v1/voucher-batches?limit=1").await;
    let rest = desk.see(&format!("/api/v1/voucher-batches?cursor={}", page["next"].as_str().unwrap())).await;
    assert_eq!(rest["items"][0]["id"], batch);
    for path in ["/api/v1/voucher-batches/99", "/api/v1/vouchers?batch=99", "/api/v1/vouchers/NONE"] {
        desk.get(path, Some(&desk.admin)).await.expect(404);
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_the_number() {
    let desk = Desk::new().await;
    let refused = async |body: Value| {
        desk.post("/api/v1/voucher-batches", &body.to_string()).await.expect(422).text("detail")
    };
    let told = refused(json!({"count": 100, "validity": "1h", "signs": "digits", "length": 9})).await;
    assert!(told.contains("134,217,728 codes of 9") && told.contains("at least 13"), "{told}");
    assert!(refused(json!({"count": 1})).await.contains("how long they last"));
    assert!(
        refused(json!({"count": 1, "validity": "1h", "developer": true})).await.contains("no time limit")
    );
    assert!(refused(json!({"count": 10_001, "validity": "1h"})).await.contains("1 to 10,000"));
    assert!(refused(json!({"count": 1, "plan": "week"})).await.contains("plan called week"));
    assert_eq!(items(&desk, "/api/v1/voucher-batches").await, Vec::<Value>::new());
}

#[tokio::test]
async fn their_time_is_stopped_goes_on_and_they_are_revoked() {
    let desk = Desk::new().await;
    let batch = made(&desk, 3).await;
    let codes = codes(&desk, batch).await;
    let act = async |code: &str, what: &str, status| {
        desk.post(&format!("/api/v1/vouchers/{code}/{what}"), "").await.expect(status).json()
    };
    let told = act(&codes[0], "pause", 409).await;
    assert!(told["detail"].as_str().unwrap().contains("not used yet"), "{told}");
    use_it(&desk, &codes[0]).await;
    desk.clock.advance(600_000_000);
    assert_eq!(act(&codes[0], "pause", 200).await["left_seconds"], 3_000);
    desk.clock.advance(7_200_000_000);
    let resumed = act(&codes[0], "resume", 200).await;
    assert_eq!((&resumed["state"], &resumed["left_seconds"]), (&json!("running"), &json!(3_000)));
    let whole = async |what: &str| {
        desk.post(&format!("/api/v1/voucher-batches/{batch}/{what}"), "").await.expect(200).json()
    };
    let states = |told: &Value| {
        (told["batch"]["states"]["running"].clone(), told["batch"]["states"]["paused"].clone())
    };
    let told = whole("pause").await;
    assert_eq!((&told["paused"], states(&told)), (&json!(1), (json!(0), json!(1))));
    let shown = desk.see(&format!("/api/v1/vouchers/{}", codes[0])).await;
    assert_eq!((&shown["state"], &shown["used_by"][0]["state"]), (&json!("paused"), &json!("paused")));
    desk.clock.advance(7_200_000_000);
    let told = whole("resume").await;
    assert_eq!((&told["resumed"], states(&told)), (&json!(1), (json!(1), json!(0))));
    assert_eq!(whole("resume").await["resumed"], 0, "nothing is left to be resumed");
    for what in ["pause", "resume"] {
        desk.post(&format!("/api/v1/voucher-batches/99/{what}"), "").await.expect(404);
    }
    let shown = desk.see(&format!("/api/v1/vouchers/{}", codes[0])).await;
    assert_eq!((&shown["left_seconds"], &shown["over_by"]), (&json!(3_000), &Value::Null));
    assert_eq!(act(&codes[1], "revoke", 200).await["state"], "revoked");
    act(&codes[1], "revoke", 409).await;
    act("NONE", "revoke", 404).await;
    let all = desk.post(&format!("/api/v1/voucher-batches/{batch}/revoke"), "").await.expect(200).json();
    assert_eq!((&all["revoked"], &all["batch"]["states"]["revoked"]), (&json!(2), &json!(3)));
    desk.post("/api/v1/voucher-batches/99/revoke", "").await.expect(404);
}

#[tokio::test]
async fn a_sheet_and_a_table_of_them_are_made() {
    let desk = Desk::new().await;
    let batch = made(&desk, 2).await;
    let codes = codes(&desk, batch).await;
    let path = format!("/api/v1/voucher-batches/{batch}/sheet.html");
    let asked = format!("{path}?title=Eva&columns=4&portal=http%3A%2F%2F10.5.50.1%2Fportal");
    let page = desk.get(&asked, Some(&desk.admin)).await.expect(200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(page.body.contains("repeat(4, 1fr)") && page.body.contains("<h2>Eva</h2>"));
    assert!(codes.iter().all(|code| page.body.contains(&format!("{} {}", &code[..4], &code[4..]))));
    for wrong in ["columns=9", "portal=nowhere", "columns=x"] {
        desk.get(&format!("{path}?{wrong}"), Some(&desk.admin)).await.expect(400);
    }
    let table = desk.get(&format!("/api/v1/vouchers.csv?batch={batch}"), Some(&desk.admin)).await.expect(200);
    let lines: Vec<&str> = table.body.lines().collect();
    assert_eq!((lines.len(), lines[0].split(',').count()), (3, 21), "{}", table.body);
    let cells: Vec<&str> = lines[1].split(',').collect();
    assert_eq!(cells[..8], [&*codes[0], &batch.to_string(), "unused", "", "'=kiosk", "5.50", "3600", "2"]);
    desk.post(&format!("/api/v1/voucher-batches/{batch}/revoke"), "").await.expect(200);
    desk.get(&path, Some(&desk.admin)).await.expect(409);
    desk.get("/api/v1/voucher-batches/99/sheet.html", Some(&desk.admin)).await.expect(404);
}

#[tokio::test]
async fn who_may_only_look_sees_batches_and_sales_and_no_list_of_codes() {
    let desk = Desk::new().await;
    let batch = made(&desk, 1).await;
    let code = codes(&desk, batch).await.remove(0);
    let paths = [
        "/api/v1/vouchers".to_owned(),
        "/api/v1/vouchers.csv".to_owned(),
        format!("/api/v1/voucher-batches/{batch}/sheet.html"),
    ];
    for path in &paths {
        let refused = desk.send(request("GET", path, Some(&desk.viewer), None)).await.expect(403);
        assert!(!refused.body.contains(&code), "{path}");
    }
    for path in ["/api/v1/voucher-batches", "/api/v1/voucher-sales"] {
        desk.send(request("GET", path, Some(&desk.viewer), None)).await.expect(200);
    }
}

#[tokio::test]
async fn sales_are_told_by_day_plan_and_seller() {
    let desk = Desk::new().await;
    let batch = made(&desk, 2).await;
    use_it(&desk, &codes(&desk, batch).await[0]).await;
    let sales = desk.see("/api/v1/voucher-sales?zone=Asia/Manila").await;
    assert_eq!(
        (&sales["zone"], &sales["total"]["sold"], &sales["total"]["amount"]),
        (&json!("Asia/Manila"), &json!(1), &json!("5.50"))
    );
    let line = &sales["items"][0];
    assert_eq!(
        (&line["day"], &line["seller"], &line["plan"]),
        (&sales["to"], &json!("=kiosk"), &json!(null))
    );
    let together = desk.see("/api/v1/voucher-sales?by=").await;
    assert_eq!((&together["items"][0]["day"], &together["items"][0]["sold"]), (&json!(null), &json!(1)));
    for wrong in ["by=colour", "from=2026-13-01", "zone=Mars/Phobos", "from=2027-01-02&to=2027-01-01"] {
        desk.get(&format!("/api/v1/voucher-sales?{wrong}"), Some(&desk.admin)).await.expect(400);
    }
}
