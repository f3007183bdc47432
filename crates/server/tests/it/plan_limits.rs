//! Speeds of plans that are set on the routers, limits for subscribers by name, and who is blocked.

use accounting::time::Micros;
use operations::{
    Became, CounterLook, Disconnected, LimitChange, LimitFound, LimitsKept, RouterCommandError,
};
use serde_json::{Value, json};
use store::{LimitSubject, LimitUntil, LimitsDue, RateLimit};

use crate::harness::Desk;
use crate::meter::{BEGIN, Meter};

const PHONE: &str = "2C:54:91:00:00:01";

/// Bob's line and fay's interface on tower, ana's phone at its hotspot; all three are on a plan that sets 1M/2M, and gus, who is
/// counted by a queue.
async fn read_town() -> (Desk, Meter) {
    let desk = Desk::new().await;
    *desk.commands.answer.lock().unwrap() = Ok(operations::ReadNow { poll_seq: 3, at: BEGIN });
    let looks = [(b"vlan7".to_vec(), CounterLook::Fit), (b"gus".to_vec(), CounterLook::Fit)];
    *desk.commands.looks.lock().unwrap() = Some(looks.into());
    let tower = desk.add_router("tower").await;
    let home =
        json!({"name": "home", "rate_up_bps": 1_000_000, "rate_down_bps": 2_000_000, "sets_speed": true});
    desk.post("/api/v1/plans", &home.to_string()).await.expect(201);
    for subscriber in [
        json!({"username": "bob", "plan": "home"}),
        json!({"username": "ana", "plan": "home", "service": "hotspot"}),
        json!({"username": "fay", "plan": "home", "service": "static_ip", "login": "interface:vlan7", "router": "tower"}),
        json!({"username": "gus", "plan": "home", "service": "static_ip", "login": "queue:gus", "router": "tower"}),
    ] {
        desk.post("/api/v1/subscribers", &subscriber.to_string()).await.expect(201);
    }
    let mut meter = desk.meter(tower).await;
    meter.round_with_guests(0, &[], &[]).await;
    meter.round_with_guests(60, &[(b"bob", 30, 1, 1)], &[(b"ana", 30, 1_000, 5_000)]).await;
    (desk, meter)
}

async fn town() -> Desk {
    read_town().await.0
}

fn bob() -> LimitSubject {
    LimitSubject::Ppp(b"bob".to_vec())
}

fn set_as(desk: &Desk, subject: LimitSubject) {
    let rate = RateLimit { up_bps: Some(1), down_bps: Some(1) };
    let found = vec![(subject, LimitFound::Set(rate))];
    *desk.commands.kept.lock().unwrap() = Ok(LimitsKept { found, ours: 1, ..LimitsKept::default() });
}

/// Whom it is for, at which speed down, whether it is a plan's, and who set it.
async fn listed(desk: &Desk) -> Vec<(String, Value, Value, String)> {
    let page = desk.see("/api/v1/limits").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |limit: &Value| {
        (
            text(&limit["subject"]),
            limit["down_bps"].clone(),
            limit["is_planned"].clone(),
            text(&limit["set_by"]),
        )
    };
    page["items"].as_array().unwrap().iter().map(one).collect()
}

fn planned(subject: &str) -> (String, Value, Value, String) {
    (subject.to_owned(), json!(2_000_000), json!(true), "plan home".to_owned())
}

#[tokio::test]
async fn a_plan_says_how_fast_they_are_until_somebody_says_otherwise_and_after_that_again() {
    let desk = town().await;
    assert_eq!(listed(&desk).await, [planned(PHONE), planned("bob")]);
    assert_eq!(desk.store.limits(None).await.unwrap(), [], "nobody set them");
    set_as(&desk, bob());
    let boost = json!({"username": "bob", "down_bps": 9_000_000, "for_s": 3_600});
    desk.post("/api/v1/limits", &boost.to_string()).await.expect(200);
    let now = listed(&desk).await;
    assert_eq!(
        (&now[0], &now[1].1, &now[1].2),
        (&planned(PHONE), &json!(9_000_000), &json!(false)),
        "{now:?}"
    );
    let set = desk.store.limits(None).await.unwrap();
    let LimitUntil::Lasting(until) = set[0].until else { panic!("{set:?}") };
    let later = json!({"username": "bob", "down_bps": 9_000_000, "for_s": 3_600, "sticky": true});
    desk.post("/api/v1/limits", &later.to_string()).await.expect(422);
    desk.store.end_limits(LimitsDue { wall: Micros(0), lasting: until }).await.unwrap();
    assert_eq!(listed(&desk).await, [planned(PHONE), planned("bob")], "its time is over");

    desk.post("/api/v1/limits", &json!({"username": "bob", "unlimited": true, "sticky": true}).to_string())
        .await
        .expect(200);
    desk.delete("/api/v1/limits?username=bob&reset=true&dry_run=true").await.expect(200);
    let thought = desk.commands.keeps.lock().unwrap().last().cloned().unwrap();
    let Some(LimitChange::Set(back)) = thought.1 else { panic!("{thought:?}") };
    assert_eq!((back.rate.down_bps, thought.2), (Some(2_000_000), true), "what the plan says comes back");
    desk.delete("/api/v1/limits?username=bob&reset=true").await.expect(200);
    assert_eq!(listed(&desk).await, [planned(PHONE), planned("bob")]);

    desk.delete("/api/v1/limits?username=bob").await.expect(200);
    let free = desk.store.limits(None).await.unwrap();
    assert_eq!((free[0].rate, &free[0].subject), (RateLimit::default(), &bob()));
    assert!(matches!(free[0].until, LimitUntil::Session(_)), "until their session ends: {free:?}");
    let off = json!({"sets_speed": false}).to_string();
    let plan = desk.patch("/api/v1/plans/home", &off).await.expect(200).json();
    assert_eq!(
        (&plan["sets_speed"], listed(&desk).await.len()),
        (&json!(false), 1),
        "only what somebody set"
    );
}

#[tokio::test]
async fn a_subscriber_is_limited_by_name_wherever_they_are() {
    let desk = town().await;
    let set = async |body: Value| desk.post("/api/v1/limits", &body.to_string()).await;
    for (username, subject) in [("bob", bob()), ("ana", LimitSubject::Device(PHONE.as_bytes().to_vec()))] {
        set_as(&desk, subject.clone());
        let told = set(json!({"subscriber": username, "down_bps": 5_000_000})).await.expect(200).json();
        assert_eq!(told["router"], "tower", "{told}");
        let mine = desk
            .store
            .limits(None)
            .await
            .unwrap()
            .into_iter()
            .find(|limit| limit.subject == subject)
            .unwrap();
        assert!(matches!(mine.until, LimitUntil::Session(_)), "{mine:?}");
        desk.delete(&format!("/api/v1/limits?subscriber={username}&reset=true")).await.expect(200);
    }
    let told = set(json!({"subscriber": "fay", "down_bps": 5_000_000})).await.expect(422).text("detail");
    assert!(told.contains("has no session"), "{told}");
    set_as(&desk, LimitSubject::Interface(b"vlan7".to_vec()));
    let told =
        set(json!({"subscriber": "fay", "down_bps": 5_000_000, "sticky": true})).await.expect(200).json();
    assert_eq!((&told["kind"], &told["subject"]), (&json!("interface"), &json!("vlan7")));
    desk.delete("/api/v1/limits?subscriber=fay").await.expect(200);
    assert_eq!(desk.store.limits(None).await.unwrap(), []);
    let told = set(json!({"subscriber": "gus", "down_bps": 5_000_000, "sticky": true}))
        .await
        .expect(409)
        .text("detail");
    assert!(told.contains("counted by queue:gus of router tower"), "{told}");
    assert!(told.contains("/queue simple set [find name=\"gus\"] max-limit="), "what mends it: {told}");
    let told = set(json!({"subscriber": "zoe", "down_bps": 5_000_000})).await.expect(404).text("detail");
    assert!(told.contains("no subscriber zoe"), "{told}");
}

#[tokio::test]
async fn who_is_blocked_is_held_and_loses_every_session() {
    let (desk, mut meter) = read_town().await;
    meter.round_with_guests(120, &[(b"bob", 90, 1, 1), (b"bob", 30, 1, 1)], &[]).await;
    let gone =
        Disconnected { became: Became::Gone { looked_s: 6 }, commands: vec!["/x".to_owned()], also_gone: 0 };
    *desk.commands.ended.lock().unwrap() = Ok(gone);
    let block = async |body: Value| desk.post("/api/v1/holds", &body.to_string()).await;
    let told = block(json!({"username": "bob", "for_s": 600})).await.expect(200).json();
    assert_eq!(told["others"].as_array().unwrap().len(), 1, "{told}");
    assert!(told["first"]["held_until"].is_string(), "{told}");
    let ends = desk.commands.ends.lock().unwrap().clone();
    let held: Vec<bool> = ends.iter().map(|(_, session, _)| session.hold).collect();
    assert_eq!(held, [true, false], "they are kept out once, and lose both");
    assert_eq!(desk.see("/api/v1/holds").await["items"][0]["subject"], "bob");
    block(json!({"username": "bob", "for_s": 600})).await.expect(409);

    *desk.commands.ended.lock().unwrap() = Err(RouterCommandError::Refused("no right to write".to_owned()));
    let told = block(json!({"mac": PHONE})).await.expect(404).text("detail");
    assert!(told.contains("no such hotspot user"), "ana went: {told}");
    let told = block(json!({"subscriber": "fay"})).await.expect(409).text("detail");
    assert!(told.contains("logs in nowhere"), "{told}");
    block(json!({"mac": PHONE, "username": "bob"})).await.expect(400);
    block(json!({"mac": "nonsense"})).await.expect(422);
    let none = desk.see("/api/v1/holds").await["items"].as_array().unwrap().len();
    assert_eq!(none, 1, "nobody else is kept out");
}

#[tokio::test]
async fn a_router_that_is_left_is_rid_of_our_queues_or_it_is_said_what_stays() {
    let desk = town().await;
    desk.delete("/api/v1/routers/tower").await.expect(204);
    assert!(desk.commands.keeps.lock().unwrap().is_empty(), "nothing of ours was ever on it");

    let desk = town().await;
    set_as(&desk, bob());
    let limit = json!({"username": "bob", "down_bps": 9_000_000}).to_string();
    desk.post("/api/v1/limits", &limit).await.expect(200);
    *desk.commands.kept.lock().unwrap() = Ok(LimitsKept::default());
    let off = json!({"enabled": false}).to_string();
    let changed = desk.patch("/api/v1/routers/tower", &off).await.expect(200).json();
    assert_eq!((&changed["enabled"], &changed["stays"]), (&json!(false), &json!(null)));
    let last = || desk.commands.keeps.lock().unwrap().last().cloned().unwrap();
    assert_eq!(last(), ("tower".to_owned(), Some(LimitChange::Leave), false));
    *desk.commands.kept.lock().unwrap() = Err(RouterCommandError::Unreachable("nobody listens".to_owned()));
    let told = desk.delete("/api/v1/routers/tower").await.expect(200).text("stays");
    let id = desk.store.installation().await.unwrap().id;
    let command = format!("/queue simple remove [find comment=\"tikmeter limit {}\"]", &id[..8]);
    assert!(told.contains("nobody listens") && told.contains(&command), "{told}");
    assert_eq!(desk.see("/api/v1/routers").await["items"], json!([]), "it is removed all the same");
    let acts = desk.see("/api/v1/audit?limit=100").await;
    let left = acts["items"].as_array().unwrap().iter().filter(|act| act["action"] == "limit.leave").count();
    assert_eq!(left, 2);
}
