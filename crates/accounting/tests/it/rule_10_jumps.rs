//! Rule 10: impossible jumps are held.

use accounting::Octets;
use accounting::bound::LinkSpeed;
use accounting::ledger::Reason;

use crate::scene::{PER_SECOND, Scene};

fn read_line(scene: &mut Scene) -> usize {
    scene.round();
    scene.wait(10);
    scene.dial_and_read("ali")
}

#[test]
fn impossible_jumps_are_held_and_the_baseline_goes_on() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene);
    scene.wait(10);
    scene.pass(line, 50 * PER_SECOND, 3);
    scene.round();
    let held = scene.entries("ali").pop().unwrap();
    assert_eq!((held.reason, held.posted, held.cycle), (Reason::Held, false, None));
    assert_eq!(held.delta, Octets::new(50 * PER_SECOND, 3));
    assert_eq!(scene.total("ali"), Octets::ZERO);
    scene.wait(10);
    scene.pass(line, 5, 6);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(5, 6));
}

#[test]
fn what_the_link_can_carry_is_posted_to_the_octet() {
    for (too_much, posted) in [(0, true), (1, false)] {
        let mut scene = Scene::new();
        let line = read_line(&mut scene);
        scene.wait(10);
        scene.pass(line, 0, 11 * PER_SECOND + too_much);
        scene.round();
        assert_eq!(scene.entries("ali").pop().unwrap().posted, posted);
    }
}

#[test]
fn at_first_sight_the_sessions_life_decides() {
    for (seconds, posted) in [(3, false), (60, true)] {
        let mut scene = Scene::new();
        scene.round();
        scene.wait(10);
        let line = scene.dial("ali");
        scene.wait(seconds);
        scene.pass(line, 20 * PER_SECOND, 0);
        scene.round();
        assert_eq!(scene.entries("ali").pop().unwrap().posted, posted, "after {seconds} s");
    }
}

#[test]
fn without_a_link_speed_a_hundred_gigabit_is_the_limit() {
    for (octets, posted) in [(11 * 12_500_000_000, true), (11 * 12_500_000_000 + 1, false)] {
        let mut scene = Scene::with_link(LinkSpeed(None));
        let line = read_line(&mut scene);
        scene.wait(10);
        scene.pass(line, octets, 0);
        scene.round();
        assert_eq!(scene.entries("ali").pop().unwrap().posted, posted);
    }
}

#[test]
fn a_row_missing_for_long_may_have_gained_as_much_meanwhile() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene);
    for _ in 0..5 {
        scene.wait(10);
        scene.round_of(&crate::scene::Look::without(&[line]));
    }
    scene.wait(10);
    scene.pass(line, 55 * PER_SECOND, 0);
    scene.round();
    assert!(scene.entries("ali").pop().unwrap().posted, "60 s since its last reading");
}

#[test]
fn across_an_outage_of_unknown_length_nothing_is_impossible() {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = false;
    let line = read_line(&mut scene);
    scene.wait(10);
    scene.pass(line, 500 * PER_SECOND, 0);
    scene.restart_host();
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(500 * PER_SECOND, 0));
}

#[test]
fn a_held_first_sight_is_no_session_total() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial("ali");
    scene.pass(line, 0, 500 * PER_SECOND);
    scene.round();
    assert_eq!(scene.book.sessions.values().next().unwrap().octets, Octets::ZERO);
    assert_eq!(scene.reasons("ali"), [Reason::Held]);
}

/// A counter that shows nonsense once, and what it should the next time.
#[test]
fn a_held_value_that_the_next_reading_does_not_confirm_was_none() {
    for restarts in [false, true] {
        let mut scene = Scene::new();
        let line = read_line(&mut scene);
        scene.pass(line, 5_000, 6_000);
        scene.wait(10);
        scene.round();
        let right = scene.router.lines[line].octets;
        scene.router.lines[line].octets = Octets::new(9_000_000_000_000, 6_000);
        scene.wait(10);
        scene.round();
        if restarts {
            scene.restart();
        }
        scene.router.lines[line].octets = right + Octets::new(70, 80);
        scene.wait(10);
        scene.round();
        assert_eq!(scene.total("ali"), Octets::new(5_070, 6_080), "{restarts}");
        let reasons = scene.reasons("ali");
        assert!(reasons.contains(&Reason::NotConfirmed), "{reasons:?}");
        let not_confirmed =
            scene.entries("ali").into_iter().find(|entry| entry.reason == Reason::NotConfirmed);
        let hidden = not_confirmed.and_then(|entry| entry.unseen).and_then(|unseen| unseen.upper_octets);
        assert!(hidden.is_some_and(|upper| upper > 0), "a reset may hide something: {hidden:?}");
        scene.wait(10);
        scene.pass(line, 1, 2);
        scene.round();
        assert_eq!(scene.total("ali"), Octets::new(5_071, 6_082));
    }
}

#[test]
fn a_counter_that_fell_below_its_value_before_the_jump_was_reset() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene);
    scene.pass(line, 5_000, 6_000);
    scene.wait(10);
    scene.round();
    scene.pass(line, 50 * PER_SECOND, 3);
    scene.wait(10);
    scene.round();
    scene.router.reset_counters(line);
    scene.pass(line, 70, 80);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(5_070, 6_080));
    assert_eq!(*scene.reasons("ali").last().unwrap(), Reason::CounterReset);
}

#[test]
fn a_confirmed_jump_goes_on_and_a_later_fall_is_a_reset() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene);
    scene.pass(line, 50 * PER_SECOND, 3);
    scene.wait(10);
    scene.round();
    scene.pass(line, 1, 1);
    scene.wait(10);
    scene.round();
    scene.router.reset_counters(line);
    scene.pass(line, 49 * PER_SECOND / 10, 80);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(1 + 49 * PER_SECOND / 10, 81));
}
