//! One direction of traffic as an exact integral: integer rates, integer octets, the remainder carried.
//!
//! Nothing happens per tick. The value at any instant is computed from the last change, so 100,000 idle
//! meters cost nothing.

const BIT_MICROS_PER_OCTET: u64 = 8_000_000;

/// Octets transferred so far and the rate at which they grow.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Meter {
    changed_us: u64,
    rate_bps: u64,
    octets: u64,
    /// Bits times microseconds that did not yet make a whole octet; always below `BIT_MICROS_PER_OCTET`.
    rest: u64,
}

impl Meter {
    /// A meter that stands at 0 and grows with `rate_bps` from `now_us` on.
    pub(crate) fn new(now_us: u64, rate_bps: u64) -> Self {
        Self { changed_us: now_us, rate_bps, octets: 0, rest: 0 }
    }

    /// Whole octets at `now_us`, which must not lie before the last change.
    pub(crate) fn value(&self, now_us: u64) -> u64 {
        self.octets + self.grown(now_us).0
    }

    pub(crate) fn rate_bps(&self) -> u64 {
        self.rate_bps
    }

    pub(crate) fn set_rate(&mut self, now_us: u64, rate_bps: u64) {
        let (octets, rest) = self.grown(now_us);
        *self = Self { changed_us: now_us, rate_bps, octets: self.octets + octets, rest };
    }

    pub(crate) fn add(&mut self, octets: u64) {
        self.octets += octets;
    }

    fn grown(&self, now_us: u64) -> (u64, u64) {
        let elapsed_us = now_us - self.changed_us;
        match elapsed_us.checked_mul(self.rate_bps).and_then(|grown| grown.checked_add(self.rest)) {
            Some(bit_micros) => (bit_micros / BIT_MICROS_PER_OCTET, bit_micros % BIT_MICROS_PER_OCTET),
            None => self.grown_wide(elapsed_us),
        }
    }

    /// The same sum where 64 bits are too few: months at terabits.
    fn grown_wide(&self, elapsed_us: u64) -> (u64, u64) {
        let bit_micros = u128::from(elapsed_us) * u128::from(self.rate_bps) + u128::from(self.rest);
        let octet = u128::from(BIT_MICROS_PER_OCTET);
        let octets = u64::try_from(bit_micros / octet).unwrap_or(u64::MAX);
        let rest = u64::try_from(bit_micros % octet).unwrap_or(0);
        (octets, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::Meter;

    #[test]
    fn the_remainder_is_carried_over_any_number_of_rate_changes() {
        let mut chopped = Meter::new(0, 1_234_567);
        for step in 1..=1000 {
            chopped.set_rate(step * 777, 1_234_567);
        }
        let whole = Meter::new(0, 1_234_567);
        assert_eq!(chopped.value(777_000), whole.value(777_000));
        assert_eq!(whole.value(777_000), 1_234_567 * 777_000 / 8_000_000);
    }

    #[test]
    fn wide_and_narrow_sums_agree() {
        let meter = Meter::new(0, 100_000_000_000);
        assert_eq!(meter.value(1_000_000), 12_500_000_000);
        let year_us = 365 * 86_400 * 1_000_000_u64;
        assert_eq!(meter.value(year_us), 12_500_000_000 * 365 * 86_400);
    }

    #[test]
    fn scripted_octets_are_exact() {
        let mut meter = Meter::new(5, 0);
        meter.add(3);
        assert_eq!(meter.value(1_000_000), 3);
    }
}
