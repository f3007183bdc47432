//! Rounds against a simulated router: what is asked when, and whose each counter is said to be.

use std::collections::BTreeMap;
use std::time::Duration;

use accounting::Octets;
use accounting::snapshot::{Owner, Snapshot};
use collector::round::{CleanRound, Identify, Table, TableReport};
use routeros_sim::names::HURTING;
use routeros_sim::world::{
    BooleanWords, Device, HardwareId, L2tpType, Personality, ServerIds, Service, Switches, UnknownProperty,
    UptimeStyle, World,
};

use crate::sim::{MAC, Poller, world};

const COUNTERS: &str = "/interface/print";
const SESSIONS: &str = "/ppp/active/print";
const PPPOE: &str = "/interface/pppoe-server/print";
const L2TP: &str = "/interface/l2tp-server/print";
const SSTP: &str = "/interface/sstp-server/print";

/// Octets by login, joined through the owners as accounting will.
fn by_login(snapshot: &Snapshot) -> BTreeMap<Vec<u8>, Octets> {
    let owners = &snapshot.identified.as_ref().unwrap().owners;
    let login = |name: &[u8]| {
        let owner = owners.iter().find(|owner| *owner.counter_name == *name);
        owner.and_then(|owner| owner.session.as_ref()).map(|session| session.login.to_vec())
    };
    let mut sums = BTreeMap::new();
    for row in snapshot.counters.rows() {
        if let Some(login) = login(row.name) {
            *sums.entry(login).or_insert(Octets::ZERO) += row.octets;
        }
    }
    sums
}

fn owners(snapshot: &Snapshot) -> &[Owner] {
    &snapshot.identified.as_ref().unwrap().owners
}

/// A world where every name that hurts is connected and has octets of its own.
fn hurting(device: Device) -> World {
    let mut world = World::new(device);
    world.add_usual_interfaces();
    for (number, login) in HURTING.iter().enumerate() {
        let key = world.connect(login, Service::ALL[number % 5], MAC, 0, 0);
        world.transfer(key, 5_000_000_000 + number as u64, 7_000_000_000 + number as u64);
    }
    world
}

#[tokio::test]
async fn every_octet_of_names_that_hurt_goes_to_the_right_login_under_every_switch() {
    let plain = Switches::default();
    let switches = [
        plain,
        Switches { server_ids: ServerIds::Different, ..plain },
        Switches { unknown_property: UnknownProperty::DropsRows, ..plain },
        Switches { boolean_words: BooleanWords::YesNo, extra_property: true, ..plain },
        Switches { duplicate_attribute: true, ..plain },
    ];
    for personality in Personality::ALL {
        for switches in switches {
            for uptime_style in [UptimeStyle::Words, UptimeStyle::Colon] {
                let mut device = Device::new("tower", personality, 7);
                (device.switches, device.uptime_style) = (switches, uptime_style);
                let mut poller = Poller::start(hurting(device)).await;
                let clean = poller.round().await;
                let truth = poller.act(|world| world.truth().by_login());
                let counted = by_login(&clean.snapshot);
                assert_eq!(counted.len(), HURTING.len(), "{personality:?} {switches:?}");
                for (login, total) in truth {
                    let total = total.total();
                    assert_eq!(
                        counted[&login],
                        Octets::new(total.input, total.output),
                        "{}",
                        login.escape_ascii()
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn the_first_round_of_a_connection_reads_everything_and_says_that_there_was_a_gap() {
    let mut poller = Poller::start(world()).await;
    poller.connect("ana");
    let clean = poller.round().await;
    assert!(clean.snapshot.after_gap);
    assert_eq!(&*clean.snapshot.device, "serial:SIM000000007");
    assert_eq!(clean.report.identity.as_deref(), Some("tower"));
    assert_eq!(clean.report.version.as_deref(), Some(Personality::V7_20.version()));
    assert_eq!((clean.report.rows, clean.report.sessions), (1, Some(1)));
    let identified = clean.snapshot.identified.unwrap();
    assert!(identified.complete && identified.counters_after_complete);
    assert_eq!(identified.counters_after.len(), 1);
    for menu in ["pppoe", "l2tp", "pptp", "sstp", "ovpn"] {
        assert_eq!(poller.prints(&format!("/interface/{menu}-server/print")), 1, "{menu}");
    }
    assert!(!poller.round().await.snapshot.after_gap);
    poller.reconnect().await;
    assert!(poller.round().await.snapshot.after_gap);
}

#[tokio::test]
async fn a_virtual_router_is_known_by_its_licence() {
    let mut device = Device::new("chr", Personality::V7_20, 7);
    device.hardware = HardwareId::License { system_id: "AbCdEf".to_owned() };
    device.switches.unknown_property = UnknownProperty::DropsRows;
    let clean = Poller::start(World::new(device)).await.round().await;
    assert_eq!(&*clean.snapshot.device, "system-id:AbCdEf");
}

#[tokio::test]
async fn a_quiet_round_is_two_narrow_prints_between_two_looks_at_the_uptime() {
    let mut poller = Poller::start(world()).await;
    let ana = poller.connect("ana");
    poller.round().await;
    let before = poller.router.stats();
    poller.act(|world| {
        world.advance(Duration::from_secs(60));
        world.transfer(ana, 10, 20);
    });
    let clean = poller.round().await;
    assert!(clean.snapshot.identified.is_none());
    assert_eq!(clean.report.identify, Identify::No);
    assert_eq!(clean.snapshot.counters.sum(), Octets::new(10, 20));
    let after = poller.router.stats();
    assert_eq!(
        after.sentences - before.sentences,
        4,
        "the fourth asks for services whose type nobody has seen"
    );
    assert_eq!(after.bytes_in - before.bytes_in, clean.report.traffic.bytes_out);
    let uptime = clean.snapshot.times.uptime;
    assert!(uptime.before >= 60 && uptime.after >= uptime.before);
    let tables: u64 = clean.report.tables.iter().map(|table| table.traffic.bytes_in).sum();
    assert_eq!(tables, clean.report.traffic.bytes_in);
}

#[tokio::test]
async fn an_arrival_is_looked_up_by_itself() {
    let mut poller = Poller::start(world()).await;
    poller.connect_many(100);
    poller.round().await;
    let (twins, all) = (poller.prints(L2TP), poller.prints(PPPOE));
    poller.connect("late");
    let clean = poller.round().await;
    let identified = clean.snapshot.identified.as_ref().unwrap();
    assert_eq!(clean.report.identify, Identify::Narrow);
    assert!(!identified.complete && !identified.counters_after_complete);
    assert_eq!(identified.counters_after.len(), 1);
    assert_eq!(identified.counters_after.row(0), clean.snapshot.counters.row(100));
    assert_eq!(&*identified.owners[0].session.as_ref().unwrap().login, b"late");
    assert_eq!((poller.prints(L2TP), poller.prints(PPPOE)), (twins, all + 1), "found in the first menu");
    let rows = |table| clean.report.tables.iter().find(|one| one.table == table).unwrap().rows;
    assert_eq!((rows(Table::Servers), rows(Table::Sessions)), (1, 1));
}

#[tokio::test]
async fn an_arrival_by_another_service_is_found_in_its_menu() {
    let mut poller = Poller::start(world()).await;
    poller.connect("ana");
    poller.round().await;
    poller.act(|world| world.connect("ana", Service::L2tp, "10.1.1.1", 0, 0));
    let clean = poller.round().await;
    let owner = owners(&clean.snapshot).iter().find(|owner| &*owner.counter_name == b"<l2tp-ana>").unwrap();
    let session = owner.session.as_ref().unwrap();
    assert_eq!(session.service.as_str(), "l2tp");
    assert_eq!(&*session.calling_station_id, b"10.1.1.1");
}

#[tokio::test]
async fn many_arrivals_print_the_tables_whole() {
    let mut poller = Poller::start(world()).await;
    poller.round().await;
    poller.connect_many(65);
    let clean = poller.round().await;
    assert_eq!(clean.report.identify, Identify::Full);
    assert_eq!(owners(&clean.snapshot).len(), 65);
}

#[tokio::test]
async fn a_reset_or_a_wish_prints_the_tables_whole_and_a_departure_needs_none() {
    let mut poller = Poller::start(world()).await;
    let (ana, bob) = (poller.connect("ana"), poller.connect("bob"));
    poller.act(|world| world.transfer(ana, 9, 9));
    poller.round().await;
    poller.act(|world| world.disconnect(bob));
    let gone = poller.round().await;
    assert_eq!(
        (gone.report.rows, gone.report.identify),
        (1, Identify::No),
        "the counter table alone shows it"
    );
    poller.act(|world| world.reset_counters("<pppoe-ana>"));
    assert!(poller.round().await.snapshot.identified.unwrap().complete);
    assert!(poller.forced_round().await.snapshot.identified.unwrap().complete);
}

#[tokio::test]
async fn menus_without_sessions_are_read_once_and_those_with_bindings_again() {
    let mut poller = Poller::start(world()).await;
    poller.connect("ana");
    poller.act(|world| world.add_binding_for(Service::Sstp, "sstp-in1", "eve"));
    poller.round().await;
    poller.forced_round().await;
    assert_eq!([PPPOE, L2TP, SSTP].map(|menu| poller.prints(menu)), [2, 1, 2]);
}

#[tokio::test]
async fn static_bindings_are_looked_at_in_every_third_round() {
    let mut poller = Poller::start(world()).await;
    poller.act(|world| world.add_binding("pppoe-in1", "ana"));
    let first = poller.round().await;
    assert!(owners(&first.snapshot)[0].permanent && owners(&first.snapshot)[0].session.is_none());
    poller.connect("ana");
    let identified = [poller.round().await, poller.round().await, poller.round().await]
        .map(|clean| clean.snapshot.identified.map(|identified| identified.owners));
    let [None, None, Some(owners)] = &identified else { panic!("{identified:?}") };
    assert!(owners[0].permanent);
    assert_eq!(&*owners[0].session.as_ref().unwrap().login, b"ana");
}

#[tokio::test]
async fn stale_twins_keep_the_sessions_they_had() {
    let mut poller = Poller::start(world()).await;
    let old = poller.connect("ana");
    poller.round().await;
    poller.act(|world| {
        world.advance(Duration::from_secs(3600));
        world.reconnect_leaving_twin(old, Duration::from_secs(20));
        world.advance(Duration::from_secs(4));
    });
    let clean = poller.forced_round().await;
    let times: Vec<_> = owners(&clean.snapshot)
        .iter()
        .map(|owner| (owner.counter_name.to_vec(), owner.session.as_ref().unwrap().session_time_s))
        .collect();
    assert_eq!(times, [(b"<pppoe-ana>".to_vec(), Some(3604)), (b"<pppoe-ana-1>".to_vec(), Some(4))]);
    let ids: Vec<_> =
        owners(&clean.snapshot).iter().map(|owner| owner.session.as_ref().unwrap().acct_session_id).collect();
    assert!(ids[0] < ids[1], "{ids:?}");
}

#[tokio::test]
async fn a_session_that_begins_between_the_prints_is_taken_up_in_the_next_round() {
    let mut poller = Poller::start(world()).await;
    poller.router.at_print(PPPOE, 1, |world| {
        world.connect("late", Service::Pppoe, MAC, 0, 0);
    });
    let first = poller.round().await.snapshot;
    assert!(first.counters.is_empty());
    assert_eq!(first.identified.unwrap().counters_after.len(), 1);
    let second = poller.round().await;
    assert_eq!(second.report.identify, Identify::Narrow);
    assert_eq!(&*owners(&second.snapshot)[0].session.as_ref().unwrap().login, b"late");
}

#[tokio::test]
async fn a_session_that_ends_between_the_prints_gets_no_owner() {
    let mut poller = Poller::start(world()).await;
    let ana = poller.connect("ana");
    poller.router.at_print(PPPOE, 1, move |world| world.disconnect(ana));
    let clean = poller.round().await;
    assert!(owners(&clean.snapshot).is_empty());
    assert_eq!(clean.snapshot.counters.len(), 1);
    assert_eq!(clean.report.sessions, Some(1), "it was still among the sessions");
    assert_eq!(poller.prints(SESSIONS), 2, "once for ids alone, once whole");
    assert!(poller.prints(COUNTERS) >= 2);
}

/// A device whose L2TP interfaces have a type that no query of ours names.
fn odd_types() -> Device {
    let switches = Switches { l2tp_type: L2tpType::Unknown, ..Switches::default() };
    Device { switches, ..Device::new("odd", Personality::V7_20, 7) }
}

#[tokio::test]
async fn a_session_whose_interface_has_an_unknown_type_is_found_by_its_name() {
    let mut world = World::new(odd_types());
    world.connect("ana", Service::Pppoe, MAC, 0, 0);
    let bob = world.connect("bob", Service::L2tp, b"192.0.2.7", 0, 0);
    world.transfer(bob, 5, 7);
    let mut poller = Poller::start(world).await;

    let first = poller.round().await;
    let after = &first.snapshot.identified.as_ref().unwrap().counters_after;
    assert!(after.rows().any(|row| row.name == b"<l2tp-bob>" && row.octets == Octets::new(5, 7)));
    assert_eq!((first.snapshot.counters.len(), first.report.sessions_without_counter), (1, 0));

    let second = poller.round().await;
    assert_eq!(by_login(&second.snapshot)[&b"bob"[..]], Octets::new(5, 7));
    poller.router.with_world(|world| world.transfer(bob, 100, 200));
    let third = poller.round().await;
    let row = third.snapshot.counters.rows().find(|row| row.name == b"<l2tp-bob>").unwrap();
    assert_eq!(row.octets, Octets::new(105, 207));

    let eva = poller.router.with_world(|world| {
        world.disconnect(bob);
        world.connect("eva", Service::L2tp, b"192.0.2.8", 0, 0)
    });
    for _ in 0..4 {
        poller.round().await;
    }
    poller.router.with_world(|world| world.transfer(eva, 3, 4));
    let last = poller.round().await.snapshot;
    let names: Vec<_> = last.counters.rows().map(|row| row.name.to_vec()).collect();
    assert_eq!(names, [b"<pppoe-ana>".to_vec(), b"<l2tp-eva>".to_vec()], "and who left is not asked for");
}

#[tokio::test]
async fn sessions_beyond_what_one_round_asks_for_are_told_and_found_later() {
    let mut world = World::new(odd_types());
    for number in 0..70 {
        world.connect(format!("u{number}"), Service::L2tp, b"192.0.2.7", 0, 0);
    }
    let mut poller = Poller::start(world).await;
    assert_eq!(poller.round().await.report.sessions_without_counter, 6);
    assert_eq!(poller.forced_round().await.report.sessions_without_counter, 0);
    assert_eq!(poller.round().await.snapshot.counters.len(), 70);
}

#[tokio::test]
async fn a_session_of_an_unknown_type_that_begins_later_is_found_in_the_next_round() {
    let mut world = World::new(odd_types());
    world.connect("ana", Service::Pppoe, MAC, 0, 0);
    let mut poller = Poller::start(world).await;
    for _ in 0..5 {
        poller.round().await;
    }
    for login in ["bob", "eva"] {
        let key = poller.act(|world| world.connect(login, Service::L2tp, b"192.0.2.7", 0, 0));
        poller.act(|world| world.transfer(key, 5, 7));
        let found = poller.round().await;
        assert_eq!(found.report.identify, Identify::Full);
        let after = &found.snapshot.identified.as_ref().unwrap().counters_after;
        let name = format!("<l2tp-{login}>");
        assert!(after.rows().any(|row| row.name == name.as_bytes() && row.octets == Octets::new(5, 7)));
        assert_eq!(found.report.sessions_without_counter, 0);
        assert_eq!(by_login(&poller.round().await.snapshot)[login.as_bytes()], Octets::new(5, 7));
    }
}

/// Once a counter print showed a service's interface by its type, a new session of it shows there too.
#[tokio::test]
async fn a_service_whose_type_was_seen_is_not_asked_for_again() {
    let mut poller = Poller::start(world()).await;
    let asked = |clean: &CleanRound| {
        let sessions = |table: &&TableReport| table.table == Table::Sessions;
        clean.report.tables.iter().find(sessions).unwrap().traffic.bytes_out
    };
    poller.connect("ana");
    poller.round().await;
    let before = poller.round().await;
    assert_eq!((before.report.identify, before.report.sessions), (Identify::No, None));
    let bob = poller.act(|world| world.connect("bob", Service::L2tp, b"192.0.2.7", 0, 0));
    assert_eq!(poller.round().await.report.identify, Identify::Full, "nobody had seen its type");
    let after = poller.round().await;
    assert_eq!(asked(&after), asked(&before) + "?service=l2tp".len() as u64 + "?#|".len() as u64 + 2);
    poller.act(|world| {
        world.disconnect(bob);
        world.connect("eva", Service::L2tp, b"192.0.2.8", 0, 0)
    });
    assert_eq!(poller.round().await.report.identify, Identify::Narrow);
}
