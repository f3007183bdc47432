//! Rule 3: one order, and what a doubtful commit leaves behind.

use accounting::Octets;

use crate::scene::{Look, Scene};

#[test]
fn every_round_moves_poll_seq_by_one_even_if_nothing_else_moved() {
    let mut scene = Scene::new();
    for seq in 1..4 {
        assert_eq!(scene.round().nas.poll_seq, seq);
        scene.wait(10);
    }
}

#[test]
fn a_snapshot_applied_again_after_its_commit_was_lost_gives_the_same_changes() {
    let mut scene = Scene::new();
    let (old, binding) = (scene.dial("old"), scene.router.bind("in-ali", "ali"));
    scene.round();
    scene.wait(10);
    scene.pass(old, 1_000, 2_000);
    scene.router.dial_on(binding);
    let young = scene.dial("young");
    scene.pass(young, 10, 20);
    let snapshot = scene.look(&Look::default(), |_, _| {});
    scene.commit_in_vain(&snapshot);
    scene.restart();
    let first = scene.changes.clone();
    let second = scene.commit(&snapshot).clone();
    assert_eq!(first, Some(second));
    assert_eq!(scene.total("old"), Octets::new(1_000, 2_000));
}

#[test]
fn a_snapshot_after_a_doubtful_commit_that_did_happen_counts_only_what_is_new() {
    let mut scene = Scene::new();
    let line = scene.dial("ali");
    scene.round();
    for _ in 0..3 {
        scene.wait(10);
        scene.pass(line, 1_000, 2_000);
        scene.round();
        scene.restart();
    }
    assert_eq!(scene.total("ali"), scene.truth("ali"));
}
