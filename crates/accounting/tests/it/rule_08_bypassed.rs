//! Rules 1, 2 and 8 for devices that a hotspot lets through without a login: their counters go on while the device is not
//! let through, and only what it moved as one that is may count, once.

use accounting::Octets;
use accounting::ledger::Reason;
use accounting::pending::Pending;
use accounting::snapshot::{CounterRow, OwnedRow, OwnedRows, Snapshot};
use accounting::table::Table;

use crate::scene::{Look, PER_SECOND, Scene};

const MAC: &str = "2C:54:91:00:00:01";
const CAMERA: &str = "mac:2C:54:91:00:00:01";
const HERE: &str = "10.5.0.2";

/// A row of either table: id, address, second of the scene at which it began, octets.
type Row<'a> = (u64, &'a str, u64, u64);

fn rows(scene: &Scene, table: Table, login: &str, rows: &[Row<'_>]) -> OwnedRows {
    let now_s = scene.router.now_ms / 1_000;
    let mut print = OwnedRows::default();
    for (id, address, began_s, octets) in rows {
        let handle = table.handle(*id).expect("a small id");
        print.push(OwnedRow {
            counter: CounterRow { handle, name: MAC.as_bytes(), octets: Octets::new(*octets, 0) },
            login: login.as_bytes(),
            address: address.as_bytes(),
            session_time_s: now_s - began_s,
        });
    }
    print
}

/// `hosts`: `None` where the table was not read.
fn snapshot(scene: &mut Scene, logins: &[Row<'_>], hosts: Option<&[Row<'_>]>) -> Snapshot {
    let logins = Some(rows(scene, Table::HotspotActive, "ana", logins));
    let hosts = hosts.map(|hosts| rows(scene, Table::HotspotHost, CAMERA, hosts));
    Snapshot { logins, hosts, ..scene.look(&Look::counters_only(), |_, _| {}) }
}

/// A round, ten seconds after the last one.
fn round(scene: &mut Scene, logins: &[Row<'_>], hosts: Option<&[Row<'_>]>) {
    scene.wait(10);
    let snapshot = snapshot(scene, logins, hosts);
    scene.commit(&snapshot);
}

fn second(scene: &Scene) -> u64 {
    scene.router.now_ms / 1_000
}

/// A hotspot that was read without any device just now; and what second it is.
fn covered() -> (Scene, u64) {
    let mut scene = Scene::new();
    round(&mut scene, &[], Some(&[]));
    let now_s = second(&scene);
    (scene, now_s)
}

/// A camera came in sight two seconds after that and has moved 100 octets; its host began at that second.
fn camera() -> (Scene, u64) {
    let (mut scene, t) = covered();
    let began = t + 4;
    round(&mut scene, &[], Some(&[(1, HERE, began, 100)]));
    (scene, began)
}

fn is(scene: &Scene, total: u64, bound: u64, reasons: &[Reason]) {
    assert_eq!(scene.total(CAMERA), Octets::new(total, 0));
    assert_eq!(scene.bound(CAMERA), Some(bound));
    assert_eq!(scene.reasons(CAMERA), reasons);
}

#[test]
fn a_device_let_through_from_its_first_second_is_counted_whole_and_goes_on() {
    let (mut scene, t) = camera();
    round(&mut scene, &[], Some(&[(1, HERE, t, 250)]));
    is(&scene, 250, 0, &[Reason::SessionStart, Reason::Grew]);
    scene.restart();
    round(&mut scene, &[], Some(&[(1, HERE, t, 300)]));
    is(&scene, 300, 0, &[Reason::SessionStart, Reason::Grew, Reason::Resumed]);
}

#[test]
fn what_a_host_counted_before_it_was_seen_let_through_is_nobodys_with_a_bound() {
    let (mut scene, t) = covered();
    round(&mut scene, &[], Some(&[]));
    round(&mut scene, &[], Some(&[(1, HERE, t + 4, 900)]));
    is(&scene, 0, 900, &[Reason::Baseline]);
    round(&mut scene, &[], Some(&[(1, HERE, t + 4, 1_000)]));
    is(&scene, 100, 900, &[Reason::Baseline, Reason::Grew]);
}

#[test]
fn what_a_host_may_have_moved_unseen_is_that_of_the_time_since_the_last_print_without_it() {
    let (mut scene, t) = covered();
    for _ in 0..6 {
        round(&mut scene, &[], Some(&[]));
    }
    round(&mut scene, &[], Some(&[(1, HERE, t + 4, 900_000_000)]));
    let bound = scene.bound(CAMERA).expect("the link has a speed");
    assert!((20..=24).contains(&(bound / PER_SECOND)), "ten seconds in both directions: {bound}");
}

#[test]
fn the_first_print_there_ever_was_says_nothing_of_what_was_before() {
    let mut scene = Scene::new();
    let t = second(&scene);
    round(&mut scene, &[], Some(&[(1, HERE, t, 900)]));
    is(&scene, 0, 0, &[Reason::Baseline]);
}

#[test]
fn a_login_counted_by_its_own_row_is_not_counted_again_by_its_host() {
    for lets_through_after_s in [0, 10] {
        let (mut scene, t) = camera();
        let login = t + 12;
        // It logs in, and its host's counter goes on.
        round(&mut scene, &[(1, HERE, login, 5_000)], Some(&[]));
        // The next print of the logins still shows it, and that of the hosts shows it let through again already.
        round(&mut scene, &[(1, HERE, login, 7_000)], Some(&[(1, HERE, t, 7_150)]));
        if lets_through_after_s > 0 {
            round(&mut scene, &[(1, HERE, login, 7_000)], Some(&[]));
        }
        round(&mut scene, &[], Some(&[(1, HERE, t, 7_200)]));
        assert_eq!(scene.total("ana"), Octets::new(7_000, 0));
        // Of the 7,100 that it gained 7,000 are the login's.
        is(&scene, 100, 7_100, &[Reason::SessionStart, Reason::Baseline]);
        round(&mut scene, &[], Some(&[(1, HERE, t, 7_300)]));
        assert_eq!(scene.total(CAMERA), Octets::new(200, 0));
    }
}

#[test]
fn a_login_that_came_up_before_the_host_was_first_let_through_is_not_counted_again() {
    let (mut scene, t) = covered();
    let hosts: &[Row<'_>] = &[(1, HERE, t + 4, 5_000)];
    // The very round in which it was let through, by an admin who was quicker than the second print.
    round(&mut scene, &[(1, HERE, t + 4, 5_000)], Some(hosts));
    assert_eq!((scene.total("ana"), scene.entries(CAMERA).len()), (Octets::new(5_000, 0), 0));
    round(&mut scene, &[], Some(&[(1, HERE, t + 4, 5_200)]));
    is(&scene, 0, 5_200, &[Reason::Baseline]);
}

#[test]
fn another_address_of_the_same_device_may_be_logged_in() {
    let (mut scene, t) = camera();
    round(
        &mut scene,
        &[(2, "10.5.0.3", t + 6, 5_000)],
        Some(&[(1, HERE, t, 130), (2, "10.5.0.4", t + 12, 40)]),
    );
    assert_eq!(scene.total(CAMERA), Octets::new(170, 0), "two hosts of one device, each counted once");
    assert_eq!(scene.total("ana"), Octets::new(5_000, 0));
}

#[test]
fn a_login_while_the_hosts_could_not_be_read_is_not_counted_again_either() {
    for restarts in [false, true] {
        let (mut scene, t) = camera();
        round(&mut scene, &[(1, HERE, t + 8, 5_000)], None);
        if restarts {
            scene.restart();
        }
        round(&mut scene, &[], Some(&[(1, HERE, t, 5_150)]));
        is(&scene, 100, 5_050, &[Reason::SessionStart, Reason::Baseline]);
    }
}

#[test]
fn a_table_that_could_not_be_read_costs_nothing() {
    let (mut scene, t) = camera();
    round(&mut scene, &[], None);
    round(&mut scene, &[], Some(&[(1, HERE, t, 400)]));
    is(&scene, 400, 0, &[Reason::SessionStart, Reason::Resumed]);
}

#[test]
fn a_device_that_left_and_came_back_counts_from_zero_whether_it_shows_less_or_more() {
    for shows in [7, 900] {
        let (mut scene, t) = camera();
        let back = t + 12;
        round(&mut scene, &[], Some(&[(1, HERE, back, shows)]));
        assert_eq!(scene.total(CAMERA), Octets::new(100 + shows, 0));
        assert_eq!(scene.bound(CAMERA), Some(0), "until the end of the first is believed");
        for more in 1..=7 {
            round(&mut scene, &[], Some(&[(1, HERE, back, shows + more)]));
        }
        assert_eq!(scene.total(CAMERA), Octets::new(100 + shows + 7, 0));
        assert!(scene.bound(CAMERA).is_some_and(|bound| bound > 0 && bound <= 2 * PER_SECOND * 21));
        assert!(scene.reasons(CAMERA).contains(&Reason::SessionEnd));
    }
}

#[test]
fn a_host_that_starts_over_when_it_is_let_through_again_hides_what_it_moved_meanwhile() {
    let (mut scene, t) = camera();
    round(&mut scene, &[], Some(&[]));
    round(&mut scene, &[], Some(&[(1, HERE, t, 20)]));
    is(&scene, 100, 2 * PER_SECOND * 21, &[Reason::SessionStart, Reason::Baseline]);
    // And one that fell between two prints that both show it was reset.
    round(&mut scene, &[], Some(&[(1, HERE, t, 3)]));
    assert_eq!(scene.total(CAMERA), Octets::new(103, 0));
    assert_eq!(scene.reasons(CAMERA).last(), Some(&Reason::CounterReset));
}

#[test]
fn a_device_that_is_let_through_again_after_its_session_was_over_begins_another_one() {
    let (mut scene, t) = camera();
    for _ in 0..9 {
        round(&mut scene, &[], Some(&[]));
    }
    let bound = scene.bound(CAMERA).expect("the link has a speed");
    round(&mut scene, &[], Some(&[(1, HERE, t, 50_000)]));
    assert_eq!(scene.total(CAMERA), Octets::new(100, 0));
    assert_eq!(
        scene.bound(CAMERA),
        Some(bound + 49_900 + 100),
        "all it shows may be of the last ten seconds"
    );
    assert_eq!(scene.reasons(CAMERA), [Reason::SessionStart, Reason::SessionEnd, Reason::Baseline]);
}

#[test]
fn after_a_reboot_a_host_counts_whole_and_a_login_that_a_round_of_that_boot_counted_does_not() {
    let (mut scene, _) = camera();
    scene.reboot();
    scene.wait(30);
    let t = second(&scene) - 5;
    round(&mut scene, &[(7, "10.5.0.9", t, 1)], Some(&[(1, HERE, t, 60)]));
    assert_eq!(scene.total(CAMERA), Octets::new(160, 0));
    assert!(scene.reasons(CAMERA).contains(&Reason::RouterReboot));

    let (mut scene, _) = camera();
    scene.reboot();
    scene.wait(30);
    let t = second(&scene) - 5;
    round(&mut scene, &[(1, HERE, t, 5_000)], None);
    round(&mut scene, &[], Some(&[(1, HERE, t, 5_300)]));
    assert_eq!(scene.total("ana"), Octets::new(5_000, 0));
    assert_eq!(scene.total(CAMERA), Octets::new(100, 0), "its login counted of this boot what it shows");
}

#[test]
fn a_host_of_a_router_that_shows_an_earlier_state_is_not_counted_again() {
    let (mut scene, t) = camera();
    let earlier = scene.router.clone();
    scene.wait(20);
    round(&mut scene, &[], Some(&[(1, HERE, t, 250)]));
    let lost_s = (scene.router.now_ms - earlier.now_ms) / 1_000;
    scene.restore_router(earlier);
    round(&mut scene, &[], Some(&[(1, HERE, t + lost_s, 160)]));
    assert_eq!(scene.total(CAMERA), Octets::new(250, 0), "{:?}", scene.reasons(CAMERA));
    assert_eq!(scene.reasons(CAMERA).last(), Some(&Reason::Baseline));
}

#[test]
fn a_device_that_roams_is_followed_under_another_id() {
    let (mut scene, t) = camera();
    round(&mut scene, &[], Some(&[(9, "10.5.0.7", t, 180)]));
    is(&scene, 180, 0, &[Reason::SessionStart, Reason::Grew]);
}

#[test]
fn snapshots_that_wait_stand_for_each_other_only_where_the_hosts_are_the_same() {
    let (mut scene, t) = camera();
    let mut pending = Pending::new(1 << 20);
    for hosts in
        [&[(1, HERE, t, 110)][..], &[(1, HERE, t, 120)], &[(1, HERE, t, 130)], &[], &[(1, HERE, t, 900)]]
    {
        scene.wait(10);
        let snapshot = snapshot(&mut scene, &[], Some(hosts));
        pending.push(snapshot);
    }
    assert_eq!(pending.len(), 4, "the second stands for the first's follower");
    while let Some(snapshot) = pending.take() {
        scene.commit(&snapshot);
    }
    assert_eq!(scene.total(CAMERA), Octets::new(130, 0), "not what it moved when it was not let through");
}
