//! Rule 5: a session that the router's tables show under another name than before is the same one.

use accounting::Octets;
use accounting::ledger::Reason;

use crate::router::LineId;
use crate::scene::Scene;

/// A line of ali's that was read at 5,000/9,000, dialled in after coverage began; a session after it was seen by nobody, and
/// the next was.
fn read_line(scene: &mut Scene) -> LineId {
    scene.round();
    scene.wait(100);
    let line = scene.dial_and_read("ali");
    let unseen = scene.dial("ghost");
    scene.router.hang_up(unseen);
    scene.dial("neighbour");
    scene.pass(line, 5_000, 9_000);
    scene.wait(10);
    scene.round();
    line
}

/// The tables call the line's session `to` from now on; so does the counter table if its interface is renamed with it.
fn rename(scene: &mut Scene, line: LineId, to: &str, interface: bool) {
    let line = &mut scene.router.lines[line];
    let call = line.call.expect("somebody is on it");
    scene.router.calls[call].login = to.to_owned();
    if interface {
        line.name = format!("<pppoe-{to}>");
    }
}

#[test]
fn what_was_counted_stays_with_the_name_before_and_the_rest_counts_once_for_the_new_one() {
    for interface in [false, true] {
        for (ids, restarts) in [(true, false), (true, true), (false, false), (false, true)] {
            let mut scene = Scene::new();
            scene.router.gives_session_ids = ids;
            let line = read_line(&mut scene);
            let read_at = scene.book.nas.last.expect("it was read").at;
            rename(&mut scene, line, "eva", interface);
            scene.pass(line, 70, 80);
            scene.wait(10);
            if restarts {
                scene.restart();
            }
            scene.round();
            scene.pass(line, 1, 2);
            scene.wait(10);
            scene.round();
            let case = format!("interface {interface}, ids {ids}, restarts {restarts}");
            let totals = ["ali", "eva"].map(|login| scene.total(login));
            assert_eq!(totals, [Octets::new(5_000, 9_000), Octets::new(71, 82)], "{case}");
            assert_eq!(["ali", "eva"].map(|login| scene.bound(login)), [Some(0), Some(0)], "{case}");
            let sessions: Vec<_> = scene.book.sessions.values().collect();
            assert_eq!(sessions.len(), 3, "{case}");
            assert_eq!(sessions[2].record.started_at, read_at, "{case}: the time before is the other name's");
            assert_eq!(scene.book.counters.len(), 2, "{case}: it is the same counter");
            assert_eq!(scene.book.nas.unseen_sessions, u64::from(ids), "{case}");
        }
    }
}

#[test]
fn a_binding_whose_caller_is_renamed_hides_nothing_and_another_caller_may() {
    for another in [false, true] {
        let mut scene = Scene::new();
        let line = scene.router.bind("pppoe-shop", "ali");
        scene.round();
        scene.wait(100);
        scene.router.dial_on(line);
        scene.round();
        scene.pass(line, 5_000, 9_000);
        scene.wait(10);
        scene.round();
        let bound = scene.bound("ali");
        rename(&mut scene, line, "eva", false);
        if another {
            let call = scene.router.lines[line].call.expect("somebody is on it");
            scene.router.calls[call].acct_session_id = Some(0x8100_0777);
        }
        scene.pass(line, 70, 80);
        scene.wait(10);
        scene.round();
        let totals = (scene.total("ali"), scene.total("eva"));
        assert_eq!(totals, (Octets::new(5_000, 9_000), Octets::new(70, 80)));
        assert_eq!(scene.bound("ali"), bound);
        assert_eq!(scene.bound("eva") > Some(0), another, "{:?}", scene.bound("eva"));
    }
}

#[test]
fn another_session_of_another_login_on_the_same_id_is_none_that_was_renamed() {
    for ids in [true, false] {
        let mut scene = Scene::new();
        scene.router.gives_session_ids = ids;
        let line = read_line(&mut scene);
        let (handle, name) = (scene.router.lines[line].handle, scene.router.lines[line].name.clone());
        scene.router.hang_up(line);
        scene.wait(20);
        let heir = scene.dial("eva");
        (scene.router.lines[heir].handle, scene.router.lines[heir].name) = (handle, name);
        scene.pass(heir, 6_000, 9_500);
        scene.wait(10);
        scene.round();
        assert_eq!(scene.total("eva"), Octets::new(6_000, 9_500), "ids {ids}");
        assert_eq!(*scene.reasons("ali").last().expect("entries"), Reason::SessionEnd, "ids {ids}");
    }
}
