//! Where limits stand among the router's own queues, and passes over many of them.

use std::time::Duration;

use operations::{LimitChange, LimitFound, NoEffect};
use routeros_sim::faults::{Cut, Fault, Plan};
use routeros_sim::world::{Service, StaticBeforeDynamic, World};
use store::{LimitSubject, RateLimitRepository};

use super::books::act;
use super::limits::{Scene, eva, phone};
use crate::sim;

/// Eva and bob have a profile of which the router makes queues.
async fn profiled() -> Scene {
    let scene = Scene::new().await;
    sim::tell(&scene.sim, "/ppp/profile/add", &[("name", "slow"), ("rate-limit", "3M/4M")]).await;
    for name in ["eva", "bob"] {
        let secret = [("name", name), ("profile", "slow"), ("service", "pppoe")];
        sim::tell(&scene.sim, "/ppp/secret/add", &secret).await;
    }
    scene.sim.with_world(|world| {
        let line = world.live_sessions().next().expect("eva's");
        world.reconnect(line);
        world.connect("bob", Service::Pppoe, "AA:BB:CC:00:00:08", 8_000_000, 40_000_000);
    });
    scene
}

fn bob() -> LimitSubject {
    LimitSubject::Ppp(b"bob".to_vec())
}

fn behind(queue: &str) -> LimitFound {
    LimitFound::WithoutEffect(NoEffect::Behind { queue: queue.as_bytes().to_vec(), dynamic: true })
}

impl Scene {
    async fn stands_first(&self, ours: &str, theirs: &str) -> bool {
        let names: Vec<String> = self.queues().await.into_iter().map(|(name, ..)| name).collect();
        let place = |name: &str| names.iter().position(|one| one == name).expect("it stands");
        place(ours) < place(theirs)
    }

    async fn want_addresses(&self, many: u32) {
        for number in 0..many {
            let address = format!("10.{}.{}.1/32", 100 + number / 256, number % 256);
            let limit = self.limit(LimitSubject::Address(address.into_bytes()), 1_000_000, 2_000_000).await;
            self.house.sqlite.set_limit(limit, act("limit.set")).await.unwrap();
        }
    }
}

/// The router's queue that ours was to stand before went between the look and the command.
#[tokio::test]
async fn what_went_meanwhile_is_looked_at_anew_and_places_are_tried_on() {
    let scene = profiled().await;
    let gone = Fault::cut_after(0, Cut::Trap("no such item (4)".to_owned()));
    scene.sim.faults().once_on("/queue/simple/add", gone);
    let set = scene.set(eva(), 1_000_000, 2_000_000).await.unwrap();
    assert!(matches!(set.of(&eva()), Some(LimitFound::Set(_))), "{set:?}");
    let set = scene.set(bob(), 1_000_000, 2_000_000).await.unwrap();
    assert!(matches!(set.of(&bob()), Some(LimitFound::Set(_))), "{set:?}");
    assert!(scene.stands_first("tikmeter-ppp-bob", "<pppoe-bob>").await);
}

#[tokio::test]
async fn one_refusal_of_a_place_is_of_that_place_only() {
    let scene = profiled().await;
    let switch = |to| scene.sim.with_world(|world| world.device_mut().switches.static_before_dynamic = to);
    switch(StaticBeforeDynamic::Refused);
    let set = scene.set(eva(), 1_000_000, 2_000_000).await.unwrap();
    assert_eq!(set.of(&eva()), Some(&behind("<pppoe-eva>")));
    let again = scene.keep(None, false).await.unwrap();
    assert_eq!(again.commands.len(), 0, "it is not tried again and again: {again:?}");
    switch(StaticBeforeDynamic::Allowed);
    let set = scene.set(bob(), 1_000_000, 2_000_000).await.unwrap();
    assert!(matches!(set.of(&bob()), Some(LimitFound::Set(_))), "bob's place was never refused: {set:?}");
    scene.sim.with_world(|world| {
        let line = world.live_sessions().find(|line| world.login_of(*line) == b"eva").expect("hers");
        world.reconnect(line);
    });
    let anew = scene.keep(None, false).await.unwrap();
    assert!(matches!(anew.of(&eva()), Some(LimitFound::Set(_))), "her new queue is another: {anew:?}");
}

#[tokio::test]
async fn a_router_that_knows_of_no_places_is_not_asked_for_one_again() {
    let scene = profiled().await;
    let unknown = Fault::cut_after(0, Cut::Trap("unknown parameter place-before".to_owned()));
    scene.sim.faults().once_on("/queue/simple/add", unknown);
    scene.set(eva(), 1_000_000, 2_000_000).await.unwrap();
    let set = scene.set(bob(), 1_000_000, 2_000_000).await.unwrap();
    assert_eq!(set.of(&bob()), Some(&behind("<pppoe-bob>")));
    assert!(set.commands.iter().all(|command| !command.contains("place-before")), "{set:?}");
}

/// Eva goes while the first of many are set: what is left is planned for those who are there.
#[tokio::test]
async fn a_long_pass_is_planned_anew_for_those_who_are_there() {
    let scene = Scene::new().await;
    scene.want_addresses(250).await;
    let limit = scene.limit(eva(), 1_000_000, 2_000_000).await;
    scene.house.sqlite.set_limit(limit, act("limit.set")).await.unwrap();
    scene.sim.faults().arm(Plan::new(Fault::Delay(Duration::from_millis(5))).on("/queue/simple/add"));
    let goes = async {
        while scene.sim.changes().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        scene.sim.with_world(|world| {
            let line = world.live_sessions().next().expect("eva's");
            world.disconnect(line);
        });
    };
    let (kept, ()) = tokio::join!(scene.keep(None, false), goes);
    let kept = kept.unwrap();
    assert_eq!((kept.of(&eva()), kept.ours), (Some(&LimitFound::Away), 250));
    assert!(kept.commands.iter().all(|command| !command.contains("eva")), "she was gone by then");
}

#[tokio::test]
async fn a_dry_run_shows_every_command_and_whose_name_is_taken() {
    let scene = Scene::of(|world: &mut World| {
        world.add_queue("pisonet-AA:BB:CC:00:00:01", "10.99.0.1/32", 0, 0);
    })
    .await;
    scene.want_addresses(450).await;
    let (changes, limit) = (scene.sim.changes().len(), scene.limit(phone(), 1_000_000, 2_000_000).await);
    let planned = scene.keep(Some(LimitChange::Set(limit)), true).await.unwrap();
    let [(subject, why)] = &*planned.refused else { panic!("{:?}", planned.refused) };
    assert!(*subject == phone() && why.contains("does not carry our mark"), "{subject:?}: {why}");
    assert_eq!((planned.commands.len(), scene.sim.changes().len()), (450, changes), "nothing is sent");
    let sent = scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    assert_eq!(sent.commands, planned.commands);
    assert_eq!(scene.sim.changes()[changes..], planned.commands);
    assert!(
        matches!(sent.of(&phone()), Some(LimitFound::Refused(_))),
        "a name that is taken stops no others"
    );
}

#[tokio::test]
async fn orders_that_wait_together_are_one_pass() {
    let scene = Scene::new().await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    let prints = || scene.sim.stats().prints["/queue/simple/print"];
    let before = prints();
    scene.sim.faults().once_on("/ip/firewall/filter/print", Fault::Delay(Duration::from_secs(1)));
    let orders = futures_util::future::join_all((0..20).map(|_| scene.keep(None, false))).await;
    assert!(orders.iter().all(|kept| kept.as_ref().is_ok_and(|kept| kept.ours == 1)), "{orders:?}");
    // One is in flight when the others come, and a pass that nobody ordered may come between.
    assert!(prints() - before <= 4, "{} prints for 20 orders", prints() - before);
}
