//! Subscribers with a static address end to end: a simulated router, a round, the accounting, the store.

use std::time::Duration;

use accounting::Octets;
use accounting::login::{LoginKind, LoginName};
use accounting::table::Table;
use accounting::time::Micros;
use collector::link::Target;
use operations::CounterLook;
use routeros_sim::faults::Fault;
use routeros_sim::world::{Device, FixedKind, Personality, Service, World};
use store::{
    Asked, BindingRepository, LedgerRepository, LedgerSubject, NewAudit, NewSubscriber, Scope, SessionPhase,
    SessionQuery, SessionRepository, SubscriberRepository, SubscriberStatus, UsageRow, VerifyRepository,
};
use uuid::Uuid;

use crate::bounds::street::Street;
use crate::sim::{MAC, start, target};

const ANA: &str = "interface:vlan101";

/// A town where ana has a VLAN of her own, with 8 and 40 Mbit/s on it.
async fn town() -> Street {
    let mut world = World::new(Device::new("town", Personality::V7_20, 3));
    world.add_usual_interfaces();
    world.add_fixed_interface("vlan101", FixedKind::Vlan, 8_000_000, 40_000_000);
    let mut street = Street::of(world, 0).await;
    enrol(&street, "ana", ANA).await;
    street.look().await;
    street
}

pub(crate) async fn enrol(street: &Street, username: &str, login: &str) {
    let new = NewSubscriber {
        id: Uuid::new_v4(),
        username: username.to_owned(),
        name: None,
        service: "static_ip".to_owned(),
        plan: None,
        status: SubscriberStatus::Active,
        expiry_at: None,
        zone: None,
        note: None,
        kind: LoginKind::StaticIp,
        login: login.as_bytes().to_vec(),
        scope: Scope::Router("r".to_owned()),
    };
    street.sqlite.insert_subscriber(new, act()).await.unwrap();
}

/// Gives somebody another counter.
pub(crate) async fn bind(street: &Street, whose: Uuid, login: &str) {
    let login = LoginName::new(LoginKind::StaticIp, login.as_bytes().to_vec());
    street.sqlite.bind_login(whose, login, Scope::Router("r".to_owned()), act()).await.unwrap();
}

fn act() -> NewAudit {
    NewAudit::by_system(Micros(1_760_000_000_000_000), "subscriber", "ana")
}

/// What the router says of one counter.
pub(crate) async fn look(target: &Target, table: Table, name: &str, enrolled: &[Asked]) -> CounterLook {
    let counters = [(table, name.as_bytes().to_vec())];
    collector::enrolment::look(target, &counters, enrolled).await.unwrap().remove(0)
}

pub(crate) async fn pass(street: &mut Street, seconds: u64) {
    street.advance(Duration::from_secs(seconds));
    street.look().await;
}

pub(crate) async fn used(street: &Street, login: &str) -> UsageRow {
    street.said_of(login.as_bytes()).await.expect("the login has a row")
}

fn passed(street: &Street) -> Octets {
    let octets = street.sim.with_world(|world| world.passed_on("vlan101"));
    Octets::new(octets.input, octets.output)
}

/// What passed since `before` is what we say, to the octet and with nothing unseen.
async fn counts_exactly_since(street: &Street, before: Octets) {
    let row = used(street, ANA).await;
    assert_eq!(row.octets, passed(street).saturating_sub(before));
    assert_eq!((row.kind, row.observation.upper_octets), (Some(LoginKind::StaticIp), Some(0)));
    let report = street.sqlite.verify().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.mismatches);
}

#[tokio::test]
async fn an_interface_that_faces_a_subscriber_is_counted_to_the_octet_through_rename_gap_and_restart() {
    let mut street = town().await;
    let before = passed(&street);
    pass(&mut street, 60).await;
    street.sim.with_world(|world| assert!(world.rename_interface("vlan101", "to ana, =x")));
    pass(&mut street, 60).await;
    counts_exactly_since(&street, before).await;
    street.hang_up();
    pass(&mut street, 3_000).await;
    street.restart();
    pass(&mut street, 60).await;
    pass(&mut street, 60).await;
    counts_exactly_since(&street, before).await;
    let query = SessionQuery {
        phase: Some(SessionPhase::Open),
        limit: 9,
        reach: store::Reach::Everywhere,
        ..SessionQuery::default()
    };
    let shown = street.sqlite.list_sessions(query).await.unwrap();
    assert_eq!(shown.len(), 1, "its time is one: {shown:?}");
}

#[tokio::test]
async fn no_print_is_asked_for_beside_the_one_of_the_sessions() {
    let mut street = town().await;
    street.sim.with_world(|world| world.connect("bob", Service::Pppoe, MAC, 1_000_000, 0));
    pass(&mut street, 10).await;
    let prints = |street: &Street| street.sim.stats().prints.get("/interface/print").copied().unwrap_or(0);
    let before = prints(&street);
    pass(&mut street, 10).await;
    assert_eq!(prints(&street) - before, 1);
    assert!(used(&street, "bob").await.octets.input > 0 && used(&street, ANA).await.octets.input > 0);
}

#[tokio::test]
async fn after_a_reboot_all_of_the_counter_is_hers_and_what_the_old_boot_hid_has_a_bound() {
    let mut street = town().await;
    let before = passed(&street);
    pass(&mut street, 60).await;
    street.advance(Duration::from_secs(30));
    street.sim.with_world(World::reboot);
    street.hang_up();
    pass(&mut street, 30).await;
    let (row, truth) = (used(&street, ANA).await, passed(&street).saturating_sub(before));
    let bound = row.observation.upper_octets.expect("the link has a speed");
    assert!(
        row.octets.both() < truth.both() && truth.both() <= row.octets.both() + bound,
        "{row:?} {truth:?}"
    );
    pass(&mut street, 60).await;
    let reasons: Vec<_> = entries(&street, ANA).await;
    assert!(reasons.contains(&"router_reboot"), "{reasons:?}");
}

pub(crate) async fn entries(street: &Street, login: &str) -> Vec<&'static str> {
    let subject = LedgerSubject::Login {
        router: "r".to_owned(),
        username: Some(login.as_bytes().to_vec()),
        kind: Some(LoginKind::StaticIp),
    };
    let rows = street.sqlite.entries(subject, None, 1_000).await.unwrap();
    rows.iter().map(|row| row.entry.reason.as_str()).collect()
}

#[tokio::test]
async fn a_reset_by_hand_and_an_interface_made_anew_stay_within_the_bound() {
    let mut street = town().await;
    let before = passed(&street);
    pass(&mut street, 300).await;
    street.advance(Duration::from_secs(10));
    street.sim.with_world(|world| world.reset_counters("vlan101"));
    pass(&mut street, 10).await;
    street.sim.with_world(|world| {
        world.remove_interface("vlan101");
        world.add_fixed_interface("vlan101", FixedKind::Vlan, 8_000_000, 40_000_000);
    });
    for _ in 0..6 {
        pass(&mut street, 30).await;
    }
    let (row, truth) = (used(&street, ANA).await, passed(&street).saturating_sub(before));
    let bound = row.observation.upper_octets.expect("the link has a speed");
    assert!(
        row.octets.both() < truth.both() && truth.both() <= row.octets.both() + bound,
        "{row:?} {truth:?}"
    );
}

#[tokio::test]
async fn whoever_is_not_enrolled_any_more_is_not_counted_and_the_next_one_begins_at_the_next_reading() {
    let mut street = town().await;
    pass(&mut street, 60).await;
    let of_ana = street.sqlite.find_subscriber("ana").await.unwrap().unwrap();
    let login = || LoginName::new(LoginKind::StaticIp, ANA.as_bytes());
    let scope = || Scope::Router("r".to_owned());
    street.sqlite.unbind_login(of_ana.id, login(), scope(), act()).await.unwrap();
    let used_by_ana = used(&street, ANA).await.octets;
    pass(&mut street, 60).await;
    assert_eq!(used(&street, ANA).await.octets, used_by_ana);
    enrol(&street, "bob", ANA).await;
    pass(&mut street, 60).await;
    let before = passed(&street);
    pass(&mut street, 60).await;
    let cycle = street.sqlite.find_subscriber("bob").await.unwrap().unwrap().cycle.unwrap();
    assert_eq!(cycle.octets, passed(&street).saturating_sub(before));
}

#[tokio::test]
async fn a_counter_that_is_somebodys_under_another_name_is_refused() {
    let mut street = town().await;
    street.sim.with_world(|world| world.rename_interface("vlan101", "vlan7"));
    pass(&mut street, 60).await;
    let of_ana = street.sqlite.find_subscriber("ana").await.unwrap().unwrap();
    let login = LoginName::new(LoginKind::StaticIp, &b"interface:vlan7"[..]);
    let said = street.sqlite.bind_login(of_ana.id, login, Scope::Router("r".to_owned()), act()).await;
    assert!(said.unwrap_err().to_string().contains("ana's already"));
}

#[tokio::test]
async fn what_carries_sessions_or_is_not_there_is_told_before_it_is_enrolled() {
    let mut world = World::new(Device::new("town", Personality::V7_20, 3));
    world.add_usual_interfaces();
    world.add_fixed_interface("vlan101", FixedKind::Vlan, 0, 0);
    world.add_binding("pppoe-in1", "tie");
    world.connect("bob", Service::Pppoe, MAC, 0, 0);
    let router = start(world).await;
    let target = target(&router);
    let looks = [
        (Table::Facing, "vlan101", CounterLook::Fit),
        (Table::Facing, "vlan102", CounterLook::NotThere),
        (Table::Facing, "vlan100", CounterLook::CarriesSessions),
        (Table::Facing, "pppoe-in1", CounterLook::OfSessions),
        (Table::Facing, "<pppoe-bob>", CounterLook::OfSessions),
        (Table::Queue, "nothing", CounterLook::NotThere),
    ];
    for (table, name, told) in looks {
        assert_eq!(look(&target, table, name, &[]).await, told, "{name}");
    }
}

#[tokio::test]
async fn an_enrolled_queue_that_the_router_cannot_show_keeps_nobody_else_from_being_counted() {
    let mut street = town().await;
    enrol(&street, "cyd", "queue:no such queue").await;
    street.sim.faults().always_on("/queue/simple", Fault::MissingMenu);
    let before = passed(&street);
    pass(&mut street, 60).await;
    pass(&mut street, 60).await;
    counts_exactly_since(&street, before).await;
}
