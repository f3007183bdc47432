//! How wide the bounds are (DESIGN section 5): for one and the same evening of a street, what could not be seen of a
//! session is no more than the time in which nobody looked, at link speed in both directions; and looking twice as
//! often halves it.

mod evening;
pub(crate) mod street;

use evening::Evening;
use street::{LINK_BPS, Street};

/// Seconds that truncated uptimes and start intervals may add to an unseen stretch.
const TRUNCATION_S: u64 = 4;

/// What is said of one session that was seen and has ended.
struct Bound {
    upper_octets: u64,
    unseen_s: u64,
    /// Seconds from the last print that showed it to the second one without its row: by then it was surely gone.
    nobody_looked_s: u64,
}

/// Plays an evening under this interval and judges every session. A row lingers after its session for so long.
async fn judged(evening: &Evening, interval_s: u64, lingers_s: u64) -> Vec<Bound> {
    let mut street = Street::open(lingers_s).await;
    evening.play(&mut street, interval_s).await;
    let mut bounds = Vec::new();
    for session in street.ended_sessions() {
        let Some(said) = street.said_of(&session.login).await else {
            assert!(
                street.looks(session.began_us, session.ended_us) == 0,
                "shown, and not a word of it: {session:?}"
            );
            continue;
        };
        let (truth, total) = (session.octets.sum(), said.octets.both());
        let upper_octets = said.observation.upper_octets.expect("a link speed bounds everything");
        assert!(said.octets.input <= session.octets.input && said.octets.output <= session.octets.output);
        assert!(truth <= total + upper_octets, "{session:?}: {total} and at most {upper_octets} more");
        bounds.push(Bound {
            upper_octets,
            unseen_s: said.observation.unseen_us / 1_000_000,
            nobody_looked_s: street.nobody_looked_s(&session),
        });
    }
    street.every_entry_is_bounded_by_its_time().await;
    bounds
}

fn median(bounds: &[Bound]) -> u64 {
    let mut uppers: Vec<u64> = bounds.iter().map(|bound| bound.upper_octets).collect();
    uppers.sort_unstable();
    uppers[uppers.len() / 2]
}

fn at_link_speed_both_ways(seconds: u64) -> u64 {
    seconds * LINK_BPS / 8 * 2
}

#[tokio::test]
async fn a_bound_is_no_wider_than_the_time_nobody_looked_at_link_speed_both_ways() {
    for (lingers_s, interval_s) in [(0, 20), (0, 60), (30, 20), (30, 60)] {
        for seed in 0..2 {
            let bounds = judged(&Evening::of(seed), interval_s, lingers_s).await;
            assert!(bounds.len() > 40, "only {} sessions", bounds.len());
            for bound in &bounds {
                let most_s = bound.nobody_looked_s + TRUNCATION_S;
                assert!(bound.unseen_s <= most_s, "{} s unseen of {most_s} s", bound.unseen_s);
                assert!(bound.upper_octets <= at_link_speed_both_ways(most_s));
            }
        }
    }
}

#[tokio::test]
async fn looking_twice_as_often_halves_the_median_bound() {
    let mut medians = Vec::new();
    for interval_s in [240, 120, 60, 30] {
        let mut bounds = Vec::new();
        for seed in 10..13 {
            bounds.extend(judged(&Evening::of(seed), interval_s, 0).await);
        }
        println!(
            "interval {interval_s} s: {} sessions, median bound {} octets",
            bounds.len(),
            median(&bounds)
        );
        medians.push(median(&bounds));
    }
    for pair in medians.windows(2) {
        assert!(pair[1] * 100 <= pair[0] * 65, "{medians:?}");
    }
}
