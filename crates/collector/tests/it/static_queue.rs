//! Subscribers counted by a queue end to end: a simulated queue, a round, the accounting, the store.

use accounting::Octets;
use accounting::table::Table;
use collector::enrolment::look;
use collector::link::Link;
use operations::CounterLook;
use routeros_proto::Command;
use routeros_sim::world::{Device, FixedKind, Personality, QueueSet, World};
use store::{AccountingRepository, UsageRow, VerifyRepository};

use crate::bounds::street::Street;
use crate::sim::target;
use crate::static_ip::{enrol, entries, pass, used};

const ANA: &str = "queue:ana";

/// A town where ana's traffic, 8 and 40 Mbit/s, passes a queue of hers, and what it was when her counting began.
async fn town(queue_set: QueueSet) -> (Street, Octets) {
    let mut device = Device::new("town", Personality::V7_20, 3);
    device.switches.queue_set = queue_set;
    let mut street = Street::of(with_vlans(World::new(device)), 0).await;
    tell(&street, "/queue/simple/add", &[("name", "ana"), ("target", "10.0.0.7")]).await;
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

/// An admin does something to the router.
pub(crate) async fn tell(street: &Street, path: &str, settings: &[(&str, &str)]) {
    let command =
        settings.iter().fold(Command::new(path), |command, (name, value)| command.attr(name, value));
    let mut link = Link::open(&target(&street.sim)).await.unwrap();
    link.print(&command, |_| ()).await.unwrap();
}

fn traffic(street: &Street) -> Octets {
    let octets = street.sim.with_world(|world| world.traffic_of_queue("ana"));
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
    tell(&street, "/queue/simple/set", &[("numbers", "ana"), ("name", "to ana, =x")]).await;
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
    tell(&street, "/ip/firewall/filter/add", &[("chain", "forward"), ("action", "fasttrack-connection")])
        .await;
    let at_most = traffic(&street).saturating_sub(before);
    for _ in 0..3 {
        pass(&mut street, 60).await;
    }
    let (row, truth) = said_and_true(&street, before).await;
    assert_eq!((row.octets, row.observation.upper_octets), (at_most, None));
    assert!(at_most.both() < truth.both());
    tell(&street, "/ip/firewall/filter/remove", &[(".id", "*1")]).await;
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
    tell(&street, "/queue/simple/reset-counters", &[("numbers", "ana")]).await;
    pass(&mut street, 10).await;
    is_within_its_bound_since(&street, before).await;
    tell(&street, "/queue/simple/remove", &[("numbers", "ana")]).await;
    tell(&street, "/queue/simple/add", &[("name", "ana"), ("target", "10.0.0.7")]).await;
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
        tell(&street, "/queue/simple/set", &[("numbers", "ana"), ("max-limit", "9000000/50000000")]).await;
        pass(&mut street, 10).await;
        pass(&mut street, 60).await;
        match queue_set {
            QueueSet::Keeps => is_exact_since(&street, before).await,
            QueueSet::StartsOver => is_within_its_bound_since(&street, before).await,
        }
    }
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
        tell(&street, "/queue/simple/add", &[("name", name), ("target", target), ("parent", parent)]).await;
    }
    let changes = [("numbers", "ana"), ("parent", "house"), ("name", "ana now")];
    tell(&street, "/queue/simple/set", &changes).await;
    tell(&street, "/queue/simple/set", &[("numbers", "her room"), ("parent", "ana now")]).await;
    street.look().await;
    let enrolled = street.sqlite.asked_counters(street.nas).await.unwrap();
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
        let said = look(&target(&street.sim), Table::Queue, name.as_bytes(), &enrolled).await.unwrap();
        assert_eq!(said, told, "{name}");
    }
    enrol(&street, "dan", "queue:on another vlan").await;
    let enrolled = street.sqlite.asked_counters(street.nas).await.unwrap();
    let passes = CounterLook::PassesQueue(b"on another vlan".to_vec());
    for (name, told) in [("vlan102", passes), ("vlan101", CounterLook::Fit)] {
        let said = look(&target(&street.sim), Table::Facing, name.as_bytes(), &enrolled).await.unwrap();
        assert_eq!(said, told, "{name}");
    }
}
