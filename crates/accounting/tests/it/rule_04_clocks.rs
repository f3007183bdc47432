//! Rule 4 where the clocks part: machines that stood still, earlier states restored, uptimes that fall or leap, ages that
//! drift (ADR 0012 and 0014).

use accounting::Octets;

use crate::rule_04_axis::read_line;
use crate::scene::{Look, PER_SECOND, Scene};

#[test]
fn a_machine_that_stood_still_has_not_restarted() {
    for gap in [false, true] {
        let mut scene = Scene::new();
        let line = read_line(&mut scene);
        scene.router.stand_still(70_000);
        if gap {
            scene.gap();
        }
        scene.pass(line, 100, 200);
        scene.wait(10);
        scene.round();
        assert_eq!(scene.book.nas.boot, 0);
        assert_eq!(scene.total("ali"), Octets::new(5_100, 9_200));
        assert_eq!(scene.bound("ali"), Some(0));
    }
}

#[test]
fn a_young_router_without_session_ids_that_stood_still_is_counted_with_a_doubt() {
    let mut scene = Scene::new();
    scene.router.gives_session_ids = false;
    let line = read_line(&mut scene);
    scene.router.stand_still(10_000_000);
    scene.gap();
    scene.pass(line, 100, 200);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(5_100, 9_200));
    assert_eq!(scene.bound("ali"), None);
}

/// A snapshot of the machine is restored, or a simulated router started again under the same key.
#[test]
fn nothing_that_an_earlier_state_shows_is_counted_again() {
    let mut scene = Scene::new();
    scene.wait(50_000);
    let line = read_line(&mut scene);
    let (earlier, counted) = (scene.router.clone(), scene.total("ali"));
    scene.pass(line, 700, 900);
    scene.wait(1_000);
    scene.round();
    scene.restore_router(earlier);
    scene.router.stand_still(30_000);
    let fresh = scene.dial("eva");
    scene.pass(fresh, 11, 12);
    scene.wait(40);
    scene.round();
    assert_eq!(scene.book.nas.boot, 1);
    assert_eq!(scene.total("ali"), counted + Octets::new(700, 900));
    let bound = scene.bound("ali").unwrap();
    assert!((2 * 70 * PER_SECOND..=2 * 2 * 90 * PER_SECOND).contains(&bound), "{bound}");
    assert_eq!((scene.total("eva"), scene.bound("eva")), (Octets::ZERO, Some(23)));
    scene.pass(fresh, 5, 6);
    scene.wait(40);
    scene.round();
    assert_eq!(scene.total("eva"), Octets::new(5, 6));
}

/// The clocks cannot tell it, and the binding stood at zero before and after: nothing fell.
#[test]
fn a_reboot_right_after_a_reboot_leaves_open_how_much_its_bindings_hid() {
    let mut scene = Scene::new();
    let binding = scene.router.bind("in-1", "ali");
    scene.reboot();
    scene.round_of(&Look::counters_only());
    scene.router.dial_on(binding);
    scene.round();
    let passed = 2 * PER_SECOND;
    scene.pass(binding, passed, passed);
    scene.router.now_ms += 1_334;
    scene.reboot();
    scene.round_of(&Look::counters_only());
    scene.router.dial_on(binding);
    scene.round();
    assert_eq!((scene.total("ali"), scene.bound("ali")), (Octets::ZERO, None));
}

#[test]
fn a_session_read_late_after_an_earlier_state_may_have_moved_its_whole_value() {
    let mut scene = Scene::new();
    scene.wait(50_000);
    scene.round();
    scene.wait(5);
    let earlier = scene.router.clone();
    scene.wait(1_000);
    scene.round();
    scene.restore_router(earlier);
    scene.router.stand_still(30_000);
    let line = scene.dial("ali");
    let (input, output) = (40 * PER_SECOND, 3);
    scene.pass(line, input, output);
    scene.wait(40);
    scene.round_of(&Look::without(&[line]));
    assert_eq!(scene.book.nas.boot, 1);
    scene.round();
    assert_eq!((scene.total("ali"), scene.bound("ali")), (Octets::ZERO, Some(input + output)));
}

#[test]
fn a_binding_that_starts_over_while_the_machine_stood_still_is_no_earlier_state() {
    let mut scene = Scene::new();
    scene.wait(50_000);
    let binding = scene.router.bind("in-1", "ali");
    scene.round();
    scene.router.dial_on(binding);
    scene.pass(binding, 5_000, 9_000);
    scene.wait(10);
    scene.round();
    scene.router.hang_up(binding);
    scene.router.reset_counters(binding);
    scene.router.dial_on(binding);
    scene.router.stand_still(10_000);
    scene.pass(binding, 70, 80);
    scene.gap();
    scene.wait(20);
    scene.round();
    assert_eq!(scene.book.nas.boot, 0);
    assert_eq!(scene.total("ali"), Octets::new(5_070, 9_080));
}

/// No connection survives a restart, so it was none.
#[test]
fn an_uptime_that_falls_on_an_unbroken_connection_counts_nothing_again() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene);
    let counted = scene.total("ali");
    scene.wait(10);
    scene.router.boot_ms = scene.router.now_ms - 2_000;
    scene.pass(line, 100, 200);
    scene.round();
    scene.wait(10);
    scene.pass(line, 7, 8);
    scene.round();
    assert_eq!(scene.total("ali"), counted + Octets::new(7, 8));
    let bound = scene.bound("ali").unwrap();
    assert!((300..=2 * 2 * 30 * PER_SECOND).contains(&bound), "{bound}");
}

#[test]
fn a_session_older_than_the_boot_it_is_seen_in_is_not_counted_whole() {
    let mut scene = Scene::new();
    let line = read_line(&mut scene);
    let counted = scene.total("ali");
    scene.wait(10);
    scene.router.boot_ms = scene.router.now_ms - 2_000;
    scene.router.gives_session_ids = false;
    scene.router.calls[0].acct_session_id = None;
    scene.pass(line, 100, 200);
    scene.gap();
    scene.round();
    assert_eq!(scene.total("ali"), counted);
}

#[test]
fn sessions_without_ids_outlast_a_drift_and_a_leap_of_the_uptime() {
    for step_ms in [1_000, -1_000, -1_000_000] {
        let mut scene = Scene::new();
        scene.router.gives_session_ids = false;
        let line = read_line(&mut scene);
        for _ in 0..10 {
            scene.wait(60);
            scene.router.boot_ms = scene.router.boot_ms.saturating_add_signed(step_ms);
            scene.pass(line, 1, 1);
            scene.round();
        }
        assert_eq!(scene.total("ali"), Octets::new(5_010, 9_010), "{step_ms}");
    }
}
