//! Sums of money: prices are decimal numbers in text, and are added up exactly.

use std::fmt;

/// An amount that is not negative: `units` / 10^`decimals`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Money {
    units: u128,
    decimals: u32,
}

impl Money {
    /// Of a price as plans and vouchers have it; `None` when it is none.
    pub(super) fn parse(text: &str) -> Option<Money> {
        crate::plan_values::check_price(text).ok()?;
        let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
        let units = format!("{whole}{cents}").parse().ok()?;
        Some(Money { units, decimals: u32::try_from(cents.len()).ok()? })
    }

    /// So many times; `None` when it is more than can be counted.
    pub(super) fn times(self, count: u64) -> Option<Money> {
        Some(Money { units: self.units.checked_mul(count.into())?, ..self })
    }

    /// Both together; `None` when it is more than can be counted.
    pub(super) fn plus(self, other: Money) -> Option<Money> {
        let decimals = self.decimals.max(other.decimals);
        let units = self.with(decimals)?.checked_add(other.with(decimals)?)?;
        Some(Money { units, decimals })
    }

    fn with(self, decimals: u32) -> Option<u128> {
        self.units.checked_mul(10_u128.checked_pow(decimals - self.decimals)?)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.decimals as usize;
        let digits = format!("{:0>width$}", self.units, width = decimals + 1);
        let (whole, cents) = digits.split_at(digits.len() - decimals);
        if cents.is_empty() { out.write_str(whole) } else { write!(out, "{whole}.{cents}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    #[test]
    fn sums_are_exact() {
        let sum = money("0.1").plus(money("0.2")).unwrap();
        assert_eq!(sum.to_string(), "0.3");
        let sum = money("5").times(3).unwrap().plus(money("5.50").times(2).unwrap()).unwrap();
        assert_eq!(sum.to_string(), "26.00");
        let much = money("999999999999999.99").times(1_000_000).unwrap();
        assert_eq!(much.to_string(), "999999999999999990000.00");
        assert_eq!(Money::default().plus(money("0.05")).unwrap().to_string(), "0.05");
        assert_eq!(Money::default().to_string(), "0");
    }

    #[test]
    fn what_is_no_price_or_too_much_is_told() {
        assert_eq!((Money::parse("5 USD"), Money::parse("-1")), (None, None));
        let most = money("99999999999999999").times(u64::MAX).unwrap();
        assert_eq!(most.plus(money("0.0000000000000001")), None);
        assert_eq!(most.times(u64::MAX), None);
    }
}
