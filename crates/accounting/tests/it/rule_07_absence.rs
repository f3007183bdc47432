//! Rule 7: absence makes a session missing first and ended later; a row that returns resumes.

use accounting::Octets;
use accounting::changes::{CounterState, SessionState};
use accounting::ledger::Reason;

use crate::router::LineId;
use crate::scene::{Look, PER_SECOND, Scene};

fn read_line(scene: &mut Scene, login: &str) -> LineId {
    scene.round();
    scene.wait(100);
    let line = scene.dial_and_read(login);
    scene.pass(line, 5_000, 9_000);
    scene.wait(10);
    scene.round();
    line
}

fn state(scene: &Scene) -> SessionState {
    scene.book.sessions.values().next().expect("there is one session").state
}

fn is_ended(scene: &Scene) -> bool {
    matches!(state(scene), SessionState::Ended(_))
}

/// No print and no table shows the lines any more.
fn blind_to(lines: &[LineId]) -> Look {
    Look { nameless: lines.into(), ..Look::without(lines) }
}

#[test]
fn an_absent_session_is_missing_first_and_not_open() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene, "ali");
    scene.router.hang_up(line);
    scene.wait(10);
    scene.round();
    assert_eq!(state(&scene), SessionState::Missing);
    assert_eq!(scene.state.sessions_open(), 0);
}

#[test]
fn it_ends_after_two_rounds_and_a_minute_and_not_before() {
    for (interval, rounds_until_ended) in [(10, 7), (30, 3), (61, 2), (600, 2)] {
        let mut scene = Scene::new();
        let line = read_line(&mut scene, "ali");
        scene.router.hang_up(line);
        for round in 1..=rounds_until_ended {
            scene.wait(interval);
            scene.round();
            assert_eq!(is_ended(&scene), round == rounds_until_ended, "{interval} s, round {round}");
        }
        assert_eq!(scene.total("ali"), Octets::new(5_000, 9_000));
    }
}

#[test]
fn its_end_is_the_last_reading_and_its_tail_has_a_bound() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene, "ali");
    let last_read = scene.router.now_ms as i64 * 1_000;
    scene.wait(10);
    scene.router.hang_up(line);
    for _ in 0..3 {
        scene.wait(40);
        scene.round();
    }
    let SessionState::Ended(ended) = state(&scene) else { panic!("{:?}", state(&scene)) };
    assert_eq!((ended.last_seen_at.0, ended.terminate_cause), (last_read, None));
    let end = scene.entries("ali").pop().unwrap();
    assert_eq!((end.reason, end.from.0), (Reason::SessionEnd, last_read));
    assert_eq!(end.unseen.unwrap().upper_octets, Some(2 * 51 * PER_SECOND), "until the tables agreed");
}

/// One print can be wrong about a row: without the tables two must agree before the counter is believed gone.
#[test]
fn without_the_tables_the_second_print_that_lacks_a_row_closes_its_tail() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene, "ali");
    scene.wait(20);
    scene.round_of(&Look { counters_only: true, ..Look::without(&[line]) });
    scene.pass(line, 7_000, 0);
    scene.router.hang_up(line);
    for _ in 0..5 {
        scene.wait(20);
        scene.round_of(&Look::counters_only());
    }
    assert!(is_ended(&scene));
    let bound = scene.bound("ali").unwrap();
    assert_eq!(bound, 2 * 41 * PER_SECOND);
    assert!(scene.truth("ali").both() <= scene.total("ali").both() + bound);
}

/// Prints that lack a row agree with each other only in a row: one that shows it begins anew.
#[test]
fn a_row_shown_in_between_keeps_its_tail_open() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene, "ali");
    scene.gap();
    scene.wait(10);
    scene.round_of(&Look { owners_incomplete: true, ..blind_to(&[line]) });
    scene.wait(10);
    scene.round_of(&Look::counters_only());
    scene.wait(10);
    scene.round_of(&Look { counters_only: true, ..Look::without(&[line]) });
    scene.pass(line, 60 * PER_SECOND, 60 * PER_SECOND);
    scene.wait(55);
    scene.router.hang_up(line);
    for _ in 0..4 {
        scene.wait(40);
        scene.round_of(&Look::counters_only());
    }
    assert!(is_ended(&scene));
    let missing = scene.truth("ali").both() - scene.total("ali").both();
    assert!(scene.bound("ali").unwrap() >= missing);
}

#[test]
fn a_row_that_returns_while_missing_resumes_from_its_baseline() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene, "ali");
    scene.wait(10);
    scene.pass(line, 30, 40);
    scene.round_of(&blind_to(&[line]));
    scene.wait(10);
    scene.pass(line, 1, 1);
    scene.round();
    let last = scene.entries("ali").pop().unwrap();
    assert_eq!((last.reason, last.delta), (Reason::Resumed, Octets::new(31, 41)));
    assert_eq!(state(&scene), SessionState::Open);
}

#[test]
fn a_row_that_returns_after_its_end_resumes_from_its_baseline() {
    for restarts in [false, true] {
        let mut scene = Scene::new();
        let line = read_line(&mut scene, "ali");
        for _ in 0..3 {
            scene.wait(61);
            scene.pass(line, 10, 10);
            scene.round_of(&blind_to(&[line]));
        }
        assert!(is_ended(&scene));
        if restarts {
            scene.restart();
        }
        scene.wait(10);
        scene.round();
        assert_eq!(scene.total("ali"), scene.truth("ali"));
        assert_eq!(state(&scene), SessionState::Open);
        assert_eq!(scene.book.sessions.len(), 1);
        assert_eq!(scene.book.counters.len(), 1);
    }
}

#[test]
fn a_gone_counters_id_under_another_session_is_not_a_return() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene, "ali");
    scene.router.hang_up(line);
    for _ in 0..3 {
        scene.wait(61);
        scene.round();
    }
    let again = scene.dial("ali");
    scene.router.lines[again].handle = scene.router.lines[line].handle;
    scene.pass(again, 6_000, 9_100);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(11_000, 18_100));
    assert_eq!(scene.book.sessions.len(), 2);
}

#[test]
fn a_session_that_the_session_table_still_shows_does_not_end() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene, "ali");
    for _ in 0..5 {
        scene.wait(61);
        scene.pass(line, 10, 10);
        scene.round_of(&Look::without(&[line]));
    }
    assert_eq!(state(&scene), SessionState::Missing);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), scene.truth("ali"));
    assert_eq!(scene.bound("ali"), Some(0));
}

#[test]
fn a_session_that_is_missing_when_we_restart_still_ends() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene, "ali");
    scene.router.hang_up(line);
    scene.wait(10);
    scene.round();
    scene.restart();
    scene.wait(61);
    scene.round();
    assert!(is_ended(&scene));
    assert_eq!(scene.bound("ali"), Some(2 * 11 * PER_SECOND), "until the first look without it");
}

/// 200 lines of which `lost` vanish at once, with `fresh` new ones.
fn crowd(lines: usize) -> (Scene, Vec<LineId>) {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let crowd: Vec<LineId> = (0..lines).map(|number| scene.dial(&format!("user{number}"))).collect();
    scene.wait(10);
    scene.round();
    (scene, crowd)
}

fn ended(scene: &Scene) -> usize {
    scene.book.sessions.values().filter(|session| matches!(session.state, SessionState::Ended(_))).count()
}

#[test]
fn a_table_that_lacks_a_tenth_ends_nothing_until_two_prints_agree() {
    let (mut scene, lines) = crowd(200);
    lines[..21].iter().for_each(|line| scene.router.hang_up(*line));
    let ended_after: Vec<usize> = (0..4)
        .map(|_| {
            scene.wait(61);
            scene.round();
            ended(&scene)
        })
        .collect();
    assert_eq!(ended_after, [0, 0, 21, 21]);
}

#[test]
fn a_table_that_lacks_a_tenth_or_fewer_than_twenty_is_believed() {
    for (all, lost) in [(210, 21), (100, 19)] {
        let (mut scene, lines) = crowd(all);
        lines[..lost].iter().for_each(|line| scene.router.hang_up(*line));
        for _ in 0..2 {
            scene.wait(61);
            scene.round();
        }
        assert_eq!(ended(&scene), lost, "{lost} of {all}");
    }
}

#[test]
fn newcomers_do_not_make_a_suspect_table_credible() {
    let (mut scene, lines) = crowd(100);
    lines[..30].iter().for_each(|line| scene.router.hang_up(*line));
    for number in 0..250 {
        scene.dial(&format!("new{number}"));
    }
    for _ in 0..2 {
        scene.wait(61);
        scene.round();
    }
    assert_eq!(ended(&scene), 0);
}

#[test]
fn rows_that_a_suspect_table_lacked_and_the_next_shows_lose_nothing() {
    let (mut scene, lines) = crowd(50);
    for _ in 0..3 {
        scene.wait(61);
        lines.iter().for_each(|line| scene.pass(*line, 7, 8));
        scene.round_of(&blind_to(&lines[..25]));
        scene.wait(61);
        scene.round();
    }
    assert_eq!(ended(&scene), 0);
    assert_eq!(scene.total("user0"), Octets::new(21, 24));
    assert!(scene.book.counters.values().all(|counter| counter.state == CounterState::Live));
}

#[test]
fn a_suspect_table_closes_no_tail() {
    let (mut scene, lines) = crowd(50);
    scene.wait(10);
    scene.round_of(&blind_to(&lines[..25]));
    scene.wait(30);
    for line in &lines[..25] {
        scene.pass(*line, 30 * PER_SECOND, 30 * PER_SECOND);
        scene.router.hang_up(*line);
    }
    for _ in 0..5 {
        scene.wait(40);
        scene.round();
    }
    assert_eq!(ended(&scene), 25);
    assert!(scene.bound("user0").unwrap() >= scene.truth("user0").both());
}

#[test]
fn an_unattributed_counter_that_vanishes_is_forgotten_quietly() {
    let mut scene = Scene::new();
    scene.round();
    let line = scene.dial("ali");
    for _ in 0..3 {
        scene.wait(10);
        scene.round_of(&Look::nameless(&[line]));
    }
    scene.router.hang_up(line);
    for _ in 0..3 {
        scene.wait(61);
        scene.round();
    }
    assert!(matches!(scene.book.counters.values().next().unwrap().state, CounterState::Gone { .. }));
    assert_eq!(scene.book.entries.len(), 1);
}

#[test]
fn a_restart_does_not_forget_by_when_a_session_was_seen_to_be_gone() {
    for restart in [Scene::restart, Scene::restart_host] {
        let mut scene = Scene::new();
        scene.round();
        scene.wait(10);
        let line = scene.dial_and_read("ali");
        scene.router.hang_up(line);
        for _ in 0..3 {
            scene.wait(1);
            scene.round();
        }
        restart(&mut scene);
        for _ in 0..3 {
            scene.wait(36_000);
            scene.round();
        }
        let bound = scene.bound("ali").unwrap();
        assert!(bound <= 2 * 5 * PER_SECOND, "{bound}");
    }
}
