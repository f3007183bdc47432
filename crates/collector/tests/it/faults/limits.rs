//! Speed limits on a router: set, followed, taken away, and nothing else touched.

use std::time::Duration;

use accounting::time::Micros;
use operations::{LimitChange, LimitFound, LimitsKept, NoEffect, RouterCommandError, RouterCommands};
use routeros_proto::Command;
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::server::SimRouter;
use routeros_sim::world::{Policies, Service, User, World};
use store::{LimitSubject, LimitUntil, Nas, NasRepository, RateLimit, RateLimitRepository, WantedLimit};

use super::books::act;
use super::supervised::Supervised;
use crate::sim;

const AN_HOUR_MS: u32 = 3_600_000;
pub(super) const PHONE: &str = "AA:BB:CC:00:00:01";

pub(super) type Outcome = Result<LimitsKept, RouterCommandError>;

/// A router with ana's phone at the hotspot and eva's line, both of which move much.
pub(super) struct Scene {
    pub(super) house: Supervised,
    pub(super) sim: SimRouter,
}

impl Scene {
    pub(super) async fn new() -> Scene {
        Scene::of(|_| ()).await
    }

    pub(super) async fn of(prepare: impl FnOnce(&mut World)) -> Scene {
        let house = Supervised::start().await;
        let mut world = sim::world();
        world.add_hotspot("hotspot1");
        prepare(&mut world);
        let sim = house.covered_router("r", world, AN_HOUR_MS).await;
        sim.with_world(|world| {
            world.log_in("ana", PHONE, 8_000_000, 40_000_000);
            world.connect("eva", Service::Pppoe, "AA:BB:CC:00:00:07", 8_000_000, 40_000_000);
            world.advance(Duration::from_secs(30));
        });
        house.read("r").await.unwrap();
        Scene { house, sim }
    }

    pub(super) async fn nas(&self) -> Nas {
        self.house.sqlite.nas_by_name("r").await.unwrap().unwrap()
    }

    pub(super) async fn limit(&self, subject: LimitSubject, up_bps: u64, down_bps: u64) -> WantedLimit {
        WantedLimit {
            nas: self.nas().await.id,
            subject,
            rate: RateLimit { up_bps: Some(up_bps), down_bps: Some(down_bps) },
            until: LimitUntil::Removed,
            set_by: "eva".to_owned(),
            set_at: Micros(0),
        }
    }

    pub(super) async fn keep(&self, change: Option<LimitChange>, dry_run: bool) -> Outcome {
        self.house.supervisor.keep_limits(self.nas().await, change, dry_run).await
    }

    pub(super) async fn set(&self, subject: LimitSubject, up_bps: u64, down_bps: u64) -> Outcome {
        let limit = self.limit(subject, up_bps, down_bps).await;
        self.house.sqlite.set_limit(limit, act("limit.set")).await.unwrap();
        self.keep(None, false).await
    }

    /// Every queue: name, target, max-limit, and whether it carries our mark.
    pub(super) async fn queues(&self) -> Vec<(String, String, String, bool)> {
        let print = Command::new("/queue/simple/print").proplist(&["name", "target", "max-limit", "comment"]);
        let mut rows = Vec::new();
        let mut take = |row: routeros_proto::Reply<'_>| {
            let text = |name: &[u8]| String::from_utf8_lossy(row.get(name).unwrap_or_default()).into_owned();
            let ours = text(b"comment").starts_with("tikmeter limit");
            rows.push((text(b"name"), text(b"target"), text(b"max-limit"), ours));
        };
        sim::link(&self.sim).await.print(&print, &mut take).await.unwrap();
        rows
    }

    /// What both moved in ten seconds, download.
    fn moved(&self) -> u64 {
        self.sim.with_world(|world| {
            let mark = world.mark();
            world.advance(Duration::from_secs(10));
            world.truth_since(&mark).by_login().into_values().map(|truth| truth.total().output).sum()
        })
    }

    /// Waits until the router shows so many of our queues.
    pub(super) async fn until_ours(&self, wanted: usize) {
        for _ in 0..600 {
            if self.queues().await.iter().filter(|(.., ours)| *ours).count() == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{:?}", self.queues().await);
    }
}

pub(super) fn phone() -> LimitSubject {
    LimitSubject::Device(PHONE.as_bytes().to_vec())
}

pub(super) fn eva() -> LimitSubject {
    LimitSubject::Ppp(b"eva".to_vec())
}

fn rate(up_bps: u64, down_bps: u64) -> LimitFound {
    LimitFound::Set(RateLimit { up_bps: Some(up_bps), down_bps: Some(down_bps) })
}

#[tokio::test]
async fn a_limit_is_set_as_planned_slows_whom_it_is_for_and_a_second_run_does_nothing() {
    let scene = Scene::new().await;
    let (before, changes) = (scene.moved(), scene.sim.changes().len());
    let change = LimitChange::Set(scene.limit(phone(), 1_000_000, 2_000_000).await);
    let planned = scene.keep(Some(change), true).await.unwrap();
    assert_eq!((planned.ours, scene.sim.changes().len()), (0, changes), "a dry run sends nothing");
    let set = scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    assert_eq!(set.found, [(phone(), rate(1_000_000, 2_000_000))]);
    assert_eq!(scene.sim.changes()[changes..], planned.commands, "what a dry run shows is sent");
    assert_eq!(set.commands, planned.commands);
    let name = "pisonet-AA:BB:CC:00:00:01".to_owned();
    let (shown, target, rates, ours) = scene.queues().await.remove(0);
    assert_eq!((shown, rates, ours), (name, "1000000/2000000".to_owned(), true));
    assert!(target.starts_with("10.") && target.ends_with("/32"), "{target}");
    let after = scene.moved();
    assert_eq!(before - after, 10 * (40_000_000 - 2_000_000) / 8, "ana is slowed, eva is not");
    let again = scene.keep(None, false).await.unwrap();
    assert_eq!((again.commands.len(), scene.sim.changes().len()), (0, changes + 1));
    let faster = scene.set(phone(), 1_000_000, 4_000_000).await.unwrap();
    assert_eq!(faster.found, [(phone(), rate(1_000_000, 4_000_000))]);
    assert!(faster.commands.len() == 1 && faster.commands[0].contains("/queue/simple/set"), "{faster:?}");
    scene.house.sqlite.remove_limit(scene.nas().await.id, phone(), act("limit.remove")).await.unwrap();
    let gone = scene.keep(None, false).await.unwrap();
    assert_eq!((gone.ours, scene.queues().await.len(), scene.moved()), (0, 0, before));
}

#[tokio::test]
async fn a_ppp_login_is_limited_by_its_interface_while_it_is_connected() {
    let scene = Scene::new().await;
    let set = scene.set(eva(), 512_000, 1_000_000).await.unwrap();
    assert_eq!(set.found, [(eva(), rate(512_000, 1_000_000))]);
    let queues = scene.queues().await;
    let (name, target) = ("tikmeter-ppp-eva".to_owned(), "<pppoe-eva>".to_owned());
    assert_eq!(queues, [(name, target, "512000/1000000".to_owned(), true)]);
    scene.sim.with_world(|world| {
        let line = world.live_sessions().next().expect("eva's");
        world.disconnect(line);
    });
    let away = scene.keep(None, false).await.unwrap();
    assert_eq!((away.found, away.ours), (vec![(eva(), LimitFound::Away)], 0));
    scene.sim.with_world(|world| world.connect("eva", Service::Pppoe, "AA:BB:CC:00:00:07", 0, 0));
    scene.until_ours(1).await;
}

#[tokio::test]
async fn a_new_address_is_followed_and_our_queue_goes_with_whom_it_is_for() {
    let scene = Scene::new().await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    let first = scene.queues().await;
    let device = scene.sim.with_world(|world| world.hotspot_sessions().next().unwrap());
    scene.sim.with_world(|world| {
        world.leave(device);
        world.log_in("bob", "AA:BB:CC:00:00:02", 0, 0);
        world.log_in("ana", PHONE, 0, 0);
    });
    let followed = scene.keep(None, false).await.unwrap();
    assert_eq!(followed.found, [(phone(), rate(1_000_000, 2_000_000))]);
    let second = scene.queues().await;
    assert_eq!((second.len(), &second[0].0, second[0].3), (1, &first[0].0, true));
    assert_ne!(second[0].1, first[0].1, "the address is another");
}

#[tokio::test]
async fn what_is_not_ours_stays_and_stands_in_the_way_in_words() {
    let scene = Scene::of(|world| {
        world.add_queue("pisonet-AA:BB:CC:00:00:01", "10.99.0.1/32", 0, 0);
        world.add_queue("everybody", "0.0.0.0/0", 0, 0);
    })
    .await;
    let before = scene.queues().await;
    let taken = scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    let Some(LimitFound::Refused(why)) = taken.of(&phone()) else { panic!("{taken:?}") };
    assert!(why.contains("does not carry our mark"), "{why}");
    let behind = scene.set(eva(), 1_000_000, 2_000_000).await.unwrap();
    let queue = b"everybody".to_vec();
    let no_effect = LimitFound::WithoutEffect(NoEffect::Behind { queue, dynamic: false });
    assert_eq!(behind.of(&eva()), Some(&no_effect));
    assert_eq!(scene.queues().await[..2], before);
    scene.sim.with_world(World::add_fasttrack_rule);
    let fasttracked = scene.keep(None, false).await.unwrap();
    assert_eq!(fasttracked.of(&eva()), Some(&LimitFound::WithoutEffect(NoEffect::FastTrack)));
}

#[tokio::test]
async fn a_dry_run_of_a_removal_and_of_another_speed_shows_what_is_sent_then() {
    let scene = Scene::new().await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    let changes = scene.sim.changes().len();
    let faster = scene.limit(phone(), 3_000_000, 4_000_000).await;
    let planned = scene.keep(Some(LimitChange::Set(faster)), true).await.unwrap().commands;
    assert_eq!((planned.len(), scene.sim.changes().len()), (1, changes));
    scene.set(phone(), 3_000_000, 4_000_000).await.unwrap();
    assert_eq!(scene.sim.changes()[changes..], planned);
    let planned = scene.keep(Some(LimitChange::Remove(phone())), true).await.unwrap().commands;
    assert_eq!((planned.len(), scene.sim.changes().len()), (1, changes + 1));
    scene.house.sqlite.remove_limit(scene.nas().await.id, phone(), act("limit.remove")).await.unwrap();
    scene.keep(None, false).await.unwrap();
    assert_eq!(scene.sim.changes()[changes + 1..], planned);
}

/// Another installation on the same router has the mark of its own: neither takes the other's queues away, or sets them.
#[tokio::test]
async fn two_installations_on_one_router_leave_each_other_alone_and_say_so() {
    let scene = Scene::new().await;
    let other = Supervised::start().await;
    let nas = other.add("r", scene.sim.addr(), "simulated", Some(AN_HOUR_MS)).await;
    other.when("r", |status| status.rounds_total > 0).await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    let theirs = WantedLimit { nas, ..scene.limit(eva(), 3_000_000, 4_000_000).await };
    other.sqlite.set_limit(theirs, act("limit.set")).await.unwrap();
    let too = WantedLimit { nas, ..scene.limit(phone(), 5_000_000, 6_000_000).await };
    other.sqlite.set_limit(too, act("limit.set")).await.unwrap();
    let entry = other.sqlite.nas_by_name("r").await.unwrap().unwrap();
    let kept = other.supervisor.keep_limits(entry, None, false).await.unwrap();
    assert_eq!(kept.of(&eva()), Some(&rate(3_000_000, 4_000_000)));
    let Some(LimitFound::Refused(why)) = kept.of(&phone()) else { panic!("{kept:?}") };
    assert!(why.contains("another installation of Tikmeter"), "{why}");
    let stands = scene.queues().await;
    assert_eq!(stands.len(), 2, "{stands:?}");
    let mine = scene.keep(None, false).await.unwrap();
    assert_eq!((mine.commands.len(), mine.ours, scene.queues().await), (0, 1, stands));
}

/// Queues of a version before have a mark without a name: those that are wanted get it, others go.
#[tokio::test]
async fn queues_of_before_are_taken_over() {
    let scene = Scene::new().await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    let set = Command::new("/queue/simple/set").attr("numbers", "pisonet-AA:BB:CC:00:00:01");
    let old = set.attr("comment", "tikmeter limit");
    sim::link(&scene.sim).await.print(&old, |_| ()).await.unwrap();
    let stray = Command::new("/queue/simple/add").attr("name", "tikmeter-ip-10.1.1.1/32");
    let stray = stray.attr("target", "10.1.1.1/32").attr("comment", "tikmeter limit");
    sim::link(&scene.sim).await.print(&stray, |_| ()).await.unwrap();
    let taken = scene.keep(None, false).await.unwrap();
    assert_eq!((taken.ours, taken.of(&phone())), (1, Some(&rate(1_000_000, 2_000_000))));
    assert_eq!(scene.keep(None, false).await.unwrap().commands.len(), 0);
    let marked = scene
        .sim
        .changes()
        .iter()
        .any(|command| command.contains("set") && command.contains("=comment=tikmeter limit "));
    assert!(marked, "{:?}", scene.sim.changes());
}

/// What only a part of the traffic passes is told apart from what takes all of it.
#[tokio::test]
async fn a_queue_with_conditions_may_take_something_and_is_never_moved() {
    let scene = Scene::new().await;
    let add = Command::new("/queue/simple/add").attr("name", "at-night").attr("target", "0.0.0.0/0");
    let add = add.attr("time", "0s-6h,mon,tue").attr("comment", "of somebody else");
    sim::link(&scene.sim).await.print(&add, |_| ()).await.unwrap();
    let set = scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    let may = LimitFound::WithoutEffect(NoEffect::MayMatch { queue: b"at-night".to_vec() });
    assert_eq!(set.of(&phone()), Some(&may));
    assert_eq!(scene.queues().await[0].0, "at-night");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_routers_words_and_a_lost_answer_as_what_nobody_knows() {
    let scene = Scene::of(|world| {
        world.device_mut().users = vec![User::new("admin", "simulated", Policies::READ_ONLY)];
    })
    .await;
    let refused = scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    let Some(LimitFound::Refused(why)) = refused.of(&phone()) else { panic!("{refused:?}") };
    assert!(why.contains("not enough permissions (9)") && why.contains("policy=api,read,write"), "{why}");

    let scene = Scene::new().await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    scene.sim.with_world(|world| {
        world.device_mut().users = vec![User::new("admin", "simulated", Policies::READ_ONLY)];
    });
    scene.house.sqlite.remove_limit(scene.nas().await.id, phone(), act("limit.remove")).await.unwrap();
    let stays = scene.keep(None, false).await.unwrap();
    assert_eq!(stays.ours, 1);
    assert!(stays.stays.is_some_and(|why| why.contains("not enough permissions (9)")));

    let scene = Scene::new().await;
    let cut = Fault::Cut { after_rows: 0, how: Cut::Drop };
    scene.sim.faults().once_on("/queue/simple/add", cut);
    let doubt = scene.set(phone(), 1_000_000, 2_000_000).await.unwrap_err();
    assert!(matches!(&doubt, RouterCommandError::Unknown(why) if why.contains("being set")), "{doubt:?}");
    scene.until_ours(1).await;
}

#[tokio::test]
async fn a_thousand_are_set_in_one_go_and_cost_a_print_of_each_table_from_then_on() {
    let scene = Scene::new().await;
    for number in 0..1_000_u32 {
        let address = format!("10.{}.{}.1/32", 100 + number / 256, number % 256);
        let limit = scene.limit(LimitSubject::Address(address.into_bytes()), 1_000_000, 2_000_000).await;
        scene.house.sqlite.set_limit(limit, act("limit.set")).await.unwrap();
    }
    let set = scene.keep(None, false).await.unwrap();
    let is_set = |(_, found): &(LimitSubject, LimitFound)| *found == rate(1_000_000, 2_000_000);
    assert_eq!((set.commands.len(), set.found.iter().filter(|of| is_set(of)).count()), (1_000, 1_000));
    let before = scene.sim.stats().prints;
    let again = scene.keep(None, false).await.unwrap();
    assert_eq!((again.commands.len(), again.ours), (0, 1_000));
    let after = scene.sim.stats().prints;
    for path in ["/queue/simple/print", "/ip/firewall/filter/print"] {
        // A pass that nobody ordered may come between.
        assert!((1..=2).contains(&(after[path] - before[path])), "{path}");
    }
    assert_eq!(scene.sim.changes().len(), 1_000);
}
