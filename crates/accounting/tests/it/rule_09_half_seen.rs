//! Rule 9: a session that only one of the tables showed was there, and what it moved is said with a bound.

use accounting::Octets;
use accounting::ledger::Reason;

use crate::router::LineId;
use crate::scene::{Look, PER_SECOND, Scene};

fn covered() -> Scene {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    scene
}

fn half(line: LineId) -> [Look; 2] {
    [Look { sessionless: vec![line], ..Look::default() }, Look { serverless: vec![line], ..Look::default() }]
}

#[test]
fn it_has_an_entry_with_a_bound_once_it_is_gone() {
    for which in [0, 1] {
        let mut scene = covered();
        let line = scene.dial("ali");
        scene.pass(line, 500, 600);
        scene.wait(5);
        scene.round_of(&half(line)[which]);
        assert_eq!(scene.total("ali"), Octets::ZERO, "no counter is given to it");
        scene.router.hang_up(line);
        scene.wait(10);
        scene.round();
        assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
        let bound = scene.bound("ali").unwrap();
        assert!((1_100..=2 * 18 * PER_SECOND).contains(&bound), "{bound}");
    }
}

#[test]
fn it_is_counted_whole_and_without_a_bound_when_both_tables_show_it_later() {
    for gives_session_ids in [true, false] {
        for which in [0, 1] {
            let mut scene = Scene::new();
            scene.router.gives_session_ids = gives_session_ids;
            scene.round();
            scene.wait(10);
            let line = scene.dial("ali");
            scene.pass(line, 500, 600);
            scene.round_of(&half(line)[which]);
            scene.wait(10);
            scene.round();
            assert_eq!((scene.total("ali"), scene.bound("ali")), (Octets::new(500, 600), Some(0)));
            scene.router.hang_up(line);
            scene.wait(10);
            scene.round();
            assert!(!scene.reasons("ali").contains(&Reason::HeardOnly), "{which}");
        }
    }
}

#[test]
fn one_that_is_counted_already_is_nothing_new() {
    for which in [0, 1] {
        let mut scene = covered();
        let line = scene.dial_and_read("ali");
        scene.pass(line, 70, 80);
        scene.wait(10);
        scene.round_of(&half(line)[which]);
        scene.wait(10);
        scene.round();
        assert_eq!(scene.book.sessions.len(), 1);
        assert_eq!((scene.total("ali"), scene.bound("ali")), (Octets::new(70, 80), Some(0)));
    }
}

#[test]
fn what_one_table_told_is_joined_with_what_the_other_tells_next() {
    for [first, second] in [[0, 1], [1, 0]] {
        let mut scene = covered();
        let line = scene.dial("ali");
        scene.pass(line, 500, 600);
        scene.round_of(&half(line)[first]);
        scene.wait(10);
        scene.round_of(&half(line)[second]);
        scene.router.hang_up(line);
        scene.wait(10);
        scene.round();
        assert_eq!(scene.reasons("ali"), [Reason::HeardOnly], "one session, one entry");
    }
}

#[test]
fn two_of_one_login_are_two() {
    let mut scene = covered();
    let lines = ["ali", "ali"].map(|login| scene.dial(login));
    scene.round_of(&Look { sessionless: lines.to_vec(), ..Look::default() });
    lines.into_iter().for_each(|line| scene.router.hang_up(line));
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly; 2]);
}

#[test]
fn a_known_session_that_one_table_still_shows_is_not_over() {
    for which in [0, 1] {
        let mut scene = covered();
        let line = scene.dial_and_read("ali");
        let look = |look: Look| Look { lacks_before: vec![line], lacks_after: vec![line], ..look };
        scene.wait(1);
        scene.round_of(&look(half(line)[which].clone()));
        scene.wait(2);
        scene.pass(line, 2_000_000, 2_000_000);
        scene.reboot();
        scene.wait(1);
        scene.round();
        let missing = scene.truth("ali").both() - scene.total("ali").both();
        assert!(scene.bound("ali").unwrap() >= missing, "{which}: {missing} {:?}", scene.bound("ali"));
    }
}

#[test]
fn what_it_did_before_anybody_watched_is_not_in_its_bound() {
    for which in [0, 1] {
        let mut scene = Scene::new();
        let line = scene.router.dial("ali");
        scene.wait(60_000);
        scene.round_of(&half(line)[which]);
        scene.wait(10);
        scene.round_of(&half(line)[which]);
        scene.router.hang_up(line);
        scene.wait(10);
        scene.round();
        assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
        let bound = scene.bound("ali").unwrap();
        assert!((2 * 20 * PER_SECOND..=2 * 24 * PER_SECOND).contains(&bound), "{bound}");
    }
}

/// No session-id tells that the router restarted during the outage, so that the second of uptime at which coverage began
/// says nothing of what is shown now.
#[test]
fn coverage_of_what_may_be_another_boot_shortens_no_bound() {
    for restarts_again in [false, true] {
        let mut scene = Scene::new();
        scene.router.gives_session_ids = false;
        scene.round_of(&Look::counters_only());
        scene.reboot();
        let line = scene.dial("ali");
        scene.wait(1_000);
        scene.round_of(&half(line)[0]);
        assert!(scene.book.nas.boot_doubtful);
        if restarts_again {
            scene.reboot();
        } else {
            scene.router.hang_up(line);
        }
        scene.wait(10);
        scene.round();
        assert_eq!(scene.book.nas.boot_doubtful, !restarts_again);
        let bound = scene.bound("ali").unwrap();
        assert!(bound >= 2 * 1_000 * PER_SECOND, "{bound}");
    }
}
