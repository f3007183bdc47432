//! Adoption: what a login used before it had a subscriber.

mod anew;
mod reach;

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::meter::Meter;

const HOUR: u64 = 3_600;

/// Ana's login was used for two hours before she was added: 1,000 and 2,000 octets up, in the hours that end then.
async fn ana() -> (Desk, Meter) {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    meter.round(HOUR, &[(b"ana", 1_800, 1_000, 10)]).await;
    meter.round(2 * HOUR, &[(b"ana", 1_800 + HOUR, 3_000, 30)]).await;
    desk.clock.advance(2 * HOUR * 1_000_000);
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    meter.round(3 * HOUR, &[(b"ana", 1_800 + 2 * HOUR, 3_500, 35)]).await;
    desk.clock.advance(HOUR * 1_000_000);
    (desk, meter)
}

async fn adopt(desk: &Desk, from: &str, status: u16) -> Value {
    let body = json!({"from": from}).to_string();
    desk.post("/api/v1/subscribers/ana/adopt", &body).await.expect(status).json()
}

async fn up(desk: &Desk, path: &str) -> u64 {
    let usage = desk.see(path).await;
    usage["items"].as_array().unwrap().iter().map(|item| item["upload_octets"].as_u64().unwrap()).sum()
}

async fn verified(desk: &Desk) {
    let report = desk.post("/api/v1/verify", "").await.expect(200).json();
    assert_eq!(report["mismatches"], json!([]));
}

#[tokio::test]
async fn entries_from_a_date_on_count_in_the_open_cycle_and_usage_counts_them_once() {
    let (desk, mut meter) = ana().await;
    assert_eq!(up(&desk, "/api/v1/usage?subscriber=ana").await, 500);
    let adopted = adopt(&desk, "2027-01-15T09:30:00Z", 200).await;
    let only = &adopted["items"][0];
    assert_eq!(
        (&only["router"], &only["login"], &only["upload_octets"], &only["entries"]),
        (&json!("tower"), &json!("ana"), &json!(2_000), &json!(1))
    );
    let cycle = desk.see("/api/v1/subscribers/ana").await["cycle"].clone();
    assert_eq!((&cycle["upload_octets"], &cycle["download_octets"]), (&json!(2_500), &json!(25)));
    assert_eq!(up(&desk, "/api/v1/usage").await, 3_500, "never both");
    assert_eq!(up(&desk, "/api/v1/usage?username=ana").await, 3_500);
    assert_eq!(up(&desk, "/api/v1/usage?subscriber=ana").await, 2_500);
    let before = "/api/v1/usage?subscriber=ana&from=2027-01-15T09:30:00Z&to=2027-01-15T10:15:00Z";
    assert_eq!(up(&desk, before).await, 2_000, "where the originals are");
    assert_eq!(up(&desk, "/api/v1/usage?subscriber=ana&to=2027-01-15T09:30:00Z").await, 0);
    let explained = desk.see("/api/v1/explain?subscriber=ana").await;
    assert_eq!(explained["upload_octets"], 2_500);
    let lines = explained["items"].as_array().unwrap();
    assert_eq!(lines.iter().map(|line| line["upload_octets"].as_u64().unwrap()).sum::<u64>(), 2_500);
    let line = lines.iter().find(|line| line["reason"] == "adopted").unwrap();
    assert!(line["text"].as_str().unwrap().contains("before it had a subscriber"), "{line}");
    let of_login = desk.see("/api/v1/explain?router=tower&username=ana").await;
    assert_eq!(of_login["upload_octets"], 3_500);
    assert!(of_login["items"].as_array().unwrap().iter().all(|line| line["reason"] != "adopted"));
    verified(&desk).await;
    meter.round(4 * HOUR, &[(b"ana", 1_800 + 3 * HOUR, 3_600, 36)]).await;
    assert_eq!(desk.see("/api/v1/subscribers/ana").await["cycle"]["upload_octets"], 2_600);
    assert_eq!(desk.see("/api/v1/audit?limit=2").await["items"][0]["action"], "subscriber.adopt");
    verified(&desk).await;
}

/// A session of twenty minutes is adopted, after which a minute was not seen, and an open one of ten.
#[tokio::test]
async fn what_is_adopted_was_observed_as_well_as_it_was_when_it_was_nobodys() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    for minute in 1..=20 {
        meter.round(60 * minute, &[(b"ana", 30 + 60 * (minute - 1), 1_000 * minute, 10)]).await;
    }
    for minute in [21, 22] {
        meter.round(60 * minute, &[]).await;
    }
    let anew = |minute: u64| {
        let bob: crate::meter::Row<'_> = (b"bob", 30 + 60 * (minute - 31), 1, 1);
        [bob, (b"ana", 30 + 60 * (minute - 31), 1_000 * minute, 10)]
    };
    for minute in 31..=40 {
        meter.round(60 * minute, &anew(minute)).await;
    }
    desk.clock.advance(40 * 60 * 1_000_000);
    let of_login = desk.see("/api/v1/usage?username=ana").await["items"][0].clone();
    let before = of_login["observed_percent"].as_f64().unwrap();
    assert!(before > 10.0 && before < 100.0, "{of_login}");
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    adopt(&desk, "2027-01-15", 200).await;
    let observed =
        async || desk.see("/api/v1/subscribers/ana").await["cycle"]["observed_percent"].as_f64().unwrap();
    assert_eq!(observed().await, before);
    let cycle = desk.see("/api/v1/subscribers/ana/cycles").await["items"][0].clone();
    assert_eq!(cycle["observed_percent"].as_f64(), Some(before), "{cycle}");
    for minute in 41..=80 {
        meter.round(60 * minute, &anew(minute)).await;
    }
    assert!(observed().await > before, "what is hers since was seen whole");
    assert_eq!(undo(&desk, "ana", 200).await["items"].as_array().unwrap().len(), 1);
    assert_eq!(desk.see("/api/v1/subscribers/ana").await["cycle"]["observed_percent"], 100.0);
}

#[tokio::test]
async fn a_login_is_adopted_once_and_only_by_whose_it_is() {
    let (desk, _meter) = ana().await;
    adopt(&desk, "2028-01-01", 422).await;
    adopt(&desk, "soon", 422).await;
    adopt(&desk, "2027-01-15T10:30:00Z", 409).await;
    let bob = desk.post("/api/v1/subscribers", r#"{"username":"bob"}"#).await.expect(201).json();
    assert_eq!(bob["username"], "bob");
    desk.post("/api/v1/subscribers/bob/adopt", r#"{"from":"2027-01-01"}"#).await.expect(409);
    desk.post("/api/v1/subscribers/nobody/adopt", r#"{"from":"2027-01-01"}"#).await.expect(404);
    assert_eq!(adopt(&desk, "2027-01-15", 200).await["items"][0]["upload_octets"], 3_000);
    assert!(adopt(&desk, "2027-01-15", 409).await["detail"].as_str().unwrap().contains("adopted before"));
    assert_eq!(desk.see("/api/v1/subscribers/ana").await["cycle"]["upload_octets"], 3_500);
    verified(&desk).await;
}

/// The same login on two routers, one of which is another subscriber's.
#[tokio::test]
async fn the_same_login_elsewhere_stays_its_own() {
    let desk = Desk::new().await;
    let (hill, sea) = (desk.add_router("hill").await, desk.add_router("sea").await);
    for (nas, up) in [(hill, 1_000), (sea, 70)] {
        let mut meter = desk.meter(nas).await;
        meter.round(0, &[]).await;
        meter.round(60, &[(b"ana", 30, up, 0)]).await;
    }
    desk.clock.advance(120_000_000);
    desk.post("/api/v1/subscribers", r#"{"username":"ana.sea","login":"ana","router":"sea"}"#)
        .await
        .expect(201);
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let adopted = adopt(&desk, "2027-01-15", 200).await;
    assert_eq!((&adopted["items"][0]["router"], &adopted["items"][1]), (&json!("hill"), &json!(null)));
    let cycle = |username: &str| format!("/api/v1/subscribers/{username}");
    assert_eq!(desk.see(&cycle("ana")).await["cycle"]["upload_octets"], 1_000);
    assert_eq!(desk.see(&cycle("ana.sea")).await["cycle"]["upload_octets"], 0);
    desk.post("/api/v1/subscribers/ana.sea/adopt", r#"{"from":"2027-01-15"}"#).await.expect(200);
    assert_eq!(desk.see(&cycle("ana.sea")).await["cycle"]["upload_octets"], 70);
    assert_eq!(up(&desk, "/api/v1/usage").await, 1_070);
    verified(&desk).await;
}

/// Sixteen months later the hours are folded into a day: those from the adoption's instant on stay apart from the others.
#[tokio::test]
async fn what_was_adopted_stays_what_it_was_when_its_day_is_folded() {
    let (mut desk, _meter) = ana().await;
    desk.state = desk.state.clone().keeping(Some(1));
    adopt(&desk, "2027-01-15T09:30:00Z", 200).await;
    desk.clock.advance(500 * 24 * HOUR * 1_000_000);
    let all = "/api/v1/usage?subscriber=ana";
    let before = (up(&desk, all).await, up(&desk, "/api/v1/usage").await);
    loop {
        let step = desk.post("/api/v1/retention/run", "").await.expect(200).json();
        if step["entries"] == 0 {
            break;
        }
    }
    let explained = desk.see("/api/v1/explain?router=tower&username=ana").await;
    let folded = explained["items"].as_array().unwrap().iter();
    assert_eq!(folded.filter(|line| line["reason"] == "brought_forward").count(), 3, "{explained}");
    assert_eq!((up(&desk, all).await, up(&desk, "/api/v1/usage").await), before);
    assert_eq!(before, (2_500, 3_500));
    verified(&desk).await;
}

async fn undo(desk: &Desk, subscriber: &str, status: u16) -> Value {
    desk.post(&format!("/api/v1/subscribers/{subscriber}/undo-adoption"), "").await.expect(status).json()
}

async fn cycle_up(desk: &Desk, subscriber: &str) -> u64 {
    let shown = desk.see(&format!("/api/v1/subscribers/{subscriber}")).await;
    shown["cycle"]["upload_octets"].as_u64().unwrap()
}

#[tokio::test]
async fn an_adoption_is_undone_without_changing_an_entry_and_can_be_made_anew() {
    let (desk, mut meter) = ana().await;
    let login = "/api/v1/explain?router=tower&username=ana";
    let entries = desk.see(login).await;
    let nothing = undo(&desk, "ana", 409).await;
    assert!(nothing["detail"].as_str().unwrap().contains("nothing was adopted"), "{nothing}");
    adopt(&desk, "2027-01-15T09:30:00Z", 200).await;
    let undone = undo(&desk, "ana", 200).await;
    assert_eq!(
        (&undone["items"][0]["login"], &undone["items"][0]["upload_octets"]),
        (&json!("ana"), &json!(2_000))
    );
    assert_eq!(desk.see(login).await, entries);
    assert_eq!(cycle_up(&desk, "ana").await, 500);
    assert_eq!(
        (up(&desk, "/api/v1/usage?subscriber=ana").await, up(&desk, "/api/v1/usage").await),
        (500, 3_500)
    );
    let explained = desk.see("/api/v1/explain?subscriber=ana").await;
    assert_eq!(explained["upload_octets"], 500);
    assert!(explained["items"].as_array().unwrap().iter().all(|line| line["reason"] != "adopted"));
    let note = explained["notes"][0].as_str().unwrap();
    assert!(note.contains("ana on tower used before (2000 octets up, 20 down) was undone on"), "{note}");
    verified(&desk).await;

    meter.round(4 * HOUR, &[(b"ana", 1_800 + 3 * HOUR, 3_600, 36)]).await;
    assert_eq!(adopt(&desk, "2027-01-15", 200).await["items"][0]["upload_octets"], 3_000);
    assert_eq!(cycle_up(&desk, "ana").await, 3_600);
    verified(&desk).await;
    let acts = desk.see("/api/v1/audit?limit=2").await;
    assert_eq!(acts["items"][1]["action"], "subscriber.undo_adoption");
    assert_eq!(acts["items"][0]["detail"]["from"], "2027-01-15T00:00:00Z");
}

#[tokio::test]
async fn what_counts_in_a_closed_cycle_stays_adopted() {
    let (desk, _meter) = ana().await;
    adopt(&desk, "2027-01-15", 200).await;
    desk.post("/api/v1/subscribers/ana/renew", "{}").await.expect(200);
    let refused = undo(&desk, "ana", 409).await;
    assert!(refused["detail"].as_str().unwrap().contains("closed"), "{refused}");
    desk.post("/api/v1/subscribers/ana/undo-renewal", "").await.expect(200);
    verified(&desk).await;
    undo(&desk, "nobody", 404).await;
}

#[tokio::test]
async fn what_a_login_uses_after_it_is_unbound_is_not_in_what_was_adopted_before() {
    let (desk, mut meter) = ana().await;
    adopt(&desk, "2027-01-15", 200).await;
    desk.post("/api/v1/subscribers/ana/unbind", r#"{"login":"ana"}"#).await.expect(200);
    meter.round(4 * HOUR, &[(b"ana", 1_800 + 3 * HOUR, 3_700, 37)]).await;
    assert_eq!(cycle_up(&desk, "ana").await, 3_500);
    assert_eq!(
        (up(&desk, "/api/v1/usage?subscriber=ana").await, up(&desk, "/api/v1/usage").await),
        (3_500, 3_700)
    );
    let unknown = desk.see("/api/v1/unknown-logins").await;
    assert_eq!(unknown["items"][0]["upload_octets"], 200, "{unknown}");
    verified(&desk).await;
}

#[tokio::test]
async fn a_login_is_bound_or_its_subscriber_added_and_adopted_in_one_step_or_not_at_all() {
    let (desk, mut meter) = ana().await;
    let rows: [(&[u8], u64, u64, u64); 3] =
        [(b"ana", 1_800 + 3 * HOUR, 3_500, 35), (b"ana-2", 1_800, 400, 0), (b"bob", 1_800, 70, 0)];
    meter.round(4 * HOUR, &rows).await;
    desk.clock.advance(HOUR * 1_000_000);
    let second = r#"{"login":"ana-2","router":"tower","adopt_from":"2027-01-15"}"#;
    let bound = desk.post("/api/v1/subscribers/ana/bind", second).await.expect(200).json();
    assert_eq!((&bound["adopted"][0]["login"], &bound["adopted"][1]), (&json!("ana-2"), &json!(null)));
    assert_eq!(cycle_up(&desk, "ana").await, 900, "and nothing of the login that was hers already");
    let bob = r#"{"username":"bob","router":"tower","adopt_from":"2027-01-15"}"#;
    let added = desk.post("/api/v1/subscribers", bob).await.expect(201).json();
    assert_eq!(added["cycle"]["upload_octets"], 70, "{added}");
    let acts = desk.see("/api/v1/audit?limit=1").await;
    assert_eq!(acts["items"][0]["detail"]["adopted_from"], "2027-01-15T00:00:00Z", "{acts}");
    verified(&desk).await;

    let eve = r#"{"username":"eve","adopt_from":"2027-01-15"}"#;
    desk.post("/api/v1/subscribers", eve).await.expect(409);
    desk.get("/api/v1/subscribers/eve", Some(&desk.admin)).await.expect(404);
    let later = eve.replace("2027", "2028");
    desk.post("/api/v1/subscribers", &later).await.expect(422);
    desk.post("/api/v1/subscribers/ana/bind", r#"{"login":"eve","adopt_from":"2027-01-15"}"#)
        .await
        .expect(409);
    assert_eq!(desk.see("/api/v1/subscribers/ana").await["logins"].as_array().unwrap().len(), 2);
    verified(&desk).await;
}

/// All routers are ana's, those of the north somebody else's: what the login used there is not hers to adopt.
#[tokio::test]
async fn a_login_bound_more_narrowly_is_not_adopted_by_the_wider_binding() {
    let desk = Desk::new().await;
    for (name, up) in [("hill", 1_000), ("sea", 70)] {
        let nas = desk.add_router(name).await;
        let mut meter = desk.meter(nas).await;
        meter.round(0, &[]).await;
        meter.round(60, &[(b"ana", 30, up, 0)]).await;
    }
    desk.clock.advance(120_000_000);
    let hill = desk.store.nas_by_name("hill").await.unwrap().unwrap().id;
    let north = store::NasPatch { group: Some(Some("north".to_owned())), ..store::NasPatch::default() };
    desk.store.update_nas(hill, north, act("router.edit")).await.unwrap();
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    desk.post("/api/v1/subscribers", r#"{"username":"ana.north","login":"other"}"#).await.expect(201);
    let other = desk.store.find_subscriber("ana.north").await.unwrap().unwrap().id;
    let login = accounting::login::LoginName::new(accounting::login::LoginKind::Ppp, *b"ana");
    let scope = store::Scope::Group("north".to_owned());
    desk.store.bind_login(other, login, scope, act("subscriber.bind")).await.unwrap();

    let adopted = adopt(&desk, "2027-01-15", 200).await;
    assert_eq!((&adopted["items"][0]["router"], &adopted["items"][1]), (&json!("sea"), &json!(null)));
    desk.post("/api/v1/subscribers/ana.north/adopt", r#"{"from":"2027-01-15"}"#).await.expect(200);
    assert_eq!((cycle_up(&desk, "ana").await, cycle_up(&desk, "ana.north").await), (70, 1_000));
    // A second, narrower binding of her own is no obstacle and no second adoption.
    desk.post("/api/v1/subscribers/ana/bind", r#"{"login":"ana","router":"sea"}"#).await.expect(200);
    adopt(&desk, "2027-01-15", 409).await;
    undo(&desk, "ana", 200).await;
    assert_eq!(adopt(&desk, "2027-01-15", 200).await["items"].as_array().unwrap().len(), 1);
    verified(&desk).await;
}

fn act(action: &str) -> store::NewAudit {
    let text = |text: &str| text.to_owned();
    store::NewAudit {
        at: crate::meter::BEGIN,
        actor: text("test"),
        origin: None,
        action: text(action),
        subject: String::new(),
        detail: text("{}"),
    }
}
