//! What the latest reading of a router said of its sessions' rates.

use std::sync::Arc;
use std::time::Duration;

use accounting::growth::{Gains, Window};

use super::unobserved::Unobserved;

/// Readings that may fail to come before what was said last is not shown any more, in times between two polls.
const LATE: u32 = 3;
/// A router that is read every second is not late after three.
const AT_LEAST: Duration = Duration::from_secs(30);

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterRates {
    /// Between which readings; `None` where the latest has none before it that a clock spans.
    pub window: Option<Window>,
    /// Time between two polls of this router.
    pub interval: Duration,
    /// What sessions gained. In memory this is all of them, some 32 octets each.
    pub gains: Arc<Gains>,
}

impl RouterRates {
    /// The window of which rates can be shown `age_us` after its end, or why there is none.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn window(&self, age_us: u64) -> Result<Window, Unobserved> {
        let longest = (self.interval * LATE).max(AT_LEAST).as_micros();
        if u128::from(age_us) > longest {
            return Err(Unobserved::Old);
        }
        let window = self.window.ok_or(Unobserved::OneReading)?;
        if u128::from(window.micros) > longest { Err(Unobserved::LongWindow) } else { Ok(window) }
    }
}

#[cfg(test)]
mod tests {
    use accounting::time::Micros;

    use super::*;

    const SECOND: u64 = 1_000_000;

    fn rates(interval_s: u64, micros: Option<u64>) -> RouterRates {
        let window = micros.map(|micros| Window { from: Micros(0), to: Micros(0), micros });
        RouterRates { window, interval: Duration::from_secs(interval_s), gains: Arc::default() }
    }

    #[test]
    fn what_is_late_by_three_intervals_is_not_shown_as_now() {
        let minutely = rates(60, Some(60 * SECOND));
        assert!(minutely.window(180 * SECOND).is_ok());
        assert_eq!(minutely.window(180 * SECOND + 1), Err(Unobserved::Old));
        let each_second = rates(1, Some(SECOND));
        assert!(each_second.window(30 * SECOND).is_ok());
        assert_eq!(each_second.window(30 * SECOND + 1), Err(Unobserved::Old));
    }

    #[test]
    fn one_reading_gives_no_rate_and_neither_do_two_that_lie_far_apart() {
        assert_eq!(rates(60, None).window(0), Err(Unobserved::OneReading));
        assert!(rates(60, Some(180 * SECOND)).window(0).is_ok());
        assert_eq!(rates(60, Some(180 * SECOND + 1)).window(0), Err(Unobserved::LongWindow));
    }
}
