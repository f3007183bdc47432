//! Rule 9: sessions that `listen` showed before it broke off, so that nobody heard their ends.

use accounting::ledger::Reason;
use accounting::snapshot::Heard;

use crate::router::LineId;
use crate::scene::{LINK, Look, PER_SECOND, Scene};

/// A session that `listen` showed five seconds ago and lost sight of.
fn lost_sight_of(scene: &mut Scene, login: &str) -> LineId {
    scene.round();
    scene.wait(10);
    let line = scene.dial(login);
    scene.pass(line, 300, 300);
    scene.wait(5);
    let call = scene.router.lines[line].call.expect("the line was just dialled");
    scene.lost_sight_of.push(scene.router.session(&scene.router.calls[call]));
    line
}

#[test]
fn one_that_the_tables_show_no_more_is_over_and_has_a_bound() {
    let mut scene = Scene::with_link(LINK);
    let line = lost_sight_of(&mut scene, "ali");
    scene.router.hang_up(line);
    scene.round();
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
    let seconds = scene.bound("ali").unwrap() / 2 / PER_SECOND;
    assert!((5..=8).contains(&seconds), "{seconds}");
}

#[test]
fn one_that_lives_on_is_counted_whole_and_has_no_bound() {
    for gives_session_ids in [true, false] {
        let mut scene = Scene::with_link(LINK);
        scene.router.gives_session_ids = gives_session_ids;
        lost_sight_of(&mut scene, "ali");
        scene.round();
        scene.wait(10);
        scene.round();
        assert_eq!((scene.reasons("ali"), scene.bound("ali")), (vec![Reason::SessionStart], Some(0)));
        assert_eq!(scene.total("ali"), scene.truth("ali"));
    }
}

#[test]
fn one_whose_counter_is_not_printed_yet_waits_for_it_and_survives_our_restart() {
    let mut scene = Scene::with_link(LINK);
    let line = lost_sight_of(&mut scene, "ali");
    scene.round_of(&Look::without(&[line]));
    scene.reload();
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::SessionStart]);
    assert_eq!(scene.total("ali"), scene.truth("ali"));
}

#[test]
fn one_that_the_tables_showed_before_is_no_second_session() {
    let mut scene = Scene::with_link(LINK);
    let line = lost_sight_of(&mut scene, "ali");
    let heard = std::mem::take(&mut scene.lost_sight_of);
    scene.round_of(&Look::without(&[line]));
    scene.lost_sight_of = heard;
    scene.router.hang_up(line);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
}

#[test]
fn one_whose_end_was_heard_after_all_is_bounded_once() {
    let mut scene = Scene::with_link(LINK);
    let line = lost_sight_of(&mut scene, "ali");
    scene.round_of(&Look::without(&[line]));
    let call = scene.router.lines[line].call.unwrap();
    let session = scene.router.session(&scene.router.calls[call]);
    scene.router.hang_up(line);
    scene.heard.push(Heard { session, lasted_at_most_s: 9 });
    scene.round();
    assert_eq!(
        (scene.reasons("ali"), scene.bound("ali")),
        (vec![Reason::HeardOnly], Some(2 * 9 * PER_SECOND))
    );
}
