//! A session that somebody ends: a last reading, exactly this session, its own cookies, and the truth of what became of it.

use std::time::Duration;

use operations::{Became, CameBackBy, Disconnected, RouterCommandError, RouterCommands, SessionTarget};
use routeros_proto::Command;
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::server::SimRouter;
use routeros_sim::world::{KickReach, KickedDevice, Service, SessionKey, Switches, World};
use store::{NasRepository, SessionPhase, SessionQuery, SessionRepository, SessionRow};

use super::books::{assert_exact, truth};
use super::supervised::Supervised;
use crate::sim;

const AN_HOUR_MS: u32 = 3_600_000;
pub(super) const PHONE: &str = "AA:BB:CC:00:00:01";
const LAPTOP: &str = "AA:BB:CC:00:00:02";

pub(super) type Outcome = Result<Disconnected, RouterCommandError>;

/// A router with ana's phone and laptop and bob's phone at the hotspot, each with its cookie, and eva's line.
pub(super) struct Scene {
    house: Supervised,
    pub(super) sim: SimRouter,
}

impl Scene {
    pub(super) async fn new(switches: Switches) -> Scene {
        let house = Supervised::start().await;
        let mut world = sim::world();
        world.device_mut().switches = switches;
        world.add_hotspot("hotspot1");
        let sim = house.covered_router("r", world, AN_HOUR_MS).await;
        sim.with_world(|world| {
            world.log_in("ana", PHONE, 0, 0);
            world.log_in("ana", LAPTOP, 0, 0);
            world.add_mac_cookie("ana", PHONE);
            world.log_in("bob", "AA:BB:CC:00:00:03", 0, 0);
            world.connect("eva", Service::Pppoe, PHONE, 0, 0);
            world.advance(Duration::from_secs(30));
        });
        house.read("r").await.unwrap();
        Scene { house, sim }
    }

    async fn session(&self, login: &str, caller: &str) -> SessionRow {
        let query = SessionQuery {
            phase: Some(SessionPhase::Open),
            limit: 100,
            reach: store::Reach::Everywhere,
            ..SessionQuery::default()
        };
        let rows = self.house.sqlite.list_sessions(query).await.unwrap();
        let its = |row: &SessionRow| {
            row.username == login.as_bytes() && row.calling_station_id == caller.as_bytes()
        };
        rows.into_iter().find(its).unwrap()
    }

    async fn disconnect(&self, session: &SessionRow, dry_run: bool) -> Outcome {
        let nas = self.house.sqlite.nas_by_name("r").await.unwrap().unwrap();
        self.house.supervisor.disconnect(nas, SessionTarget::from(session), dry_run).await
    }

    pub(super) async fn end_phone(&self) -> Outcome {
        self.disconnect(&self.session("ana", PHONE).await, false).await
    }

    pub(super) async fn end_line(&self) -> Outcome {
        self.disconnect(&self.session("eva", PHONE).await, false).await
    }

    /// How many rows a menu has.
    async fn rows(&self, menu: &str) -> usize {
        let (mut rows, print) = (0, Command::new(&format!("{menu}/print")).proplist(&[".id"]));
        sim::link(&self.sim).await.print(&print, |_| rows += 1).await.unwrap();
        rows
    }

    /// Logins at the hotspot, cookies there, and PPP sessions.
    async fn left(&self) -> (usize, usize, usize) {
        let [active, cookies] =
            [self.rows("/ip/hotspot/active").await, self.rows("/ip/hotspot/cookie").await];
        (active, cookies, self.rows("/ppp/active").await)
    }
}

pub(super) fn back_soon(kicked_device: KickedDevice) -> Switches {
    let redial_after_kick = Some(Duration::from_millis(500));
    Switches { redial_after_kick, kicked_device, ..Switches::default() }
}

fn became(outcome: Outcome) -> Became {
    outcome.unwrap().became
}

fn came_back(outcome: Outcome) -> CameBackBy {
    match became(outcome) {
        Became::CameBack { after_s: 0..=1, by } => by,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_device_is_gone_with_its_cookies_and_nobody_else_is() {
    let scene = Scene::new(Switches::default()).await;
    let planned = scene.disconnect(&scene.session("ana", PHONE).await, true).await.unwrap();
    assert_eq!((planned.became, scene.left().await), (Became::Planned, (3, 4, 1)));
    assert_eq!(scene.sim.changes(), Vec::<String>::new());
    let ended = scene.end_phone().await.unwrap();
    assert_eq!((ended.became, ended.also_gone), (Became::Gone { looked_s: 1 }, 0));
    assert_eq!(scene.left().await, (2, 2, 1), "the phone and both its cookies");
    assert_eq!(scene.sim.changes(), ended.commands);
    assert_eq!(ended.commands, planned.commands, "a dry run shows what is sent");
    assert_eq!(ended.commands.len(), 3, "{:?}", ended.commands);
}

#[tokio::test]
async fn whoever_comes_back_is_told_with_the_way_in() {
    let device = async |kicked_device, by| {
        assert_eq!(came_back(Scene::new(back_soon(kicked_device)).await.end_phone().await), by);
    };
    let line = async {
        let scene = Scene::new(back_soon(KickedDevice::default())).await;
        assert_eq!(came_back(scene.end_line().await), CameBackBy::Redial);
    };
    tokio::join!(
        device(KickedDevice::ByHiddenCookie, CameBackBy::Cookie),
        device(KickedDevice::ByHiddenMacCookie, CameBackBy::MacCookie),
        device(KickedDevice::ByLogin, CameBackBy::Login),
        line,
    );
}

#[tokio::test]
async fn a_session_that_ended_by_itself_is_not_found_and_the_one_after_it_stays() {
    let scene = Scene::new(Switches::default()).await;
    let session = scene.session("ana", PHONE).await;
    let again = |world: &mut World, phone: SessionKey| _ = world.reconnect(phone);
    scene.sim.with_world(|world| {
        let first = world.hotspot_sessions().next().expect("the phone came first");
        again(world, first);
    });
    scene.house.read("r").await.unwrap();
    scene.sim.with_world(|world| world.advance(Duration::from_secs(20)));
    assert_eq!(became(scene.disconnect(&session, false).await), Became::NotFound, "the books know");
    let session = scene.session("ana", PHONE).await;
    scene.sim.with_world(|world| world.advance(Duration::from_secs(20)));
    scene.sim.at_print("/ip/hotspot/active/print", 2, move |world| {
        let last = world.hotspot_sessions().last().expect("the phone came last");
        again(world, last);
    });
    let Err(RouterCommandError::Busy(why)) = scene.disconnect(&session, false).await else {
        panic!("it may be the one that was meant")
    };
    assert!(why.contains("logged in 0 s ago") && why.contains("It is up, and nothing was changed"), "{why}");
    assert_eq!((scene.left().await, scene.sim.changes()), ((3, 4, 1), vec![]));
    let line = scene.session("eva", PHONE).await;
    scene.sim.with_world(|world| {
        let line = world.live_sessions().next().expect("eva's");
        world.reconnect(line);
    });
    assert_eq!(became(scene.disconnect(&line, false).await), Became::NotFound);
    assert_eq!((scene.left().await, scene.sim.changes()), ((3, 4, 1), vec![]));
}

#[tokio::test]
async fn a_refusal_is_told_in_the_routers_words_and_changes_nothing() {
    let scene = Scene::new(Switches::default()).await;
    scene.sim.faults().always_on("/ip/hotspot/cookie/remove", Fault::NoRights);
    scene.sim.faults().always_on("/ppp/active/remove", Fault::NoRights);
    for refused in [scene.end_phone().await, scene.end_line().await] {
        let Err(RouterCommandError::Refused(why)) = refused else { panic!("{refused:?}") };
        assert!(why.contains("not enough permissions (9)") && why.contains("was not ended"), "{why}");
        assert!(why.contains("policy=api,read,write"), "{why}");
    }
    assert_eq!(scene.left().await, (3, 4, 1));
    scene.sim.faults().clear();
    scene.sim.faults().always_on("/ip/hotspot/active/remove", Fault::NoRights);
    let Err(RouterCommandError::Refused(why)) = scene.end_phone().await else { panic!("it was not refused") };
    assert!(why.contains("2 cookies of its device had been removed"), "{why}");
    assert_eq!(scene.left().await, (3, 2, 1), "what was said");
}

#[tokio::test]
async fn a_router_that_does_not_answer_is_never_a_success() {
    let scene = Scene::new(Switches::default()).await;
    let phone = scene.session("ana", PHONE).await;
    // Cut off between the two commands: whatever became of the cookie, the session was not ended.
    scene.sim.faults().once_on("/ip/hotspot/cookie/remove", Fault::cut_after(0, Cut::Drop));
    let Err(RouterCommandError::Unreachable(why)) = scene.disconnect(&phone, false).await else {
        panic!("not so")
    };
    assert!(why.contains("was not ended") && !why.contains("still shows"), "{why}");
    assert_eq!(scene.rows("/ip/hotspot/active").await, 3);
    // Cut off while the session was removed: it is looked at anew.
    scene.sim.faults().once_on("/ip/hotspot/active/remove", Fault::cut_after(0, Cut::Drop));
    assert_eq!(became(scene.disconnect(&phone, false).await), Became::Gone { looked_s: 1 });
    scene.sim.with_world(|world| world.device_mut().switches.kicked_row_stays = true);
    scene.sim.faults().once_on("/ppp/active/remove", Fault::cut_after(0, Cut::Drop));
    let Err(RouterCommandError::Unreachable(why)) = scene.end_line().await else { panic!("not so") };
    assert!(why.contains("still shows the session"), "{why}");
    scene.sim.faults().always_on("/ppp/active/remove", Fault::cut_after(0, Cut::Drop));
    let line = scene.session("eva", PHONE).await;
    let sim = scene.sim.clone();
    scene.sim.at_print("/ppp/active/print", 1, move |_| _ = sim.faults().always(Fault::Refuse));
    let ended = scene.disconnect(&line, false).await;
    assert!(matches!(ended, Err(RouterCommandError::Unknown(_))), "{ended:?}");
    scene.sim.drop_connections();
    let ended = scene.disconnect(&line, false).await;
    assert!(matches!(ended, Err(RouterCommandError::Unreachable(_))), "{ended:?}");
}

/// The id that was seen may be another session's by the time that the cookies are removed.
#[tokio::test]
async fn a_router_that_dawdles_over_the_cookies_keeps_the_session() {
    let scene = Scene::new(Switches::default()).await;
    scene.sim.faults().once_on("/ip/hotspot/cookie/remove", Fault::Delay(Duration::from_millis(2_100)));
    let Err(RouterCommandError::NotDone(why)) = scene.end_phone().await else { panic!("not so") };
    assert!(
        why.contains("may be another session's by now") && why.contains("1 cookie of its device"),
        "{why}"
    );
    assert_eq!(scene.left().await, (3, 3, 1));
}

#[tokio::test]
async fn a_row_that_stays_and_devices_that_go_too_are_told() {
    let scene = Scene::new(Switches { kicked_row_stays: true, ..Switches::default() }).await;
    assert_eq!(became(scene.end_phone().await), Became::StillThere { looked_s: 1 });
    let scene =
        Scene::new(Switches { kick_reach: KickReach::EveryDeviceOfTheUser, ..Switches::default() }).await;
    let ended = scene.end_phone().await.unwrap();
    assert_eq!((ended.became, ended.also_gone), (Became::Gone { looked_s: 1 }, 1));
}

#[tokio::test]
async fn what_passed_before_the_end_is_counted_and_a_second_click_ends_nothing() {
    let scene = Scene::new(back_soon(KickedDevice::default())).await;
    scene.sim.with_world(|world| {
        for session in world.live_sessions().chain(world.hotspot_sessions()).collect::<Vec<_>>() {
            world.transfer(session, 3_000_000, 9_000_000);
        }
    });
    let line = scene.session("eva", PHONE).await;
    let (first, second) = tokio::join!(scene.disconnect(&line, false), scene.disconnect(&line, false));
    let (ended, refused) = if first.is_ok() { (first, second) } else { (second, first) };
    assert_eq!(came_back(ended), CameBackBy::Redial);
    assert!(matches!(refused, Err(RouterCommandError::Busy(_))), "{refused:?}");
    assert_eq!(became(scene.disconnect(&line, false).await), Became::NotFound);
    assert_eq!(scene.sim.changes().len(), 1);
    scene.house.read("r").await.unwrap();
    assert_exact(&scene.house.sqlite, &truth(&scene.sim), None).await;
}

/// The look right after the end is the last that it answers.
#[tokio::test]
async fn who_was_not_heard_to_the_end_is_not_said_to_have_stayed_away_for_so_long() {
    let scene = Scene::new(Switches::default()).await;
    let sim = scene.sim.clone();
    // After the last reading and the look that finds it.
    scene.sim.at_print("/ip/hotspot/active/print", 3, move |_| {
        sim.faults().always_on("/ip/hotspot/active/print", Fault::cut_after(0, Cut::Drop));
        sim.faults().always(Fault::Refuse);
    });
    assert_eq!(became(scene.end_phone().await), Became::Gone { looked_s: 0 });
}
