//! Speed limits over HTTP: whom they are for, what is wanted, what the router says, and the paths of the piso-net tool.

use operations::{LimitChange, LimitFound, LimitsKept, NoEffect, RouterCommandError};
use serde_json::{Value, json};
use store::{LimitSubject, LimitUntil, LimitsDue, RateLimit};

use crate::harness::{Answer, Desk, request};
use crate::meter::{BEGIN, Meter, Row};

pub(crate) const PHONE: &str = "2C:54:91:00:00:01";

/// Bob's line on tower, and ana's phone at the hotspot of harbour; and what reads the two routers.
async fn read_town() -> (Desk, Meter, Meter) {
    let desk = Desk::new().await;
    *desk.commands.answer.lock().unwrap() = Ok(operations::ReadNow { poll_seq: 3, at: BEGIN });
    let (tower, harbour) = (desk.add_router("tower").await, desk.add_router("harbour").await);
    let mut tower = desk.meter(tower).await;
    tower.round(0, &[]).await;
    tower.round(60, &[(b"bob", 30, 1, 1)]).await;
    let mut harbour = desk.meter(harbour).await;
    harbour.round_with_guests(0, &[], &[]).await;
    harbour.round_with_guests(60, &[], &[(b"ana", 30, 1_000, 5_000)]).await;
    (desk, tower, harbour)
}

pub(crate) async fn town() -> Desk {
    read_town().await.0
}

pub(crate) fn phone() -> LimitSubject {
    LimitSubject::Device(PHONE.as_bytes().to_vec())
}

pub(crate) fn stands(desk: &Desk, subject: LimitSubject, found: LimitFound) {
    let commands = vec!["/queue/simple/add =name=x".to_owned()];
    *desk.commands.kept.lock().unwrap() =
        Ok(LimitsKept { commands, found: vec![(subject, found)], ours: 1, ..LimitsKept::default() });
}

pub(crate) fn set_as(up: u64, down: u64) -> LimitFound {
    LimitFound::Set(RateLimit { up_bps: Some(up), down_bps: Some(down) })
}

pub(crate) async fn set(desk: &Desk, body: Value) -> Answer {
    desk.post("/api/v1/limits", &body.to_string()).await
}

/// What was done, oldest first.
async fn journal(desk: &Desk) -> Vec<String> {
    let page = desk.see("/api/v1/audit?limit=100").await;
    let acts = page["items"].as_array().unwrap().iter().rev().map(|act| act["action"].as_str().unwrap());
    acts.filter(|act| act.starts_with("limit.")).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_limit_is_wanted_kept_listed_and_removed() {
    let desk = town().await;
    stands(&desk, phone(), set_as(1_000_000, 2_000_000));
    let body = json!({"mac": "2c-54-91-00-00-01", "up_bps": 1_000_000, "down_bps": 2_000_000});
    let told = set(&desk, body).await.expect(200).json();
    assert_eq!((&told["router"], &told["state"]), (&json!("harbour"), &json!("set")), "{told}");
    assert_eq!((&told["kind"], &told["subject"]), (&json!("device"), &json!(PHONE)));
    let wanted = desk.store.limits(None).await.unwrap();
    assert_eq!((wanted.len(), &wanted[0].subject), (1, &phone()));
    assert!(matches!(wanted[0].until, LimitUntil::Session(_)), "it ends with their session: {wanted:?}");
    let listed = desk.see("/api/v1/limits?router=harbour").await["items"][0].clone();
    assert_eq!((&listed["up_bps"], &listed["state"]), (&json!(1_000_000), &json!(null)), "{listed}");
    assert_eq!(desk.see("/api/v1/limits?router=tower").await["items"], json!([]));
    stands(&desk, phone(), LimitFound::Free);
    desk.delete(&format!("/api/v1/limits?mac={PHONE}")).await.expect(200);
    assert_eq!(desk.store.limits(None).await.unwrap(), []);
    desk.delete(&format!("/api/v1/limits?mac={PHONE}")).await.expect(200);
    let acts = ["limit.set", "limit.kept", "limit.remove", "limit.kept", "limit.kept"];
    assert_eq!(journal(&desk).await, acts, "something of ours may be there yet, so it is looked at again");
    let stays = LimitsKept { stays: Some("no right to write".to_owned()), ..LimitsKept::default() };
    *desk.commands.kept.lock().unwrap() = Ok(stays);
    let told = desk.delete(&format!("/api/v1/limits?mac={PHONE}")).await.expect(424).text("detail");
    assert!(told.contains("no right to write"), "{told}");
    let keeps = desk.commands.keeps.lock().unwrap().clone();
    let order = ("harbour".to_owned(), Some(LimitChange::About(phone())), false);
    assert!(keeps.iter().all(|kept| *kept == order), "no more is answered than was asked for: {keeps:?}");
}

#[tokio::test]
async fn a_dry_run_wants_nothing_and_a_viewer_may_not_even_ask() {
    let desk = town().await;
    stands(&desk, LimitSubject::Ppp(b"bob".to_vec()), LimitFound::Away);
    let body = json!({"username": "bob", "down_bps": 5_000_000, "sticky": true, "dry_run": true});
    let told = set(&desk, body.clone()).await.expect(200).json();
    assert_eq!((&told["state"], &told["commands"][0]), (&json!(null), &json!("/queue/simple/add =name=x")));
    assert_eq!((desk.store.limits(None).await.unwrap(), journal(&desk).await), (vec![], vec![]));
    assert!(desk.commands.keeps.lock().unwrap()[0].2);
    let taken = (LimitSubject::Ppp(b"bob".to_vec()), "another queue is called so".to_owned());
    *desk.commands.kept.lock().unwrap() = Ok(LimitsKept { refused: vec![taken], ..LimitsKept::default() });
    let told = set(&desk, body.clone()).await.expect(200).json();
    assert_eq!(told["state"], "refused", "{told}");
    assert_eq!(told["told"], "Nothing was sent. It would be refused: another queue is called so.");
    let body = body.to_string();
    desk.send(request("POST", "/api/v1/limits", Some(&desk.viewer), Some(&body))).await.expect(403);
}

#[tokio::test]
async fn what_the_router_does_not_take_is_wanted_no_more_and_what_was_before_is() {
    let desk = town().await;
    stands(&desk, phone(), set_as(1_000_000, 2_000_000));
    let first = json!({"mac": PHONE, "up_bps": 1_000_000, "down_bps": 2_000_000, "sticky": true});
    set(&desk, first).await.expect(200);
    let before = desk.store.limits(None).await.unwrap();
    let second = json!({"mac": PHONE, "up_bps": 5_000_000});
    stands(&desk, phone(), LimitFound::Refused("the router refused it: no".to_owned()));
    let told = set(&desk, second.clone()).await.expect(424).text("detail");
    assert!(told.contains("the router refused it: no"), "{told}");
    assert_eq!(desk.store.limits(None).await.unwrap(), before);
    *desk.commands.kept.lock().unwrap() = Err(RouterCommandError::Unreachable("nobody listens".to_owned()));
    set(&desk, second.clone()).await.expect(424);
    assert_eq!(desk.store.limits(None).await.unwrap(), before);
    *desk.commands.kept.lock().unwrap() = Err(RouterCommandError::Unknown("the answer was lost".to_owned()));
    set(&desk, second).await.expect(503);
    let now = desk.store.limits(None).await.unwrap();
    assert_eq!(now[0].rate.up_bps, Some(5_000_000), "what may be set is wanted on");
}

/// The next reading shows what happened since the last one.
fn since(desk: &Desk, mut meter: Meter, rows: &'static [Row<'static>], guests: &'static [Row<'static>]) {
    let reading = Box::pin(async move { meter.round_with_guests(120, rows, guests).await });
    desk.commands.brings.lock().unwrap().push_back(reading);
}

#[tokio::test]
async fn it_ends_with_who_is_connected_now_and_not_with_whom_the_books_had() {
    let (desk, tower, _) = read_town().await;
    let bob = LimitSubject::Ppp(b"bob".to_vec());
    stands(&desk, bob, set_as(1_000_000, 2_000_000));
    let before = desk.see("/api/v1/sessions?username=bob&state=open").await["items"][0]["no"].clone();
    // He dialled in anew: another row, another id.
    since(&desk, tower, &[(b"eva", 90, 1, 1), (b"bob", 10, 5, 5)], &[]);
    set(&desk, json!({"username": "bob", "up_bps": 1_000_000})).await.expect(200);
    let now = desk.see("/api/v1/sessions?username=bob&state=open").await["items"][0]["no"].clone();
    let wanted = desk.store.limits(None).await.unwrap();
    let LimitUntil::Session(no) = wanted[0].until else { panic!("{wanted:?}") };
    assert!(json!(no) == now && now != before, "{no}: {before}, {now}");
}

#[tokio::test]
async fn a_device_that_roamed_is_limited_where_it_is() {
    let (desk, tower, harbour) = read_town().await;
    stands(&desk, phone(), set_as(1_000_000, 2_000_000));
    since(&desk, harbour, &[], &[]);
    since(&desk, tower, &[(b"bob", 90, 1, 1)], &[(b"ana", 30, 1_000, 5_000)]);
    let told = set(&desk, json!({"mac": PHONE, "up_bps": 1_000_000})).await.expect(200).json();
    assert_eq!(told["router"], "tower", "{told}");
    assert_eq!(desk.store.end_limits(LimitsDue { wall: BEGIN, lasting: BEGIN }).await.unwrap(), []);
}

/// Whom it would end with is not known then; one that ends otherwise is wanted as soon as the router can be reached.
#[tokio::test]
async fn without_a_reading_none_is_wanted_that_ends_with_a_session() {
    let desk = town().await;
    stands(&desk, phone(), set_as(1_000_000, 2_000_000));
    *desk.commands.answer.lock().unwrap() = Err(RouterCommandError::TimedOut);
    set(&desk, json!({"mac": PHONE, "up_bps": 1_000_000})).await.expect(424);
    assert_eq!((desk.store.limits(None).await.unwrap(), journal(&desk).await), (vec![], vec![]));
    set(&desk, json!({"mac": PHONE, "up_bps": 1_000_000, "sticky": true})).await.expect(200);
}

#[tokio::test]
async fn a_plan_gives_the_speeds_that_are_not_given() {
    let desk = town().await;
    stands(&desk, phone(), set_as(1_000_000, 2_000_000));
    for plan in [
        json!({"name": "home", "rate_up_bps": 1_000_000, "rate_down_bps": 2_000_000}),
        json!({"name": "bare"}),
    ] {
        desk.post("/api/v1/plans", &plan.to_string()).await.expect(201);
    }
    let rate_of = async |body: Value| {
        set(&desk, body).await.expect(200);
        desk.store.limits(None).await.unwrap()[0].rate
    };
    let rate = |up, down| RateLimit { up_bps: Some(up), down_bps: Some(down) };
    assert_eq!(rate_of(json!({"mac": PHONE, "plan": "home"})).await, rate(1_000_000, 2_000_000));
    assert_eq!(rate_of(json!({"mac": PHONE, "plan": "home", "up_bps": 5_000})).await, rate(5_000, 2_000_000));
    for (plan, words) in [("away", "no plan called away"), ("bare", "has no speeds")] {
        let told = set(&desk, json!({"mac": PHONE, "plan": plan})).await.expect(422).text("detail");
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(desk.store.limits(None).await.unwrap()[0].rate, rate(5_000, 2_000_000));
}

#[tokio::test]
async fn one_without_effect_says_why_and_how_to_mend_it() {
    let desk = town().await;
    let behind = |dynamic| NoEffect::Behind { queue: b"<pppoe-bob>".to_vec(), dynamic };
    let bob = LimitSubject::Ppp(b"bob".to_vec());
    for (why, words) in [
        (NoEffect::FastTrack, "action=fasttrack-connection"),
        (behind(true), "Take the rate-limit out of the profile"),
        (behind(false), "Move it behind ours"),
        (NoEffect::MayBeBehind { queue: b"all".to_vec() }, "if they are behind that interface"),
    ] {
        stands(&desk, bob.clone(), LimitFound::WithoutEffect(why));
        let told = set(&desk, json!({"username": "bob", "up_bps": 1_000_000})).await.expect(200).json();
        assert_eq!(told["state"], "without_effect");
        assert!(told["told"].as_str().unwrap().contains(words), "{told}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_nothing_is_wanted() {
    let desk = town().await;
    for (body, status, words) in [
        (json!({"up_bps": 1_000}), 400, "exactly one of mac, username, address and subscriber"),
        (json!({"mac": PHONE, "username": "bob"}), 400, "exactly one"),
        (json!({"mac": "nonsense", "up_bps": 1_000}), 422, "is no MAC address"),
        (json!({"mac": PHONE}), 422, "say how fast they may be"),
        (json!({"mac": PHONE, "up_bps": 1_000, "unlimited": true}), 422, "either how fast"),
        (json!({"mac": PHONE, "up_bps": 7}), 422, "no speed that a line has"),
        (json!({"mac": PHONE, "up_bps": 1_000, "until": "2020-01-01T00:00:00Z"}), 422, "ended already"),
        (json!({"mac": PHONE, "until": "2099-01-01T00:00:00Z", "sticky": true}), 422, "not several"),
        (json!({"mac": "AA:BB:CC:DD:EE:FF", "up_bps": 1_000}), 404, "no such hotspot user is active"),
        (json!({"username": "nobody", "up_bps": 1_000}), 404, "no session of nobody"),
        (json!({"address": "10.0.0.7", "up_bps": 1_000}), 422, "name the router"),
        (json!({"address": "ether1", "router": "tower", "up_bps": 1_000}), 422, "is no address"),
        (json!({"address": "10.0.0.7", "router": "tower", "up_bps": 1_000}), 422, "has no session"),
        (json!({"mac": PHONE, "router": "moon", "up_bps": 1_000}), 422, "moon"),
    ] {
        let told = set(&desk, body.clone()).await.expect(status).text("detail");
        assert!(told.contains(words), "{body}: {told}");
    }
    assert_eq!((desk.store.limits(None).await.unwrap(), journal(&desk).await), (vec![], vec![]));
    assert!(!desk.commands.asked.lock().unwrap().is_empty(), "who came just now is read before it is said");
}

#[tokio::test]
async fn the_piso_net_tools_paths_answer_in_its_words() {
    let desk = town().await;
    let post = async |path: &str, body: Value| {
        let answer = desk.post(&format!("/admin/api/{path}"), &body.to_string()).await;
        (answer.status.as_u16(), answer.json())
    };
    let said = |success: bool, message: &str| json!({"success": success, "message": message});
    stands(&desk, phone(), set_as(512_000, 10_000_000));
    let done = said(true, "Bandwidth limit set to 512K/10M");
    let body = json!({"mac": PHONE, "upload": "512k", "download": "10M"});
    assert_eq!(post("set-bandwidth", body).await, (200, done));
    let wanted = desk.store.limits(None).await.unwrap();
    assert_eq!(wanted[0].rate, RateLimit { up_bps: Some(512_000), down_bps: Some(10_000_000) });
    stands(&desk, phone(), set_as(1_000_000, 2_000_000));
    let done = said(true, "Bandwidth limit set to 1M/2M");
    assert_eq!(post("set-bandwidth", json!({"mac": PHONE})).await, (200, done));
    let required = said(false, "MAC address is required");
    for path in ["set-bandwidth", "remove-bandwidth"] {
        assert_eq!(post(path, json!({})).await, (400, required.clone()));
        assert_eq!(post(path, json!({"mac": "AA:BB"})).await.0, 400);
    }
    assert_eq!(post("set-bandwidth", json!({"mac": PHONE, "upload": "fast"})).await.0, 400);
    let (status, told) = post("set-bandwidth", json!({"mac": "AA:BB:CC:DD:EE:FF"})).await;
    assert!(status == 404 && told["message"].as_str().unwrap().contains("no such hotspot user"), "{told}");
    stands(&desk, phone(), LimitFound::Refused("in the routers own words".to_owned()));
    let (status, told) = post("set-bandwidth", json!({"mac": PHONE})).await;
    assert!(status == 502 && told["message"].as_str().unwrap().contains("routers own words"), "{told}");
    stands(&desk, phone(), LimitFound::Free);
    for _ in 0..2 {
        let removed = said(true, "Bandwidth limit removed");
        assert_eq!(post("remove-bandwidth", json!({"mac": PHONE})).await, (200, removed));
    }
    let gone = json!({"mac": "AA:BB:CC:DD:EE:FF"});
    assert_eq!(post("remove-bandwidth", gone).await.0, 200, "who is not there is not limited");
    stands(&desk, phone(), LimitFound::Away);
    assert_eq!(post("set-bandwidth", json!({"mac": PHONE})).await.0, 404);
    stands(&desk, phone(), LimitFound::WithoutEffect(NoEffect::FastTrack));
    let (status, told) = post("set-bandwidth", json!({"mac": PHONE})).await;
    assert!(status == 200 && told["warning"].as_str().unwrap().contains("FastTracks"), "{told}");
    stands(&desk, phone(), LimitFound::Free);
    let mut meter = desk.meter(desk.store.nas_by_name("tower").await.unwrap().unwrap().id).await;
    meter.round_with_guests(120, &[(b"bob", 90, 1, 1)], &[(b"ana", 30, 1_000, 5_000)]).await;
    let (status, told) = post("set-bandwidth", json!({"mac": PHONE})).await;
    let told = told["message"].as_str().unwrap().to_owned();
    assert!(status == 409 && told.contains("tower") && told.contains("harbour"), "{told}");
}

#[tokio::test]
async fn queues_of_a_router_are_shown_and_why_not() {
    let desk = town().await;
    let queue = operations::RouterQueue {
        name: b"q\xff".to_vec(),
        target: b"10.0.0.7/32".to_vec(),
        rate: None,
        octets: Some(accounting::Octets::new(5, 7)),
        is_ours: false,
        is_dynamic: true,
        is_off: false,
        comment: Vec::new(),
    };
    *desk.commands.queues.lock().unwrap() = Ok(vec![queue]);
    let router = desk.see("/api/v1/routers").await["items"][0]["name"].as_str().unwrap().to_owned();
    let shown = desk.see(&format!("/api/v1/routers/{router}/queues")).await["items"][0].clone();
    assert_eq!((&shown["name"], &shown["is_understood"]), (&json!("hex:71ff"), &json!(false)));
    assert_eq!((&shown["up_bps"], &shown["download_octets"]), (&Value::Null, &json!(7)));
    desk.get("/api/v1/routers/moon/queues", Some(&desk.admin)).await.expect(404);
    *desk.commands.queues.lock().unwrap() = Err(operations::RouterCommandError::TimedOut);
    desk.get(&format!("/api/v1/routers/{router}/queues"), Some(&desk.admin)).await.expect(424);
}
