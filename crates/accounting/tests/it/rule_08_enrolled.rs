//! Rules 1, 2, 7, 8 and 9 for counters that an enrolment gives to somebody: an interface that faces one subscriber, or a
//! queue that their traffic passes.

use accounting::Octets;
use accounting::changes::SessionState;
use accounting::ledger::Reason;
use accounting::login::{LoginKind, LoginName};
use accounting::pending::Pending;
use accounting::snapshot::{CounterRow, CounterRows, Snapshot, StandingRows};
use accounting::standing::Enrolled;
use accounting::table::Table;

use crate::scene::{Look, PER_SECOND, Scene};

const ANA: &str = "interface:vlan101";

/// A counter as its row shows it: id, name, octets.
type Row<'a> = (u64, &'a str, u64);

fn enrolled(table: Table, login: &str, name: &str) -> Enrolled {
    Enrolled {
        table,
        name: name.as_bytes().into(),
        login: LoginName::new(LoginKind::StaticIp, login.as_bytes()),
        counted_in: None,
    }
}

fn print(table: Table, rows: &[Row<'_>]) -> CounterRows {
    let mut print = CounterRows::default();
    for (id, name, octets) in rows {
        let handle = table.handle(*id).expect("a small id");
        print.push(CounterRow { handle, name: name.as_bytes(), octets: Octets::new(*octets, 0) });
    }
    print
}

fn snapshot(scene: &mut Scene, table: Table, rows: &[Row<'_>], passed_by: bool) -> Snapshot {
    let standing = vec![StandingRows { table, rows: print(table, rows), passed_by }];
    Snapshot { standing, ..scene.look(&Look::counters_only(), |_, _| {}) }
}

/// A round ten seconds after the last one.
fn round(scene: &mut Scene, rows: &[Row<'_>]) {
    scene.wait(10);
    let snapshot = snapshot(scene, Table::Facing, rows, false);
    scene.commit(&snapshot);
}

/// `vlan101` faces ana and has shown 5,000 octets.
fn ana() -> Scene {
    let mut scene = Scene::new();
    enrol(&mut scene, Table::Facing, ANA, "vlan101");
    round(&mut scene, &[(5, "vlan101", 5_000)]);
    scene
}

fn enrol(scene: &mut Scene, table: Table, login: &str, name: &str) {
    scene.enrolled.push(enrolled(table, login, name));
    scene.supply_enrolled();
}

fn upload(scene: &Scene, login: &str) -> u64 {
    scene.total(login).input
}

#[test]
fn counting_starts_at_the_first_sight_and_goes_on_from_there() {
    let mut scene = ana();
    assert_eq!((scene.reasons(ANA), upload(&scene, ANA)), (vec![Reason::Baseline], 0));
    assert_eq!(scene.bound(ANA), Some(0), "what passed before the enrolment is not hers");
    round(&mut scene, &[(5, "vlan101", 5_700)]);
    round(&mut scene, &[(5, "vlan101", 5_700)]);
    assert_eq!((scene.reasons(ANA), upload(&scene, ANA)), (vec![Reason::Baseline, Reason::Grew], 700));
    assert_eq!(scene.bound(ANA), Some(0));
}

#[test]
fn a_row_that_nobody_enrolled_counts_for_nobody() {
    let mut scene = ana();
    round(&mut scene, &[(5, "vlan101", 5_000), (6, "vlan102", 9_000)]);
    round(&mut scene, &[(5, "vlan101", 5_001), (6, "vlan102", 9_900)]);
    assert_eq!((upload(&scene, ANA), scene.unattributed()), (1, Octets::ZERO));
    assert_eq!(scene.book.counters.len(), 1);
}

#[test]
fn a_drop_in_either_direction_is_a_reset_of_both() {
    let mut scene = ana();
    let both = |scene: &mut Scene, input, output| {
        scene.wait(10);
        let mut rows = CounterRows::default();
        let handle = Table::Facing.handle(5).unwrap();
        rows.push(CounterRow { handle, name: b"vlan101", octets: Octets::new(input, output) });
        let standing = vec![StandingRows { table: Table::Facing, rows, passed_by: false }];
        let snapshot = Snapshot { standing, ..scene.look(&Look::counters_only(), |_, _| {}) };
        scene.commit(&snapshot);
    };
    both(&mut scene, 6_000, 800);
    both(&mut scene, 6_100, 300);
    assert_eq!(scene.total(ANA), Octets::new(1_000 + 6_100, 800 + 300));
    assert_eq!(scene.reasons(ANA).last(), Some(&Reason::CounterReset));
    let most = 2 * PER_SECOND * 11 - 6_400;
    assert_eq!(scene.bound(ANA), Some(most), "what it counted before the reset is bounded");
}

#[test]
fn a_rename_keeps_the_baseline_and_the_owner_also_across_our_restart_and_a_reboot() {
    let mut scene = ana();
    round(&mut scene, &[(5, "to-ana", 5_500)]);
    assert_eq!(upload(&scene, ANA), 500);
    scene.restart();
    round(&mut scene, &[(5, "to-ana", 5_600)]);
    assert_eq!(upload(&scene, ANA), 600);
    scene.reboot();
    round(&mut scene, &[(9, "to-ana", 40)]);
    assert_eq!((upload(&scene, ANA), scene.reasons(ANA).last()), (640, Some(&Reason::RouterReboot)));
}

#[test]
fn a_name_that_passes_to_another_counter_takes_no_owner_along() {
    let mut scene = ana();
    let bob = "interface:vlan102";
    enrol(&mut scene, Table::Facing, bob, "vlan102");
    round(&mut scene, &[(5, "vlan101", 5_000), (6, "vlan102", 70_000)]);
    round(&mut scene, &[(5, "vlan102", 5_001), (6, "vlan101", 70_020)]);
    assert_eq!((upload(&scene, ANA), upload(&scene, bob)), (1, 20));
    scene.restart();
    round(&mut scene, &[(5, "vlan102", 5_003), (6, "vlan101", 70_060)]);
    assert_eq!((upload(&scene, ANA), upload(&scene, bob)), (3, 60));
}

#[test]
fn an_id_with_another_name_is_another_counters_where_a_reboot_may_have_gone_unnoticed() {
    let mut scene = ana();
    scene.restart_host();
    round(&mut scene, &[(5, "somebody", 900_000), (9, "vlan101", 30)]);
    round(&mut scene, &[(5, "somebody", 900_100), (9, "vlan101", 31)]);
    assert_eq!(upload(&scene, ANA), 1, "a baseline for the row of her name, nothing of the other");
    for _ in 0..8 {
        round(&mut scene, &[(5, "somebody", 900_100), (9, "vlan101", 31)]);
    }
    assert_eq!(scene.bound(ANA), None, "nobody knows for how long the old counter went on");
}

#[test]
fn after_a_reboot_the_whole_value_counts_if_it_was_enrolled_before() {
    let mut scene = ana();
    scene.wait(20);
    scene.reboot();
    round(&mut scene, &[(5, "vlan101", 123)]);
    assert_eq!((upload(&scene, ANA), scene.reasons(ANA).last()), (123, Some(&Reason::RouterReboot)));
    let bound = scene.bound(ANA).expect("the link has a speed");
    assert!((20 * PER_SECOND..100 * PER_SECOND).contains(&bound), "{bound}");
}

#[test]
fn what_passed_in_a_boot_that_never_showed_its_name_is_unbounded() {
    for restarted in [false, true] {
        let mut scene = ana();
        scene.reboot();
        round(&mut scene, &[(9, "renamed", 300)]);
        round(&mut scene, &[(9, "renamed", 900)]);
        assert!(scene.bound(ANA).is_some(), "so far all is in the end of the boot before");
        if restarted {
            scene.restart();
        }
        scene.reboot();
        round(&mut scene, &[(12, "vlan101", 40)]);
        assert_eq!((upload(&scene, ANA), scene.bound(ANA)), (0, None));
    }
}

#[test]
fn what_was_enrolled_after_the_reboot_is_a_baseline() {
    let mut scene = ana();
    scene.reboot();
    let bob = "interface:vlan102";
    enrol(&mut scene, Table::Facing, bob, "vlan102");
    round(&mut scene, &[(5, "vlan101", 123), (6, "vlan102", 456)]);
    assert_eq!((upload(&scene, bob), scene.reasons(bob)), (0, vec![Reason::Baseline]));
}

#[test]
fn across_an_outage_the_difference_counts_and_only_an_unproven_boot_is_unbounded() {
    let mut scene = ana();
    scene.wait(3_600);
    scene.gap();
    round(&mut scene, &[(5, "vlan101", 8_000)]);
    assert_eq!((upload(&scene, ANA), scene.reasons(ANA).last()), (3_000, Some(&Reason::Resumed)));
    assert_eq!(scene.bound(ANA), Some(0), "a counter forgets nothing while nobody looks");
    scene.restart_host();
    round(&mut scene, &[(5, "vlan101", 9_000)]);
    assert_eq!((upload(&scene, ANA), scene.bound(ANA)), (4_000, None));
}

#[test]
fn a_row_that_comes_back_resumes_even_after_it_was_believed_gone() {
    let mut scene = ana();
    for _ in 0..12 {
        round(&mut scene, &[]);
    }
    let ended = scene.book.sessions.values().all(|one| matches!(one.state, SessionState::Ended(_)));
    assert!(ended, "a counter that is not there is not counted");
    scene.restart();
    round(&mut scene, &[(5, "vlan101", 5_400)]);
    assert_eq!((upload(&scene, ANA), scene.reasons(ANA).last()), (400, Some(&Reason::Resumed)));
}

#[test]
fn an_interface_made_anew_is_a_baseline_whose_value_bounds_what_it_hides() {
    let mut scene = ana();
    round(&mut scene, &[(8, "vlan101", 300)]);
    assert_eq!((upload(&scene, ANA), scene.bound(ANA)), (0, Some(300)));
    for _ in 0..8 {
        round(&mut scene, &[(8, "vlan101", 301)]);
    }
    let bound = scene.bound(ANA).expect("the link has a speed");
    assert!(bound > 300 + 2 * PER_SECOND * 10, "and so does the end of the one before: {bound}");
    assert_eq!(upload(&scene, ANA), 1);
}

#[test]
fn what_is_not_enrolled_any_more_ends_without_a_bound_and_begins_anew_when_it_is_again() {
    let mut scene = ana();
    let before = std::mem::take(&mut scene.enrolled);
    scene.supply_enrolled();
    round(&mut scene, &[(5, "vlan101", 7_000)]);
    assert_eq!((upload(&scene, ANA), scene.bound(ANA)), (0, Some(0)));
    assert_eq!(scene.state.sessions_open(), 0);
    scene.enrolled = before.into_iter().map(|one| Enrolled { counted_in: None, ..one }).collect();
    scene.supply_enrolled();
    round(&mut scene, &[(5, "vlan101", 9_000)]);
    round(&mut scene, &[(5, "vlan101", 9_010)]);
    assert_eq!(upload(&scene, ANA), 10, "what passed in between is nobody's");
}

#[test]
fn a_table_that_was_not_read_says_nothing_of_its_counters() {
    let mut scene = ana();
    for _ in 0..12 {
        scene.wait(10);
        scene.round_of(&Look::counters_only());
    }
    round(&mut scene, &[(5, "vlan101", 5_200)]);
    assert_eq!((upload(&scene, ANA), scene.bound(ANA)), (200, Some(0)));
}

/// A queue that traffic may pass by, or not.
fn queue_round(scene: &mut Scene, octets: u64, passed_by: bool) {
    scene.wait(10);
    let snapshot = snapshot(scene, Table::Queue, &[(3, "q-ana", octets)], passed_by);
    scene.commit(&snapshot);
}

#[test]
fn a_queue_that_traffic_passes_by_has_no_bound_and_one_entry_in_a_quarter_of_an_hour() {
    let mut scene = Scene::new();
    let ana = "queue:q-ana";
    enrol(&mut scene, Table::Queue, ana, "q-ana");
    queue_round(&mut scene, 5_000, false);
    queue_round(&mut scene, 5_100, false);
    assert_eq!((upload(&scene, ana), scene.bound(ana)), (100, Some(0)));
    for octets in [5_200, 5_200, 5_300] {
        queue_round(&mut scene, octets, true);
    }
    assert_eq!((upload(&scene, ana), scene.bound(ana)), (300, None));
    assert_eq!(scene.reasons(ana), [Reason::Baseline, Reason::Grew, Reason::Undercounted]);
    scene.restart();
    queue_round(&mut scene, 5_300, false);
    assert_eq!(scene.reasons(ana).len(), 4, "it may have been passed by until now");
    queue_round(&mut scene, 5_400, false);
    assert_eq!((upload(&scene, ana), scene.reasons(ana).last()), (400, Some(&Reason::Grew)));
}

#[test]
fn every_quarter_of_an_hour_says_that_an_idle_queue_is_passed_by() {
    let mut scene = Scene::new();
    let ana = "queue:q-ana";
    enrol(&mut scene, Table::Queue, ana, "q-ana");
    for _ in 0..3 * 90 {
        queue_round(&mut scene, 5_000, true);
    }
    let buckets: std::collections::BTreeSet<i64> =
        scene.entries(ana).iter().filter(|entry| entry.unseen.is_some()).map(|entry| entry.bucket).collect();
    let told = scene.reasons(ana).iter().filter(|reason| **reason == Reason::Undercounted).count();
    assert_eq!((buckets.len(), told), (told, told));
    assert!((3..=4).contains(&told), "{told}");
}

#[test]
fn waiting_snapshots_of_which_one_is_passed_by_or_dropped_are_all_kept() {
    let mut scene = Scene::new();
    enrol(&mut scene, Table::Queue, "queue:q-ana", "q-ana");
    let mut pending = Pending::new(1 << 20);
    for (octets, passed_by) in [(10, false), (20, false), (30, false), (40, true), (50, true), (5, true)] {
        scene.wait(10);
        let one = snapshot(&mut scene, Table::Queue, &[(3, "q-ana", octets)], passed_by);
        pending.push(Snapshot { after_gap: octets == 10, ..one });
    }
    assert_eq!(pending.len(), 5, "only 20 is said by 30");
}

#[test]
fn a_reboot_that_an_earlier_outage_may_have_hidden_counts_nothing_a_second_time() {
    let mut scene = ana();
    let whole_round = |scene: &mut Scene, octets| {
        let standing = StandingRows {
            table: Table::Facing,
            rows: print(Table::Facing, &[(5, "vlan101", octets)]),
            passed_by: false,
        };
        let snapshot = Snapshot { standing: vec![standing], ..scene.look(&Look::default(), |_, _| {}) };
        scene.commit(&snapshot);
    };
    scene.dial("ali");
    whole_round(&mut scene, 5_000);
    scene.reboot();
    scene.wait(scene.router.uptime_s() + 1_100);
    // All of it moved after the reboot, of which nothing tells yet.
    whole_round(&mut scene, 5_010);
    scene.gap();
    scene.router.stand_still(1_095_000);
    scene.dial("bob");
    scene.wait(20);
    whole_round(&mut scene, 5_500);
    assert_eq!(scene.total(ANA), Octets::new(500, 0), "what it gained, and not all of it besides");
    assert_eq!(scene.bound(ANA), None);
}
