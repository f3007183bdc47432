//! Rule 9 over random scripts: total <= truth <= total + bound; and rule 13: merging loses nothing.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use accounting::pending::Pending;

use crate::scene::{Look, Scene};
use crate::script::{Script, script};
use crate::truth::{Play, Tally};

fn play(script: &Script) -> Play {
    let mut play = Play::new(script);
    for step in &script.steps {
        play.step(step);
    }
    play.finish();
    play
}

/// Scripts in one run of the tests; more on request.
const SCRIPTS: u32 = 4_000;
/// Environment variable with another number of scripts.
const SCRIPTS_VARIABLE: &str = "TIKMETER_PROPERTY_SCRIPTS";

fn config() -> ProptestConfig {
    let cases = std::env::var(SCRIPTS_VARIABLE).map_or(SCRIPTS, |number| number.parse().expect("a number"));
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_truth_lies_between_the_total_and_the_total_plus_its_bound(script in script()) {
        play(&script);
    }

    /// Each step passes octets on two lines, perhaps resets the counters, reads a round, and perhaps lets the store
    /// catch up.
    #[test]
    fn waiting_snapshots_change_no_total(
        steps in proptest::collection::vec((0u64..50, 0u64..50, 0u8..5, any::<bool>(), 0u8..4), 1..30),
    ) {
        let mut at_once = Scene::new();
        let mut stalled = Scene::new();
        let mut pending = Pending::new(1 << 20);
        for scene in [&mut at_once, &mut stalled] {
            scene.dial("ali");
            scene.dial("bea");
            scene.round();
        }
        for (ali, bea, resets, counters_only, commits) in steps {
            let look = Look { counters_only, ..Look::default() };
            for scene in [&mut at_once, &mut stalled] {
                scene.wait(10);
                if resets == 0 {
                    scene.router.reset_counters(0);
                }
                scene.pass(0, ali, ali / 2);
                scene.pass(1, bea, bea * 2);
            }
            at_once.round_of(&look);
            let snapshot = stalled.look(&look, |_, _| {});
            pending.push(snapshot);
            if commits == 0 {
                catch_up(&mut stalled, &mut pending);
            }
        }
        catch_up(&mut stalled, &mut pending);
        for login in ["ali", "bea"] {
            prop_assert_eq!(at_once.total(login), stalled.total(login));
        }
    }
}

fn catch_up(scene: &mut Scene, pending: &mut Pending) {
    while let Some(snapshot) = pending.take() {
        scene.commit(&snapshot);
    }
}

/// The scripts prove little if most logins are excused: what is beyond polling is counted apart and printed.
#[test]
fn few_logins_are_beyond_polling_and_few_bounds_are_none() {
    let mut runner = TestRunner::deterministic();
    let mut tally = Tally::default();
    for _ in 0..400 {
        let script = script().new_tree(&mut runner).expect("no rejects").current();
        play(&script).tally(&mut tally);
    }
    println!("{tally:?}");
    let judged = tally.logins - tally.beyond_polling.values().sum::<usize>();
    assert!(judged * 10 > tally.logins * 8, "{tally:?}");
    assert!((judged - tally.unbounded) * 10 > judged * 6, "{tally:?}");
    assert!(tally.counted * 10 > tally.passed * 6, "{tally:?}");
}
