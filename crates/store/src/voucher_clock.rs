//! How long a voucher lasts yet: pure arithmetic, and the only place that counts its seconds.

use accounting::time::Micros;

/// What is left of a voucher's time, and since when that runs. A voucher that nobody used yet has neither; a developer code has
/// no time limit and only runs or pauses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoucherClock {
    /// Microseconds that were left at `runs_from`, or when it was paused; `None`: no limit, or not used yet.
    pub left_us: Option<u64>,
    /// Since when it runs (our clock); `None` while paused or not used yet.
    pub runs_from: Option<Micros>,
}

impl VoucherClock {
    /// One that begins to run.
    pub fn begun(validity_us: Option<u64>, at: Micros) -> VoucherClock {
        VoucherClock { left_us: validity_us, runs_from: Some(at) }
    }

    /// Microseconds that are left; `None`: no limit. Never more than was left at `runs_from`, however far a clock is set back; less than that it gives back.
    pub fn left_at(self, now: Micros) -> Option<u64> {
        let ran = self.runs_from.map_or(0, |from| now.0.saturating_sub(from.0).max(0).unsigned_abs());
        self.left_us.map(|left| left.saturating_sub(ran))
    }

    /// When it ends if it goes on like this; `None`: never, for it has no limit or does not run.
    pub fn ends_at(self) -> Option<Micros> {
        let (from, left) = self.runs_from.zip(self.left_us)?;
        Some(Micros(from.0.saturating_add_unsigned(left)))
    }

    /// Whether its time is over.
    pub fn is_over(self, now: Micros) -> bool {
        self.left_at(now) == Some(0)
    }

    /// Stopped; what does not run stays as it is.
    #[must_use]
    pub fn paused(self, now: Micros) -> VoucherClock {
        VoucherClock { left_us: self.left_at(now), runs_from: None }
    }

    /// Running on; what runs stays as it is.
    #[must_use]
    pub fn resumed(self, now: Micros) -> VoucherClock {
        VoucherClock { runs_from: self.runs_from.or(Some(now)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn time_runs_only_while_it_is_not_paused() {
        let clock = VoucherClock::begun(Some(100), Micros(1_000));
        assert_eq!((clock.left_at(Micros(1_030)), clock.ends_at()), (Some(70), Some(Micros(1_100))));
        let paused = clock.paused(Micros(1_030));
        assert_eq!(paused, VoucherClock { left_us: Some(70), runs_from: None });
        assert_eq!((paused.paused(Micros(9_000)), paused.ends_at()), (paused, None));
        let resumed = paused.resumed(Micros(9_000));
        assert_eq!((resumed.resumed(Micros(9_010)), resumed.ends_at()), (resumed, Some(Micros(9_070))));
        assert!(!resumed.is_over(Micros(9_069)) && resumed.is_over(Micros(9_070)));
    }

    proptest! {
        /// However often it is paused and resumed, what ran and what is left are the whole.
        #[test]
        fn no_pause_costs_or_gives_a_microsecond(
            validity in 0_u64..1 << 40,
            steps in prop::collection::vec((0_u32.., any::<bool>()), 0..20),
        ) {
            let mut now = Micros(1_000);
            let (mut clock, mut ran) = (VoucherClock::begun(Some(validity), now), 0_u64);
            for (micros, pauses) in steps {
                if clock.runs_from.is_some() {
                    ran += u64::from(micros);
                }
                now.0 += i64::from(micros);
                prop_assert_eq!(clock.left_at(now), Some(validity.saturating_sub(ran)));
                prop_assert_eq!(clock.is_over(now), ran >= validity);
                clock = if pauses { clock.paused(now) } else { clock.resumed(now) };
                prop_assert_eq!(clock.left_at(now), Some(validity.saturating_sub(ran)));
                let left = validity.saturating_sub(ran).cast_signed();
                let ends = clock.runs_from.map(|_| Micros(now.0 + left));
                prop_assert_eq!(clock.ends_at().map(|end| end.max(now)), ends);
            }
        }
    }

    #[test]
    fn a_clock_that_was_set_back_gives_nothing_back() {
        let clock = VoucherClock::begun(Some(100), Micros(1_000));
        assert_eq!(clock.left_at(Micros(0)), Some(100));
        assert_eq!(clock.paused(Micros(0)).left_us, Some(100));
    }

    #[test]
    fn what_has_no_limit_never_ends() {
        let clock = VoucherClock::begun(None, Micros(1_000));
        assert_eq!((clock.left_at(Micros(i64::MAX)), clock.ends_at()), (None, None));
        assert!(!clock.is_over(Micros(i64::MAX)) && !VoucherClock::default().is_over(Micros(0)));
    }
}
