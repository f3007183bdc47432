//! Hotspot subscribers end to end: a simulated router, a round, the accounting, the store.

use std::collections::BTreeMap;
use std::time::Duration;

use accounting::login::LoginKind;
use accounting::snapshot::OwnedRows;
use accounting::table::Table;
use routeros_sim::faults::{Fault, Plan};
use routeros_sim::world::{
    Access, Device, HotspotIds, Personality, Roaming, Service, SessionKey, Switches, World,
};
use store::{SessionPhase, SessionQuery, SessionRepository, UsageQuery, UsageRepository, VerifyRepository};

use crate::bounds::street::{LINK_BPS, Street};
use crate::sim::Poller;

const ACTIVE: &str = "/ip/hotspot/active/print";
const SERVERS: &str = "/ip/hotspot/print";
const MAC: &str = "2C:54:91:00:00:01";
const OTHER_MAC: &str = "2C:54:91:00:00:02";

type Totals = BTreeMap<(LoginKind, Vec<u8>), (u64, u64)>;

fn switches(hotspot_ids: HotspotIds, roaming: Roaming) -> Switches {
    Switches { hotspot_ids, roaming, ..Switches::default() }
}

/// Every setting of what is open about a hotspot's ids.
fn every_setting() -> [Switches; 4] {
    use HotspotIds::{FromAddress, InSequence};
    use Roaming::{KeepsRow, NewRow};
    [(FromAddress, NewRow), (FromAddress, KeepsRow), (InSequence, NewRow), (InSequence, KeepsRow)]
        .map(|(ids, roaming)| switches(ids, roaming))
}

fn world(switches: Switches) -> World {
    let mut device = Device::new("cafe", Personality::V7_20, 3);
    device.switches = switches;
    let mut world = World::new(device);
    world.add_hotspot("hotspot1");
    world
}

/// A café under the eyes of somebody who looks just before and after whatever happens.
struct Cafe(Street);

impl Cafe {
    async fn open(switches: Switches) -> Cafe {
        Cafe(Street::of(world(switches), 0).await)
    }

    fn log_in(&self, user: &str, mac: &str) -> SessionKey {
        self.0.sim.with_world(|world| world.log_in(user, mac, 8_000_000, 40_000_000))
    }

    /// Something happens between two looks, so that nothing of it is unseen.
    async fn seen<R>(&mut self, act: impl FnOnce(&mut World) -> R) -> R {
        self.pass(30).await;
        let done = self.0.sim.with_world(act);
        self.pass(30).await;
        done
    }

    async fn pass(&mut self, seconds: u64) {
        self.0.advance(Duration::from_secs(seconds));
        self.0.look().await;
    }

    async fn totals(&self) -> Totals {
        let query = UsageQuery {
            buckets: 0..5_000_000,
            router: None,
            username: None,
            subscriber: None,
            reach: store::Reach::Everywhere,
        };
        let rows = self.0.sqlite.usage(query).await.unwrap();
        let named = rows.into_iter().map(|row| {
            let login = (row.kind.expect("nothing is nobody's here"), row.username.unwrap());
            (login, (row.octets.input, row.octets.output))
        });
        named.filter(|(_, octets)| *octets != (0, 0)).collect()
    }

    fn truth(&self) -> Totals {
        let mut totals = Totals::new();
        for session in self.0.sim.with_world(|world| world.truth()).sessions {
            let kind = if session.access == Access::Hotspot { LoginKind::Hotspot } else { LoginKind::Ppp };
            let total = totals.entry((kind, session.login)).or_default();
            *total = (total.0 + session.octets.input, total.1 + session.octets.output);
        }
        totals.retain(|_, octets| *octets != (0, 0));
        totals
    }

    async fn assert_exact(&self, case: &impl std::fmt::Debug) {
        let truth = self.truth();
        assert!(!truth.is_empty(), "a test without traffic proves nothing");
        assert_eq!(self.totals().await, truth, "{case:?}");
        let report = self.0.sqlite.verify().await.unwrap();
        assert!(report.is_clean(), "{case:?}: {:?}", report.mismatches);
    }

    /// Sessions the store has of a login, and how many are open.
    async fn sessions(&self, login: &str) -> (usize, usize) {
        let username = Some(login.as_bytes().to_vec());
        let query =
            SessionQuery { username, limit: 100, reach: store::Reach::Everywhere, ..SessionQuery::default() };
        let rows = self.0.sqlite.list_sessions(query).await.unwrap();
        assert!(rows.iter().all(|row| row.service.as_str() == "hotspot"));
        (rows.len(), rows.iter().filter(|row| row.phase == SessionPhase::Open).count())
    }
}

#[tokio::test]
async fn a_login_that_began_under_our_eyes_is_counted_from_its_first_octet() {
    for switches in every_setting() {
        let mut cafe = Cafe::open(switches).await;
        let ana = cafe.log_in("ana", MAC);
        cafe.pass(300).await;
        cafe.pass(300).await;
        cafe.assert_exact(&switches).await;
        assert_eq!(cafe.totals().await[&(LoginKind::Hotspot, b"ana".to_vec())], (600_000_000, 3_000_000_000));
        cafe.0.sim.with_world(|world| world.leave(ana));
        cafe.pass(40).await;
        cafe.pass(40).await;
        cafe.pass(40).await;
        cafe.assert_exact(&switches).await;
        assert_eq!(cafe.sessions("ana").await, (1, 0), "it is over after two rounds and a minute");
    }
}

#[tokio::test]
async fn a_login_by_cookie_is_a_new_session_and_no_octet_is_lost_or_counted_twice() {
    for switches in every_setting() {
        let mut cafe = Cafe::open(switches).await;
        let first = cafe.log_in("ana", MAC);
        let second = cafe.seen(|world| world.reconnect(first)).await;
        cafe.seen(|world| world.reconnect(second)).await;
        cafe.assert_exact(&switches).await;
        cafe.pass(60).await;
        cafe.pass(60).await;
        assert_eq!(cafe.sessions("ana").await, (3, 1), "{switches:?}");
    }
}

#[tokio::test]
async fn a_device_that_roams_is_followed_whatever_becomes_of_its_row_and_id() {
    for switches in every_setting() {
        let mut cafe = Cafe::open(switches).await;
        let ana = cafe.log_in("ana", MAC);
        // Its old address, and an id made from it, is the next one's at once.
        let ana = cafe.seen(|world| world.roam(ana, None)).await;
        cafe.log_in("bob", OTHER_MAC);
        cafe.seen(|world| world.roam(ana, None)).await;
        cafe.assert_exact(&switches).await;
        let sessions = if switches.roaming == Roaming::KeepsRow { 1 } else { 3 };
        assert_eq!(cafe.sessions("ana").await.0, sessions, "{switches:?}");
    }
}

#[tokio::test]
async fn a_device_that_changes_its_mac_is_a_new_session_of_its_user() {
    for switches in every_setting() {
        let mut cafe = Cafe::open(switches).await;
        let ana = cafe.log_in("ana", MAC);
        cafe.seen(|world| world.roam(ana, Some(OTHER_MAC.as_bytes()))).await;
        cafe.assert_exact(&switches).await;
        assert_eq!(cafe.sessions("ana").await.0, 2);
    }
}

#[tokio::test]
async fn an_id_that_goes_from_one_user_to_the_next_carries_nothing_over() {
    for switches in every_setting() {
        let mut cafe = Cafe::open(switches).await;
        let ana = cafe.log_in("ana", MAC);
        let bob = cafe
            .seen(|world| {
                world.leave(ana);
                let bob = world.log_in("bob", OTHER_MAC, 0, 0);
                // More than ana had: by its size alone the counter would have gone on.
                world.transfer(bob, 31_000_000, 160_000_000);
                bob
            })
            .await;
        cafe.seen(|world| {
            world.leave(bob);
            world.log_in("ana", MAC, 0, 0)
        })
        .await;
        cafe.pass(60).await;
        cafe.assert_exact(&switches).await;
    }
}

#[tokio::test]
async fn two_devices_swap_their_addresses_within_one_interval() {
    let setting = switches(HotspotIds::FromAddress, Roaming::KeepsRow);
    let mut cafe = Cafe::open(setting).await;
    let (ana, bob) = (cafe.log_in("ana", MAC), cafe.log_in("bob", OTHER_MAC));
    cafe.seen(|world| {
        world.roam(ana, None);
        world.roam(bob, None);
        world.roam(ana, None);
    })
    .await;
    cafe.assert_exact(&setting).await;
    assert_eq!((cafe.sessions("ana").await.0, cafe.sessions("bob").await.0), (1, 1));
}

#[tokio::test]
async fn a_reboot_starts_every_login_over() {
    for switches in every_setting() {
        let mut cafe = Cafe::open(switches).await;
        cafe.log_in("ana", MAC);
        cafe.pass(300).await;
        cafe.0.sim.with_world(|world| {
            world.reboot();
            world.log_in("ana", MAC, 8_000_000, 40_000_000);
            world.log_in("bob", OTHER_MAC, 8_000_000, 40_000_000);
        });
        cafe.0.hang_up();
        cafe.pass(700).await;
        cafe.pass(300).await;
        cafe.assert_exact(&switches).await;
    }
}

#[tokio::test]
async fn our_restart_goes_on_from_what_is_committed() {
    for switches in every_setting() {
        let mut cafe = Cafe::open(switches).await;
        let ana = cafe.log_in("ana", MAC);
        cafe.pass(300).await;
        cafe.0.restart();
        cafe.pass(300).await;
        cafe.0.sim.with_world(|world| world.roam(ana, None));
        cafe.0.restart();
        cafe.pass(300).await;
        cafe.assert_exact(&switches).await;
    }
}

#[tokio::test]
async fn a_user_of_the_hotspot_and_a_ppp_login_of_the_same_name_are_two_subjects() {
    let mut cafe = Cafe::open(Switches::default()).await;
    cafe.log_in("ana", MAC);
    cafe.0.sim.with_world(|world| world.connect("ana", Service::Pppoe, MAC, 1_000_000, 2_000_000));
    cafe.pass(300).await;
    cafe.pass(300).await;
    cafe.assert_exact(&"both").await;
    assert_eq!(cafe.totals().await.len(), 2);
}

#[tokio::test]
async fn what_a_login_moved_before_we_looked_is_not_counted_and_bounded_by_its_value() {
    let mut world = world(Switches::default());
    world.log_in("ana", MAC, 8_000_000, 0);
    let mut cafe = Cafe(Street::of(world, 0).await);
    cafe.pass(290).await;
    let row = cafe.0.said_of(b"ana").await.unwrap();
    assert_eq!(row.octets.input, 300_000_000, "1,000 s ran before the first look");
    assert_eq!(row.observation.upper_octets, Some(0));
}

#[tokio::test]
async fn a_row_left_out_for_minutes_comes_back_under_another_id_and_goes_on() {
    for restarts in [false, true] {
        let setting = switches(HotspotIds::FromAddress, Roaming::KeepsRow);
        let mut cafe = Cafe::open(setting).await;
        let ana = cafe.log_in("ana", MAC);
        cafe.pass(100).await;
        let plan = Plan::new(Fault::HideShare { percent: 100 }).on(ACTIVE);
        let hidden = cafe.0.sim.faults().arm(plan);
        for _ in 0..4 {
            cafe.pass(100).await;
        }
        assert_eq!(cafe.sessions("ana").await, (1, 0), "believed over");
        cafe.0.sim.with_world(|world| world.roam(ana, None));
        cafe.log_in("bob", OTHER_MAC);
        cafe.0.sim.faults().disarm(hidden);
        if restarts {
            cafe.0.restart();
        }
        cafe.pass(100).await;
        cafe.pass(100).await;
        cafe.assert_exact(&restarts).await;
        assert_eq!(cafe.sessions("ana").await, (1, 1));
    }
}

/// Same user, device, address and, within the slack, start: only what the counter shows could tell the two apart, and
/// it overtook its old value.
#[tokio::test]
async fn a_login_again_within_seconds_of_the_first_is_bounded_where_nothing_tells_it_apart() {
    for switches in every_setting() {
        let mut cafe = Cafe::open(switches).await;
        let first = cafe.0.sim.with_world(|world| world.log_in("ana", MAC, 0, 0));
        cafe.0.sim.with_world(|world| world.transfer(first, 1_000, 7_000));
        cafe.0.look().await;
        cafe.0.advance(Duration::from_secs(2));
        cafe.0.sim.with_world(|world| world.transfer(first, 500, 500));
        let second = cafe.0.sim.with_world(|world| world.reconnect(first));
        cafe.0.sim.with_world(|world| world.transfer(second, 9_000, 9_000));
        cafe.pass(100).await;
        let said = cafe.0.said_of(b"ana").await.unwrap();
        let truth = cafe.truth()[&(LoginKind::Hotspot, b"ana".to_vec())];
        assert!(said.octets.input <= truth.0 && said.octets.output <= truth.1, "{said:?}");
        let upper = said.observation.upper_octets.unwrap();
        assert!(truth.0 + truth.1 <= said.octets.both() + upper, "{said:?}, the truth is {truth:?}");
        assert!(upper <= 8_000 + 10 * LINK_BPS / 8 * 2, "no wider than the seconds in question: {upper}");
    }
}

#[tokio::test]
async fn a_router_without_a_hotspot_is_asked_for_one_at_first_and_in_every_twelfth_round() {
    let mut poller = Poller::start(crate::sim::world()).await;
    poller.connect("ana");
    for _ in 0..25 {
        poller.round().await;
    }
    assert_eq!((poller.prints(ACTIVE), poller.prints(SERVERS)), (3, 3));
    poller.act(|world| world.add_hotspot("hotspot1"));
    for _ in 0..12 {
        poller.round().await;
    }
    let before = poller.prints(ACTIVE);
    poller.round().await;
    assert_eq!(poller.prints(ACTIVE), before + 1, "a hotspot is read in each round once it is known");
}

#[tokio::test]
async fn a_router_without_the_menu_is_asked_once_a_connection() {
    let mut poller = Poller::start(crate::sim::world()).await;
    poller.router.faults().always_on("/ip/hotspot/active", Fault::MissingMenu);
    poller.connect("ana");
    for _ in 0..15 {
        let snapshot = poller.round().await.snapshot;
        assert!(snapshot.logins.as_ref().is_some_and(OwnedRows::is_empty), "nobody can be in it");
        assert!(!snapshot.covers(Table::HotspotActive) && !snapshot.covers(Table::HotspotHost));
    }
    assert_eq!(poller.prints(SERVERS), 0);
}

#[tokio::test]
async fn a_router_without_the_ppp_package_has_its_hotspot_counted() {
    let mut poller = Poller::start(world(Switches::default())).await;
    poller.router.faults().always_on("/ppp/active", Fault::MissingMenu);
    for service in ["pppoe", "l2tp", "pptp", "sstp", "ovpn"] {
        poller.router.faults().always_on(&format!("/interface/{service}-server"), Fault::MissingMenu);
    }
    poller.act(|world| world.log_in("guest", OTHER_MAC, 8_000_000, 40_000_000));
    for _ in 0..3 {
        let clean = poller.round().await;
        assert_eq!(
            clean.snapshot.logins.unwrap().rows().map(|row| row.login).collect::<Vec<_>>(),
            [b"guest"]
        );
    }
}

#[tokio::test]
async fn a_hotspot_that_cannot_be_read_holds_up_no_ppp_session_and_loses_nothing() {
    for fault in [Fault::trap_after(1), Fault::trap_after(0), Fault::NoRights] {
        for table in [ACTIVE, SERVERS] {
            let mut cafe = Cafe::open(Switches::default()).await;
            cafe.pass(30).await;
            cafe.seen(|world| world.connect("ana", Service::Pppoe, MAC, 1_000_000, 5_000_000)).await;
            cafe.log_in("guest", OTHER_MAC);
            cafe.pass(30).await;
            let id = cafe.0.sim.faults().always_on(table, fault.clone());
            for _ in 0..15 {
                cafe.pass(30).await;
            }
            let ana = (LoginKind::Ppp, b"ana".to_vec());
            assert_eq!(cafe.totals().await[&ana], cafe.truth()[&ana], "{fault:?} at {table}");
            cafe.0.sim.faults().disarm(id);
            cafe.pass(30).await;
            cafe.assert_exact(&(fault.clone(), table)).await;
        }
    }
}
