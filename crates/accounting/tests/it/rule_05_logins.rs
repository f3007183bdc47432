//! Rules 4, 5 and 7 for rows that name their owners themselves: the logins of a hotspot have no session-id, and their
//! ids may pass to others.

use accounting::Octets;
use accounting::ledger::Reason;
use accounting::pending::Pending;
use accounting::snapshot::{CounterRow, OwnedRow, OwnedRows, Snapshot};
use accounting::table::Table;

use crate::scene::{Look, PER_SECOND, Scene};

const MAC: &str = "2C:54:91:00:00:01";

/// A login as its row shows it.
#[derive(Clone, Copy)]
struct Guest<'a> {
    id: u64,
    mac: &'a str,
    user: &'a str,
    /// Second of the scene at which it began.
    began_s: u64,
    octets: u64,
}

fn ana(began_s: u64, octets: u64) -> Guest<'static> {
    Guest { id: 1, mac: MAC, user: "ana", began_s, octets }
}

fn snapshot(scene: &mut Scene, guests: &[Guest<'_>]) -> Snapshot {
    let now_s = scene.router.now_ms / 1_000;
    let mut logins = OwnedRows::default();
    for guest in guests {
        let handle = Table::HotspotActive.handle(guest.id).expect("a small id");
        let octets = Octets::new(guest.octets, 0);
        logins.push(OwnedRow {
            counter: CounterRow { handle, name: guest.mac.as_bytes(), octets },
            login: guest.user.as_bytes(),
            address: b"10.5.0.2",
            session_time_s: now_s - guest.began_s,
        });
    }
    Snapshot { logins: Some(logins), ..scene.look(&Look::default(), |_, _| {}) }
}

fn round(scene: &mut Scene, guests: &[Guest<'_>]) {
    let snapshot = snapshot(scene, guests);
    scene.commit(&snapshot);
}

/// A hotspot that was read empty, ten seconds ago; and what second it is.
fn covered() -> (Scene, u64) {
    let mut scene = Scene::new();
    round(&mut scene, &[]);
    scene.wait(10);
    let now_s = scene.router.now_ms / 1_000;
    (scene, now_s)
}

#[test]
fn a_row_that_moved_to_another_id_goes_on_and_an_id_that_passed_on_carries_nothing_over() {
    let (mut scene, t) = covered();
    scene.wait(20);
    round(&mut scene, &[ana(t, 5)]);
    scene.wait(20);
    let bob = Guest { id: 1, mac: "2C:54:91:00:00:02", user: "bob", began_s: t + 30, octets: 7 };
    round(&mut scene, &[bob, Guest { id: 2, ..ana(t, 9) }]);
    assert_eq!(scene.total("ana"), Octets::new(9, 0));
    assert_eq!(scene.reasons("ana"), [Reason::SessionStart, Reason::Grew]);
    assert_eq!((scene.total("bob"), scene.bound("bob")), (Octets::new(7, 0), Some(0)));
}

#[test]
fn a_session_whose_id_shows_another_one_is_missing_and_may_come_back() {
    let (mut scene, t) = covered();
    scene.wait(20);
    round(&mut scene, &[ana(t, 5)]);
    scene.wait(20);
    let bob = Guest { mac: "2C:54:91:00:00:02", user: "bob", ..ana(t + 30, 1) };
    round(&mut scene, &[bob]);
    scene.wait(20);
    round(&mut scene, &[bob, Guest { id: 3, ..ana(t, 9) }]);
    assert_eq!(scene.total("ana"), Octets::new(9, 0), "not counted whole a second time");
    assert_eq!(scene.reasons("ana"), [Reason::SessionStart, Reason::Resumed]);
}

#[test]
fn a_login_believed_over_resumes_under_another_id_also_after_our_restart() {
    for restarts in [false, true] {
        let (mut scene, t) = covered();
        scene.wait(20);
        round(&mut scene, &[ana(t, 5)]);
        for _ in 0..3 {
            scene.wait(61);
            round(&mut scene, &[]);
        }
        assert_eq!(scene.reasons("ana"), [Reason::SessionStart, Reason::SessionEnd]);
        if restarts {
            scene.restart();
        }
        scene.wait(20);
        round(&mut scene, &[Guest { id: 8, ..ana(t, 9) }]);
        assert_eq!(scene.total("ana"), Octets::new(9, 0), "restarts: {restarts}");
    }
}

#[test]
fn a_second_login_that_looks_like_the_first_is_bounded_and_its_start_is_the_one_to_compare_with() {
    let (mut scene, t) = covered();
    scene.wait(1);
    round(&mut scene, &[ana(t, 100)]);
    scene.wait(30);
    // It began four seconds after the first and overtook it.
    round(&mut scene, &[ana(t + 4, 300)]);
    assert_eq!(scene.total("ana"), Octets::new(300, 0), "of 100 and more, and 300");
    let seconds = 2 * PER_SECOND * 5;
    assert_eq!(
        scene.bound("ana"),
        Some(100 + seconds),
        "the old value, and until the latest begin of the second"
    );
    scene.wait(300);
    // Seven seconds after the first, had it been the one to compare with: another session, counted whole.
    round(&mut scene, &[ana(t + 7, 400)]);
    assert_eq!(scene.total("ana"), Octets::new(400, 0), "counted once");
}

#[test]
fn an_id_is_the_latest_sessions_also_where_the_one_before_looks_alike() {
    for restarts in [false, true] {
        let (mut scene, t) = covered();
        let bob = Guest { id: 7, mac: "2C:54:91:00:00:02", user: "bob", ..ana(t, 0) };
        round(&mut scene, &[bob, ana(t, 100)]);
        scene.wait(6);
        round(&mut scene, &[bob, ana(t + 6, 5)]);
        scene.wait(20);
        if restarts {
            scene.restart();
        }
        // Its age was read a second older, which makes its start near enough to the one before.
        round(&mut scene, &[bob, ana(t + 5, 500)]);
        scene.wait(20);
        round(&mut scene, &[bob, ana(t + 6, 900)]);
        assert_eq!(
            scene.total("ana"),
            Octets::new(1_000, 0),
            "restarts: {restarts}; the first's 100, and 900"
        );
    }
}

#[test]
fn a_session_surely_older_than_the_last_reading_leaves_nothing_open() {
    let (mut scene, t) = covered();
    scene.wait(10);
    round(&mut scene, &[ana(t, 100)]);
    scene.wait(30);
    round(&mut scene, &[ana(t, 300)]);
    assert_eq!((scene.total("ana"), scene.bound("ana")), (Octets::new(300, 0), Some(0)));
}

#[test]
fn a_start_that_moved_backward_under_the_same_user_and_device_is_a_reboot() {
    let begins = |user, mac| {
        let (mut scene, t) = covered();
        scene.wait(20);
        round(&mut scene, &[ana(t, 5)]);
        scene.wait(30);
        scene.gap();
        round(&mut scene, &[Guest { user, mac, ..ana(t - 9, 7) }]);
        scene.book.nas.boot
    };
    let same = begins("ana", MAC);
    assert_eq!(begins("bob", MAC), same - 1);
    assert_eq!(begins("ana", "2C:54:91:00:00:02"), same - 1);
}

#[test]
fn a_table_that_was_not_read_ends_nothing_and_its_bound_counts_from_the_last_reading() {
    let (mut scene, t) = covered();
    scene.wait(20);
    round(&mut scene, &[ana(t, 5)]);
    for _ in 0..5 {
        scene.wait(100);
        scene.round();
    }
    assert_eq!(scene.reasons("ana"), [Reason::SessionStart]);
    assert!(scene.state.wanted().logins);
    for _ in 0..3 {
        scene.wait(100);
        round(&mut scene, &[]);
    }
    let unread_s = 700;
    assert!(
        scene.bound("ana").expect("a link speed bounds it") >= 2 * PER_SECOND * unread_s,
        "{:?}",
        scene.bound("ana")
    );
    assert!(!scene.state.wanted().logins);
}

#[test]
fn coverage_of_the_hotspot_begins_with_its_own_first_print() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(100);
    let t = scene.router.now_ms / 1_000;
    scene.wait(100);
    round(&mut scene, &[ana(t, 5)]);
    assert_eq!(scene.reasons("ana"), [Reason::Baseline], "the interfaces were covered, the hotspot was not");
}

#[test]
fn a_hotspot_print_that_lacks_a_tenth_ends_nothing_and_doubts_no_other_table() {
    let (mut scene, t) = covered();
    let line = scene.dial("dialler");
    scene.wait(20);
    let names: Vec<String> = (0..30).map(|number| format!("2C:54:91:00:01:{number:02}")).collect();
    let all: Vec<Guest<'_>> = (1..).zip(&names).map(|(id, mac)| Guest { id, mac, ..ana(t, 5) }).collect();
    round(&mut scene, &all);
    scene.router.hang_up(line);
    scene.wait(61);
    round(&mut scene, &all[..5]);
    scene.wait(61);
    round(&mut scene, &all[..5]);
    assert!(!scene.reasons("ana").contains(&Reason::SessionEnd));
    assert!(scene.reasons("dialler").contains(&Reason::SessionEnd));
    scene.wait(61);
    round(&mut scene, &all[..5]);
    assert_eq!(scene.reasons("ana").iter().filter(|reason| **reason == Reason::SessionEnd).count(), 25);
}

#[test]
fn waiting_snapshots_merge_only_where_the_same_logins_go_on() {
    let waiting = |guests: [&[Guest<'_>]; 4]| {
        let (mut scene, _) = covered();
        let mut pending = Pending::new(1 << 20);
        for guests in guests {
            scene.wait(10);
            let snapshot = snapshot(&mut scene, guests);
            pending.push(Snapshot { identified: None, ..snapshot });
        }
        pending.len()
    };
    let t = covered().1;
    let grown = [1, 2, 3, 4].map(|octets| [ana(t, octets)]);
    assert_eq!(waiting([&grown[0], &grown[1], &grown[2], &grown[3]]), 2);
    assert_eq!(waiting([&[], &[], &[], &[]]), 2);
    let other = |change: fn(&mut Guest<'_>)| {
        let mut guest = ana(t, 3);
        change(&mut guest);
        waiting([&grown[0], &grown[1], &[guest], &[Guest { octets: 4, ..guest }]])
    };
    assert_eq!(other(|guest| guest.octets = 0), 4, "a drop");
    assert_eq!(other(|guest| guest.id = 2), 4);
    assert_eq!(other(|guest| guest.user = "bob"), 4);
    assert_eq!(other(|guest| guest.began_s += 12), 4);
    assert_eq!(waiting([&grown[0], &grown[1], &[], &grown[3]]), 4);
}

#[test]
fn a_login_whose_age_drifts_from_the_uptime_is_the_same_all_along() {
    for (drift_ms, restarts) in [(1_000, false), (-1_000, false), (1_000, true), (-1_000, true)] {
        let (mut scene, t) = covered();
        scene.wait(20);
        round(&mut scene, &[ana(t, 5)]);
        for reading in 1..=20 {
            scene.wait(60);
            scene.router.boot_ms = scene.router.boot_ms.saturating_add_signed(drift_ms);
            if restarts {
                scene.restart();
            }
            round(&mut scene, &[ana(t, 5 + reading)]);
        }
        assert_eq!(scene.total("ana"), Octets::new(25, 0), "{drift_ms} {restarts}");
        assert_eq!(scene.book.sessions.len(), 1);
    }
}

#[test]
fn an_uptime_that_leaps_ahead_of_the_ages_starts_no_login_anew() {
    let (mut scene, t) = covered();
    scene.wait(20);
    round(&mut scene, &[ana(t, 5)]);
    for reading in 1..=2 {
        scene.wait(10);
        scene.router.boot_ms -= 1_000_000;
        round(&mut scene, &[ana(t, 5 + reading)]);
    }
    assert_eq!(scene.total("ana"), Octets::new(7, 0));
    assert_eq!(scene.book.sessions.len(), 1);
}

/// What a router does when a user is renamed in its session is not established; if its row shows the new name, the octets of
/// before stay with the old one and none is counted again.
#[test]
fn a_user_renamed_in_its_session_is_billed_nothing_twice() {
    let (mut scene, now) = covered();
    round(&mut scene, &[ana(now, 1_000)]);
    scene.wait(30);
    round(&mut scene, &[ana(now, 2_000)]);
    scene.wait(30);
    let renamed = |octets| Guest { user: "anna", ..ana(now, octets) };
    round(&mut scene, &[renamed(2_500)]);
    scene.wait(30);
    round(&mut scene, &[renamed(2_700)]);
    assert_eq!((scene.total("ana").input, scene.total("anna").input), (2_000, 700));
}
