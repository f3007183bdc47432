//! Whoever is sent away and kept out for a while: before the session goes, only by what is ours, and undone on time whatever happens.

use std::time::Duration;

use accounting::time::Micros;
use operations::{
    Became, Clock, Disconnected, RouterCommandError, RouterCommands, SessionTarget, SystemClock,
};
use routeros_proto::{Command, Reply};
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::server::SimRouter;
use routeros_sim::world::{KickedDevice, Service};
use store::{
    AuditQuery, AuditRepository, Hold, HoldRepository, HoldSubject, InstallationRepository, NasRepository,
    SessionPhase, SessionQuery, SessionRepository,
};

use super::books::act;
use super::patience::a_while;
use super::supervised::Supervised;
use crate::sim::{self, tell};

const AN_HOUR_MS: u32 = 3_600_000;
const PHONE: &str = "AA:BB:CC:00:00:01";
const MARK: &str = "tikmeter hold";
const ADD: &str = "/ip/hotspot/ip-binding/add";

type Outcome = Result<Disconnected, RouterCommandError>;

/// A router with ana's phone at the hotspot and eva's line, whose secret is local; who is kicked is back at once.
struct Scene {
    house: Supervised,
    sim: SimRouter,
}

impl Scene {
    async fn new() -> Scene {
        let house = Supervised::start().await;
        let mut world = sim::world();
        let switches = &mut world.device_mut().switches;
        switches.redial_after_kick = Some(Duration::from_millis(300));
        switches.kicked_device = KickedDevice::ByLogin;
        world.add_hotspot("hotspot1");
        let sim = house.covered_router("r", world, AN_HOUR_MS).await;
        tell(&sim, "/ppp/secret/add", &[("name", "eva"), ("password", "x")]).await;
        tell(
            &sim,
            "/ip/hotspot/ip-binding/add",
            &[("mac-address", "AA:BB:CC:00:00:09"), ("type", "blocked")],
        )
        .await;
        sim.with_world(|world| {
            world.log_in("ana", PHONE, 0, 0);
            world.connect("eva", Service::Pppoe, PHONE, 0, 0);
            world.advance(Duration::from_secs(30));
        });
        house.read("r").await.unwrap();
        Scene { house, sim }
    }

    async fn hold(&self, subject: HoldSubject) {
        let nas = self.house.sqlite.nas_by_name("r").await.unwrap().unwrap().id;
        let until = Micros(SystemClock::new().now().0 + 3_600_000_000);
        let hold =
            Hold { nas, subject, until, is_placed: false, set_by: "eva".to_owned(), set_at: Micros(0) };
        self.house.sqlite.set_hold(hold, act("hold.set")).await.unwrap();
    }

    /// Its time is over.
    async fn over(&self, subject: HoldSubject) {
        let nas = self.house.sqlite.nas_by_name("r").await.unwrap().unwrap().id;
        self.house.sqlite.shorten_hold(nas, subject, Micros(1), act("hold.release")).await.unwrap().unwrap();
    }

    async fn end(&self, login: &str, dry_run: bool) -> Outcome {
        let query = SessionQuery {
            phase: Some(SessionPhase::Open),
            limit: 100,
            reach: store::Reach::Everywhere,
            ..SessionQuery::default()
        };
        let rows = self.house.sqlite.list_sessions(query).await.unwrap();
        let session = rows.iter().find(|row| row.username == login.as_bytes()).unwrap();
        let target = SessionTarget { hold: true, ..SessionTarget::from(session) };
        let nas = self.house.sqlite.nas_by_name("r").await.unwrap().unwrap();
        self.house.supervisor.disconnect(nas, target, dry_run).await
    }

    /// The values of one setting in a menu.
    async fn settings(&self, menu: &str, setting: &str) -> Vec<String> {
        let (mut found, print) = (Vec::new(), Command::new(&format!("{menu}/print")));
        let take = |row: Reply<'_>| {
            found.push(String::from_utf8_lossy(row.get(setting.as_bytes()).unwrap_or_default()).into_owned())
        };
        sim::link(&self.sim).await.print(&print, take).await.unwrap();
        found
    }

    /// Their comments; ours without the name of the installation.
    async fn bindings(&self) -> Vec<String> {
        let installation = self.house.sqlite.installation().await.unwrap().id;
        let ours = format!("{MARK} {}", &installation[..8]);
        let named = |comment: String| if comment == ours { MARK.to_owned() } else { comment };
        self.settings("/ip/hotspot/ip-binding", "comment").await.into_iter().map(named).collect()
    }

    async fn is_secret_off(&self) -> bool {
        self.settings("/ppp/secret", "disabled").await == ["true"]
    }

    /// Waits until none is left.
    async fn none_left(&self) {
        for _ in 0..400 {
            if self.house.sqlite.holds().await.unwrap().is_empty() {
                return;
            }
            a_while(50).await;
        }
        panic!("it was never undone: {:?}", self.house.sqlite.holds().await.unwrap());
    }

    async fn journal(&self) -> Vec<String> {
        let query = AuditQuery { limit: 100, reach: store::Reach::Everywhere, ..AuditQuery::default() };
        let all = self.house.sqlite.list_audit(query).await.unwrap();
        let holds = all.into_iter().rev().filter(|record| record.act.action.starts_with("hold."));
        holds.map(|record| format!("{} {}", record.act.action, record.act.detail)).collect()
    }
}

fn phone() -> HoldSubject {
    HoldSubject::Device(PHONE.as_bytes().to_vec())
}

fn eva() -> HoldSubject {
    HoldSubject::Ppp(b"eva".to_vec())
}

#[tokio::test]
async fn a_device_is_blocked_before_it_goes_and_let_in_again_on_time() {
    let scene = Scene::new().await;
    scene.hold(phone()).await;
    let before = scene.sim.changes().len();
    let planned = scene.end("ana", true).await.unwrap();
    assert_eq!((planned.became, scene.sim.changes().len()), (Became::Planned, before));
    let ended = scene.end("ana", false).await.unwrap();
    assert_eq!(ended.became, Became::Gone { looked_s: 1 }, "without a hold it logs in again at once");
    assert_eq!(ended.commands, planned.commands, "a dry run shows what is sent");
    assert!(ended.commands[0].starts_with(ADD) && ended.commands[0].contains(PHONE), "{ended:?}");
    assert_eq!(scene.bindings().await, ["", MARK]);
    assert!(scene.house.sqlite.holds().await.unwrap()[0].is_placed);
    scene.over(phone()).await;
    scene.none_left().await;
    assert_eq!(scene.bindings().await, [""], "the one of somebody else stays");
    let journal = scene.journal().await;
    assert!(journal.last().unwrap().contains(r#""commands":1"#), "{journal:?}");
}

#[tokio::test]
async fn a_login_cannot_dial_in_while_its_secret_is_off_and_how_it_was_is_written_down() {
    let scene = Scene::new().await;
    scene.hold(eva()).await;
    let ended = scene.end("eva", false).await.unwrap();
    assert_eq!(ended.became, Became::Gone { looked_s: 1 }, "without a hold it redials at once");
    assert!(ended.commands[0].starts_with("/ppp/secret/set") && scene.is_secret_off().await, "{ended:?}");
    let journal = scene.journal().await;
    assert!(journal.iter().any(|act| act.contains(r#""secret_disabled_before":false"#)), "{journal:?}");
    scene.over(eva()).await;
    scene.none_left().await;
    assert!(!scene.is_secret_off().await);
}

#[tokio::test]
async fn it_is_undone_on_time_also_by_a_process_that_comes_later_and_a_router_that_was_away() {
    let scene = Scene::new().await;
    scene.hold(phone()).await;
    scene.end("ana", false).await.unwrap();
    scene.sim.faults().always(Fault::Refuse);
    scene.sim.drop_connections();
    scene.over(phone()).await;
    a_while(2_500).await;
    assert_eq!(scene.house.sqlite.holds().await.unwrap().len(), 1, "the router is away");
    let scene = Scene { house: scene.house.restart().await, sim: scene.sim };
    scene.sim.faults().clear();
    scene.none_left().await;
    assert_eq!(scene.bindings().await, [""]);
}

#[tokio::test]
async fn what_could_not_be_undone_is_not_begun() {
    let scene = Scene::new().await;
    let refused = async |login: &str, words: &str| {
        let before = scene.sim.changes().len();
        let Err(RouterCommandError::Refused(why)) = scene.end(login, false).await else { panic!("{words}") };
        assert!(why.contains(words) && why.contains("Nothing was changed"), "{why}");
        assert_eq!(scene.sim.changes().len(), before, "{words}");
        assert!(scene.house.sqlite.holds().await.unwrap().iter().all(|hold| !hold.is_placed), "{words}");
    };
    scene.hold(phone()).await;
    scene.hold(eva()).await;
    tell(&scene.sim, ADD, &[("mac-address", PHONE), ("type", "regular")]).await;
    refused("ana", "has a binding for this device already").await;
    let secrets = scene.settings("/ppp/secret", ".id").await;
    tell(&scene.sim, "/ppp/secret/set", &[(".id", &secrets[0]), ("disabled", "yes")]).await;
    refused("eva", "is switched off already").await;
    tell(&scene.sim, "/ppp/secret/remove", &[(".id", &secrets[0])]).await;
    refused("eva", "has no secret of this login").await;
    scene.over(eva()).await;
    scene.over(phone()).await;
    scene.none_left().await;
    assert_eq!(scene.bindings().await, ["", ""], "nothing was ours");
}

#[tokio::test]
async fn what_keeps_a_device_out_for_another_installation_is_not_undone_with_ours() {
    let (scene, theirs) = (Scene::new().await, "tikmeter hold 89abcdef");
    scene.hold(phone()).await;
    scene.end("ana", false).await.unwrap();
    tell(&scene.sim, ADD, &[("mac-address", PHONE), ("type", "blocked"), ("comment", theirs)]).await;
    assert_eq!(scene.bindings().await, ["", MARK, theirs]);
    scene.over(phone()).await;
    scene.none_left().await;
    assert_eq!(scene.bindings().await, ["", theirs]);
}

#[tokio::test]
async fn a_connection_that_breaks_half_way_leaves_nothing_behind() {
    let scene = Scene::new().await;
    scene.hold(phone()).await;
    scene.sim.faults().once_on(ADD, Fault::cut_after(0, Cut::Drop));
    let ended = scene.end("ana", false).await;
    assert!(
        matches!(&ended, Err(RouterCommandError::Unknown(why)) if why.contains("was not ended")),
        "{ended:?}"
    );
    assert!(scene.house.sqlite.holds().await.unwrap()[0].is_placed, "it may be there");
    scene.over(phone()).await;
    scene.none_left().await;
    assert_eq!(scene.bindings().await, [""]);
}

#[tokio::test]
async fn a_router_without_the_right_to_write_says_so_and_nobody_is_sent_away() {
    let scene = Scene::new().await;
    scene.hold(phone()).await;
    scene.sim.faults().always_on(ADD, Fault::NoRights);
    let Err(RouterCommandError::Refused(why)) = scene.end("ana", false).await else { panic!("not refused") };
    assert!(why.contains("not enough permissions (9)") && why.contains("was not ended"), "{why}");
    let active = scene.settings("/ip/hotspot/active", "user").await;
    assert_eq!(active, ["ana"]);
}

/// It is released, and undone by who found nothing to undo, between the row in the database and the binding on the router.
#[tokio::test]
async fn one_that_was_released_and_undone_before_it_stood_does_not_stand_for_good() {
    for (login, subject) in [("ana", phone()), ("eva", eva())] {
        let scene = Scene::new().await;
        scene.hold(subject.clone()).await;
        let (path, nth) =
            if login == "ana" { ("/ip/hotspot/cookie/print", 1) } else { ("/ppp/active/print", 2) };
        let sqlite = scene.house.sqlite.clone();
        scene.sim.at_print(path, nth, move |_| {
            let gone = async move {
                let hold = sqlite.holds().await.unwrap().remove(0);
                assert!(hold.is_placed);
                let over = sqlite.shorten_hold(hold.nas, subject, Micros(1), act("hold.release")).await;
                assert!(sqlite.end_hold(over.unwrap().unwrap(), act("hold.end")).await.unwrap());
            };
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            std::thread::spawn(move || runtime.block_on(gone)).join().unwrap();
        });
        let Err(RouterCommandError::NotDone(why)) = scene.end(login, false).await else {
            panic!("it was done")
        };
        assert!(why.contains("was undone") && why.contains("was not removed"), "{why}");
        assert_eq!((scene.bindings().await.len(), scene.is_secret_off().await), (1, false), "{login}");
        assert_eq!(scene.settings("/ppp/active", "name").await, ["eva"]);
    }
}

#[tokio::test]
async fn a_clock_that_is_set_lets_nobody_in_early_and_keeps_nobody_out_longer() {
    let scene = Scene::new().await;
    scene.hold(phone()).await;
    scene.end("ana", false).await.unwrap();
    let until = async || scene.house.sqlite.holds().await.unwrap().first().map(|hold| hold.until.0);
    let hour_us = 3_600_000_000;
    let set_for = until().await.unwrap();
    for ahead_us in [2 * hour_us, -2 * hour_us, 0] {
        scene.house.clock.set(ahead_us);
        for _ in 0..400 {
            if until().await.is_none_or(|at| (at - set_for - ahead_us).abs() < 2_000_000) {
                break;
            }
            a_while(50).await;
        }
        let left = until().await.map(|at| at - set_for - ahead_us);
        assert!(left.is_some_and(|late_us| late_us.abs() < 2_000_000), "set by {ahead_us}: {left:?}");
        assert_eq!(scene.bindings().await, ["", MARK], "set by {ahead_us}");
    }
}
