//! The pure model: exact octets, names, reconnects, reboots, truth.

use std::time::Duration;

use routeros_sim::names::HURTING;
use routeros_sim::world::{
    BindingCounters, Device, InterfaceRow, Octets, Personality, Service, SessionKey, Switches, World,
};

const MAC: &str = "D0:D0:4B:36:7C:C1";

fn world_with(switches: Switches) -> World {
    let mut device = Device::new("r1", Personality::V7_20, 1);
    device.switches = switches;
    World::new(device)
}

fn world() -> World {
    world_with(Switches::default())
}

fn dial(world: &mut World, login: &str) -> SessionKey {
    world.connect(login, Service::Pppoe, MAC, 8_000_000, 80_000_000)
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn rates_integrate_to_the_octet_and_scripted_octets_add_to_it() {
    let mut world = world();
    let key = world.connect("ana", Service::Pppoe, MAC, 1_000_001, 3);
    world.advance(Duration::from_micros(1_234_567));
    assert_eq!(world.counter_of(key), Octets::new(1_000_001 * 1_234_567 / 8_000_000, 0));
    world.transfer(key, 1_000, 2_000);
    world.advance(seconds(8));
    let input = 1_000 + 1_000_001 * (1_234_567 + 8_000_000) / 8_000_000;
    assert_eq!(world.counter_of(key), Octets::new(input, 2_000 + 3));
    assert_eq!(world.truth().login("ana").total(), Octets::new(input, 2_003));
}

#[test]
fn a_second_session_gets_a_suffix_and_a_user_with_that_name_the_next() {
    let mut world = world();
    let bob = dial(&mut world, "bob");
    let again = dial(&mut world, "bob");
    let other = dial(&mut world, "bob-1");
    assert_eq!(world.interface_name_of(bob), b"<pppoe-bob>");
    assert_eq!(world.interface_name_of(again), b"<pppoe-bob-1>");
    assert_eq!(world.interface_name_of(other), b"<pppoe-bob-1-1>");
    let tunnel = world.connect("bob", Service::L2tp, "192.0.2.7", 0, 0);
    assert_eq!(world.interface_name_of(tunnel), b"<l2tp-bob>");
}

#[test]
fn a_name_held_a_bit_longer_leaves_only_the_suffixed_interface() {
    let mut world = world_with(Switches { name_held: seconds(2), ..Switches::default() });
    let first = dial(&mut world, "bob");
    let second = world.reconnect(first);
    assert_eq!(world.interface_name_of(second), b"<pppoe-bob-1>");
    world.advance(seconds(3));
    world.disconnect(second);
    let third = dial(&mut world, "bob");
    assert_eq!(world.interface_name_of(third), b"<pppoe-bob>");
}

#[test]
fn every_hurting_name_gets_its_own_octets() {
    let mut world = world();
    for (at, login) in HURTING.iter().enumerate() {
        let key = world.connect(login, Service::Pppoe, MAC, 0, 0);
        world.transfer(key, at as u64 + 1, 0);
    }
    let truth = world.truth().by_login();
    assert_eq!(truth.len(), HURTING.len());
    for (at, login) in HURTING.iter().enumerate() {
        assert_eq!(truth[*login].total(), Octets::new(at as u64 + 1, 0), "{}", login.escape_ascii());
    }
}

#[test]
fn a_reconnect_starts_a_counter_at_zero_and_keeps_the_truth() {
    let mut world = world();
    let first = dial(&mut world, "ana");
    world.advance(seconds(10));
    let second = world.reconnect_at(first, 16_000_000, 160_000_000);
    assert_eq!(world.counter_of(second), Octets::default());
    world.advance(seconds(10));
    assert_eq!(world.counter_of(second), Octets::new(20_000_000, 200_000_000));
    assert_eq!(world.truth().login("ana").total(), Octets::new(30_000_000, 300_000_000));
    assert!(!world.is_live(first));
}

#[test]
fn a_stale_twin_is_silent_and_dies_by_itself() {
    let mut world = world();
    let old = dial(&mut world, "ana");
    world.advance(seconds(5));
    let new = world.reconnect_leaving_twin(old, seconds(20));
    assert_eq!(world.interface_name_of(new), b"<pppoe-ana-1>");
    world.advance(seconds(19));
    assert!(world.is_live(old) && world.is_live(new));
    assert_eq!(world.counter_of(old), Octets::new(5_000_000, 50_000_000));
    world.advance(seconds(2));
    assert!(!world.is_live(old));
    let old_truth = world.truth().session(old).cloned().expect("it was there");
    assert_eq!(old_truth.ended_us, Some(25_000_000));
}

#[test]
fn a_bindings_counter_survives_or_resets_as_the_switch_says() {
    for (switch, expected) in [(BindingCounters::Survive, 7), (BindingCounters::Reset, 2)] {
        let mut world = world_with(Switches { binding_counters: switch, ..Switches::default() });
        world.add_binding("pppoe-in1", "ana");
        let first = world.connect("ana", Service::Pppoe, MAC, 0, 0);
        assert_eq!(world.interface_name_of(first), b"pppoe-in1");
        world.transfer(first, 5, 0);
        world.disconnect(first);
        assert_eq!(world.counter_of(first), Octets::new(5, 0), "an idle binding keeps its counters");
        let second = world.connect("ana", Service::Pppoe, MAC, 0, 0);
        world.transfer(second, 2, 0);
        assert_eq!(world.counter_of(second), Octets::new(expected, 0));
        assert_eq!(world.truth().login("ana").total(), Octets::new(7, 0));
    }
}

#[test]
fn a_second_session_beside_a_binding_is_dynamic() {
    let mut world = world();
    world.add_binding("pppoe-in1", "ana");
    let bound = dial(&mut world, "ana");
    let extra = dial(&mut world, "ana");
    assert_eq!(world.interface_name_of(bound), b"pppoe-in1");
    assert_eq!(world.interface_name_of(extra), b"<pppoe-ana>");
}

#[test]
fn a_lingering_row_keeps_its_name_and_its_last_counter() {
    let lingers = InterfaceRow::Lingers(Duration::from_millis(500));
    let mut world = world_with(Switches { interface_row: lingers, ..Switches::default() });
    let first = dial(&mut world, "ana");
    world.advance(seconds(1));
    world.disconnect(first);
    let second = dial(&mut world, "ana");
    assert_eq!(world.interface_name_of(second), b"<pppoe-ana-1>");
    world.advance(seconds(1));
    assert_eq!(world.counter_of(first), Octets::new(1_000_000, 10_000_000));
    world.disconnect(second);
    let third = dial(&mut world, "ana");
    assert_eq!(world.interface_name_of(third), b"<pppoe-ana>");
}

#[test]
fn a_reset_by_hand_does_not_touch_the_truth() {
    let mut world = world();
    let key = dial(&mut world, "ana");
    world.advance(seconds(1));
    assert!(world.reset_counters("<pppoe-ana>"));
    assert!(!world.reset_counters("<pppoe-nobody>"));
    world.advance(seconds(1));
    assert_eq!(world.counter_of(key), Octets::new(1_000_000, 10_000_000));
    world.reset_all_counters();
    assert_eq!(world.counter_of(key), Octets::default());
    assert_eq!(world.truth().login("ana").total(), Octets::new(2_000_000, 20_000_000));
}

#[test]
fn a_reboot_ends_every_session_and_starts_the_uptime_over() {
    let mut world = world();
    world.add_binding("pppoe-in1", "eva");
    let ana = dial(&mut world, "ana");
    let eva = dial(&mut world, "eva");
    world.advance(seconds(100));
    world.reboot_and_redial(seconds(5), seconds(1));
    assert_eq!((world.uptime_us(), world.live_session_count(), world.reboots()), (0, 0, 1));
    assert_eq!(world.counter_of(eva), Octets::default());
    world.advance(seconds(6));
    assert_eq!(world.uptime_us(), 6_000_000);
    assert_eq!(world.live_session_count(), 2);
    assert!(!world.is_live(ana));
    assert_eq!(world.truth().login("ana").total(), Octets::new(101_000_000, 1_010_000_000));
}

#[test]
fn a_mark_cuts_the_truth_at_its_instant() {
    let mut world = world();
    let gone = dial(&mut world, "gone");
    let ana = dial(&mut world, "ana");
    world.advance(seconds(1));
    world.disconnect(gone);
    let mark = world.mark();
    world.advance(seconds(2));
    let late = dial(&mut world, "late");
    world.transfer(late, 9, 9);
    world.disconnect(ana);
    let truth = world.truth_since(&mark);
    assert_eq!(truth.sessions.len(), 2);
    assert_eq!(truth.login("ana").total(), Octets::new(2_000_000, 20_000_000));
    assert_eq!(truth.login("late").total(), Octets::new(9, 9));
    assert_eq!(truth.login("gone").total(), Octets::default());
    assert_eq!(truth.total(), Octets::new(2_000_009, 20_000_009));
}

#[test]
fn a_session_nobody_showed_is_counted_apart() {
    let mut world = world();
    let key = dial(&mut world, "ana");
    world.transfer(key, 1, 2);
    let login = world.truth().login("ana");
    assert_eq!(login.never_shown, Octets::new(1, 2));
    assert_eq!(login.shown, Octets::default());
}
