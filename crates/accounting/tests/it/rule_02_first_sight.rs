//! Rule 2: a counter seen first counts whole if and only if its session began after coverage did.

use accounting::Octets;
use accounting::ledger::Reason;
use accounting::table::Table;

use crate::router::BindingCounters;
use crate::scene::{Look, Moment, Scene};

#[test]
fn the_very_first_round_counts_nothing_and_leaves_nothing_unseen() {
    let mut scene = Scene::new();
    let line = scene.dial("ali");
    scene.pass(line, 5_000, 9_000);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::Baseline]);
    assert_eq!((scene.total("ali"), scene.bound("ali")), (Octets::ZERO, Some(0)));
}

#[test]
fn a_session_that_began_under_observation_counts_whole() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial("ali");
    scene.pass(line, 5_000, 9_000);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::SessionStart]);
    assert_eq!((scene.total("ali"), scene.bound("ali")), (Octets::new(5_000, 9_000), Some(0)));
}

#[test]
fn first_sight_of_a_session_older_than_coverage_counts_nothing() {
    let mut scene = Scene::new();
    let line = scene.dial("ali");
    scene.pass(line, 5_000, 9_000);
    scene.wait(10);
    scene.round_of(&Look::without(&[line]));
    scene.wait(10);
    scene.pass(line, 30, 40);
    scene.round();
    let first = scene.entries("ali")[0];
    assert_eq!((first.reason, first.delta), (Reason::Baseline, Octets::ZERO));
    assert_eq!(first.unseen.unwrap().upper_octets, Some(14_070), "no more than its value");
    scene.pass(line, 1, 2);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(1, 2));
}

#[test]
fn a_row_missing_from_earlier_polls_counts_whole_if_its_session_is_young() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial("ali");
    for _ in 0..4 {
        scene.pass(line, 1_000, 1_000);
        scene.wait(30);
        scene.round_of(&Look { nameless: vec![line], ..Look::without(&[line]) });
    }
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::SessionStart]);
    assert_eq!(scene.total("ali"), Octets::new(4_000, 4_000));
}

/// The start of a session is known to a second or two: one that may have begun before coverage counts nothing.
#[test]
fn a_start_that_may_lie_before_coverage_counts_nothing() {
    for (seconds_after, counts) in [(0, false), (1, false), (2, true)] {
        let mut scene = Scene::new();
        scene.round();
        scene.wait(seconds_after);
        let line = scene.dial("ali");
        scene.pass(line, 5_000, 9_000);
        scene.round();
        assert_eq!(!scene.total("ali").is_zero(), counts, "{seconds_after} s after coverage began");
    }
}

#[test]
fn coverage_begins_with_the_first_round_and_never_moves() {
    let mut scene = Scene::new();
    scene.round();
    let start = scene.book.nas.coverage_start;
    assert_eq!(start.of(Table::Interface).unwrap().uptime_s, 1_000);
    scene.wait(10);
    scene.round();
    scene.reboot();
    scene.wait(10);
    scene.round();
    assert_eq!(scene.book.nas.coverage_start, start);
}

#[test]
fn after_a_reboot_under_observation_every_session_counts_whole() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(100);
    scene.reboot();
    let line = scene.dial("ali");
    scene.pass(line, 5_000, 9_000);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::RouterReboot]);
    assert_eq!(scene.total("ali"), Octets::new(5_000, 9_000));
}

#[test]
fn a_binding_seen_first_counts_nothing_even_for_a_young_session() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.router.bind("in-ali", "ali");
    scene.router.lines[line].octets = Octets::new(70_000, 80_000);
    scene.router.dial_on(line);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::Baseline]);
    assert_eq!(scene.total("ali"), Octets::ZERO);
}

#[test]
fn a_binding_enrolled_before_a_reboot_counts_whole_after_it_and_another_one_nothing() {
    let mut scene = Scene::new();
    let known = scene.router.bind("in-ali", "ali");
    scene.round();
    scene.wait(100);
    scene.reboot();
    let added = scene.router.bind("in-bea", "bea");
    for line in [known, added] {
        scene.router.dial_on(line);
        scene.pass(line, 5_000, 9_000);
    }
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(5_000, 9_000));
    assert_eq!(scene.reasons("bea"), [Reason::Baseline]);
    assert_eq!(scene.bound("bea"), Some(14_000));
}

#[test]
fn a_binding_first_seen_at_zero_may_have_started_over_a_moment_ago() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.router.bind("in-ali", "ali");
    scene.router.bindings = BindingCounters::ResetOnDisconnect;
    scene.router.dial_on(line);
    scene.wait(10);
    scene.round_with(&Look::default(), |router, moment| match moment {
        Moment::BeforeOwners => {
            router.now_ms += 9_000;
            router.pass(line, 9_000_000, 9_000_000);
        }
        Moment::AfterOwners => router.hang_up(line),
    });
    scene.wait(10);
    scene.round();
    let missing = scene.truth("ali").both() - scene.total("ali").both();
    assert!(scene.bound("ali").unwrap() >= missing);
}
