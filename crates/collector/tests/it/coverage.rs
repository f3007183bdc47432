//! What could not be read covers nobody, though the rest of its router was: the percentages of the source that failed fall,
//! the others' stay.

use std::ops::Range;

use accounting::table::Table;
use accounting::time::Micros;
use routeros_sim::faults::Fault;
use routeros_sim::world::{Device, FixedKind, Personality, Service, World};
use store::{NasRepository, NewAudit, UsageQuery, UsageRepository, UsageRow, VerifyRepository};

use crate::bounds::street::Street;
use crate::sim::{MAC, tell};
use crate::static_ip::{enrol, pass};

const EVER: Range<Micros> = Micros(0)..Micros(i64::MAX);
/// Logins of each source, and the table of the router that shows them.
const LOGINS: [(Table, &str, &str); 5] = [
    (Table::Interface, "pia", ""),
    (Table::HotspotActive, "hal", "/ip/hotspot/active"),
    (Table::HotspotHost, "mac:2C:54:91:00:00:02", "/ip/hotspot/host"),
    (Table::Facing, "interface:vlan101", ""),
    (Table::Queue, "queue:quin", "/queue/simple"),
];

/// A town with somebody of every source.
async fn town() -> Street {
    let mut world = World::new(Device::new("town", Personality::V7_20, 3));
    world.add_hotspot("hotspot1");
    world.add_fixed_interface("vlan101", FixedKind::Vlan, 8_000_000, 40_000_000);
    world.bypass("2C:54:91:00:00:02");
    let mut street = Street::of(world, 0).await;
    street.sim.with_world(|world| {
        world.connect("pia", Service::Pppoe, MAC, 8_000_000, 40_000_000);
        world.log_in("hal", "2C:54:91:00:00:01", 8_000_000, 40_000_000);
        world.appear("2C:54:91:00:00:02", 8_000_000, 40_000_000);
    });
    tell(&street.sim, "/queue/simple/add", &[("name", "quin"), ("target", "10.0.0.7")]).await;
    enrol(&street, "fay", "interface:vlan101").await;
    enrol(&street, "quin", "queue:quin").await;
    pass(&mut street, 60).await;
    street
}

fn query(login: &str) -> UsageQuery {
    UsageQuery {
        buckets: 0..5_000_000,
        router: None,
        username: Some(login.as_bytes().to_vec()),
        subscriber: None,
        reach: store::Reach::Everywhere,
    }
}

/// Seconds in which somebody looked, stretch by stretch.
async fn looked_s(street: &Street, login: &str) -> Vec<i64> {
    let spans = street.sqlite.coverage(query(login), EVER).await.unwrap();
    assert_eq!(spans.len(), 1, "{login} is shown by one source");
    spans[0].spans.iter().map(|span| (span.end.0 - span.start.0) / 1_000_000).collect()
}

async fn row(street: &Street, login: &str) -> UsageRow {
    street.said_of(login.as_bytes()).await.unwrap_or_else(|| panic!("{login} has a row"))
}

async fn unseen_s(street: &Street, login: &str) -> u64 {
    row(street, login).await.observation.unseen_us / 1_000_000
}

#[tokio::test]
async fn a_source_that_cannot_be_read_covers_nobody_and_the_others_go_on() {
    for (failing, login, menu) in LOGINS.into_iter().filter(|(.., menu)| !menu.is_empty()) {
        let mut street = town().await;
        for _ in 0..3 {
            pass(&mut street, 100).await;
        }
        let before = row(&street, login).await;
        let id = street.sim.faults().always_on(menu, Fault::trap_after(0));
        for _ in 0..4 {
            pass(&mut street, 100).await;
        }
        assert_eq!(unseen_s(&street, login).await, 400, "{login} was not looked at");
        assert_eq!(row(&street, login).await.as_of, before.as_of, "{login} was read no later");
        assert_eq!(
            row(&street, login).await.observation.observed_us,
            before.observation.observed_us,
            "{login} was observed no longer"
        );
        // A restart in between changes nothing of that.
        street.restart();
        pass(&mut street, 100).await;
        assert_eq!(unseen_s(&street, login).await, 500, "{login}");
        street.sim.faults().disarm(id);
        for _ in 0..20 {
            pass(&mut street, 100).await;
        }
        for (source, other, _) in LOGINS {
            // Whom a hotspot lets through is read after its logins.
            let fails = source == failing || (failing, source) == (Table::HotspotActive, Table::HotspotHost);
            // What is enrolled is read from the second look on.
            let late = if matches!(source, Table::Facing | Table::Queue) { 70 } else { 0 };
            let expected = if fails { [370 - late, 1_900] } else { [770 - late, 2_000] };
            assert_eq!(looked_s(&street, other).await, expected, "{other} while {login} failed");
            assert_eq!(unseen_s(&street, other).await, 0, "{other} went on, and was counted whole");
        }
        let report = street.sqlite.verify().await.unwrap();
        assert!(report.is_clean(), "{:?}", report.mismatches);
    }
}

#[tokio::test]
async fn a_look_at_a_hotspot_that_is_not_there_covers_nobody() {
    let mut street = Street::of(World::new(Device::new("plain", Personality::V7_20, 3)), 0).await;
    for _ in 0..14 {
        pass(&mut street, 60).await;
    }
    let all = UsageQuery {
        buckets: 0..5_000_000,
        router: None,
        username: None,
        subscriber: None,
        reach: store::Reach::Everywhere,
    };
    let spans = street.sqlite.coverage(all, EVER).await.unwrap();
    let sources: Vec<Table> = spans.iter().map(|of| of.source).collect();
    assert_eq!(sources, [Table::Interface]);
}

#[tokio::test]
async fn a_hotspot_that_nobody_uses_at_night_is_covered_all_the_same() {
    let mut world = World::new(Device::new("cafe", Personality::V7_20, 3));
    world.add_hotspot("hotspot1");
    let mut street = Street::of(world, 0).await;
    for _ in 0..5 {
        pass(&mut street, 100).await;
    }
    street.sim.with_world(|world| world.log_in("hal", "2C:54:91:00:00:01", 8_000_000, 40_000_000));
    pass(&mut street, 100).await;
    assert_eq!(looked_s(&street, "hal").await, [610]);
}

/// What passed while nobody could look is in the bound, though the router's last round was just now.
#[tokio::test]
async fn a_router_removed_while_a_source_could_not_be_read_leaves_what_that_hid_in_the_bound() {
    let mut street = town().await;
    pass(&mut street, 100).await;
    street.sim.faults().always_on("/ip/hotspot/active", Fault::trap_after(0));
    for _ in 0..4 {
        pass(&mut street, 100).await;
    }
    let at = row(&street, "pia").await.as_of.unwrap();
    street.sqlite.remove_nas(street.nas, NewAudit::by_system(at, "router.remove", "r")).await.unwrap();
    let truth = street.sim.with_world(|world| world.truth()).sessions;
    let passed = truth.iter().find(|session| session.login == b"hal").unwrap().octets;
    let said = row(&street, "hal").await;
    let bound = said.observation.upper_octets.expect("the link has a speed");
    let passed = passed.input + passed.output;
    assert!(said.octets.both() < passed && passed <= said.octets.both() + bound, "{said:?} of {passed}");
    assert!(unseen_s(&street, "hal").await >= 400);
}
