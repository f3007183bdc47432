//! What a snapshot says of how fast sessions move, and of which it says nothing.

use accounting::growth::{Gains, Growth, Window};
use accounting::time::{HostInstant, Micros, RoundTimes};
use accounting::{Octets, bound::LinkSpeed};

use crate::router::LineId;
use crate::scene::{Look, PER_SECOND, Scene};

/// What the last round says, under the window it says it of.
fn growth(scene: &mut Scene, look: &Look) -> Vec<Growth> {
    let before = scene.book.nas.last.unwrap_or_default();
    let changes = scene.round_of(look);
    changes.gains(before.at).sessions
}

/// A line that was read, and after that moved for 10 seconds.
fn moving(scene: &mut Scene) -> LineId {
    scene.round();
    scene.wait(10);
    let line = scene.dial_and_read("ali");
    scene.wait(10);
    scene.pass(line, 3_000, 40_000);
    line
}

fn gains(growth: &[Growth]) -> Vec<Octets> {
    growth.iter().map(|one| one.octets).collect()
}

#[test]
fn a_session_gains_what_its_counter_gained_round_for_round() {
    let mut scene = Scene::new();
    let line = moving(&mut scene);
    let opened = growth(&mut scene, &Look::default());
    let session = *scene.book.sessions.keys().next().unwrap();
    let gain = Growth { session, octets: Octets::new(3_000, 40_000), at_least: false };
    assert_eq!(opened, [gain], "an entry that begins");
    scene.wait(10);
    scene.pass(line, 7, 8);
    let grown = growth(&mut scene, &Look::counters_only());
    assert_eq!(
        grown,
        [Growth { octets: Octets::new(7, 8), ..gain }],
        "an entry that goes on: only what is new"
    );
    scene.wait(10);
    assert_eq!(growth(&mut scene, &Look::default()), [], "it stood still");
}

#[test]
fn nothing_is_said_of_a_session_that_appeared_in_between() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial("ali");
    scene.wait(1);
    scene.pass(line, 0, 900_000);
    assert_eq!(growth(&mut scene, &Look::default()), []);
    assert_eq!(scene.total("ali"), Octets::new(0, 900_000), "it counts all the same");
}

#[test]
fn nothing_is_said_of_a_counter_that_went_back() {
    let mut scene = Scene::new();
    let line = moving(&mut scene);
    scene.round();
    scene.wait(10);
    scene.router.lines[line].octets = Octets::new(5, 6);
    assert_eq!(growth(&mut scene, &Look::default()), []);
    scene.wait(10);
    scene.pass(line, 1, 2);
    assert_eq!(gains(&growth(&mut scene, &Look::default())), [Octets::new(1, 2)]);
}

/// It went back between the two prints of one round, and the first of them was ahead of the reading before.
#[test]
fn nothing_is_said_of_a_counter_that_went_back_within_a_round() {
    let mut scene = Scene::new();
    let line = moving(&mut scene);
    let before = scene.book.nas.last.unwrap();
    let changes = scene.round_with(&Look::default(), |router, _| {
        router.lines[line].octets = Octets::new(5, 6);
    });
    assert_eq!(changes.gains(before.at), Gains { sessions: Vec::new(), unknown: 1 });
}

#[test]
fn nothing_is_said_of_one_that_the_reading_before_did_not_show() {
    let mut scene = Scene::new();
    let line = moving(&mut scene);
    assert_eq!(growth(&mut scene, &Look::without(&[line])), []);
    scene.wait(10);
    assert_eq!(growth(&mut scene, &Look::default()), [], "what it gained it gained in 20 s");
    scene.wait(10);
    scene.pass(line, 1, 2);
    assert_eq!(gains(&growth(&mut scene, &Look::default())), [Octets::new(1, 2)]);
}

#[test]
fn a_jump_that_is_held_is_no_rate_and_neither_is_what_does_not_confirm_it() {
    let mut scene = Scene::new();
    let line = moving(&mut scene);
    scene.round();
    let right = scene.router.lines[line].octets;
    scene.router.lines[line].octets = Octets::new(500 * PER_SECOND, right.output);
    scene.wait(10);
    assert_eq!(growth(&mut scene, &Look::default()), []);
    scene.router.lines[line].octets = right + Octets::new(2_000, 2_000);
    scene.wait(10);
    assert_eq!(growth(&mut scene, &Look::default()), [], "that was gained in 20 s");
}

/// After a gap the same session goes on, and between the two readings lies a time that is known.
#[test]
fn a_session_that_is_proven_the_same_after_a_gap_goes_on() {
    let mut scene = Scene::new();
    moving(&mut scene);
    scene.restart();
    assert_eq!(gains(&growth(&mut scene, &Look::default())), [Octets::new(3_000, 40_000)]);
}

#[test]
fn what_a_renewal_split_is_no_rate() {
    let mut scene = Scene::new();
    moving(&mut scene);
    scene.renew_unread("ali", 7_000);
    scene.wait(10);
    assert_eq!(growth(&mut scene, &Look::default()), []);
}

/// A gap that may have hidden a reboot, and a session that gives no id: it may be another one.
#[test]
fn a_gain_that_may_hide_more_is_at_least_that() {
    let mut scene = Scene::with_link(LinkSpeed(None));
    scene.router.gives_session_ids = false;
    moving(&mut scene);
    scene.restart_host();
    let said = growth(&mut scene, &Look::default());
    assert_eq!(gains(&said), [Octets::new(3_000, 40_000)]);
    assert!(said[0].at_least);
}

fn read(host_ms: (u64, u64), at_ms: i64) -> RoundTimes {
    let host = |ms: u64| HostInstant { epoch: 7, micros: ms * 1_000 };
    let at = Micros(at_ms * 1_000);
    RoundTimes { host: host(host_ms.0), host_after: host(host_ms.1), at, ..RoundTimes::default() }
}

#[test]
fn a_window_is_as_long_as_the_rows_lie_apart_and_no_set_clock_bends_it() {
    let earlier = read((1_000, 1_500), 50_100);
    let window = |later: &RoundTimes| Window::between(&earlier, later).map(|window| window.micros);
    assert_eq!(window(&read((11_000, 11_900), 60_500)), Some(10_400_000), "by the rows");
    for set in [3_650_500, -3_600_000] {
        assert_eq!(window(&read((11_000, 11_900), set)), Some(10_400_000), "by the rounds' ends");
    }
    let other_run = RoundTimes { host: HostInstant { epoch: 8, micros: 11_000_000 }, ..earlier };
    assert_eq!(window(&other_run), None);
    assert_eq!(window(&earlier), None, "no time has passed");
}

#[test]
fn a_rate_is_bits_in_a_second_and_never_more_than_was_gained() {
    let window = Window { from: Micros(0), to: Micros(0), micros: 3_000_000 };
    assert_eq!([0, 1, 3, 1_250_000].map(|octets| window.bps(octets)), [0, 2, 8, 3_333_333]);
    assert_eq!(Window { micros: 1, ..window }.bps(u64::MAX), u64::MAX);
}
