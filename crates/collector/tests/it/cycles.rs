//! Cycles that close while a router cannot be read whole: final only once nothing can straddle the edge (rule 11).

use std::time::Duration;

use accounting::login::LoginKind;
use operations::Clock;
use routeros_sim::faults::Fault;
use routeros_sim::world::{Device, Personality, Service, World};
use store::{
    CycleTotals, NewAudit, NewSubscriber, RenewalRepository, Renews, Scope, SubscriberChange,
    SubscriberRepository, SubscriberStatus,
};
use uuid::Uuid;

use crate::bounds::street::Street;

const ANA: Uuid = Uuid::from_u128(7);

fn act(street: &Street) -> NewAudit {
    NewAudit::by_system(street.clock.now(), "subscriber", "ana")
}

/// Ana's login of that kind, wherever it shows.
async fn subscribe(street: &Street, kind: LoginKind) {
    let new = NewSubscriber {
        id: ANA,
        username: "ana".to_owned(),
        name: None,
        service: kind.as_str().to_owned(),
        plan: None,
        status: SubscriberStatus::Active,
        expiry_at: None,
        zone: None,
        note: None,
        kind,
        login: b"ana".to_vec(),
        scope: Scope::All,
    };
    street.sqlite.insert_subscriber(new, act(street)).await.unwrap();
}

/// A router with a hotspot, read once, and ana's login of that kind.
async fn cafe(kind: LoginKind) -> Street {
    let mut world = World::new(Device::new("cafe", Personality::V7_20, 3));
    world.add_hotspot("hotspot1");
    let mut street = Street::of(world, 0).await;
    subscribe(&street, kind).await;
    street.look().await;
    street
}

/// The router could not be read for it.
async fn renew(street: &Street) {
    let change = SubscriberChange { renews: Renews::Always, ..SubscriberChange::default() };
    street.sqlite.change_subscriber(ANA, change, act(street), act(street)).await.unwrap();
}

/// The open cycle and the one that closed before it.
async fn cycles(street: &Street) -> [CycleTotals; 2] {
    street.sqlite.subscriber_cycles(ANA, None, 2).await.unwrap().try_into().unwrap()
}

#[tokio::test]
async fn a_hotspot_that_cannot_be_read_keeps_the_cycles_of_its_logins_waiting_and_no_others() {
    for kind in [LoginKind::Hotspot, LoginKind::Ppp] {
        let mut street = cafe(kind).await;
        street.sim.with_world(|world| world.log_in("ana", "2C:54:91:00:00:01", 8_000_000, 40_000_000));
        street.advance(Duration::from_secs(30));
        renew(&street).await;
        let refused = street.sim.faults().always_on("/ip/hotspot/active/print", Fault::NoRights);
        street.advance(Duration::from_secs(30));
        street.look().await;
        let waits = u32::from(kind == LoginKind::Hotspot);
        assert_eq!(cycles(&street).await[1].unsettled, waits, "{kind:?}");
        street.sim.faults().disarm(refused);
        street.advance(Duration::from_secs(30));
        street.look().await;
        let [open, closed] = cycles(&street).await;
        assert_eq!(closed.unsettled, 0);
        let whole = closed.octets.output + open.octets.output;
        assert_eq!(whole > 0, kind == LoginKind::Hotspot, "{kind:?}");
        let tenth = whole / 10;
        assert!(
            (tenth * 3..=tenth * 4).contains(&closed.octets.output),
            "30 of 90 seconds: {closed:?} {open:?}"
        );
    }
}

/// A renewal's own reading was refused the table: for the logins in it the router was not read.
#[tokio::test]
async fn a_fresh_reading_without_the_table_of_a_login_is_none_for_it() {
    for kind in [LoginKind::Hotspot, LoginKind::Ppp] {
        let mut street = cafe(kind).await;
        let refused = street.sim.faults().always_on("/ip/hotspot/active/print", Fault::NoRights);
        street.advance(Duration::from_secs(30));
        street.look().await;
        let change = SubscriberChange {
            renews: Renews::Always,
            fresh: vec![street.nas],
            ..SubscriberChange::default()
        };
        street.sqlite.change_subscriber(ANA, change, act(&street), act(&street)).await.unwrap();
        assert_eq!(cycles(&street).await[1].unsettled, u32::from(kind == LoginKind::Hotspot), "{kind:?}");
        street.sim.faults().disarm(refused);
        street.advance(Duration::from_secs(30));
        street.look().await;
        assert_eq!(cycles(&street).await[1].unsettled, 0);
    }
}

#[tokio::test]
async fn a_router_without_a_hotspot_keeps_nobodys_cycle_waiting() {
    let mut street = Street::open(0).await;
    street.sim.faults().always_on("/ip/hotspot/active", Fault::MissingMenu);
    street.hang_up();
    subscribe(&street, LoginKind::Hotspot).await;
    for _ in 0..2 {
        street.advance(Duration::from_secs(30));
        street.look().await;
        renew(&street).await;
        assert_eq!(cycles(&street).await[1].unsettled, 0, "the last reading is of this moment");
        street.advance(Duration::from_secs(30));
        renew(&street).await;
        assert_eq!(cycles(&street).await[1].unsettled, 1);
        street.look().await;
        assert_eq!(cycles(&street).await[1].unsettled, 0);
    }
}

/// A slow round is under way while the renewal gives up waiting for it.
#[tokio::test]
async fn what_was_read_before_a_renewal_and_is_committed_after_it_settles_nothing() {
    let mut street = Street::of(World::new(Device::new("street", Personality::V7_20, 3)), 0).await;
    subscribe(&street, LoginKind::Ppp).await;
    let connect = |world: &mut World| {
        world.connect("ana", Service::Pppoe, "2C:54:91:00:00:01", 8_000_000, 40_000_000);
    };
    street.sim.with_world(connect);
    street.advance(Duration::from_secs(60));
    street.read().await;
    let passed = street.sim.with_world(|world| world.truth().sessions[0].octets.output);
    street.advance(Duration::from_secs(20));
    renew(&street).await;
    street.commit().await;
    assert_eq!(cycles(&street).await[1].unsettled, 1, "the router was not read since");
    assert_eq!(cycles(&street).await.map(|cycle| cycle.octets.output), [0, passed]);
    street.advance(Duration::from_secs(20));
    street.look().await;
    let [open, closed] = cycles(&street).await;
    assert_eq!(closed.unsettled, 0);
    let apart = open.octets.output.abs_diff(closed.octets.output - passed);
    assert!(open.octets.output > 0 && apart < 2, "20 s on each side: {closed:?} {open:?}");
}
