//! Rule 9: what cannot be seen is said. (The random scripts prove that the bounds hold.)

use accounting::Octets;
use accounting::bound::LinkSpeed;
use accounting::changes::SessionState;
use accounting::ledger::Reason;
use accounting::snapshot::{Heard, OwnerSession};

use crate::scene::{LINK, Look, Moment, PER_SECOND, Scene};

fn covered(link: LinkSpeed) -> Scene {
    let mut scene = Scene::with_link(link);
    scene.round();
    scene.wait(10);
    scene
}

/// A session that came and went between two rounds, as `listen` tells it.
fn heard(scene: &mut Scene, login: &str, seconds: u64) -> Heard {
    let line = scene.dial(login);
    let call = scene.router.lines[line].call.expect("the line was just dialled");
    scene.wait(seconds);
    let session = OwnerSession { session_time_s: Some(0), ..scene.router.session(&scene.router.calls[call]) };
    scene.router.hang_up(line);
    Heard { session, lasted_at_most_s: seconds + 2 }
}

#[test]
fn a_session_only_heard_of_counts_nothing_and_has_a_bound() {
    let mut scene = covered(LINK);
    let session = heard(&mut scene, "ali", 5);
    scene.heard.push(session);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
    assert_eq!((scene.total("ali"), scene.bound("ali")), (Octets::ZERO, Some(2 * 7 * PER_SECOND)));
    let session = scene.book.sessions.values().next().unwrap();
    assert!(matches!(session.state, SessionState::Ended(_)));
}

#[test]
fn a_session_heard_of_and_also_read_is_not_written_twice() {
    let mut scene = covered(LINK);
    let line = scene.dial_and_read("ali");
    let call = scene.router.lines[line].call.unwrap();
    let session = scene.router.session(&scene.router.calls[call]);
    scene.heard.push(Heard { session, lasted_at_most_s: 20 });
    scene.wait(10);
    scene.round();
    assert_eq!(scene.book.sessions.len(), 1);
}

#[test]
fn a_session_heard_of_without_an_id_is_written_too() {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = false;
    scene.round();
    scene.wait(10);
    let session = heard(&mut scene, "ali", 5);
    scene.heard.push(session);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
}

#[test]
fn without_a_link_speed_the_bound_is_said_to_be_none() {
    let mut scene = covered(LinkSpeed(None));
    let session = heard(&mut scene, "ali", 5);
    scene.heard.push(session);
    scene.round();
    let unseen = scene.entries("ali")[0].unseen.unwrap();
    assert_eq!((unseen.micros, unseen.upper_octets), (Some(7_000_000), None));
}

#[test]
fn a_session_shown_by_the_tables_but_gone_before_it_was_read_has_a_bound() {
    let mut scene = covered(LINK);
    let line = scene.dial("ali");
    scene.pass(line, 300, 300);
    scene.wait(2);
    scene.round_with(&Look::default(), |router, moment| {
        if moment == Moment::AfterOwners {
            router.hang_up(line);
        }
    });
    assert!(scene.state.wants_owners());
    assert_eq!(scene.entries("ali"), Vec::<&accounting::ledger::LedgerEntry>::new());
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
    assert_eq!(scene.bound("ali"), Some(2 * 14 * PER_SECOND));
    assert!(!scene.state.wants_owners());
}

#[test]
fn a_session_shown_before_it_is_read_is_counted_whole_and_once() {
    let mut scene = covered(LINK);
    let line = scene.dial("ali");
    scene.pass(line, 300, 300);
    scene.round_of(&Look::without(&[line]));
    scene.wait(10);
    scene.round();
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::SessionStart]);
    assert_eq!(scene.book.sessions.len(), 1);
}

#[test]
fn a_session_shown_before_a_reboot_and_never_read_has_a_bound_until_the_reboot() {
    let mut scene = covered(LINK);
    let line = scene.dial("ali");
    scene.round_of(&Look::without(&[line]));
    scene.wait(10);
    scene.reboot();
    scene.wait(500);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
    let bound = scene.bound("ali").unwrap();
    assert!((2 * 10 * PER_SECOND..2 * 20 * PER_SECOND).contains(&bound), "{bound}");
}

#[test]
fn tables_cut_short_do_not_end_a_session_that_was_shown() {
    let mut scene = covered(LINK);
    let line = scene.dial("ali");
    scene.pass(line, 300, 300);
    scene.round_of(&Look::without(&[line]));
    scene.wait(10);
    let look = Look { nameless: vec![line], owners_incomplete: true, ..Look::without(&[line]) };
    scene.round_of(&look);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::SessionStart]);
}

#[test]
fn a_session_shown_and_followed_by_another_under_its_name_is_over() {
    let mut scene = covered(LINK);
    let first = scene.dial("ali");
    scene.round_of(&Look::without(&[first]));
    scene.wait(10);
    scene.router.hang_up(first);
    let second = scene.dial("ali");
    scene.pass(second, 70, 70);
    scene.round_of(&Look::without(&[second]));
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly, Reason::SessionStart]);
    assert_eq!(scene.total("ali"), Octets::new(70, 70));
}

#[test]
fn heard_and_shown_by_the_tables_is_one_session() {
    let mut scene = covered(LINK);
    let line = scene.dial("ali");
    let call = scene.router.lines[line].call.unwrap();
    scene.round_of(&Look::without(&[line]));
    scene.wait(2);
    let session = scene.router.session(&scene.router.calls[call]);
    scene.router.hang_up(line);
    scene.heard.push(Heard { session, lasted_at_most_s: 4 });
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
    assert_eq!(scene.bound("ali"), Some(2 * 4 * PER_SECOND));
}

#[test]
fn gaps_in_the_session_numbers_are_sessions_nobody_saw() {
    let mut scene = covered(LINK);
    scene.dial_and_read("ali");
    for _ in 0..3 {
        let line = scene.dial("ghost");
        scene.router.hang_up(line);
    }
    scene.dial_and_read("bea");
    assert_eq!(scene.book.nas.unseen_sessions, 3);
    let session = heard(&mut scene, "cy", 1);
    scene.heard.push(session);
    scene.round();
    assert_eq!(scene.book.nas.unseen_sessions, 3, "a session heard of is not unseen");
}

#[test]
fn sessions_that_were_over_before_the_first_round_are_not_unseen() {
    let mut scene = Scene::new();
    let first = scene.dial("ali");
    for _ in 0..5 {
        let line = scene.dial("bea");
        scene.router.hang_up(line);
    }
    scene.dial("cy");
    scene.round();
    assert_eq!((scene.book.nas.unseen_sessions, scene.router.lines[first].exists), (0, true));
}

#[test]
fn halving_the_interval_shrinks_the_bound() {
    let bounds = [80, 40, 20, 10].map(|interval| {
        let mut scene = covered(LINK);
        let line = scene.dial_and_read("ali");
        scene.wait(interval / 2);
        scene.router.hang_up(line);
        for _ in 0..20 {
            scene.wait(interval);
            scene.round_of(&Look::counters_only());
        }
        scene.bound("ali").unwrap()
    });
    assert!(bounds.windows(2).all(|pair| pair[1] < pair[0]), "{bounds:?}");
}

/// A session whose row the second print of a round shows, with 5,000 octets each way, too late to be given to it.
fn shown_by_the_later_print_only() -> (Scene, usize) {
    let mut scene = covered(LINK);
    let line = scene.dial("ali");
    scene.pass(line, 5_000, 5_000);
    scene.wait(2);
    scene.round_of(&Look { lacks_before: vec![line], ..Look::default() });
    scene.router.reset_counters(line);
    (scene, line)
}

#[test]
fn a_row_that_waits_for_its_owner_keeps_its_session_open_where_the_tables_lack_it() {
    let (mut scene, line) = shown_by_the_later_print_only();
    scene.wait(10);
    scene.round_of(&Look::nameless(&[line]));
    assert_eq!(scene.reasons("ali"), [], "its row is there");
    scene.pass(line, 70, 80);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::SessionStart]);
}

#[test]
fn what_a_row_showed_before_its_owner_is_not_forgotten_while_the_tables_name_it() {
    let (mut scene, line) = shown_by_the_later_print_only();
    scene.round_of(&Look::without(&[line]));
    scene.pass(line, 70, 80);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(70, 80));
    assert!(scene.bound("ali").unwrap() >= 10_000, "{:?}", scene.bound("ali"));
}

#[test]
fn what_a_restart_forgot_of_a_row_that_waited_for_its_owner_has_a_bound() {
    let (mut scene, line) = shown_by_the_later_print_only();
    scene.pass(line, 70, 80);
    scene.reload();
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(70, 80));
    assert!(scene.bound("ali").unwrap() >= 10_000, "{:?}", scene.bound("ali"));
}

/// Without session-ids, sessions that began together are told apart by their logins.
#[test]
fn a_glimpsed_session_is_not_taken_for_the_one_that_got_its_name_at_once() {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = false;
    scene.dial("bob");
    let second = scene.dial("bob");
    scene.round();
    scene.wait(10);
    let mut heir = None;
    scene.round_with(&Look::default(), |router, moment| match (moment, heir) {
        (Moment::BeforeOwners, _) => {
            router.hang_up(second);
            let line = router.dial("bob-1");
            router.pass(line, 1_000, 1_000);
            heir = Some(line);
        }
        (Moment::AfterOwners, Some(line)) => {
            router.hang_up(line);
            router.dial("bob");
        }
        _ => {}
    });
    scene.wait(10);
    scene.round();
    assert!(scene.bound("bob-1").unwrap() >= 2_000, "{:?}", scene.entries("bob-1"));
}
