//! Rule 12: posted entries = session totals = cycle totals. The book checks it after every commit of every test;
//! here is that idle sessions write nothing, and that the order of a print does not matter.

use accounting::Octets;

use crate::router::LineId;
use crate::scene::{Look, Moment, Scene};

fn crowd(size: usize) -> (Scene, Vec<LineId>) {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let lines = (0..size).map(|number| scene.dial(&format!("user{number}"))).collect();
    scene.wait(10);
    scene.round();
    (scene, lines)
}

#[test]
fn idle_sessions_write_nothing() {
    let (mut scene, lines) = crowd(10);
    scene.wait(10);
    scene.pass(lines[3], 1, 1);
    let changes = scene.round_of(&Look::counters_only());
    assert_eq!((changes.opened_counters.len(), changes.opened_sessions.len()), (1, 1));
    assert_eq!((changes.new_entries.len(), changes.grown_entries.len()), (1, 0));
    assert_eq!(changes.changed_counters.len() + changes.session_states.len(), 0);
    assert_eq!(changes.counter_octets.len() + changes.session_octets.len(), 0);
}

/// Its counter's row and its session's are where the entry was opened.
#[test]
fn a_session_that_only_grows_writes_its_entry_and_its_cycle() {
    let (mut scene, lines) = crowd(2);
    for round in 0..3 {
        scene.wait(10);
        scene.pass(lines[0], 1, 1);
        let changes = scene.round_of(&Look::counters_only());
        let opens = usize::from(round == 0);
        assert_eq!((changes.opened_counters.len(), changes.opened_sessions.len()), (opens, opens));
        assert_eq!((changes.new_entries.len(), changes.grown_entries.len()), (opens, 1 - opens));
        assert_eq!(changes.counter_octets.len() + changes.session_octets.len(), 0);
    }
    assert_eq!(scene.total("user0"), Octets::new(3, 3));
    scene.wait(900);
    scene.pass(lines[0], 1, 1);
    let changes = scene.round_of(&Look::counters_only());
    assert_eq!(
        (changes.opened_counters.len(), changes.opened_sessions.len()),
        (1, 1),
        "the next quarter of an hour"
    );
}

#[test]
fn the_order_of_a_print_does_not_matter() {
    let (mut scene, lines) = crowd(40);
    for round in 0..4_usize {
        scene.wait(10);
        lines.iter().for_each(|line| scene.pass(*line, 10, 20));
        scene.router.lines.rotate_left(round * 7);
        scene.round_of(&Look::counters_only());
        scene.router.lines.rotate_right(round * 7);
    }
    for number in 0..40 {
        assert_eq!(scene.total(&format!("user{number}")), Octets::new(40, 80));
    }
}

#[test]
fn counters_come_and_go_for_long_without_a_mistake() {
    let (mut scene, mut lines) = crowd(12);
    for round in 0..40_usize {
        let leaving = lines.remove(round % lines.len());
        scene.router.hang_up(leaving);
        lines.push(scene.dial(&format!("user{}", round % 15)));
        scene.wait(40);
        for line in &lines {
            scene.pass(*line, 5, 5);
        }
        scene.round();
    }
    for number in 0..15 {
        let login = format!("user{number}");
        assert_eq!(scene.total(&login), scene.truth(&login), "{login}");
    }
}

/// Both prints of a round are readings then, but the store is told of each counter and session once.
#[test]
fn a_counter_reset_between_the_prints_of_a_round_moves_once_in_its_commit() {
    let (mut scene, lines) = crowd(3);
    scene.wait(10);
    scene.pass(lines[1], 50, 50);
    scene.round_with(&Look::default(), |router, moment| {
        if moment == Moment::AfterOwners {
            router.reset_counters(lines[1]);
            router.pass(lines[1], 70, 20);
        }
    });
    assert_eq!(scene.total("user1"), scene.truth("user1"));
    let changes = scene.changes.clone().unwrap();
    assert_eq!(
        changes.counter_octets.iter().map(|(_, octets)| *octets).collect::<Vec<_>>(),
        [Octets::new(70, 20)]
    );
    assert_eq!(
        changes.session_octets.iter().map(|(_, octets)| *octets).sum::<Octets>(),
        Octets::new(70, 20),
        "and 50/50 by the entry that was opened before"
    );
}
