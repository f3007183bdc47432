//! Rule 11: cycles are assigned by reading order and stored.

use accounting::Octets;
use accounting::login::LoginRef;
use accounting::time::Micros;

use crate::router::LineId;
use crate::scene::{Look, Scene};

fn read_line() -> (Scene, LineId) {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let line = scene.dial_and_read("ali");
    (scene, line)
}

fn pass_and_read(scene: &mut Scene, line: LineId, octets: u64) {
    scene.wait(10);
    scene.pass(line, octets, octets);
    scene.round();
}

#[test]
fn a_reading_counts_into_the_cycle_that_is_open_when_it_is_committed() {
    let (mut scene, line) = read_line();
    pass_and_read(&mut scene, line, 100);
    let id = scene.login("ali");
    scene.rebind("ali", LoginRef { id, cycle: Some(7_000) });
    pass_and_read(&mut scene, line, 30);
    assert_eq!(scene.book.cycles[&101], Octets::new(100, 100));
    assert_eq!(scene.book.cycles[&7_000], Octets::new(30, 30));
}

#[test]
fn growth_extends_one_entry_until_the_cycle_changes() {
    let (mut scene, line) = read_line();
    let before = scene.book.entries.len();
    for _ in 0..3 {
        pass_and_read(&mut scene, line, 100);
    }
    assert_eq!(scene.book.entries.len(), before + 1);
    let grew = scene.entries("ali").pop().unwrap();
    assert_eq!((grew.delta, grew.polls), (Octets::new(300, 300), 3));
    let id = scene.login("ali");
    scene.rebind("ali", LoginRef { id, cycle: Some(7_000) });
    pass_and_read(&mut scene, line, 30);
    assert_eq!(scene.book.entries.len(), before + 2);
}

/// What a login used while it was nobody's may just have been adopted: that entry must stay what it was.
#[test]
fn the_entry_of_a_login_that_stays_nobodys_grows_no_more_after_bindings_changed() {
    let (mut scene, line) = read_line();
    let nobodys = LoginRef { id: scene.login("ali"), cycle: None };
    scene.rebind("ali", nobodys);
    for _ in 0..2 {
        pass_and_read(&mut scene, line, 100);
    }
    let adopted = scene.entries("ali").pop().unwrap().clone();
    assert_eq!((adopted.delta, adopted.cycle), (Octets::new(200, 200), None));
    scene.rebind("ali", nobodys);
    pass_and_read(&mut scene, line, 30);
    let entries = scene.entries("ali");
    assert_eq!(entries[entries.len() - 2], &adopted);
    assert_eq!(entries.last().unwrap().delta, Octets::new(30, 30));
}

#[test]
fn growth_extends_no_entry_across_a_quarter_of_an_hour() {
    let (mut scene, line) = read_line();
    let start = scene.router.now_ms as i64 * 1_000;
    let edge = (Micros(start).bucket() + 1) * Micros::BUCKET;
    // Readings a microsecond before the edge, on it, and after it.
    for at in [edge - 10_000_000, edge - 1, edge, edge + 10_000_000] {
        scene.wait(10);
        scene.wall_offset_us = at - scene.router.now_ms as i64 * 1_000;
        scene.pass(line, 100, 100);
        scene.round();
    }
    let ends: Vec<_> =
        scene.entries("ali").iter().filter(|e| !e.delta.is_zero()).map(|e| e.to.0 - edge).collect();
    assert_eq!(ends, [-1, 10_000_000]);
}

#[test]
fn a_login_without_a_subscriber_counts_into_no_cycle() {
    let (mut scene, line) = read_line();
    let id = scene.login("ali");
    scene.rebind("ali", LoginRef { id, cycle: None });
    pass_and_read(&mut scene, line, 100);
    assert_eq!(scene.entries("ali").pop().unwrap().cycle, None);
    assert_eq!(scene.total("ali"), Octets::new(100, 100));
    assert!(scene.book.cycles.get(&101).is_none_or(|octets| octets.is_zero()));
}

#[test]
fn a_login_bound_to_a_subscriber_in_mid_session_moves_from_the_next_reading_on() {
    let (mut scene, line) = read_line();
    pass_and_read(&mut scene, line, 100);
    let id = scene.login("ali");
    scene.rebind("ali", LoginRef { id: 900, cycle: Some(7_000) });
    pass_and_read(&mut scene, line, 30);
    let own = scene.book.entries.values().filter(|entry| entry.login == Some(id));
    assert_eq!(own.map(|entry| entry.delta).sum::<Octets>(), Octets::new(100, 100));
    let bound = scene.book.entries.values().filter(|entry| entry.login == Some(900));
    assert_eq!(bound.map(|entry| entry.delta).sum::<Octets>(), Octets::new(30, 30));
    let session = scene.book.sessions.values().next().unwrap();
    assert_eq!((session.record.login, session.octets), (900, Octets::new(130, 130)));
}

/// What memory knew of the binding is lost before it was committed: with the process, or with a commit that failed.
#[test]
fn a_session_moves_to_its_subscriber_whatever_was_lost_in_between() {
    for loss in ["restart", "commit"] {
        let (mut scene, line) = read_line();
        pass_and_read(&mut scene, line, 100);
        scene.rebind("ali", LoginRef { id: 900, cycle: Some(7_000) });
        scene.wait(10);
        if loss == "commit" {
            let lost = scene.look(&Look::default(), |_, _| {});
            scene.commit_in_vain(&lost);
        }
        scene.restart();
        pass_and_read(&mut scene, line, 30);
        let session = scene.book.sessions.values().next().unwrap();
        assert_eq!((session.record.login, session.octets), (900, Octets::new(130, 130)), "{loss}");
        pass_and_read(&mut scene, line, 1);
        assert!(scene.changes.as_ref().unwrap().session_logins.is_empty(), "it moved once");
    }
}

/// While its row was gone nobody moved it; its octets count for the subscriber from its return on.
#[test]
fn a_session_that_returns_after_its_login_was_bound_moves_too() {
    let (mut scene, line) = read_line();
    pass_and_read(&mut scene, line, 100);
    for _ in 0..4 {
        scene.wait(40);
        let blind = Look { nameless: vec![line], ..Look::without(&[line]) };
        scene.round_of(&blind);
    }
    assert!(scene.book.present().is_empty(), "its session has ended");
    scene.rebind("ali", LoginRef { id: 900, cycle: Some(7_000) });
    pass_and_read(&mut scene, line, 30);
    let session = scene.book.sessions.values().next().unwrap();
    assert_eq!((session.record.login, session.octets), (900, Octets::new(130, 130)));
}

#[test]
fn growth_extends_no_entry_of_another_login_row() {
    let (mut scene, line) = read_line();
    scene.rebind("ali", LoginRef { id: 800, cycle: None });
    pass_and_read(&mut scene, line, 100);
    scene.rebind("ali", LoginRef { id: 900, cycle: None });
    pass_and_read(&mut scene, line, 30);
    let deltas = scene.book.entries.values().filter(|entry| !entry.delta.is_zero());
    assert_eq!(
        deltas.map(|entry| (entry.login, entry.delta.input)).collect::<Vec<_>>(),
        [(Some(800), 100), (Some(900), 30)]
    );
}

#[test]
fn two_sessions_of_a_login_add_up_in_its_cycle() {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    let lines = [scene.dial("ali"), scene.dial("ali")];
    for line in lines {
        scene.pass(line, 40, 50);
    }
    scene.wait(10);
    assert_eq!(scene.round().cycle_octets, [(101, Octets::new(80, 100))]);
}
