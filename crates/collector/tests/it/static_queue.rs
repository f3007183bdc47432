//! Subscribers counted by a queue end to end: a simulated queue, a round, the accounting, the store.

use accounting::Octets;
use accounting::standing::login_of_counter;
use accounting::table::Table;
use operations::CounterLook;
use routeros_sim::world::{Device, FixedKind, Personality, QueueSet, World};
use store::{
    AccountingRepository, ImportRepository, LoginOwner, Scope, SubscriberRepository, UsageRow,
    VerifyRepository,
};

use crate::bounds::street::Street;
use crate::sim::{target, tell};
use crate::static_ip::{bind, enrol, entries, look, pass, used};

const ANA: &str = "queue:ana";

/// A town where ana's traffic, 8 and 40 Mbit/s, passes a queue of hers, and what it was when her counting began.
async fn town(queue_set: QueueSet) -> (Street, Octets) {
    let mut device = Device::new("town", Personality::V7_20, 3);
    device.switches.queue_set = queue_set;
    let mut street = Street::of(with_vlans(World::new(device)), 0).await;
    tell(&street.sim, "/queue/simple/add", &[("name", "ana"), ("target", "10.0.0.7")]).await;
    street.sim.with_world(|world| assert!(world.set_rates_through("ana", 8_000_000, 40_000_000)));
    pass(&mut street, 60).await;
    enrol(&street, "ana", ANA).await;
    street.look().await;
    let before = traffic(&street);
    (street, before)
}

fn with_vlans(mut world: World) -> World {
    for vlan in ["vlan101", "vlan102"] {
        world.add_fixed_interface(vlan, FixedKind::Vlan, 0, 0);
    }
    world
}

fn traffic(street: &Street) -> Octets {
    traffic_through(street, "ana")
}

fn traffic_through(street: &Street, queue: &str) -> Octets {
    let octets = street.sim.with_world(|world| world.traffic_of_queue(queue));
    Octets::new(octets.input, octets.output)
}

/// What we say, and what there was.
async fn said_and_true(street: &Street, before: Octets) -> (UsageRow, Octets) {
    let report = street.sqlite.verify().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.mismatches);
    (used(street, ANA).await, traffic(street).saturating_sub(before))
}

async fn is_exact_since(street: &Street, before: Octets) {
    let (row, truth) = said_and_true(street, before).await;
    assert_eq!((row.octets, row.observation.upper_octets), (truth, Some(0)));
    assert!(truth.input > 0 && truth.output > truth.input);
}

async fn is_within_its_bound_since(street: &Street, before: Octets) {
    let (row, truth) = said_and_true(street, before).await;
    let bound = row.observation.upper_octets.expect("the link has a speed");
    let (said, truth) = (row.octets.both(), truth.both());
    assert!(said < truth && truth <= said + bound, "{said} of {truth}, {bound}");
}

#[tokio::test]
async fn a_queue_is_counted_to_the_octet_through_rename_gap_and_restart() {
    let (mut street, before) = town(QueueSet::Keeps).await;
    pass(&mut street, 60).await;
    tell(&street.sim, "/queue/simple/set", &[("numbers", "ana"), ("name", "to ana, =x")]).await;
    pass(&mut street, 60).await;
    is_exact_since(&street, before).await;
    street.hang_up();
    pass(&mut street, 3_000).await;
    street.restart();
    pass(&mut street, 60).await;
    is_exact_since(&street, before).await;
}

#[tokio::test]
async fn while_a_rule_fasttracks_what_the_queue_missed_has_no_bound() {
    let (mut street, before) = town(QueueSet::Keeps).await;
    pass(&mut street, 60).await;
    is_exact_since(&street, before).await;
    tell(&street.sim, "/ip/firewall/filter/add", &[("chain", "forward"), ("action", "fasttrack-connection")])
        .await;
    let at_most = traffic(&street).saturating_sub(before);
    for _ in 0..3 {
        pass(&mut street, 60).await;
    }
    let (row, truth) = said_and_true(&street, before).await;
    assert_eq!((row.octets, row.observation.upper_octets), (at_most, None));
    assert!(at_most.both() < truth.both());
    tell(&street.sim, "/ip/firewall/filter/remove", &[(".id", "*1")]).await;
    let missed = traffic(&street).saturating_sub(before).saturating_sub(at_most);
    pass(&mut street, 60).await;
    let (row, truth) = said_and_true(&street, before).await;
    assert_eq!((row.octets, row.observation.upper_octets), (truth.saturating_sub(missed), None));
}

#[tokio::test]
async fn a_reset_by_hand_and_a_queue_removed_and_made_anew_stay_within_the_bound() {
    let (mut street, before) = town(QueueSet::Keeps).await;
    pass(&mut street, 300).await;
    street.advance(std::time::Duration::from_secs(10));
    tell(&street.sim, "/queue/simple/reset-counters", &[("numbers", "ana")]).await;
    pass(&mut street, 10).await;
    is_within_its_bound_since(&street, before).await;
    tell(&street.sim, "/queue/simple/remove", &[("numbers", "ana")]).await;
    tell(&street.sim, "/queue/simple/add", &[("name", "ana"), ("target", "10.0.0.7")]).await;
    street.sim.with_world(|world| assert!(world.set_rates_through("ana", 8_000_000, 40_000_000)));
    for _ in 0..6 {
        pass(&mut street, 30).await;
    }
    is_within_its_bound_since(&street, before).await;
}

#[tokio::test]
async fn a_set_that_keeps_the_bytes_costs_nothing_and_one_that_does_not_is_a_reset() {
    for queue_set in [QueueSet::Keeps, QueueSet::StartsOver] {
        let (mut street, before) = town(queue_set).await;
        pass(&mut street, 300).await;
        street.advance(std::time::Duration::from_secs(10));
        tell(&street.sim, "/queue/simple/set", &[("numbers", "ana"), ("max-limit", "9000000/50000000")])
            .await;
        pass(&mut street, 10).await;
        pass(&mut street, 60).await;
        match queue_set {
            QueueSet::Keeps => is_exact_since(&street, before).await,
            QueueSet::StartsOver => is_within_its_bound_since(&street, before).await,
        }
    }
}

/// Rule 8: a queue that limits her is put before the one that counted her, and takes all her traffic. Bound in the moment it
/// is made, with a look before each change and as many after it as prove it, it is one of her counters as long as it is there.
#[tokio::test]
async fn a_queue_put_before_hers_joins_her_counters_and_leaves_them_to_the_octet() {
    let (mut street, before) = town(QueueSet::Keeps).await;
    pass(&mut street, 60).await;
    let limit = [("name", "limit"), ("target", "10.0.0.7"), ("place-before", "ana")];
    tell(&street.sim, "/queue/simple/add", &limit).await;
    let ana = street.sqlite.find_subscriber("ana").await.unwrap().unwrap();
    bind(&street, ana.id, "queue:limit").await;
    street.look().await;
    flows(&street, "ana", 0, 0);
    flows(&street, "limit", 4_000_000, 20_000_000);
    for _ in 0..5 {
        pass(&mut street, 60).await;
    }
    flows(&street, "limit", 0, 0);
    flows(&street, "ana", 8_000_000, 40_000_000);
    street.look().await;
    tell(&street.sim, "/queue/simple/remove", &[("numbers", "limit")]).await;
    for after in [0, 0, 60, 60] {
        pass(&mut street, after).await;
    }
    is_exact_since(&street, before).await;
    let limited = traffic_through(&street, "limit");
    let row = used(&street, "queue:limit").await;
    assert!(limited.input > 0);
    assert_eq!(row.octets, limited);
    let second_at_link_speed = 12_500_000;
    assert!(
        row.observation.upper_octets.unwrap() <= second_at_link_speed,
        "two prints prove that it is gone"
    );
    let ana = street.sqlite.find_subscriber("ana").await.unwrap().unwrap();
    let both = traffic(&street).saturating_sub(before) + limited;
    assert_eq!(ana.cycle.unwrap().octets, both, "her cycle has what passed either of them, once");
}

fn flows(street: &Street, queue: &str, up_bps: u64, down_bps: u64) {
    street.sim.with_world(|world| assert!(world.set_rates_through(queue, up_bps, down_bps)));
}

#[tokio::test]
async fn after_a_reboot_all_of_the_queue_is_hers_and_what_the_old_boot_hid_has_a_bound() {
    let (mut street, before) = town(QueueSet::Keeps).await;
    pass(&mut street, 60).await;
    street.advance(std::time::Duration::from_secs(30));
    street.sim.with_world(World::reboot);
    street.hang_up();
    pass(&mut street, 30).await;
    is_within_its_bound_since(&street, before).await;
    let reasons = entries(&street, ANA).await;
    assert!(reasons.contains(&"router_reboot"), "{reasons:?}");
}

#[tokio::test]
async fn a_queue_that_shares_traffic_with_what_is_enrolled_is_told_before_it_is_enrolled_too() {
    let (mut street, _) = town(QueueSet::Keeps).await;
    enrol(&street, "cyd", "interface:vlan101").await;
    for (name, target, parent) in [
        ("her room", "10.9.0.1", "ana"),
        ("her desk", "10.9.0.2", "her room"),
        ("house", "10.8.0.0/16", "none"),
        ("subnet", "192.0.2.0/28,10.0.0.0/24", "none"),
        ("on vlan", "vlan101", "none"),
        ("bob", "10.0.0.8", "none"),
        ("on another vlan", "vlan102", "none"),
    ] {
        tell(&street.sim, "/queue/simple/add", &[("name", name), ("target", target), ("parent", parent)])
            .await;
    }
    let changes = [("numbers", "ana"), ("parent", "house"), ("name", "ana now")];
    tell(&street.sim, "/queue/simple/set", &changes).await;
    tell(&street.sim, "/queue/simple/set", &[("numbers", "her room"), ("parent", "ana now")]).await;
    street.look().await;
    let enrolled = street.sqlite.asked_counters(street.nas).await.unwrap();
    let login = (login_of_counter(Table::Queue, b"ana now"), Scope::Router("r".to_owned()));
    let owners = street.sqlite.login_owners(vec![login]).await.unwrap();
    assert_eq!(owners, [LoginOwner::Renamed("ana".to_owned())], "an import is told before it writes");
    let ana = || b"ana now".to_vec();
    for (name, told) in [
        ("her room", CounterLook::WithinQueue(ana())),
        ("her desk", CounterLook::WithinQueue(ana())),
        ("house", CounterLook::HoldsQueue(ana())),
        ("subnet", CounterLook::SharesTarget(ana())),
        ("on vlan", CounterLook::OnInterface(b"vlan101".to_vec())),
        ("bob", CounterLook::Fit),
        ("on another vlan", CounterLook::Fit),
        ("ana now", CounterLook::Fit),
        ("nobody", CounterLook::NotThere),
    ] {
        let said = look(&target(&street.sim), Table::Queue, name, &enrolled).await;
        assert_eq!(said, told, "{name}");
    }
    enrol(&street, "dan", "queue:on another vlan").await;
    let enrolled = street.sqlite.asked_counters(street.nas).await.unwrap();
    let passes = CounterLook::PassesQueue(b"on another vlan".to_vec());
    for (name, told) in [("vlan102", passes), ("vlan101", CounterLook::Fit)] {
        let said = look(&target(&street.sim), Table::Facing, name, &enrolled).await;
        assert_eq!(said, told, "{name}");
    }
}

/// A file may name some thousand of them, and none may count what an earlier one counts.
#[tokio::test]
async fn many_counters_take_one_look_and_are_judged_beside_those_before_them() {
    const MANY: usize = 600;
    let (street, _) = town(QueueSet::Keeps).await;
    street.sim.with_world(|world| {
        (200..200 + MANY).for_each(|number| {
            world.add_fixed_interface(&format!("vlan{number}"), FixedKind::Vlan, 0, 0);
        });
    });
    for (name, target, parent) in [
        ("house", "10.8.0.0/16", "none"),
        ("room", "10.8.1.0/24", "house"),
        ("subnet", "10.0.0.0/24", "none"),
        ("pair", "10.9.0.0/31", "none"),
        ("one of the pair", "10.9.0.1", "none"),
        ("on vlan", "vlan101", "none"),
    ] {
        tell(&street.sim, "/queue/simple/add", &[("name", name), ("target", target), ("parent", parent)])
            .await;
    }
    let enrolled = street.sqlite.asked_counters(street.nas).await.unwrap();
    let queue = |name: &str| (Table::Queue, name.as_bytes().to_vec());
    let facing = |name: String| (Table::Facing, name.into_bytes());
    let named = |name: &str| name.as_bytes().to_vec();
    let judged = [
        (queue("room"), CounterLook::Fit),
        (queue("house"), CounterLook::HoldsQueue(named("room"))),
        (queue("subnet"), CounterLook::SharesTarget(named("ana"))),
        (queue("one of the pair"), CounterLook::Fit),
        (queue("pair"), CounterLook::SharesTarget(named("one of the pair"))),
        (facing("vlan101".to_owned()), CounterLook::Fit),
        (queue("on vlan"), CounterLook::OnInterface(named("vlan101"))),
        (queue("nobody"), CounterLook::NotThere),
    ];
    let rest = (200..200 + MANY).map(|number| (facing(format!("vlan{number}")), CounterLook::Fit));
    let (counters, told): (Vec<_>, Vec<_>) = judged.into_iter().chain(rest).unzip();
    let before = street.sim.stats();
    let said = collector::enrolment::look(&target(&street.sim), &counters, &enrolled).await.unwrap();
    assert_eq!(said, told);
    let after = street.sim.stats();
    let prints = |path: &str| {
        let of = |stats: &routeros_sim::server::Stats| stats.prints.get(path).copied().unwrap_or_default();
        of(&after) - of(&before)
    };
    assert_eq!((after.connections - before.connections, prints("/queue/simple/print")), (1, 1));
    assert_eq!(prints("/interface/print"), 2, "512 names in a query");
}
