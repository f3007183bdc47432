//! Rule 11 where our wall clock is set around a renewal: numbers tell the order, other clocks the place, else there is a bound.

use accounting::Octets;
use accounting::ledger::Reason;
use accounting::snapshot::{Heard, OwnerSession};

use crate::rule_11_edges::{cycle, read_line};
use crate::scene::{Look, Scene};

const AN_HOUR_US: i64 = 3_600_000_000;

/// Both come before this reading, whatever our clock says of them.
#[test]
fn a_clock_that_is_set_splits_a_renewal_by_the_time_that_really_passed() {
    for step in [-AN_HOUR_US, AN_HOUR_US] {
        for renewed_first in [true, false] {
            let (mut scene, line) = read_line();
            let set = |scene: &mut Scene| scene.wall_offset_us += step;
            scene.gap();
            scene.wait(10);
            (!renewed_first).then(|| set(&mut scene));
            scene.renew_unread("ali", 7_000);
            renewed_first.then(|| set(&mut scene));
            scene.wait(30);
            scene.pass(line, 400, 400);
            scene.round();
            let parts = (cycle(&scene, 101).input, cycle(&scene, 7_000).input);
            assert_eq!(parts, (100, 300), "{step} {renewed_first}");
            assert!(scene.edges.is_empty());
            let last = scene.entries("ali").split_off(1);
            assert!(last.iter().all(|entry| entry.from <= entry.to), "{last:?}");
        }
    }
}

/// The clock was set before it and after it, so that its label tells nothing.
#[test]
fn a_renewal_that_no_clock_places_bounds_what_the_closed_cycle_lacks() {
    let (mut scene, line) = read_line();
    scene.gap();
    for step in 1..=2 {
        scene.wait(10);
        scene.wall_offset_us = step * -AN_HOUR_US;
        (step == 1).then(|| scene.renew_unread("ali", 7_000));
    }
    scene.pass(line, 60, 40);
    scene.round();
    assert_eq!((cycle(&scene, 101), cycle(&scene, 7_000)), (Octets::ZERO, Octets::new(60, 40)));
    let closed = scene.entries("ali").into_iter().rfind(|entry| entry.cycle == Some(101)).unwrap();
    assert_eq!((closed.reason, closed.unseen.unwrap().upper_octets), (Reason::EdgeUnobserved, Some(100)));
    assert!(scene.edges.is_empty());
}

/// A renewal waits for the second line, unread since before it; the first was read after it, and no clock takes that back.
#[test]
fn what_was_read_after_a_renewal_is_split_no_more_though_our_clock_goes_back() {
    let (mut scene, lines) = Scene::with_two_lines_renewed_unread();
    scene.wall_offset_us = -AN_HOUR_US;
    for _ in 0..3 {
        scene.wait(10);
        scene.pass(lines[0], 100, 100);
        scene.round_of(&Look::without(&lines[1..]));
        assert_eq!(scene.edges.len(), 1, "the second line was read before it");
    }
    assert_eq!((cycle(&scene, 101).input, cycle(&scene, 7_000).input), (50, 250));
}

fn bound_of(scene: &Scene, cycle: i64) -> u64 {
    let of_cycle = scene.entries("ali").into_iter().filter(|entry| entry.cycle == Some(cycle));
    of_cycle.filter_map(|entry| entry.unseen).map(|unseen| unseen.upper_octets.unwrap_or(u64::MAX)).sum()
}

/// Our clock was wrong only while the renewal was made, and right at both readings.
#[test]
fn a_clock_that_was_wrong_only_at_the_renewal_puts_nothing_anywhere_without_a_bound() {
    for step in [-AN_HOUR_US, AN_HOUR_US] {
        let (mut scene, line) = read_line();
        scene.gap();
        scene.wait(30);
        scene.pass(line, 300, 0);
        scene.wall_offset_us = step;
        scene.renew_unread("ali", 7_000);
        scene.wait(10);
        scene.wall_offset_us = 0;
        scene.pass(line, 100, 0);
        scene.round();
        assert!(
            bound_of(&scene, 101) >= 300 || cycle(&scene, 101).input == 300,
            "{step}: {:?} + {} and {:?}",
            cycle(&scene, 101),
            bound_of(&scene, 101),
            cycle(&scene, 7_000)
        );
    }
}

/// A reading showed her gone; only after it was the clock set back, and then she renewed.
#[test]
fn what_was_gone_before_the_renewal_bounds_the_closed_cycle_though_the_clock_went_back() {
    let (mut scene, line) = read_line();
    scene.wait(30);
    scene.pass(line, 1_000, 0);
    scene.router.hang_up(line);
    scene.wait(10);
    scene.round();
    scene.wait(1);
    scene.wall_offset_us = -AN_HOUR_US;
    scene.renew_unread("ali", 7_000);
    for _ in 0..3 {
        scene.wait(40);
        scene.round();
    }
    assert!(scene.edges.is_empty());
    assert!(bound_of(&scene, 101) >= 1_000, "{:?}", scene.entries("ali").last());
    assert_eq!(bound_of(&scene, 7_000), 0);
}

/// Began before the renewal, first read after it; the clock was set after the renewal.
#[test]
fn a_session_first_read_after_the_renewal_is_split_though_the_clock_was_set_since() {
    for step in [-AN_HOUR_US, AN_HOUR_US] {
        let mut scene = Scene::new();
        scene.round();
        scene.wait(10);
        let line = scene.dial_and_read("ali");
        scene.router.hang_up(line);
        let again = scene.dial("ali");
        scene.wait(40);
        scene.pass(again, 400, 0);
        scene.renew_unread("ali", 7_000);
        scene.wall_offset_us = step;
        scene.wait(40);
        scene.pass(again, 400, 0);
        scene.round();
        assert!(cycle(&scene, 101).input <= 420, "{step}: {:?}", cycle(&scene, 101));
        assert!(cycle(&scene, 101).input + bound_of(&scene, 101) >= 380, "{step}: {:?}", cycle(&scene, 101));
    }
}

/// Began a minute after the renewal; the clock was set back after the renewal.
#[test]
fn a_session_that_began_after_the_renewal_is_the_new_cycles_though_the_clock_went_back() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial_and_read("ali");
    scene.router.hang_up(line);
    scene.wait(40);
    scene.renew_unread("ali", 7_000);
    scene.wall_offset_us = -AN_HOUR_US;
    scene.wait(40);
    let again = scene.dial("ali");
    scene.wait(20);
    scene.pass(again, 800, 800);
    scene.round();
    assert_eq!((cycle(&scene, 101), cycle(&scene, 7_000)), (Octets::ZERO, Octets::new(800, 800)));
}

/// An hour nobody looked; the clock was set by ten minutes in its middle, just after the renewal or just before it.
#[test]
fn a_renewal_with_two_places_bounds_what_the_closed_cycle_lacks() {
    for renewed_first in [true, false] {
        let (mut scene, line) = read_line();
        scene.gap();
        scene.wait(1_800);
        scene.wall_offset_us = if renewed_first { 0 } else { AN_HOUR_US / 6 };
        scene.renew_unread("ali", 7_000);
        scene.wall_offset_us = AN_HOUR_US / 6;
        scene.wait(1_800);
        scene.pass(line, 3_600, 0);
        scene.round();
        assert_eq!((bound_of(&scene, 101), cycle(&scene, 7_000).input), (3_600, 3_600), "{renewed_first}");
    }
}

/// Older than our coverage, lacked by the rounds until the renewal: its baseline's bound is of both cycles.
#[test]
fn a_baseline_bounds_the_cycle_that_closed_before_it_too() {
    let mut scene = Scene::new();
    let hidden = scene.dial("ali");
    let blind = || Look { nameless: vec![hidden], ..Look::without(&[hidden]) };
    scene.round_of(&blind());
    scene.wait(10);
    let seen = scene.dial("ali");
    scene.wait(10);
    scene.round_of(&blind());
    assert!(!scene.entries("ali").is_empty() && seen != hidden);
    scene.wait(40);
    scene.pass(hidden, 700, 0);
    scene.renew_unread("ali", 7_000);
    scene.wait(40);
    scene.round();
    assert!(bound_of(&scene, 101) >= 700, "{} {}", bound_of(&scene, 101), bound_of(&scene, 7_000));
}

/// Heard of only; it lived 25 s, 15 of them before the renewal; the clock was set forward since.
#[test]
fn a_session_only_heard_of_bounds_both_cycles_though_the_clock_was_set_since() {
    for step in [-AN_HOUR_US, AN_HOUR_US] {
        let (mut scene, line) = read_line();
        let known = scene.router.session(&scene.router.calls[scene.router.lines[line].call.unwrap()]);
        let session = OwnerSession { acct_session_id: Some(0x8170_0009), ..known };
        scene.wait(30);
        scene.renew_unread("ali", 7_000);
        scene.wall_offset_us = step;
        scene.wait(10);
        scene.heard.push(Heard { session, lasted_at_most_s: 25 });
        scene.round();
        let heard = scene.book.entries.values().filter(|entry| entry.reason == Reason::HeardOnly);
        let told: Vec<_> = heard.map(|entry| (entry.cycle, entry.unseen.unwrap().micros)).collect();
        assert_eq!(
            told.iter().map(|one| one.0).collect::<Vec<_>>(),
            [Some(101), Some(7_000)],
            "{step} {told:?}"
        );
    }
}

/// The renewal waits for another line of hers that the prints lack.
#[test]
fn a_session_that_began_after_a_reading_that_came_after_the_renewal_straddles_nothing() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let lacked = scene.dial_and_read("ali");
    scene.renew_unread("ali", 7_000);
    scene.wait(10);
    scene.round_of(&Look::without(&[lacked]));
    let before = (cycle(&scene, 101), bound_of(&scene, 101));
    scene.wall_offset_us = -AN_HOUR_US;
    scene.wait(10);
    let line = scene.dial("ali");
    scene.wait(10);
    scene.pass(line, 800, 800);
    scene.round_of(&Look::without(&[lacked]));
    assert_eq!((cycle(&scene, 101), bound_of(&scene, 101), scene.edges.len()), (before.0, before.1, 1));
    assert_eq!(cycle(&scene, 7_000), Octets::new(800, 800));
}

/// The day of a plan closes the cycles of many, one after the other: this one a minute after a reading that came after it.
#[test]
fn an_edge_that_is_passed_late_leaves_what_was_read_before_where_it_is() {
    let (mut scene, line) = read_line();
    scene.renew_unread("ali", 7_000);
    scene.edges[0].at.0 -= 60_000_000;
    scene.state.supply_edges(scene.edges.clone());
    scene.wait(30);
    scene.pass(line, 700, 0);
    scene.round();
    assert_eq!((cycle(&scene, 101), bound_of(&scene, 101)), (Octets::ZERO, 0));
    assert_eq!((cycle(&scene, 7_000), scene.reasons("ali").pop()), (Octets::new(700, 0), Some(Reason::Grew)));
}
