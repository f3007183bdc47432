//! Rule 13: snapshots that wait for a stalled store merge within a stated memory, and nothing is lost.

use accounting::Octets;
use accounting::pending::Pending;
use accounting::snapshot::Heard;

use crate::router::{LineId, Router};
use crate::scene::{Look, Scene};

fn covered_line() -> (Scene, LineId) {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial_and_read("ali");
    (scene, line)
}

fn wait_in(scene: &mut Scene, pending: &mut Pending, look: &Look) {
    let snapshot = scene.look(look, |_: &mut Router, _| {});
    pending.push(snapshot);
}

fn commit_all(scene: &mut Scene, pending: &mut Pending) {
    while let Some(snapshot) = pending.take() {
        scene.commit(&snapshot);
    }
}

#[test]
fn of_snapshots_that_only_continue_each_other_the_first_and_the_latest_wait() {
    let (mut scene, line) = covered_line();
    let mut pending = Pending::new(1 << 20);
    for _ in 0..5 {
        scene.wait(10);
        scene.pass(line, 100, 100);
        wait_in(&mut scene, &mut pending, &Look::counters_only());
    }
    assert_eq!(pending.len(), 2);
    commit_all(&mut scene, &mut pending);
    assert_eq!(scene.total("ali"), scene.truth("ali"));
    assert_eq!(scene.entries("ali").pop().unwrap().delta, Octets::new(500, 500));
}

#[test]
fn a_counter_that_dropped_keeps_both_snapshots() {
    let (mut scene, line) = covered_line();
    let mut pending = Pending::new(1 << 20);
    scene.pass(line, 100, 100);
    wait_in(&mut scene, &mut pending, &Look::counters_only());
    scene.router.reset_counters(line);
    scene.wait(10);
    scene.pass(line, 60, 200);
    wait_in(&mut scene, &mut pending, &Look::counters_only());
    assert_eq!(pending.len(), 2);
    commit_all(&mut scene, &mut pending);
    assert_eq!(scene.total("ali"), scene.truth("ali"));
}

/// Compared with the store the first waiting value is a drop, with each other the waiting ones are not.
#[test]
fn a_drop_below_the_stored_baseline_is_not_merged_away() {
    let (mut scene, line) = covered_line();
    scene.pass(line, 90, 90);
    scene.wait(10);
    scene.round();
    let mut pending = Pending::new(1 << 20);
    scene.router.reset_counters(line);
    for octets in [0, 50, 60] {
        scene.wait(10);
        scene.pass(line, octets, octets);
        wait_in(&mut scene, &mut pending, &Look::counters_only());
    }
    commit_all(&mut scene, &mut pending);
    assert_eq!(scene.total("ali"), scene.truth("ali"));
}

#[test]
fn a_row_that_ends_while_snapshots_wait_keeps_its_last_value() {
    let (mut scene, line) = covered_line();
    let mut pending = Pending::new(1 << 20);
    scene.pass(line, 100, 100);
    wait_in(&mut scene, &mut pending, &Look::counters_only());
    scene.router.hang_up(line);
    scene.wait(10);
    wait_in(&mut scene, &mut pending, &Look::counters_only());
    commit_all(&mut scene, &mut pending);
    assert_eq!(scene.total("ali"), Octets::new(100, 100));
}

#[test]
fn snapshots_with_owners_gaps_or_another_device_are_kept_apart() {
    let (mut scene, _) = covered_line();
    for (what, kept) in [(0, 3), (1, 3), (2, 3), (3, 3), (4, 2)] {
        let mut pending = Pending::new(1 << 20);
        for number in 0..3 {
            scene.wait(10);
            let look = if what == number { Look::default() } else { Look::counters_only() };
            let mut snapshot = scene.look(&look, |_, _| {});
            snapshot.after_gap = what == 3 && number == 2;
            if what == 1 && number == 2 {
                snapshot.device = "SERIAL-2".into();
            }
            pending.push(snapshot);
        }
        assert_eq!(pending.len(), kept, "case {what}");
    }
}

#[test]
fn what_was_heard_and_that_there_was_a_gap_survive_merging() {
    let (mut scene, line) = covered_line();
    let call = scene.router.lines[line].call.unwrap();
    let session = scene.router.session(&scene.router.calls[call]);
    let mut pending = Pending::new(1 << 20);
    scene.gap();
    for lasted_at_most_s in 1..=4 {
        scene.heard.push(Heard { session: session.clone(), lasted_at_most_s });
        wait_in(&mut scene, &mut pending, &Look::counters_only());
        scene.wait(10);
    }
    let (first, merged) = (pending.take().unwrap(), pending.take().unwrap());
    assert!(pending.is_empty());
    assert!(first.after_gap);
    let heard =
        [first, merged].map(|one| one.heard.iter().map(|heard| heard.lasted_at_most_s).collect::<Vec<_>>());
    assert_eq!(heard, [vec![1], vec![2, 3, 4]]);
}

#[test]
fn waiting_is_bounded_by_a_stated_memory() {
    let (mut scene, _) = covered_line();
    let mut pending = Pending::new(4_000);
    let mut taken = 0;
    while !pending.is_full() {
        scene.wait(10);
        wait_in(&mut scene, &mut pending, &Look::default());
        taken += 1;
        assert!(taken < 100, "it must be full at some time");
    }
    assert!(taken > 1);
    pending.take();
    assert!(!pending.is_full());
}

#[test]
fn a_snapshot_given_back_is_the_oldest_again() {
    let (mut scene, line) = covered_line();
    let mut pending = Pending::new(1 << 20);
    scene.pass(line, 100, 100);
    wait_in(&mut scene, &mut pending, &Look::default());
    let failed = pending.take().unwrap();
    scene.wait(10);
    scene.pass(line, 20, 20);
    wait_in(&mut scene, &mut pending, &Look::default());
    pending.give_back(failed);
    commit_all(&mut scene, &mut pending);
    assert_eq!(scene.total("ali"), Octets::new(120, 120));
}
