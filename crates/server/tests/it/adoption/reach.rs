//! What an adoption reaches: entries from its instant on, on the routers where the login is the subscriber's, that count
//! for nobody.

use super::{HOUR, adopt, ana, cycle_up, up, verified};
use crate::harness::Desk;

/// An entry of the quarter-hour in which the instant lies, but before it, is not adopted.
#[tokio::test]
async fn what_ended_earlier_in_the_same_quarter_hour_is_not_adopted() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    meter.round(HOUR + 60, &[(b"ana", 90, 1_000, 10)]).await;
    meter.round(2 * HOUR, &[(b"ana", 30 + HOUR, 3_000, 30)]).await;
    desk.clock.advance(2 * HOUR * 1_000_000);
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    assert_eq!(adopt(&desk, "2027-01-15T09:02:00Z", 200).await["items"][0]["upload_octets"], 2_000);
    assert_eq!(cycle_up(&desk, "ana").await, 2_000);
    assert_eq!(up(&desk, "/api/v1/usage?subscriber=ana").await, 2_000);
    verified(&desk).await;
}

/// The login was used on three routers and is nobody's on any of them when a part of them becomes somebody's.
#[tokio::test]
async fn a_login_of_one_router_or_group_is_adopted_from_nowhere_else() {
    let desk = Desk::new().await;
    for (name, up) in [("hill", 1_000), ("isle", 30), ("sea", 70)] {
        let nas = desk.add_router(name).await;
        let mut meter = desk.meter(nas).await;
        meter.round(0, &[]).await;
        meter.round(60, &[(b"ana", 30, up, 0)]).await;
    }
    desk.clock.advance(120_000_000);
    let of_sea = r#"{"username":"ana.sea","login":"ana","router":"sea","adopt_from":"2027-01-15"}"#;
    let added = desk.post("/api/v1/subscribers", of_sea).await.expect(201).json();
    assert_eq!(added["cycle"]["upload_octets"], 70, "{added}");

    let hill = desk.store.nas_by_name("hill").await.unwrap().unwrap().id;
    let north = store::NasPatch { group: Some(Some("north".to_owned())), ..store::NasPatch::default() };
    desk.store.update_nas(hill, north, super::act("router.edit")).await.unwrap();
    desk.post("/api/v1/subscribers", r#"{"username":"ana","login":"other"}"#).await.expect(201);
    let id = desk.store.find_subscriber("ana").await.unwrap().unwrap().id;
    let login = accounting::login::LoginName::new(accounting::login::LoginKind::Ppp, *b"ana");
    let scope = store::Scope::Group("north".to_owned());
    desk.store.bind_login(id, login, scope, super::act("subscriber.bind")).await.unwrap();
    let adopted = adopt(&desk, "2027-01-15", 200).await;
    assert_eq!(adopted["items"].as_array().unwrap().len(), 1, "{adopted}");
    assert_eq!((&adopted["items"][0]["router"], cycle_up(&desk, "ana").await), (&"hill".into(), 1_000));
    let unknown = desk.see("/api/v1/unknown-logins").await;
    assert_eq!(
        (&unknown["items"][0]["router"], &unknown["items"][0]["upload_octets"]),
        (&"isle".into(), &30.into()),
        "{unknown}"
    );
    verified(&desk).await;
}

/// A login of one router has one row, whoever has it: what it used as somebody else's is billed already.
#[tokio::test]
async fn what_counted_for_somebody_before_is_not_adopted_by_the_next() {
    let (desk, mut meter) = ana().await;
    let of_tower = r#"{"login":"ana","router":"tower"}"#;
    desk.post("/api/v1/subscribers/ana/unbind", r#"{"login":"ana"}"#).await.expect(200);
    desk.post("/api/v1/subscribers/ana/bind", of_tower).await.expect(200);
    meter.round(4 * HOUR, &[(b"ana", 1_800 + 3 * HOUR, 3_900, 39)]).await;
    desk.post("/api/v1/subscribers/ana/unbind", of_tower).await.expect(200);
    meter.round(5 * HOUR, &[(b"ana", 1_800 + 4 * HOUR, 4_000, 40)]).await;
    desk.clock.advance(2 * HOUR * 1_000_000);
    let bob = r#"{"username":"bob","login":"ana","router":"tower","adopt_from":"2027-01-15T11:30:00Z"}"#;
    let added = desk.post("/api/v1/subscribers", bob).await.expect(201).json();
    assert_eq!(added["cycle"]["upload_octets"], 100, "the last hour alone was nobody's: {added}");
    assert_eq!((cycle_up(&desk, "ana").await, up(&desk, "/api/v1/usage").await), (900, 4_000));
    verified(&desk).await;
}
