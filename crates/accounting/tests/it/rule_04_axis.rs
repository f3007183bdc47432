//! Rule 4: the router's own axis decides what began when.

use accounting::Octets;
use accounting::changes::SessionState;
use accounting::ledger::Reason;

use crate::scene::{Look, PER_SECOND, Scene};

/// A scene in which ali's line moved 5,000 and 9,000 octets under observation.
pub(crate) fn read_line(scene: &mut Scene) -> usize {
    scene.round();
    scene.wait(100);
    let line = scene.dial_and_read("ali");
    scene.pass(line, 5_000, 9_000);
    scene.wait(10);
    scene.round();
    line
}

#[test]
fn uptime_below_the_stored_one_is_a_reboot_and_ends_every_session() {
    let mut scene = Scene::new();
    read_line(&mut scene);
    scene.wait(10);
    scene.reboot();
    scene.wait(20);
    scene.round();
    assert_eq!(scene.book.nas.boot, 1);
    let session = scene.book.sessions.values().next().unwrap();
    let SessionState::Ended(ended) = session.state else { panic!("{:?}", session.state) };
    assert_eq!(ended.terminate_cause, Some(11), "NAS Reboot");
    assert_eq!(*scene.reasons("ali").last().unwrap(), Reason::SessionEnd);
}

#[test]
fn the_tail_before_a_reboot_is_bounded_until_the_reboot_only() {
    let mut scene = Scene::new();
    read_line(&mut scene);
    scene.wait(10);
    scene.reboot();
    scene.wait(900);
    scene.round();
    let bound = scene.bound("ali").unwrap();
    assert!((2 * 10 * PER_SECOND..=2 * 17 * PER_SECOND).contains(&bound), "{bound}");
}

#[test]
fn a_reboot_with_reused_ids_and_names_starts_new_counters() {
    let mut scene = Scene::new();
    read_line(&mut scene);
    scene.wait(10);
    scene.reboot();
    let again = scene.dial("ali");
    scene.pass(again, 6_000, 9_500);
    scene.wait(20);
    scene.round();
    assert_eq!(scene.router.lines[0].handle, scene.router.lines[again].handle);
    assert_eq!(scene.total("ali"), Octets::new(11_000, 18_500));
    assert_eq!(scene.book.sessions.len(), 2);
}

#[test]
fn uptime_that_grew_less_than_our_clock_is_a_reboot_even_above_the_stored_one() {
    let mut scene = Scene::new();
    read_line(&mut scene);
    let stored = scene.router.uptime_s();
    scene.wait(600);
    scene.reboot();
    let again = scene.dial("ali");
    scene.pass(again, 6_000, 9_500);
    scene.wait(stored + 50);
    scene.round();
    assert!(scene.router.uptime_s() > stored);
    assert_eq!(scene.book.nas.boot, 1);
    assert_eq!(scene.total("ali"), Octets::new(11_000, 18_500));
}

#[test]
fn without_a_clock_across_the_outage_a_start_that_moved_backward_tells_the_reboot() {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = false;
    read_line(&mut scene);
    let stored = scene.router.uptime_s();
    scene.wait(600);
    scene.reboot();
    let again = scene.dial("ali");
    scene.pass(again, 6_000, 9_500);
    scene.wait(stored + 50);
    scene.restart_host();
    scene.round();
    assert_eq!(scene.book.nas.boot, 1);
    assert_eq!(scene.total("ali"), Octets::new(11_000, 18_500));
    assert_eq!(scene.bound("ali"), None, "nobody knows how long the router was up before");
}

#[test]
fn an_equal_session_id_overrides_a_moved_start() {
    for seconds in [-500_i64, 500] {
        let mut scene = Scene::new();
        let line = read_line(&mut scene);
        let call = scene.router.lines[line].call.unwrap();
        let started = &mut scene.router.calls[call].started_ms;
        *started = started.checked_add_signed(seconds * 1_000).unwrap();
        scene.wait(600);
        scene.pass(line, 10, 10);
        scene.gap();
        scene.round();
        assert_eq!(scene.book.nas.boot, 0);
        assert_eq!(scene.book.sessions.len(), 1);
        assert_eq!(scene.total("ali"), Octets::new(5_010, 9_010));
    }
}

#[test]
fn a_start_that_moved_by_more_than_the_slack_is_another_session() {
    // Both starts are known to two seconds, and the intervals must be more than three apart.
    for (moved_s, sessions) in [(5, 1), (6, 2)] {
        let mut scene = Scene::new();
        scene.router.gives_session_ids = false;
        let line = scene.router.bind("in-ali", "ali");
        scene.round();
        scene.wait(10);
        scene.router.dial_on(line);
        scene.round();
        scene.wait(moved_s);
        scene.router.hang_up(line);
        scene.router.dial_on(line);
        scene.round();
        assert_eq!(scene.book.sessions.len(), sessions, "redialled {moved_s} s later");
    }
}

#[test]
fn one_equal_session_id_outweighs_another_sessions_moved_start() {
    let mut scene = Scene::new();
    read_line(&mut scene);
    let other = scene.dial_and_read("bea");
    let call = scene.router.lines[other].call.unwrap();
    scene.router.calls[call].started_ms -= 60_000;
    scene.router.calls[call].acct_session_id = Some(0x8110_0FFF);
    scene.wait(10);
    scene.gap();
    scene.round();
    assert_eq!(scene.book.nas.boot, 0);
    assert_eq!(*scene.reasons("ali").last().unwrap(), Reason::Grew);
}

#[test]
fn an_equal_session_id_proves_the_boot_where_no_clock_does() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene);
    let other = scene.dial_and_read("bea");
    scene.wait(600);
    scene.router.hang_up(other);
    scene.pass(line, 10, 10);
    scene.restart_host();
    scene.round();
    scene.wait(70);
    scene.round();
    scene.wait(70);
    scene.round();
    assert_eq!(*scene.reasons("bea").last().unwrap(), Reason::SessionEnd);
    let bound = scene.bound("bea").unwrap();
    assert!((2 * 600 * PER_SECOND..=2 * 603 * PER_SECOND).contains(&bound), "{bound}");
}

#[test]
fn a_boot_that_is_only_assumed_bounds_nothing_by_time() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene);
    scene.wait(600);
    scene.router.hang_up(line);
    scene.restart_host();
    for _ in 0..3 {
        scene.round();
        scene.wait(70);
    }
    assert_eq!(*scene.reasons("ali").last().unwrap(), Reason::SessionEnd);
    assert_eq!(scene.bound("ali"), None);
}

#[test]
fn a_binding_in_a_boot_only_assumed_goes_on_with_an_unbounded_doubt() {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = false;
    let line = scene.router.bind("in-ali", "ali");
    scene.round();
    scene.wait(10);
    scene.router.dial_on(line);
    scene.wait(10);
    scene.pass(line, 5_000, 5_000);
    scene.round();
    scene.wait(60);
    scene.pass(line, 10, 10);
    scene.restart_host();
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(5_010, 5_010));
    assert_eq!(scene.bound("ali"), None);
}

/// After a power cut a login may dial in as long after the boot as it did after the one before.
#[test]
fn an_equal_start_in_a_boot_only_assumed_goes_on_with_an_unbounded_doubt() {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = false;
    scene.reboot();
    scene.round();
    scene.wait(30);
    let line = scene.dial_and_read("ali");
    scene.pass(line, 7_000, 7_000);
    scene.wait(10);
    scene.reboot();
    scene.wait(30);
    let again = scene.dial("ali");
    scene.pass(again, 9_000, 9_000);
    scene.wait(600);
    scene.restart_host();
    scene.round();
    assert_eq!(scene.book.nas.boot, 0, "nothing tells");
    assert!(scene.truth("ali").grown_since(scene.total("ali")).is_some());
    assert_eq!(scene.bound("ali"), None);
}

/// The doubt of an outage stays with what was not read right after it.
#[test]
fn a_row_that_returns_rounds_after_a_doubtful_outage_has_an_unbounded_doubt_unless_its_id_proves_it() {
    for gives_session_ids in [false, true] {
        let mut scene = Scene::new();
        scene.router.gives_session_ids = gives_session_ids;
        let line = read_line(&mut scene);
        scene.wait(60);
        scene.pass(line, 10, 10);
        scene.restart_host();
        scene.round_of(&Look { nameless: vec![line], owners_incomplete: true, ..Look::without(&[line]) });
        scene.wait(10);
        scene.round();
        assert_eq!(scene.total("ali"), scene.truth("ali"));
        assert_eq!(scene.bound("ali").is_some(), gives_session_ids);
    }
}

/// The router restarted while nobody looked and no clock ran: seconds since coverage began are another boot's.
#[test]
fn a_doubtful_boot_bounds_a_first_sight_by_its_value_only() {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = false;
    scene.round();
    scene.wait(60);
    scene.reboot();
    scene.wait(100);
    let line = scene.dial("ali");
    scene.pass(line, 600 * PER_SECOND, 600 * PER_SECOND);
    scene.wait(1_100);
    scene.restart_host();
    scene.round_of(&Look { nameless: vec![line], owners_incomplete: true, ..Look::without(&[line]) });
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::Baseline]);
    assert_eq!(scene.bound("ali"), Some(1_200 * PER_SECOND));
}

#[test]
fn a_session_glimpsed_before_a_doubtful_outage_may_have_lived_for_any_time() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial("ali");
    scene.round_of(&Look::without(&[line]));
    scene.wait(900);
    scene.reboot();
    scene.wait(1_020);
    scene.restart_host();
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::HeardOnly]);
    assert_eq!(scene.bound("ali"), None);
}

#[test]
fn a_bindings_readings_from_before_a_doubtful_outage_bound_nothing() {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = false;
    scene.reboot();
    scene.wait(3);
    let line = scene.router.bind("in-ali", "ali");
    scene.router.dial_on(line);
    scene.pass(line, 1_000, 1_000);
    scene.round();
    scene.wait(1_000);
    scene.gap();
    scene.round();
    scene.wait(10);
    scene.router.hang_up(line);
    scene.router.dial_on(line);
    scene.wait(10);
    scene.round_of(&Look::counters_only());
    scene.wait(10);
    scene.round();
    let switched = scene.entries("ali").pop().unwrap();
    assert_eq!(switched.reason, Reason::SessionStart);
    assert_eq!(switched.unseen.unwrap().upper_octets, None);
}

#[test]
fn a_router_polled_right_after_its_boot_can_reboot_within_the_slack_of_the_clocks() {
    let mut scene = Scene::new();
    scene.reboot();
    scene.wait(3);
    let line = scene.router.bind("in-ali", "ali");
    scene.router.dial_on(line);
    scene.pass(line, 1_000, 1_000);
    scene.round();
    scene.wait(10_000);
    scene.router.hang_up(line);
    scene.gap();
    scene.round();
    scene.router.dial_on(line);
    scene.wait(100);
    scene.round();
    assert_eq!(scene.bound("ali"), None, "10,000 s of drift hide a reboot at 3 s");
}

#[test]
fn our_wall_clock_decides_nothing() {
    let totals = [0, -3_600, 3_600].map(|step_s| {
        let mut scene = Scene::new();
        let line = read_line(&mut scene);
        for _ in 0..3 {
            scene.wall_offset_us += step_s * 1_000_000;
            scene.wait(30);
            scene.pass(line, 100, 100);
            scene.round();
        }
        scene.router.hang_up(line);
        for _ in 0..4 {
            scene.wall_offset_us += step_s * 1_000_000;
            scene.wait(61);
            scene.round();
        }
        (scene.total("ali"), scene.bound("ali"), scene.book.sessions.len(), scene.book.nas.boot)
    });
    assert_eq!(totals[0], totals[1]);
    assert_eq!(totals[0], totals[2]);
}

#[test]
fn another_device_at_the_address_starts_everything_anew() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene);
    scene.wait(10);
    scene.router.device = "SERIAL-2".into();
    scene.pass(line, 800, 800);
    scene.gap();
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(5_000, 9_000), "what the other device counted is not ours");
    assert_eq!(*scene.reasons("ali").last().unwrap(), Reason::Baseline);
    assert_eq!(scene.book.nas.boot, 1);
    let bound = scene.bound("ali").unwrap();
    assert!((2 * 10 * PER_SECOND..=2 * 17 * PER_SECOND).contains(&bound), "{bound}");
}

#[test]
fn a_device_that_tells_another_kind_of_key_is_the_same_if_a_session_goes_on() {
    for (session_goes_on, total, boot) in [(true, 5_800, 0), (false, 5_000, 1)] {
        let mut scene = Scene::new();
        scene.router.device = "serial:1".into();
        let line = read_line(&mut scene);
        scene.wait(10);
        scene.router.device = "software-id:1".into();
        scene.pass(line, 800, 800);
        if !session_goes_on {
            scene.router.calls[0].acct_session_id = Some(0x8000_0999);
        }
        scene.gap();
        scene.round();
        assert_eq!((scene.total("ali").input, scene.book.nas.boot), (total, boot));
    }
}

#[test]
fn a_gap_breaks_coverage_and_a_round_extends_it() {
    let mut scene = Scene::new();
    for _ in 0..3 {
        scene.round();
        scene.wait(10);
    }
    scene.gap();
    scene.round_of(&Look::default());
    let spans: Vec<i64> =
        scene.book.coverage.values().map(|(_, span)| (span.end.0 - span.start.0) / 1_000_000).collect();
    assert_eq!(spans, [20, 0]);
}
