//! Devices that a hotspot lets through without a login, end to end: a simulated router, a round, the accounting, the store.

use accounting::Octets;
use accounting::ledger::Reason;
use accounting::login::LoginKind;
use accounting::snapshot::CounterRow;
use accounting::table::Table;
use collector::routeros::hotspot::{Host, host};
use routeros_sim::faults::Fault;
use routeros_sim::world::{
    BooleanWords, Device, HostCounters, HotspotIds, Personality, SessionKey, Switches, World,
};
use store::{LedgerRepository, LedgerSubject, UsageRow, VerifyRepository};

use crate::bounds::street::Street;
use crate::rows::row;
use crate::sim::Poller;
use crate::static_ip::pass;

const MAC: &str = "2C:54:91:00:00:01";
const OTHER_MAC: &str = "2C:54:91:00:00:02";
const CAMERA: &str = "mac:2C:54:91:00:00:01";
const ACTIVE: &str = "/ip/hotspot/active/print";
const HOSTS: &str = "/ip/hotspot/host/print";
const BINDINGS: &str = "/ip/hotspot/ip-binding/print";

/// Every setting of what is open about hosts.
fn every_setting() -> Vec<Switches> {
    use HotspotIds::{FromAddress, InSequence};
    let mut settings = Vec::new();
    for hotspot_ids in [FromAddress, InSequence] {
        for host_counters in [HostCounters::GoOn, HostCounters::StartOver] {
            for boolean_words in [BooleanWords::TrueFalse, BooleanWords::YesNo] {
                settings.push(Switches { hotspot_ids, host_counters, boolean_words, ..Switches::default() });
            }
        }
    }
    settings
}

fn world(switches: Switches) -> World {
    let mut device = Device::new("cafe", Personality::V7_20, 3);
    device.switches = switches;
    let mut world = World::new(device);
    world.add_hotspot("hotspot1");
    world
}

/// A hotspot that lets a camera through, which is not in sight yet.
async fn cafe(switches: Switches) -> Street {
    let mut world = world(switches);
    world.bypass(MAC);
    Street::of(world, 0).await
}

fn appear(street: &Street) -> SessionKey {
    street.sim.with_world(|world| world.appear(MAC, 8_000_000, 40_000_000)).expect("it is let through")
}

/// What really passed for a login, and what is said of it: nothing before it is known.
async fn truth_and_said(street: &Street, login: &str) -> (Octets, Option<UsageRow>) {
    let sessions = street.sim.with_world(|world| world.truth().sessions);
    let theirs = sessions.iter().filter(|session| session.login == login.as_bytes());
    let truth = theirs.map(|session| Octets::new(session.octets.input, session.octets.output)).sum();
    let report = street.sqlite.verify().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.mismatches);
    (truth, street.said_of(login.as_bytes()).await)
}

async fn is_exact(street: &Street, login: &str, case: &impl std::fmt::Debug) {
    let (truth, said) = truth_and_said(street, login).await;
    let said = said.unwrap_or_else(|| panic!("{login} is known: {case:?}"));
    assert_eq!((said.kind, said.octets), (Some(LoginKind::Hotspot), truth), "{login}: {case:?}");
    assert!(!truth.is_zero(), "a test without traffic proves nothing");
}

/// total <= truth <= total + bound, and neither end is met by chance.
async fn is_within_its_bound(street: &Street, login: &str, case: &impl std::fmt::Debug) {
    let (truth, said) = truth_and_said(street, login).await;
    let said = said.unwrap_or_else(|| panic!("{login} is known: {case:?}"));
    assert!(
        said.octets.input <= truth.input && said.octets.output <= truth.output,
        "{case:?} {said:?} {truth:?}"
    );
    let upper = said.observation.upper_octets.expect("the link has a speed");
    assert!(truth.both() <= said.octets.both() + upper, "{case:?}: {said:?}, the truth is {truth:?}");
}

async fn reasons(street: &Street, login: &str) -> Vec<Reason> {
    let subject = LedgerSubject::Login { router: "r".to_owned(), username: Some(login.into()), kind: None };
    let rows = street.sqlite.entries(subject, None, 1_000).await.unwrap();
    rows.iter().map(|row| row.entry.reason).collect()
}

#[tokio::test]
async fn a_device_that_comes_in_sight_let_through_is_counted_to_the_octet_through_gap_and_restart() {
    for switches in every_setting() {
        let mut street = cafe(switches).await;
        appear(&street);
        pass(&mut street, 60).await;
        pass(&mut street, 60).await;
        is_exact(&street, CAMERA, &switches).await;
        street.hang_up();
        pass(&mut street, 3_000).await;
        street.restart();
        pass(&mut street, 60).await;
        is_exact(&street, CAMERA, &switches).await;
        let said = street.said_of(CAMERA.as_bytes()).await.unwrap();
        assert_eq!(said.observation.upper_octets, Some(0), "{switches:?}");
    }
}

#[tokio::test]
async fn a_device_that_leaves_and_returns_is_within_its_bound() {
    for switches in every_setting() {
        let mut street = cafe(switches).await;
        let camera = appear(&street);
        pass(&mut street, 60).await;
        street.advance(std::time::Duration::from_secs(20));
        street.sim.with_world(|world| world.leave(camera));
        street.advance(std::time::Duration::from_secs(5));
        // Its address, and an id made from it, are another device's by then.
        street.sim.with_world(|world| {
            world.bypass(OTHER_MAC);
            world.appear(OTHER_MAC, 1_000_000, 2_000_000)
        });
        appear(&street);
        for _ in 0..5 {
            pass(&mut street, 30).await;
        }
        is_within_its_bound(&street, CAMERA, &switches).await;
        is_exact(&street, "mac:2C:54:91:00:00:02", &switches).await;
        let (truth, said) = truth_and_said(&street, CAMERA).await;
        let tail = 20 * (1_000_000 + 5_000_000);
        assert_eq!(
            truth.both() - said.unwrap().octets.both(),
            tail,
            "only its tail was not seen: {switches:?}"
        );
    }
}

#[tokio::test]
async fn what_its_host_counts_while_it_is_logged_in_counts_for_the_login_alone() {
    for switches in every_setting() {
        let mut street = cafe(switches).await;
        let camera = appear(&street);
        pass(&mut street, 60).await;
        street.sim.with_world(|world| {
            world.unbypass(MAC);
            world.log_in("ana", MAC, 8_000_000, 40_000_000)
        });
        pass(&mut street, 60).await;
        pass(&mut street, 60).await;
        street.sim.with_world(|world| world.bypass(MAC));
        for _ in 0..5 {
            pass(&mut street, 30).await;
        }
        is_exact(&street, "ana", &switches).await;
        is_within_its_bound(&street, CAMERA, &switches).await;
        let seen = reasons(&street, CAMERA).await;
        assert!(seen.contains(&Reason::Baseline), "{switches:?}: {seen:?}");
        let (truth, said) = truth_and_said(&street, CAMERA).await;
        let first = 30 * 6_000_000;
        assert_eq!(
            truth.both() - said.unwrap().octets.both(),
            first,
            "the first seconds after it was let through again: {switches:?}"
        );
        assert!(street.sim.with_world(|world| world.bypassed_sessions().all(|key| key != camera)));
    }
}

#[tokio::test]
async fn a_device_let_through_within_one_interval_of_its_login_is_not_counted_twice() {
    for switches in every_setting() {
        let mut world = world(switches);
        world.bypass(OTHER_MAC);
        let mut street = Street::of(world, 0).await;
        street.sim.with_world(|world| world.log_in("ana", MAC, 8_000_000, 40_000_000));
        pass(&mut street, 60).await;
        street.sim.with_world(|world| world.bypass(MAC));
        for _ in 0..4 {
            pass(&mut street, 30).await;
        }
        is_exact(&street, "ana", &switches).await;
        is_within_its_bound(&street, CAMERA, &switches).await;
        assert_eq!(reasons(&street, CAMERA).await[0], Reason::Baseline, "{switches:?}");
    }
}

#[tokio::test]
async fn a_reboot_starts_every_host_over() {
    for switches in every_setting() {
        let mut street = cafe(switches).await;
        appear(&street);
        pass(&mut street, 300).await;
        street.sim.with_world(World::reboot);
        street.advance(std::time::Duration::from_secs(40));
        appear(&street);
        street.hang_up();
        pass(&mut street, 700).await;
        pass(&mut street, 60).await;
        let (truth, said) = truth_and_said(&street, CAMERA).await;
        assert_eq!(said.unwrap().octets, truth, "{switches:?}");
        assert!(reasons(&street, CAMERA).await.contains(&Reason::RouterReboot));
    }
}

#[tokio::test]
async fn a_router_that_lets_nobody_through_is_asked_for_bindings_in_every_twelfth_round_and_never_for_hosts()
{
    let mut poller = Poller::start(world(Switches::default())).await;
    poller.act(|world| world.log_in("ana", MAC, 8_000_000, 40_000_000));
    for _ in 0..25 {
        poller.round().await;
    }
    assert_eq!((poller.prints(ACTIVE), poller.prints(BINDINGS), poller.prints(HOSTS)), (25, 3, 0));
    poller.act(|world| world.bypass(OTHER_MAC));
    poller.act(|world| world.appear(OTHER_MAC, 8_000_000, 40_000_000));
    for _ in 0..12 {
        poller.round().await;
    }
    let before = poller.prints(HOSTS);
    let clean = poller.round().await;
    assert_eq!((before, poller.prints(HOSTS)), (1, 2), "in each round once it is known");
    let hosts = clean.snapshot.hosts.expect("they were read");
    let shown: Vec<_> = hosts.rows().map(|row| row.login.to_vec()).collect();
    assert_eq!(shown, [b"mac:2C:54:91:00:00:02".to_vec()], "ana's device is not let through");
}

#[tokio::test]
async fn a_router_without_a_hotspot_is_asked_for_no_binding() {
    let mut poller = Poller::start(crate::sim::world()).await;
    for _ in 0..13 {
        poller.round().await;
    }
    assert_eq!((poller.prints(BINDINGS), poller.prints(HOSTS)), (0, 0));
}

#[tokio::test]
async fn what_a_device_moved_until_its_first_binding_was_found_has_a_bound() {
    let mut street = Street::of(world(Switches::default()), 0).await;
    street.sim.with_world(|world| {
        world.bypass(MAC);
        world.appear(MAC, 8_000_000, 40_000_000)
    });
    for _ in 0..14 {
        pass(&mut street, 60).await;
    }
    is_within_its_bound(&street, CAMERA, &"first binding").await;
    assert_eq!(reasons(&street, CAMERA).await[0], Reason::Baseline);
}

#[tokio::test]
async fn hosts_that_cannot_be_read_hold_up_nobody_and_lose_nothing() {
    for fault in [Fault::trap_after(1), Fault::trap_after(0), Fault::NoRights] {
        for table in [HOSTS, BINDINGS] {
            let mut street = cafe(Switches::default()).await;
            appear(&street);
            pass(&mut street, 30).await;
            let id = street.sim.faults().always_on(table, fault.clone());
            street.sim.with_world(|world| world.log_in("ana", OTHER_MAC, 8_000_000, 40_000_000));
            for _ in 0..13 {
                pass(&mut street, 30).await;
            }
            is_exact(&street, "ana", &(fault.clone(), table)).await;
            street.sim.faults().disarm(id);
            pass(&mut street, 30).await;
            is_exact(&street, CAMERA, &(fault.clone(), table)).await;
        }
    }
}

#[test]
fn a_row_that_lacks_a_value_is_unknown_and_one_that_does_not_say_that_it_is_let_through_is_nobodys() {
    let whole: [&[u8]; 9] = [
        b"!re",
        b"=.id=*A053202",
        b"=mac-address=2C:54:91:00:00:01",
        b"=address=192.0.2.9",
        b"=to-address=10.5.50.2",
        b"=uptime=1h2m3s",
        b"=bytes-in=1024",
        b"=bytes-out=4096",
        b"=bypassed=true",
    ];
    let bypassed = |address: &'static [u8]| Host::Bypassed {
        counter: CounterRow {
            handle: Table::HotspotHost.handle(0xA05_3202).unwrap(),
            name: MAC.as_bytes(),
            octets: Octets::new(1_024, 4_096),
        },
        address,
        in_sight_s: 3_723,
    };
    row(&whole, |row| assert_eq!(host(row), Some(bypassed(b"10.5.50.2"))));
    for left_out in 1..whole.len() {
        let words: Vec<&[u8]> =
            whole.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, word)| *word).collect();
        row(&words, |row| match left_out {
            3 => assert_eq!(host(row), Some(bypassed(b"10.5.50.2"))),
            4 => assert_eq!(host(row), Some(bypassed(b"192.0.2.9"))),
            8 => assert_eq!(host(row), Some(Host::Other)),
            _ => assert_eq!(host(row), None, "without {}", whole[left_out].escape_ascii()),
        });
    }
    let mut unset = whole;
    unset[8] = b"=bypassed=false";
    row(&unset, |row| assert_eq!(host(row), Some(Host::Other)));
}
