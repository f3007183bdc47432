//! Rule 11: what straddles a renewal that no reading marked is split by time, and nothing else is.

use accounting::Octets;
use accounting::ledger::Reason;
use accounting::login::{LoginKind, LoginName};
use accounting::snapshot::{CounterRow, Heard, OwnedRow, OwnedRows, OwnerSession, Snapshot};
use accounting::table::Table;

use crate::router::LineId;
use crate::scene::{Look, Scene};

/// A line of ali's that was just read, counting into cycle 101.
pub(crate) fn read_line() -> (Scene, LineId) {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial_and_read("ali");
    (scene, line)
}

pub(crate) fn cycle(scene: &Scene, cycle: i64) -> Octets {
    scene.book.cycles.get(&cycle).copied().unwrap_or_default()
}

#[test]
fn growth_across_an_unread_renewal_is_two_entries_that_make_the_whole() {
    let (mut scene, line) = read_line();
    scene.wait(30);
    scene.renew_unread("ali", 7_000);
    scene.wait(10);
    scene.pass(line, 401, 1_003);
    scene.round();
    assert_eq!((cycle(&scene, 101), cycle(&scene, 7_000)), (Octets::new(300, 752), Octets::new(101, 251)));
    let parts = scene.entries("ali").split_off(1);
    assert_eq!(parts.iter().map(|part| part.reason).collect::<Vec<_>>(), [Reason::EdgeUnobserved; 2]);
    assert_eq!((parts[0].to, parts[0].bucket), (parts[1].from, parts[0].to.bucket()));
    assert!(scene.edges.is_empty(), "it is settled");
    scene.wait(10);
    scene.pass(line, 5, 5);
    scene.round();
    assert_eq!(scene.entries("ali").pop().unwrap().reason, Reason::Grew);
    assert_eq!((cycle(&scene, 101), cycle(&scene, 7_000)), (Octets::new(300, 752), Octets::new(106, 256)));
}

#[test]
fn two_renewals_while_the_router_was_down_make_three_parts() {
    let (mut scene, line) = read_line();
    scene.wait(10);
    scene.renew_unread("ali", 7_000);
    scene.wait(10);
    scene.renew_unread("ali", 7_001);
    scene.wait(10);
    scene.pass(line, 301, 300);
    scene.gap();
    scene.round();
    let totals = [101, 7_000, 7_001].map(|number| cycle(&scene, number).input);
    assert_eq!(totals.iter().sum::<u64>(), 301);
    assert_eq!(totals, [100, 100, 101]);
}

#[test]
fn a_counter_that_was_reset_meanwhile_is_split_from_zero() {
    let (mut scene, line) = read_line();
    scene.wait(10);
    scene.pass(line, 900, 900);
    scene.round();
    scene.wait(20);
    scene.renew_unread("ali", 7_000);
    scene.wait(20);
    scene.router.reset_counters(line);
    scene.pass(line, 40, 80);
    scene.round();
    let reasons: Vec<_> = scene.entries("ali").iter().rev().take(3).map(|entry| entry.reason).collect();
    assert_eq!(reasons, [Reason::EdgeUnobserved, Reason::EdgeUnobserved, Reason::CounterReset]);
    assert_eq!((cycle(&scene, 101), cycle(&scene, 7_000)), (Octets::new(920, 940), Octets::new(20, 40)));
}

/// All that it hid belongs to the closed cycle, and yet a line must say where the counter stands.
#[test]
fn a_counter_that_was_reset_just_before_the_renewal_goes_on_from_zero() {
    let (mut scene, line) = read_line();
    scene.wait(10);
    scene.pass(line, 900, 900);
    scene.round();
    scene.wait(20);
    scene.router.reset_counters(line);
    scene.renew_unread("ali", 7_000);
    scene.round();
    assert_eq!(scene.entries("ali").pop().unwrap().after, Octets::ZERO);
    scene.wait(10);
    scene.pass(line, 5, 5);
    scene.round();
    assert_eq!(scene.entries("ali").pop().unwrap().before, Octets::ZERO);
}

#[test]
fn a_session_that_began_before_the_renewal_and_was_first_seen_after_it_is_split_too() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial_and_read("ali");
    scene.router.hang_up(line);
    let again = scene.dial("ali");
    scene.wait(40);
    scene.renew_unread("ali", 7_000);
    scene.wait(40);
    scene.pass(again, 800, 800);
    scene.round();
    let (before, after) = (cycle(&scene, 101), cycle(&scene, 7_000));
    assert_eq!(before + after, Octets::new(800, 800));
    assert!((380..=420).contains(&before.input), "{before:?}");
}

#[test]
fn what_was_not_seen_across_the_renewal_bounds_both_cycles() {
    let (mut scene, line) = read_line();
    scene.wait(40);
    scene.renew_unread("ali", 7_000);
    scene.wait(40);
    scene.router.hang_up(line);
    scene.reboot();
    scene.round();
    let unseen: Vec<_> =
        scene.entries("ali").iter().filter_map(|e| Some((e.cycle?, e.unseen?.micros?))).collect();
    assert_eq!(unseen.iter().map(|(cycle, _)| *cycle).collect::<Vec<_>>(), [101, 7_000]);
    assert!(scene.edges.is_empty());
}

#[test]
fn the_renewal_is_settled_only_when_every_counter_was_read_or_ended() {
    let (mut scene, lines) = Scene::with_two_lines_renewed_unread();
    scene.wait(10);
    lines.iter().for_each(|line| scene.pass(*line, 100, 100));
    scene.round_of(&Look::without(&lines[1..]));
    assert_eq!((cycle(&scene, 101).input, scene.edges.len()), (50, 1));
    scene.restart();
    scene.wait(20);
    scene.round();
    assert_eq!(cycle(&scene, 101).input + cycle(&scene, 7_000).input, 200);
    assert_eq!(cycle(&scene, 101).input, 50 + 25, "10 of 40 seconds");
    assert!(scene.edges.is_empty());
}

/// The reading of a renewal said already that she had hung up.
#[test]
fn what_a_session_hid_that_was_gone_before_the_renewal_bounds_the_closed_cycle_only() {
    let (mut scene, line) = read_line();
    scene.wait(30);
    scene.router.hang_up(line);
    scene.wait(10);
    scene.round();
    scene.wait(1);
    scene.renew_unread("ali", 7_000);
    for _ in 0..3 {
        scene.wait(40);
        scene.round();
    }
    let ended: Vec<_> = scene.entries("ali").split_off(1);
    let told: Vec<_> = ended.iter().map(|entry| (entry.cycle, entry.reason)).collect();
    assert_eq!(told, [(Some(101), Reason::EdgeUnobserved)]);
    assert!(ended[0].unseen.and_then(|unseen| unseen.micros).is_some_and(|micros| micros <= 42_000_000));
    assert!(scene.edges.is_empty());
}

#[test]
fn a_session_that_was_only_heard_of_bounds_both_cycles_it_may_have_moved_octets_in() {
    let (mut scene, line) = read_line();
    let known = scene.router.session(&scene.router.calls[scene.router.lines[line].call.unwrap()]);
    let session = OwnerSession { acct_session_id: Some(0x8170_0009), ..known };
    scene.wait(30);
    scene.renew_unread("ali", 7_000);
    scene.wait(10);
    scene.heard.push(Heard { session, lasted_at_most_s: 25 });
    scene.round();
    let heard = scene.book.entries.values().filter(|entry| entry.reason == Reason::HeardOnly);
    let told: Vec<_> = heard.map(|entry| (entry.cycle, entry.unseen.unwrap().micros)).collect();
    assert_eq!(told, [(Some(101), Some(15_000_000)), (Some(7_000), Some(10_000_000))]);
}

#[test]
fn other_logins_and_held_jumps_are_not_split() {
    let (mut scene, line) = read_line();
    let other = scene.dial_and_read("bob");
    scene.wait(10);
    scene.renew_unread("ali", 7_000);
    scene.wait(10);
    scene.pass(other, 100, 100);
    scene.pass(line, crate::scene::PER_SECOND * 100, 0);
    scene.round();
    assert_eq!(scene.entries("bob").pop().unwrap().reason, Reason::Grew);
    let held = scene.entries("ali").pop().unwrap();
    assert_eq!((held.reason, held.posted, held.cycle), (Reason::Held, false, None));
}

/// A round whose table of the hotspot shows such sessions of guest: id, second at which it began, octets.
fn hotspot_round(scene: &mut Scene, sessions: &[(u64, u64, u64)]) {
    let now_s = scene.router.now_ms / 1_000;
    let mut logins = OwnedRows::default();
    for (id, began_s, octets) in sessions {
        let handle = Table::HotspotActive.handle(*id).expect("a small id");
        let counter = CounterRow { handle, name: b"2C:54:91:00:00:01", octets: Octets::new(*octets, 0) };
        let session_time_s = now_s - began_s;
        logins.push(OwnedRow { counter, login: b"guest", address: b"10.5.0.2", session_time_s });
    }
    let snapshot = Snapshot { logins: Some(logins), ..scene.look(&Look::default(), |_, _| {}) };
    scene.commit(&snapshot);
}

/// A session that began since the last reading of its table is hidden until the next one, whatever else was read.
#[test]
fn a_round_that_was_refused_the_table_of_a_login_settles_no_renewal_of_it() {
    let mut scene = Scene::new();
    hotspot_round(&mut scene, &[]);
    let first = scene.router.now_ms / 1_000;
    scene.wait(10);
    hotspot_round(&mut scene, &[(1, first, 0)]);
    for _ in 0..3 {
        scene.wait(60);
        hotspot_round(&mut scene, &[]);
    }
    let again = scene.router.now_ms / 1_000;
    scene.wait(10);
    scene.renew_unread_name(LoginName::new(LoginKind::Hotspot, *b"guest"), 7_000);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.edges.len(), 1);
    scene.wait(20);
    hotspot_round(&mut scene, &[(2, again, 400)]);
    assert_eq!(cycle(&scene, 101) + cycle(&scene, 7_000), Octets::new(400, 0));
    let before = cycle(&scene, 101).input;
    assert!((100..120).contains(&before), "10 of 40 seconds: {before}");
    assert!(scene.edges.is_empty());
}

/// The binding moved, and only tables that are read later say that it was hers.
#[test]
fn a_binding_whose_caller_waits_to_be_named_settles_nothing_and_its_octets_are_split() {
    let mut scene = Scene::new();
    let line = scene.router.bind("in-ali", "ali");
    scene.round();
    scene.router.dial_on(line);
    scene.wait(10);
    scene.round();
    scene.router.hang_up(line);
    scene.wait(10);
    assert!(!scene.round().rows_wait);
    scene.router.dial_on(line);
    scene.wait(20);
    scene.renew_unread("ali", 7_000);
    scene.wait(10);
    scene.pass(line, 600, 0);
    let waits = scene.round_of(&Look::counters_only());
    assert!(waits.rows_wait, "a renewal that follows cannot know whose it is");
    assert_eq!((scene.edges.len(), cycle(&scene, 7_000)), (1, Octets::ZERO));
    scene.wait(10);
    assert!(!scene.round().rows_wait);
    assert_eq!((cycle(&scene, 101), cycle(&scene, 7_000)), (Octets::new(300, 0), Octets::new(300, 0)));
    assert!(scene.edges.is_empty());
}
