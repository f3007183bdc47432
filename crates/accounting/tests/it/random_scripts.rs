//! Rule 9 over random scripts: total <= truth <= total + bound.

use proptest::prelude::*;

use crate::script::{Script, script};
use crate::truth::Play;

fn play(script: &Script) -> Play {
    let mut play = Play::new(script);
    for step in &script.steps {
        play.step(step);
    }
    play.finish();
    play
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4_000) })]

    #[test]
    fn the_truth_lies_between_the_total_and_the_total_plus_its_bound(script in script()) {
        play(&script);
    }
}
