//! Rule 6: attribution by sandwich.

use accounting::Octets;
use accounting::ledger::Reason;

use crate::scene::{Look, Moment, Scene};

fn covered() -> Scene {
    let mut scene = Scene::new();
    scene.round();
    scene.wait(10);
    scene
}

#[test]
fn names_that_look_alike_go_to_whom_the_tables_name() {
    let mut scene = covered();
    let lines = ["bob", "bob", "bob-1", "Bob"].map(|login| scene.dial(login));
    let names: Vec<_> = lines.iter().map(|line| scene.router.lines[*line].name.clone()).collect();
    assert_eq!(names, ["<pppoe-bob>", "<pppoe-bob-1>", "<pppoe-bob-1-1>", "<pppoe-Bob>"]);
    for (line, octets) in lines.into_iter().zip([1, 20, 300, 4_000]) {
        scene.pass(line, octets, 0);
    }
    scene.wait(10);
    scene.round();
    let totals = ["bob", "bob-1", "Bob"].map(|login| scene.total(login).input);
    assert_eq!(totals, [21, 300, 4_000]);
}

#[test]
fn a_row_that_only_one_of_the_two_prints_shows_has_no_owner_yet() {
    for lacks_before in [true, false] {
        let mut scene = covered();
        let line = scene.dial("ali");
        scene.pass(line, 500, 600);
        let mut look = Look::default();
        if lacks_before { &mut look.lacks_before } else { &mut look.lacks_after }.push(line);
        scene.round_of(&look);
        assert_eq!(scene.entries("ali"), Vec::<&accounting::ledger::LedgerEntry>::new());
        assert!(scene.state.wants_owners());
        scene.wait(10);
        scene.round();
        assert_eq!(scene.total("ali"), Octets::new(500, 600));
    }
}

#[test]
fn a_name_taken_over_between_the_prints_is_not_attributed() {
    let mut scene = covered();
    let first = scene.dial("ali");
    scene.pass(first, 70_000, 70_000);
    scene.round_with(&Look::default(), |router, moment| {
        if moment == Moment::BeforeOwners {
            router.hang_up(first);
            router.dial("ali");
        }
    });
    assert_eq!(scene.total("ali"), Octets::ZERO, "the first row's octets belong to nobody named");
}

#[test]
fn an_orphan_is_unattributed_after_two_rounds_and_shown_as_such() {
    let mut scene = covered();
    let line = scene.dial("ali");
    scene.pass(line, 500, 600);
    for round in 1..=3 {
        scene.wait(10);
        scene.round_of(&Look::nameless(&[line]));
        assert_eq!(scene.book.counters.len(), usize::from(round == 3), "round {round}");
    }
    scene.wait(10);
    scene.pass(line, 10, 20);
    scene.round_of(&Look::counters_only());
    assert_eq!(scene.unattributed(), Octets::new(10, 20));
    assert_eq!(scene.total("ali"), Octets::ZERO);
}

#[test]
fn what_was_nobodys_is_not_given_to_who_takes_its_name_over_between_the_prints() {
    let mut scene = covered();
    let line = scene.dial("ali");
    for _ in 1..=3 {
        scene.wait(10);
        scene.round_of(&Look::nameless(&[line]));
    }
    scene.pass(line, 500, 600);
    scene.wait(10);
    scene.round_with(&Look::default(), |router, moment| {
        if moment == Moment::BeforeOwners {
            router.hang_up(line);
            let next = router.dial("ali");
            router.pass(next, 7, 8);
        }
    });
    assert_eq!((scene.total("ali"), scene.unattributed()), (Octets::ZERO, Octets::new(500, 600)));
    scene.wait(10);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(7, 8));
}

#[test]
fn an_orphan_named_within_two_rounds_counts_whole() {
    let mut scene = covered();
    let line = scene.dial("ali");
    scene.pass(line, 500, 600);
    for _ in 0..2 {
        scene.round_of(&Look::nameless(&[line]));
        scene.wait(10);
    }
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(500, 600));
    assert_eq!(scene.unattributed(), Octets::ZERO);
}

#[test]
fn a_late_owner_gets_what_comes_and_a_bound_for_what_went_to_nobody() {
    let mut scene = covered();
    let line = scene.dial("ali");
    scene.pass(line, 500, 600);
    for _ in 0..3 {
        scene.wait(10);
        scene.round_of(&Look::nameless(&[line]));
    }
    scene.wait(10);
    scene.pass(line, 10, 20);
    scene.round_of(&Look::counters_only());
    scene.wait(10);
    scene.pass(line, 3, 4);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(3, 4));
    assert_eq!(scene.bound("ali"), Some(500 + 600 + 10 + 20));
    assert_eq!(scene.unattributed(), Octets::new(10, 20), "never both");
}

#[test]
fn a_reset_before_its_owner_was_known_does_not_make_the_late_owners_bound_too_small() {
    let mut scene = covered();
    let line = scene.dial("ali");
    scene.pass(line, 500_000, 600_000);
    for _ in 0..3 {
        scene.wait(10);
        scene.round_of(&Look::nameless(&[line]));
    }
    scene.router.reset_counters(line);
    scene.pass(line, 10, 20);
    scene.wait(10);
    scene.round_of(&Look::counters_only());
    scene.wait(10);
    scene.round();
    let missing = scene.truth("ali").both() - scene.total("ali").both();
    assert!(scene.bound("ali").unwrap() >= missing);
}

#[test]
fn an_orphan_turned_out_to_be_a_binding_is_one_from_then_on() {
    let mut scene = covered();
    let line = scene.router.bind("in-ali", "ali");
    scene.router.dial_on(line);
    for _ in 0..3 {
        scene.wait(10);
        scene.round_of(&Look::nameless(&[line]));
    }
    scene.wait(10);
    scene.round();
    assert!(scene.book.counters.values().all(|counter| counter.permanent));
    scene.router.hang_up(line);
    scene.router.dial_on(line);
    scene.wait(10);
    scene.pass(line, 5, 6);
    scene.round();
    assert_eq!(scene.total("ali"), Octets::new(5, 6));
    assert_eq!(scene.book.counters.len(), 1);
}

#[test]
fn an_idle_bindings_growth_under_tables_that_call_it_idle_belongs_to_nobody() {
    let mut scene = Scene::new();
    let line = scene.router.bind("in-ali", "ali");
    scene.round();
    scene.wait(10);
    scene.router.dial_on(line);
    scene.pass(line, 5, 6);
    scene.router.hang_up(line);
    scene.round();
    assert_eq!(scene.unattributed(), Octets::new(5, 6));
    assert!(scene.book.entries.values().all(|entry| entry.reason == Reason::Grew));
}

#[test]
fn an_old_session_reset_while_nobody_knew_whose_it_was_is_not_bounded_by_its_value() {
    let mut scene = Scene::new();
    let line = scene.dial("ali");
    scene.wait(10);
    scene.round_of(&Look { nameless: vec![line], ..Look::without(&[line]) });
    scene.wait(10);
    scene.pass(line, 5_000, 5_000);
    scene.round_of(&Look::nameless(&[line]));
    scene.router.reset_counters(line);
    scene.pass(line, 10, 10);
    scene.wait(10);
    scene.round();
    assert_eq!(scene.reasons("ali"), [Reason::Baseline]);
    assert!(scene.bound("ali").unwrap() >= scene.truth("ali").both());
}

#[test]
fn a_reset_while_a_bindings_octets_wait_for_their_owner_is_not_bounded_by_the_idle_value() {
    let mut scene = Scene::new();
    let line = scene.router.bind("in-ali", "ali");
    scene.round();
    scene.wait(10);
    scene.router.dial_on(line);
    scene.pass(line, 40_000, 40_000);
    scene.round_of(&Look::counters_only());
    scene.router.reset_counters(line);
    scene.pass(line, 30, 30);
    scene.wait(10);
    scene.round();
    let missing = scene.truth("ali").both() - scene.total("ali").both();
    assert_eq!(missing, 80_000);
    assert!(scene.bound("ali").unwrap() >= missing);
}

#[test]
fn a_reset_before_an_unattributed_counter_found_its_owner_is_not_bounded_by_its_value() {
    for (bound, restarted) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut scene = Scene::new();
        let line = if bound { scene.router.bind("in-ali", "ali") } else { scene.dial("ali") };
        if bound {
            scene.router.dial_on(line);
        }
        scene.wait(10);
        scene.round_of(&Look { nameless: vec![line], ..Look::without(&[line]) });
        scene.wait(10);
        scene.pass(line, 5_000, 5_000);
        scene.round_of(&Look::nameless(&[line]));
        scene.router.reset_counters(line);
        scene.pass(line, 10, 10);
        for _ in 0..3 {
            scene.wait(10);
            scene.round_of(&Look::nameless(&[line]));
        }
        assert_eq!(scene.book.counters.len(), 1, "it is shown as nobody's");
        if restarted {
            scene.restart();
        }
        scene.wait(10);
        scene.round();
        let missing = scene.truth("ali").both() - scene.total("ali").both();
        assert!(missing > 10_000 && scene.bound("ali").unwrap() >= missing, "{:?}", scene.bound("ali"));
    }
}
