//! Rule 1: baselines belong to counters.

use accounting::Octets;
use accounting::bound::LinkSpeed;
use accounting::ledger::Reason;

use crate::router::{BindingCounters, LineId};
use crate::scene::{Look, Moment, PER_SECOND, Scene};

/// A binding whose login is connected, read at `octets`.
fn binding_at(counters: BindingCounters, octets: u64) -> (Scene, LineId) {
    binding_on(Scene::new(), counters, octets)
}

fn binding_on(mut scene: Scene, counters: BindingCounters, octets: u64) -> (Scene, LineId) {
    scene.router.bindings = counters;
    let line = scene.router.bind("in-ali", "ali");
    scene.round();
    scene.wait(10);
    scene.router.dial_on(line);
    scene.wait(10);
    scene.pass(line, octets, octets);
    scene.round();
    scene.wait(10);
    (scene, line)
}

fn reconnect(scene: &mut Scene, line: LineId) {
    scene.router.hang_up(line);
    scene.router.dial_on(line);
}

#[test]
fn a_reconnected_login_has_a_new_counter_and_its_old_baseline_is_not_used() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let first = scene.dial_and_read("ali");
    scene.pass(first, 5_000, 7_000);
    scene.wait(10);
    scene.round();
    scene.router.hang_up(first);
    scene.wait(5);
    let second = scene.dial("ali");
    scene.wait(5);
    scene.pass(second, 6_000, 8_000);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(11_000, 15_000));
    let counters: Vec<_> =
        scene.entries("ali").iter().filter(|e| !e.delta.is_zero()).map(|e| e.counter).collect();
    assert_ne!(counters[0], counters[1]);
}

#[test]
fn a_binding_that_survives_a_reconnect_counts_only_the_difference() {
    let (mut scene, line) = binding_at(BindingCounters::Survive, 5_000);
    reconnect(&mut scene, line);
    scene.wait(10);
    scene.pass(line, 300, 400);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(5_300, 5_400));
    assert_eq!(scene.book.sessions.values().map(|s| s.octets.input).collect::<Vec<_>>(), [5_000, 300]);
}

#[test]
fn a_binding_that_dropped_counts_from_zero_in_both_directions() {
    let (mut scene, line) = binding_at(BindingCounters::ResetOnConnect, 5_000);
    reconnect(&mut scene, line);
    scene.wait(10);
    scene.pass(line, 100, 6_000);
    scene.round();
    let last = scene.entries("ali").pop().unwrap();
    assert_eq!((last.reason, last.delta), (Reason::CounterReset, Octets::new(100, 6_000)));
    assert_eq!(scene.total("ali"), Octets::new(5_100, 11_000));
}

#[test]
fn a_counter_reset_by_hand_counts_from_zero_and_the_unseen_rest_is_bounded() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial_and_read("ali");
    scene.pass(line, 5_000, 5_000);
    scene.wait(10);
    scene.round();
    scene.pass(line, 900, 0);
    scene.router.reset_counters(line);
    scene.pass(line, 6_000, 40);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(11_000, 5_040));
    let reset = scene.entries("ali").pop().unwrap();
    assert_eq!(reset.reason, Reason::CounterReset);
    assert_eq!(reset.unseen.unwrap().upper_octets, Some(2 * 11 * PER_SECOND - 6_040));
}

#[test]
fn a_silent_reset_is_bounded_by_what_can_have_passed_less_what_was_counted() {
    let (mut scene, line) = binding_at(BindingCounters::ResetOnConnect, 5_000);
    scene.pass(line, 700, 0);
    reconnect(&mut scene, line);
    scene.wait(10);
    scene.pass(line, 8_000, 9_000);
    scene.round();
    let last = scene.entries("ali").pop().unwrap();
    assert_eq!((last.reason, last.delta), (Reason::SessionStart, Octets::new(3_000, 4_000)));
    assert_eq!(last.unseen.unwrap().upper_octets, Some(2 * 21 * PER_SECOND - 7_000));
    let missing = scene.truth("ali").both() - scene.total("ali").both();
    assert!(missing > 10_000, "more than the old value is missing: it alone is no bound");
    assert!(missing <= scene.bound("ali").unwrap());
}

#[test]
fn a_silent_reset_without_a_link_speed_is_unbounded() {
    let (mut scene, line) = binding_on(Scene::with_link(LinkSpeed(None)), BindingCounters::Survive, 5_000);
    reconnect(&mut scene, line);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.bound("ali"), None);
}

/// A tool that resets the counters and kicks the session at once looks like a binding that resets by itself: what such
/// a drop seems to teach would count the next session twice.
#[test]
fn a_drop_on_a_reconnect_teaches_nothing_about_the_next_one() {
    let (mut scene, line) = binding_at(BindingCounters::Survive, 5_000);
    scene.wait(5);
    scene.router.reset_counters(line);
    reconnect(&mut scene, line);
    for octets in [10, 9_000, 1_000] {
        scene.wait(10);
        scene.pass(line, octets, octets);
        scene.round();
        assert_eq!(scene.total("ali"), scene.truth("ali"), "after {octets}");
        scene.wait(5);
        reconnect(&mut scene, line);
    }
}

/// So where bindings do reset, a session that overtakes the one before within one interval is counted short, never by
/// more than the bound.
#[test]
fn a_binding_that_resets_each_time_is_counted_short_within_the_bound_when_overtaken() {
    let (mut scene, line) = binding_at(BindingCounters::ResetOnConnect, 5_000);
    for (octets, short) in [(10, 0), (9_000, 10), (9_500, 9_010)] {
        scene.wait(5);
        reconnect(&mut scene, line);
        scene.wait(10);
        scene.pass(line, octets, octets);
        scene.round();
        let missing = scene.truth("ali").grown_since(scene.total("ali")).unwrap();
        assert_eq!(missing, Octets::new(short, short));
        assert!(missing.both() <= scene.bound("ali").unwrap());
        scene.restart();
    }
}

#[test]
fn a_reset_hidden_in_a_round_that_read_no_owners_is_neither_counted_twice_nor_forgotten() {
    let (mut scene, line) = binding_at(BindingCounters::ResetOnConnect, 5_000);
    scene.wait(5);
    reconnect(&mut scene, line);
    scene.wait(10);
    scene.pass(line, 10, 10);
    scene.round();
    scene.wait(20);
    // Much of the first session's end is unseen, and the second one overtakes it before the tables are read.
    scene.pass(line, 9_000_000, 9_000_000);
    reconnect(&mut scene, line);
    scene.pass(line, 600, 600);
    scene.wait(5);
    scene.round_of(&Look::counters_only());
    scene.wait(1);
    scene.pass(line, 50, 50);
    scene.round();
    let missing = scene.truth("ali").grown_since(scene.total("ali")).unwrap();
    assert_eq!(missing, Octets::new(9_000_010, 9_000_010));
    let last = scene.entries("ali").pop().unwrap();
    // From the reading before the tables named the first session, less all that was counted since.
    assert_eq!(last.unseen.unwrap().upper_octets, Some(2 * (25 + 26 + 1) * PER_SECOND - 2 * (10 + 590 + 50)));
}

#[test]
fn a_binding_that_starts_over_at_zero_shows_no_drop_and_its_session_has_a_bound() {
    for ending in ["idle", "another session", "reboot"] {
        let (mut scene, line) = binding_at(BindingCounters::ResetOnDisconnect, 0);
        scene.pass(line, 9_500_000, 9_500_000);
        scene.router.hang_up(line);
        scene.round_of(&Look::counters_only());
        scene.wait(1);
        match ending {
            "another session" => scene.router.dial_on(line),
            "reboot" => scene.reboot(),
            _ => {}
        }
        scene.wait(1);
        scene.round();
        assert_eq!(scene.total("ali"), Octets::ZERO);
        assert!(scene.bound("ali").unwrap() >= 19_000_000, "{ending}");
    }
}

#[test]
fn an_idle_binding_that_moved_may_hide_a_session_that_overtook_the_one_before() {
    let (mut scene, line) = binding_at(BindingCounters::ResetOnConnect, 5_000);
    scene.pass(line, 700_000, 0);
    reconnect(&mut scene, line);
    scene.pass(line, 9_000, 9_000);
    scene.router.hang_up(line);
    scene.wait(10);
    let before = scene.bound("ali").unwrap();
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(9_000, 9_000));
    assert!(scene.bound("ali").unwrap() - before >= 700_000, "the first session's end was never read");
}

#[test]
fn an_idle_binding_that_stood_still_hides_nothing() {
    let (mut scene, line) = binding_at(BindingCounters::Survive, 5_000);
    let before = scene.bound("ali");
    scene.wait(10);
    scene.round();
    scene.router.hang_up(line);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.bound("ali"), before);
}

#[test]
fn at_zero_the_next_sessions_start_says_nothing_of_the_end_of_the_one_before() {
    let (mut scene, line) = binding_at(BindingCounters::ResetOnDisconnect, 0);
    scene.pass(line, 9_500_000, 9_500_000);
    let look = Look { lacks_before: vec![line], ..Look::default() };
    scene.round_with(&look, |router, moment| {
        if moment == crate::scene::Moment::AfterOwners {
            router.hang_up(line);
        }
    });
    scene.wait(3);
    scene.router.dial_on(line);
    scene.wait(1);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::ZERO);
    assert!(scene.bound("ali").unwrap() >= 19_000_000);
}

#[test]
fn what_passes_between_the_print_and_the_tables_that_call_it_idle_is_still_the_sessions() {
    let (mut scene, line) = binding_at(BindingCounters::Survive, 5_000);
    let look = Look { only_unknown_after: true, ..Look::default() };
    scene.round_with(&look, |router, moment| {
        if moment == crate::scene::Moment::BeforeOwners {
            router.pass(line, 40, 50);
            router.hang_up(line);
        }
    });
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), scene.truth("ali"));
    assert_eq!(scene.unattributed(), Octets::ZERO);
}

#[test]
fn a_session_that_began_after_the_print_may_have_reset_what_the_print_showed() {
    let (mut scene, line) = binding_at(BindingCounters::ResetOnConnect, 5_000);
    let look = Look { only_unknown_after: true, ..Look::default() };
    scene.round_with(&look, |router, moment| {
        if moment == crate::scene::Moment::BeforeOwners {
            reconnect_on(router, line);
        }
    });
    scene.wait(10);
    scene.pass(line, 8_000, 8_000);
    let bound = scene.bound("ali").unwrap();
    scene.round();
    let missing = scene.truth("ali").both() - scene.total("ali").both();
    assert_eq!(missing, 10_000);
    assert!(scene.bound("ali").unwrap() - bound >= missing, "the second reading has its own bound");
}

fn reconnect_on(router: &mut crate::router::Router, line: LineId) {
    router.hang_up(line);
    router.dial_on(line);
}

#[test]
fn the_same_session_on_a_binding_grows_without_a_bound() {
    let (mut scene, line) = binding_at(BindingCounters::ResetOnConnect, 5_000);
    let before = scene.bound("ali");
    for _ in 0..4 {
        scene.pass(line, 100, 100);
        scene.wait(10);
        scene.round();
    }
    assert_eq!(scene.total("ali"), scene.truth("ali"));
    assert_eq!(scene.bound("ali"), before);
}

#[test]
fn an_idle_bindings_first_caller_counts_the_difference_and_hides_no_more_than_its_old_value() {
    let (mut scene, line) = binding_at(BindingCounters::Survive, 5_000);
    scene.router.hang_up(line);
    scene.round();
    scene.wait(30);
    scene.router.dial_on(line);
    scene.pass(line, 40, 50);
    scene.wait(10);
    scene.round();
    let last = scene.entries("ali").pop().unwrap();
    assert_eq!((last.reason, last.delta), (Reason::SessionStart, Octets::new(40, 50)));
    assert_eq!(last.unseen.unwrap().upper_octets, Some(10_000));
}

#[test]
fn the_first_octets_of_an_idle_bindings_caller_wait_for_the_tables_to_name_him() {
    let (mut scene, line) = binding_at(BindingCounters::Survive, 5_000);
    scene.router.hang_up(line);
    scene.round();
    scene.wait(10);
    scene.router.dial_on(line);
    scene.pass(line, 40, 50);
    scene.round_of(&Look::counters_only());
    assert!(scene.state.wants_owners());
    scene.wait(10);
    scene.pass(line, 1, 1);
    scene.round();
    assert_eq!(scene.unattributed(), Octets::ZERO);
    assert_eq!(scene.total("ali"), scene.truth("ali"));
}

/// What a binding moved while nobody was named belongs to nobody; the session named later is not forgotten for it.
#[test]
fn octets_of_nobody_do_not_shorten_the_bound_of_a_later_session() {
    let mut scene = Scene::new();
    scene.router.bindings = BindingCounters::ResetOnConnect;
    let line = scene.router.bind("in-ali", "ali");
    scene.round();
    scene.wait(10);
    scene.reboot();
    scene.wait(5);
    scene.round_with(&Look::default(), |router, moment| {
        if moment == Moment::AfterOwners {
            router.dial_on(line);
            router.pass(line, 5_000, 5_000);
        }
    });
    assert_eq!(scene.unattributed(), Octets::new(5_000, 5_000));
    scene.pass(line, 10, 10);
    scene.wait(2);
    scene.round();
    scene.pass(line, 9_000_000, 9_000_000);
    scene.wait(800);
    reconnect(&mut scene, line);
    scene.round();
    let told = scene.total("ali") + scene.unattributed();
    assert!(scene.truth("ali").both() <= told.both() + scene.bound("ali").unwrap());
}

/// It moved, was set aside until its caller is named, and was reset to the very value it is counted from.
#[test]
fn a_binding_reset_to_its_baseline_before_its_caller_is_named_hides_what_it_showed() {
    let mut scene = Scene::new();
    let binding = scene.router.bind("in-1", "ali");
    scene.round();
    scene.wait(10);
    scene.router.dial_on(binding);
    scene.pass(binding, 700, 800);
    scene.round_of(&Look::counters_only());
    scene.router.reset_counters(binding);
    scene.wait(1);
    scene.round_of(&Look::counters_only());
    scene.wait(1);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::ZERO);
    assert!(scene.bound("ali").unwrap() >= 1_500, "{:?}", scene.bound("ali"));
}
