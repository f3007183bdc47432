//! Rule 9: a reset that no reading shows, or a session that cannot be known again, has a bound.

use accounting::changes::SessionState;

use crate::router::{BindingCounters, LineId};
use crate::scene::{Look, Moment, PER_SECOND, Scene};

/// A binding of `bea` whose caller was read at value zero.
fn binding(counters: BindingCounters, gives_session_ids: bool) -> (Scene, LineId) {
    let mut scene = Scene::new();
    scene.router.bindings = counters;
    scene.router.gives_session_ids = gives_session_ids;
    let line = scene.router.bind("in-bea", "bea");
    scene.router.dial_on(line);
    scene.round();
    (scene, line)
}

fn only_sessions_show(line: LineId) -> Look {
    Look { serverless: vec![line], ..Look::default() }
}

fn end_what_is_missing(scene: &mut Scene) {
    for _ in 0..3 {
        scene.wait(61);
        scene.round();
    }
}

fn assert_bounded(scene: &Scene) {
    let (truth, total) = (scene.truth("bea").both(), scene.total("bea").both());
    let covered = scene.bound("bea").is_none_or(|bound| truth <= total + bound);
    assert!(covered, "{truth} passed, {total} counted, bound {:?}", scene.bound("bea"));
}

#[test]
fn what_an_idle_bindings_new_caller_moved_is_counted_though_the_next_call_reset_it_within_the_round() {
    let mut scene = Scene::new();
    scene.router.bindings = BindingCounters::ResetOnConnect;
    let line = scene.router.bind("in-bea", "bea");
    scene.round();
    scene.router.dial_on(line);
    scene.wait(12);
    scene.pass(line, 12 * PER_SECOND, 0);
    scene.round_of(&Look { counters_only: true, ..Look::without(&[line]) });
    scene.round_with(&Look::default(), |router, moment| {
        if moment == Moment::AfterOwners {
            router.hang_up(line);
            router.dial_on(line);
        }
    });
    assert_eq!(scene.total("bea").input, 12 * PER_SECOND);
    end_what_is_missing(&mut scene);
    assert_bounded(&scene);
}

#[test]
fn a_session_taken_for_one_of_another_boot_is_not_counted_again_when_its_start_is_known_better() {
    for (gives_session_ids, looks_between) in [(false, false), (false, true), (true, false), (true, true)] {
        seen_to_begin_as_long_after_an_unseen_reboot(gives_session_ids, looks_between);
    }
}

fn seen_to_begin_as_long_after_an_unseen_reboot(gives_session_ids: bool, looks_between: bool) {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = gives_session_ids;
    scene.round();
    scene.reboot();
    scene.wait(15);
    scene.round();
    scene.wait(31);
    let line = scene.dial("bea");
    scene.round();
    scene.round();
    scene.router.hang_up(line);
    scene.reboot();
    scene.wait(52);
    if looks_between {
        scene.round();
    }
    scene.round_with(&Look::default(), |router, moment| {
        if moment == Moment::BeforeOwners {
            let line = router.dial("bea");
            router.pass(line, 1_000, 1_000);
            router.now_ms += 4_000;
        }
    });
    end_what_is_missing(&mut scene);
    let case = (gives_session_ids, looks_between);
    assert_eq!(scene.total("bea"), scene.truth("bea"), "counted once: {case:?}");
}

#[test]
fn one_print_alone_does_not_end_a_session_whose_row_was_there_before() {
    let (mut scene, line) = binding(BindingCounters::Survive, true);
    scene.restart();
    scene.round_of(&only_sessions_show(line));
    scene.wait(61);
    scene.round_of(&Look { counters_only: true, ..Look::without(&[line]) });
    let session = scene.book.sessions.values().next().expect("there is one session");
    assert!(!matches!(session.state, SessionState::Ended(_)), "{session:?}");
    scene.wait(160);
    scene.pass(line, 160 * PER_SECOND, 0);
    scene.reboot();
    end_what_is_missing(&mut scene);
    assert_bounded(&scene);
}

#[test]
fn a_session_that_may_have_begun_after_the_last_reading_has_a_bound_across_a_restart() {
    let (mut scene, line) = binding(BindingCounters::ResetOnConnect, false);
    scene.wait(10);
    scene.pass(line, 10 * PER_SECOND, 5 * PER_SECOND);
    scene.round();
    scene.router.hang_up(line);
    scene.round_with(&Look { only_unknown_after: true, ..Look::default() }, |router, moment| {
        if moment == Moment::BeforeOwners {
            router.dial_on(line);
        }
    });
    scene.wait(10);
    scene.pass(line, 10 * PER_SECOND, 10 * PER_SECOND);
    scene.restart();
    scene.round_of(&only_sessions_show(line));
    end_what_is_missing(&mut scene);
    assert_bounded(&scene);
}

/// The bound of a binding whose session changed unseen before a round that looks so, and whose router then restarts,
/// perhaps together with us.
fn bound_after_a_reboot(counters: BindingCounters, look: &dyn Fn(LineId) -> Look, we_restart: bool) -> u64 {
    let (mut scene, line) = binding(counters, false);
    scene.wait(20);
    scene.pass(line, 20 * PER_SECOND, 20 * PER_SECOND);
    scene.router.hang_up(line);
    scene.router.dial_on(line);
    scene.pass(line, 390, 390);
    scene.round_of(&look(line));
    scene.wait(20);
    scene.reboot();
    if we_restart {
        scene.restart();
    }
    end_what_is_missing(&mut scene);
    assert_bounded(&scene);
    scene.bound("bea").expect("it has one")
}

#[test]
fn what_a_binding_counted_unnamed_before_a_reboot_may_hide_another_session() {
    for counters in [BindingCounters::ResetOnConnect, BindingCounters::ResetOnDisconnect] {
        for we_restart in [false, true] {
            bound_after_a_reboot(counters, &only_sessions_show, we_restart);
            bound_after_a_reboot(counters, &|_| Look::counters_only(), we_restart);
        }
    }
}

#[test]
fn our_restart_widens_the_bound_of_a_binding_by_what_it_counted_since_the_tables_and_no_more() {
    let counters_only = |_| Look::counters_only();
    let known = bound_after_a_reboot(BindingCounters::ResetOnConnect, &counters_only, false);
    let forgotten = bound_after_a_reboot(BindingCounters::ResetOnConnect, &counters_only, true);
    assert_eq!(forgotten, known + 2 * 390);
}

#[test]
fn a_session_glimpsed_before_a_reboot_that_may_have_been_is_not_the_one_that_began_as_long_after_it() {
    let mut scene = Scene::new();
    let line = scene.router.bind("in-bea", "bea");
    scene.dial("ali");
    scene.round();
    let look = Look { sessionless: vec![line], ..Look::default() };
    scene.round_with(&look, |router, moment| {
        if moment == Moment::BeforeOwners {
            router.dial_on(line);
        }
    });
    scene.pass(line, 1_000, 1_000);
    let uptime_s = scene.router.uptime_s();
    scene.restart_host();
    scene.reboot();
    scene.wait(uptime_s);
    scene.round_with(&Look::without(&[line]), |router, moment| {
        if moment == Moment::BeforeOwners {
            router.dial_on(line);
        }
    });
    end_what_is_missing(&mut scene);
    assert_bounded(&scene);
}

#[test]
fn a_counter_reset_while_it_was_nobodys_tells_nothing_of_its_owner() {
    let mut scene = Scene::new();
    let line = scene.router.bind("in-bea", "bea");
    scene.router.dial_on(line);
    scene.round_of(&Look::nameless(&[line]));
    scene.pass(line, 1_000, 1_000);
    for _ in 0..3 {
        scene.wait(1);
        scene.round_of(&Look::nameless(&[line]));
    }
    scene.router.reset_counters(line);
    scene.wait(1);
    scene.round_of(&Look::nameless(&[line]));
    end_what_is_missing(&mut scene);
    assert_bounded(&scene);
}
