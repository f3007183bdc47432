//! Speeds of plans, set on a router for those who are connected.

use std::time::Duration;

use accounting::time::Micros;
use operations::{Clock, LimitFound, RouterCommands, RouterPlan, SubscriberPatch, SystemClock};
use routeros_sim::world::{Service, World};
use store::{
    LimitSubject, LimitUntil, NewSubscriber, Plan, PlanCycle, PlanPatch, PlanRepository, RateLimit,
    RateLimitRepository, RenewalRepository, Renews, Scope, SubscriberChange, SubscriberRepository,
    SubscriberStatus, WantedLimit,
};

use super::books::act;
use super::limits::{Scene, eva};

async fn add_plan(scene: &Scene, name: &str, up_bps: u64, down_bps: u64) {
    let plan = Plan {
        name: name.to_owned(),
        price: None,
        validity: None,
        devices: 1,
        rate_up_bps: Some(up_bps),
        rate_down_bps: Some(down_bps),
        quota_octets: None,
        cycle: PlanCycle::Renewal,
        sets_speed: true,
    };
    scene.house.sqlite.insert_plan(plan, act("plan.add")).await.unwrap();
}

async fn subscribe(scene: &Scene, (kind, login): (&str, &str), plan: &str, scope: Scope) {
    let new = NewSubscriber {
        id: uuid::Uuid::new_v4(),
        username: login.to_owned(),
        name: None,
        service: "pppoe".to_owned(),
        plan: Some(plan.to_owned()),
        status: SubscriberStatus::Active,
        expiry_at: None,
        zone: None,
        note: None,
        kind: accounting::login::LoginKind::from_name(kind).unwrap(),
        login: login.as_bytes().to_vec(),
        scope,
    };
    scene.house.sqlite.insert_subscriber(new, act("subscriber.add")).await.unwrap();
    scene.house.read("r").await.unwrap();
}

async fn edit_plan(scene: &Scene, patch: PlanPatch) {
    scene.house.sqlite.update_plan("home", patch, act("plan.edit")).await.unwrap();
}

impl Scene {
    pub(super) async fn until_shown(&self, wanted: &[(&str, &str, &str)]) {
        let wanted: Vec<_> = wanted
            .iter()
            .map(|(name, target, rate)| ((*name).to_owned(), (*target).to_owned(), (*rate).to_owned(), true))
            .collect();
        for _ in 0..600 {
            if self.queues().await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{:?}", self.queues().await);
    }
}

/// Nothing stands unless the plan says so; every change of it is applied while she stays connected.
#[tokio::test]
async fn a_plans_speed_is_set_by_itself_follows_the_plan_and_comes_back_after_what_somebody_set() {
    let scene = Scene::new().await;
    add_plan(&scene, "home", 1_000_000, 2_000_000).await;
    add_plan(&scene, "gold", 5_000_000, 9_000_000).await;
    edit_plan(&scene, PlanPatch { sets_speed: Some(false), ..PlanPatch::default() }).await;
    subscribe(&scene, ("ppp", "eva"), "home", Scope::All).await;
    scene.house.supervisor.keep_limits(scene.nas().await, None, false).await.unwrap();
    assert_eq!((scene.sim.changes().len(), scene.house.sqlite.limited_routers().await.unwrap()), (0, vec![]));
    edit_plan(&scene, PlanPatch { sets_speed: Some(true), ..PlanPatch::default() }).await;
    let line = |rate| [("tikmeter-ppp-eva", "<pppoe-eva>", rate)];
    scene.until_shown(&line("1000000/2000000")).await;
    edit_plan(&scene, PlanPatch { rate_down_bps: Some(Some(3_000_000)), ..PlanPatch::default() }).await;
    scene.until_shown(&line("1000000/3000000")).await;
    let id = scene.house.sqlite.find_subscriber("eva").await.unwrap().unwrap().id;
    let other = SubscriberChange {
        plan: Some(Some("gold".to_owned())),
        renews: Renews::Never,
        ..SubscriberChange::default()
    };
    scene.house.sqlite.change_subscriber(id, other, act("subscriber.edit"), act("renewal")).await.unwrap();
    scene.until_shown(&line("5000000/9000000")).await;
    assert_eq!(scene.sim.with_world(|world| world.live_sessions().count()), 1, "she was never sent away");

    let soon = Micros(SystemClock::new().now().0 + 4_000_000);
    let boost = WantedLimit { until: LimitUntil::At(soon), ..scene.limit(eva(), 7_000_000, 7_000_000).await };
    scene.house.sqlite.set_limit(boost, act("limit.set")).await.unwrap();
    scene.keep(None, false).await.unwrap();
    scene.until_shown(&line("7000000/7000000")).await;
    scene.until_shown(&line("5000000/9000000")).await;
    let free = WantedLimit { rate: RateLimit::default(), ..scene.limit(eva(), 1, 1).await };
    scene.house.sqlite.set_limit(free, act("limit.set")).await.unwrap();
    assert_eq!(scene.keep(None, false).await.unwrap().of(&eva()), Some(&LimitFound::Free));
    scene.until_ours(0).await;
    scene.house.sqlite.remove_limit(scene.nas().await.id, eva(), act("limit.remove")).await.unwrap();
    scene.until_shown(&line("5000000/9000000")).await;
}

/// Of a change of the plan, and of who is on it; what somebody set stays, whatever plans say.
#[tokio::test]
async fn what_is_shown_of_a_plan_and_of_another_one_for_somebody_is_what_is_sent() {
    let scene = Scene::new().await;
    let operations =
        super::booth::operations(&scene.house, scene.house.clock.clone(), scene.house.node.clone());
    add_plan(&scene, "home", 1_000_000, 2_000_000).await;
    add_plan(&scene, "gold", 5_000_000, 9_000_000).await;
    edit_plan(&scene, PlanPatch { sets_speed: Some(false), ..PlanPatch::default() }).await;
    subscribe(&scene, ("ppp", "eva"), "home", Scope::All).await;
    let shown = |plans: Vec<RouterPlan>| -> Vec<String> {
        plans.into_iter().flat_map(|plan| plan.commands.unwrap()).collect()
    };
    let faster = PlanPatch { rate_down_bps: Some(Some(3_000_000)), ..PlanPatch::default() };
    let mut sent = scene.sim.changes().len();
    assert_eq!(operations.plan_plan_edit("home", faster.clone()).await.unwrap(), [], "it sets no speeds");
    for (patch, ours) in [
        (PlanPatch { sets_speed: Some(true), ..PlanPatch::default() }, 1),
        (faster, 1),
        (PlanPatch { sets_speed: Some(false), ..PlanPatch::default() }, 0),
        (PlanPatch { sets_speed: Some(true), ..PlanPatch::default() }, 1),
    ] {
        let planned = shown(operations.plan_plan_edit("home", patch.clone()).await.unwrap());
        assert_eq!((scene.sim.changes().len(), planned.len()), (sent, 1), "it is only thought of");
        operations.edit_plan("eva", "home", patch).await.unwrap();
        let kept = scene.keep(None, false).await.unwrap();
        assert_eq!((&scene.sim.changes()[sent..], kept.ours), (&*planned, ours));
        sent = scene.sim.changes().len();
    }
    for (plan, ours) in [(Some("gold"), 1), (None, 0), (Some("home"), 1)] {
        let planned = shown(operations.plan_subscriber_edit("eva", plan).await.unwrap());
        assert_eq!((scene.sim.changes().len(), planned.len()), (sent, 1), "it is only thought of");
        let patch = SubscriberPatch { plan: Some(plan.map(str::to_owned)), ..SubscriberPatch::default() };
        operations.change_subscriber("eva", "eva", patch).await.unwrap();
        let kept = scene.keep(None, false).await.unwrap();
        assert_eq!((&scene.sim.changes()[sent..], kept.ours), (&*planned, ours));
        sent = scene.sim.changes().len();
    }
    scene.set(eva(), 4_000_000, 4_000_000).await.unwrap();
    assert_eq!(
        operations.plan_subscriber_edit("eva", Some("gold")).await.unwrap(),
        [],
        "somebody set another"
    );
    let unknown = operations.plan_subscriber_edit("eva", Some("lead")).await.unwrap_err().to_string();
    assert!(unknown.contains("lead"), "{unknown}");
}

/// What a plan says goes with who it is for, and it is known again by a process that comes later.
#[tokio::test]
async fn who_leaves_a_plan_that_sets_speeds_or_goes_leaves_no_queue_also_over_a_restart() {
    let mut scene = Scene::new().await;
    add_plan(&scene, "home", 1_000_000, 2_000_000).await;
    subscribe(&scene, ("ppp", "eva"), "home", Scope::All).await;
    scene.until_ours(1).await;
    let sent = scene.sim.changes().len();
    scene.house = scene.house.restart().await;
    scene.house.when("r", |status| status.rounds_total > 0).await;
    scene.keep(None, false).await.unwrap();
    assert_eq!(scene.sim.changes().len(), sent, "it stands as it is wanted");
    edit_plan(&scene, PlanPatch { sets_speed: Some(false), ..PlanPatch::default() }).await;
    scene.house = scene.house.restart().await;
    scene.until_ours(0).await;
    for _ in 0..300 {
        if scene.house.sqlite.limited_routers().await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the router is asked on though nothing of ours is there");
}

#[tokio::test]
async fn a_static_address_is_limited_by_the_interface_that_faces_it_while_that_is_there() {
    let scene = Scene::of(World::add_usual_interfaces).await;
    add_plan(&scene, "home", 1_000_000, 2_000_000).await;
    subscribe(&scene, ("static_ip", "interface:ether2"), "home", Scope::Router("r".to_owned())).await;
    let facing = [("tikmeter-if-ether2", "ether2", "1000000/2000000")];
    scene.until_shown(&facing).await;
    let subject = LimitSubject::Interface(b"ether2".to_vec());
    let rate = RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) };
    let kept = scene.keep(None, false).await.unwrap();
    assert_eq!((kept.of(&subject), kept.commands.len()), (Some(&LimitFound::Set(rate)), 0));
    scene.sim.with_world(|world| world.remove_interface("ether2"));
    let gone = scene.keep(None, false).await.unwrap();
    assert_eq!((gone.of(&subject), gone.ours), (Some(&LimitFound::Away), 0));
}

#[tokio::test]
async fn a_hundred_subscribers_cost_a_print_of_each_table_and_nothing_is_written_again() {
    let scene = Scene::new().await;
    add_plan(&scene, "home", 1_000_000, 2_000_000).await;
    for number in 0..100 {
        let login = format!("u{number}");
        scene.sim.with_world(|world| world.connect(&login, Service::Pppoe, "AA:BB:CC:00:00:07", 0, 0));
        subscribe(&scene, ("ppp", &login), "home", Scope::All).await;
    }
    scene.until_ours(100).await;
    let before = scene.sim.stats().prints;
    let again = scene.keep(None, false).await.unwrap();
    assert_eq!((again.commands.len(), again.ours), (0, 100));
    let after = scene.sim.stats().prints;
    for path in ["/ppp/active/print", "/interface/pppoe-server/print", "/queue/simple/print"] {
        // A pass that nobody ordered may come between.
        assert!((1..=2).contains(&(after[path] - before[path])), "{path}");
    }
    assert_eq!(scene.sim.changes().len(), 100);
}
