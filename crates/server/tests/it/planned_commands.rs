//! What would be sent to routers, asked before it is done: each act, what is refused, and that nothing is changed.

use operations::{Became, Disconnected, LimitChange, LimitsKept, NewRouter, RouterCommandError};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use store::{ClaimedVoucher, NewAudit, Role, TlsMode, VoucherClaim};

use crate::harness::{Answer, Desk, request};

const PATH: &str = "/api/v1/planned-commands";
const GUEST: &str = "2C:54:91:00:00:01";

/// Two batches, of two vouchers and of one; on `tower` somebody is in with the first and with the second, ana is kept out; on `hill`
/// nothing is ours; `port` stands in the configuration file.
struct Town {
    desk: Desk,
    codes: Vec<String>,
}

impl Town {
    async fn new() -> Town {
        let desk = Desk::new().await;
        let file = NewRouter {
            name: "port".to_owned(),
            group: None,
            host: "192.0.2.9".to_owned(),
            port: 8728,
            tls: TlsMode::Off,
            fingerprint: None,
            username: "meter".to_owned(),
            password: "secret".into(),
            interval_ms: None,
            link_speed_bps: None,
            enabled: true,
        };
        desk.operate.sync_file_routers(vec![file], true).await.unwrap();
        let tower = desk.add_router("tower").await;
        desk.add_router("hill").await;
        let mut codes = Vec::new();
        for (batch, count) in [(1, 2), (2, 1)] {
            let body = json!({"count": count, "validity": "1h", "price": "5"});
            desk.post("/api/v1/voucher-batches", &body.to_string()).await.expect(201);
            let made = desk.see(&format!("/api/v1/vouchers?batch={batch}")).await;
            // The newest first.
            codes.extend(made["items"].as_array().unwrap().iter().rev().map(|one| text(&one["code"])));
        }
        let town = Town { desk, codes };
        town.uses(tower, 0, "AA:BB:CC:DD:EE:01").await;
        town.uses(tower, 2, "AA:BB:CC:DD:EE:02").await;
        let mut meter = town.desk.meter(tower).await;
        meter.round_with_guests(0, &[], &[]).await;
        meter.round_with_guests(60, &[], &[(b"ana", 30, 1_000, 5_000)]).await;
        let ended = Disconnected { became: Became::Gone { looked_s: 6 }, commands: Vec::new(), also_gone: 0 };
        *town.desk.commands.ended.lock().unwrap() = Ok(ended);
        let hold = json!({"username": "ana", "hold_s": 900}).to_string();
        town.desk.post("/api/v1/disconnects", &hold).await.expect(200);
        *town.desk.commands.plans.lock().unwrap() = Ok(vec!["/queue/simple/remove =.id=*1".to_owned()]);
        town
    }

    /// A device comes in with the voucher at that place.
    async fn uses(&self, nas: store::NasId, place: usize, mac: &str) {
        let (at, code) = (self.desk.operate.clock.now(), self.codes[place].clone());
        let claim = VoucherClaim { code: code.clone(), nas, mac: mac.to_owned(), proof: None, at, by: None };
        let ClaimedVoucher::Device { holder, .. } = self.desk.store.claim_voucher(claim).await.unwrap()
        else {
            panic!("{code}")
        };
        let act = NewAudit::by_system(at, "voucher.use", &code);
        self.desk.store.complete_voucher_device(holder.device.id, at, act).await.unwrap().unwrap();
    }

    async fn plan(&self, of: Value) -> Answer {
        self.desk.post(PATH, &of.to_string()).await
    }

    /// The routers of a plan, and what they would be told; the fake tells what it was asked first.
    async fn planned(&self, of: Value) -> Vec<(String, Vec<String>)> {
        let plan = self.plan(of).await.expect(200).json();
        let routers = plan["routers"].as_array().unwrap().iter();
        let commands = |of: &Value| of["commands"].as_array().unwrap().iter().map(text).collect();
        routers.map(|router| (text(&router["router"]), commands(router))).collect()
    }

    /// All that could have changed.
    async fn stands(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for path in ["audit", "vouchers", "voucher-batches", "routers", "holds", "limits", "commands"] {
            all.push(self.desk.see(&format!("/api/v1/{path}")).await);
        }
        all
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// What `tower` would be told of a change.
fn on_tower(change: &str) -> Vec<(String, Vec<String>)> {
    let commands = vec![format!("tower {change}"), "/queue/simple/remove =.id=*1".to_owned()];
    vec![("tower".to_owned(), commands)]
}

#[tokio::test]
async fn each_act_is_asked_of_the_routers_that_it_is_about_and_changes_nothing() {
    let town = Town::new().await;
    let (used, unused) = (town.codes[0].to_lowercase(), town.codes[1].clone());
    let before = town.stands().await;
    let pause = town.planned(json!({"act": "pause_vouchers", "code": used})).await;
    assert_eq!(pause, on_tower("Vouchers(One(VoucherId(1)), Pause)"));
    let revoke = town.planned(json!({"act": "revoke_vouchers", "code": used})).await;
    assert_eq!(revoke, on_tower("Vouchers(One(VoucherId(1)), Revoke)"));
    let nobodys = town.planned(json!({"act": "revoke_vouchers", "code": unused})).await;
    assert_eq!(nobodys, [], "nobody is in with it anywhere");
    for (act, told) in [("pause", "Pause"), ("resume", "Resume"), ("revoke", "Revoke")] {
        let batch = town.planned(json!({"act": format!("{act}_vouchers"), "batch": 2})).await;
        assert_eq!(batch, on_tower(&format!("Vouchers(Batch(VoucherBatchId(2)), {told})")));
    }
    let device = format!("LetIn(Device({:?}))", GUEST.as_bytes());
    let release = json!({"act": "release_hold", "router": "tower", "mac": GUEST.to_lowercase()});
    assert_eq!(town.planned(release).await, on_tower(&device));
    for act in ["remove_router", "disable_router"] {
        assert_eq!(town.planned(json!({"act": act, "router": "tower"})).await, on_tower("Leave"));
    }
    let enable = json!({"act": "enable_router", "router": "tower"});
    assert_eq!(town.planned(enable.clone()).await, [("tower".to_owned(), Vec::new())], "it is read already");
    assert_eq!(town.stands().await, before);
    town.desk.patch("/api/v1/routers/tower", r#"{"enabled": false}"#).await.expect(200);
    assert_eq!(town.planned(enable).await, on_tower("Enter"));
    town.desk.patch("/api/v1/routers/tower", r#"{"enabled": true}"#).await.expect(200);

    town.desk.post(&format!("/api/v1/vouchers/{used}/pause"), "").await.expect(200);
    let resume = town.planned(json!({"act": "resume_vouchers", "code": used})).await;
    assert_eq!(resume, on_tower("Vouchers(One(VoucherId(1)), Resume)"));
}

#[tokio::test]
async fn what_cannot_be_done_or_names_nothing_is_refused_and_changes_nothing() {
    let town = Town::new().await;
    let (used, unused) = (town.codes[0].as_str(), town.codes[1].as_str());
    let before = town.stands().await;
    for (of, status, says) in [
        (json!({"act": "resume_vouchers", "code": used}), 409, "only one that is paused can be"),
        (json!({"act": "pause_vouchers", "code": unused}), 409, "only one that runs can be"),
        (json!({"act": "pause_vouchers", "code": "NONE-SUCH"}), 404, "NONE-SUCH"),
        (json!({"act": "pause_vouchers", "batch": 77}), 404, "77"),
        (json!({"act": "pause_vouchers"}), 422, "exactly one of code and batch"),
        (json!({"act": "pause_vouchers", "code": used, "batch": 1}), 422, "exactly one of code and batch"),
        (json!({"act": "remove_router", "router": "moon"}), 404, "moon"),
        (json!({"act": "disable_router"}), 422, "Name the router"),
        (json!({"act": "disable_router", "router": "port"}), 409, "configuration file"),
        (json!({"act": "remove_router", "router": "port"}), 409, "configuration file"),
        (json!({"act": "release_hold", "router": "hill", "mac": GUEST}), 404, "is not kept out"),
        (json!({"act": "release_hold", "router": "tower", "username": "ana"}), 404, "is not kept out"),
        (json!({"act": "release_hold", "router": "moon", "mac": GUEST}), 404, "moon"),
        (json!({"act": "release_hold", "mac": GUEST}), 422, "Name who is kept out"),
        (json!({"act": "release_hold", "router": "tower"}), 422, "Name who is kept out"),
        (json!({"act": "edit_plan"}), 422, "Name the plan"),
        (json!({"act": "edit_plan", "plan": "lead", "sets_speed": true}), 404, "lead"),
        (json!({"act": "edit_subscriber", "plan": "lead"}), 422, "Name the subscriber"),
        (json!({"act": "edit_subscriber", "subscriber": "nobody"}), 404, "nobody"),
        (json!({"act": "burn_vouchers", "code": used}), 422, "burn_vouchers"),
        (json!({"act": "pause_vouchers", "code": used, "colour": "red"}), 422, "colour"),
    ] {
        let refused = town.plan(of.clone()).await.expect(status);
        assert!(refused.body.contains(says), "{of}: {}", refused.body);
    }
    assert_eq!(town.stands().await, before);
}

#[tokio::test]
async fn of_a_router_that_cannot_be_asked_it_is_said_why() {
    let town = Town::new().await;
    let why = "the process east is silent";
    *town.desk.commands.plans.lock().unwrap() = Err(RouterCommandError::NotDone(why.to_owned()));
    let plan = town.plan(json!({"act": "remove_router", "router": "hill"})).await.expect(200).json();
    assert_eq!(plan["routers"], json!([{"router": "hill", "commands": [], "trouble": why}]));
}

/// Ana is at the hotspot's other side, dialled in; nobody says what she may before.
#[tokio::test]
async fn of_plans_it_is_asked_how_the_queues_of_those_would_be_who_are_there() {
    let town = Town::new().await;
    let plan = json!({"name": "home", "rate_up_bps": 1_000_000, "rate_down_bps": 2_000_000});
    town.desk.post("/api/v1/plans", &plan.to_string()).await.expect(201);
    let guest = json!({"username": "ana", "service": "hotspot", "router": "tower"});
    town.desk.post("/api/v1/subscribers", &guest.to_string()).await.expect(201);
    let kept = LimitsKept { commands: vec!["/queue/simple/add".to_owned()], ..LimitsKept::default() };
    *town.desk.commands.kept.lock().unwrap() = Ok(kept);
    let before = town.stands().await;
    let sets = json!({"act": "edit_plan", "plan": "home", "sets_speed": true});
    assert_eq!(town.planned(sets).await, [], "nobody is on it");
    let joins = json!({"act": "edit_subscriber", "subscriber": "ana", "plan": "home"});
    assert_eq!(town.planned(joins.clone()).await, [], "it sets no speed");
    assert_eq!(town.stands().await, before);
    town.desk.patch("/api/v1/plans/home", r#"{"sets_speed": true}"#).await.expect(200);
    let told = [("tower".to_owned(), vec!["/queue/simple/add".to_owned()])];
    assert_eq!(town.planned(joins).await, told);
    let (router, change, dry_run) = town.desk.commands.keeps.lock().unwrap().pop().unwrap();
    let Some(LimitChange::All(changes)) = change else { panic!("{change:?}") };
    let [LimitChange::Set(limit)] = &*changes else { panic!("{changes:?}") };
    assert_eq!((&*router, dry_run, limit.rate.down_bps), ("tower", true, Some(2_000_000)));
    town.desk.patch("/api/v1/subscribers/ana", r#"{"plan": "home"}"#).await.expect(200);
    for edit in [json!({"rate_up_bps": null, "rate_down_bps": null}), json!({"rate_down_bps": 9})] {
        let mut of = json!({"act": "edit_plan", "plan": "home"});
        of.as_object_mut().unwrap().extend(edit.as_object().unwrap().clone());
        assert_eq!(town.planned(of).await, told, "{edit}");
    }
    let leaves = json!({"act": "edit_subscriber", "subscriber": "ana"});
    assert_eq!(town.planned(leaves).await, told);
    let last = town.desk.commands.keeps.lock().unwrap().pop().unwrap().1;
    assert!(matches!(last, Some(LimitChange::All(all)) if matches!(&*all, [LimitChange::Remove(_)])));
}

/// The route is open to whoever may do any of it, and each act to whoever may do that.
#[tokio::test]
async fn each_act_asks_for_what_it_needs_itself() {
    let town = Town::new().await;
    let acts = [
        json!({"act": "pause_vouchers", "code": town.codes[0]}),
        json!({"act": "release_hold", "router": "tower", "mac": GUEST}),
        json!({"act": "edit_plan", "plan": "home"}),
        json!({"act": "edit_subscriber", "subscriber": "bob"}),
        json!({"act": "disable_router", "router": "tower"}),
        json!({"act": "enable_router", "router": "tower"}),
    ];
    town.desk.post("/api/v1/plans", r#"{"name": "home"}"#).await.expect(201);
    town.desk.post("/api/v1/subscribers", r#"{"username": "bob"}"#).await.expect(201);
    for (role, statuses) in [
        (Role::Viewer, [403, 403, 403, 403, 403, 403]),
        (Role::Cashier, [200, 403, 403, 403, 403, 403]),
        (Role::Operator, [200, 200, 200, 200, 403, 403]),
        (Role::Admin, [200, 200, 200, 200, 200, 200]),
    ] {
        let issued = town
            .desk
            .operate
            .create_token("boss", &format!("{role:?}"), role, None, Vec::new())
            .await
            .unwrap();
        let token = issued.token.expose_secret();
        for (act, status) in acts.iter().zip(statuses) {
            let asked = request("POST", PATH, Some(token), Some(&act.to_string()));
            let answer = town.desk.send(asked).await;
            assert_eq!(answer.status.as_u16(), status, "{role:?} {act}: {}", answer.body);
        }
    }
}
