//! When a plan opens the next cycle by itself.

use std::fmt;
use std::str::FromStr;

/// The longest cycle, days: ten years.
const MOST_DAYS: u16 = 3_660;

/// When the next cycle of a plan's subscribers opens without anybody renewing it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanCycle {
    /// Never: only a renewal opens it.
    #[default]
    Renewal,
    /// With the begin of the day so many days after the day on which the open one opened.
    EveryDays(u16),
    /// With the begin of that day of each month; of its last day where it has no such day.
    DayOfMonth(u8),
}

impl fmt::Display for PlanCycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanCycle::Renewal => f.write_str("renewal"),
            PlanCycle::EveryDays(days) => write!(f, "every {days} days"),
            PlanCycle::DayOfMonth(day) => write!(f, "day {day}"),
        }
    }
}

/// It is none of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a plan's cycle is `renewal`, `every N days` (N from 1 to {MOST_DAYS}) or `day D` (D from 1 to 31, the last day of \
     shorter months)"
)]
pub struct NoPlanCycle;

impl FromStr for PlanCycle {
    type Err = NoPlanCycle;

    fn from_str(text: &str) -> Result<Self, NoPlanCycle> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["renewal"] => Ok(PlanCycle::Renewal),
            ["every", days, "days"] => within(days, MOST_DAYS).map(PlanCycle::EveryDays),
            ["every", "1", "day"] | ["every", "day"] => Ok(PlanCycle::EveryDays(1)),
            ["day", day] => within(day, 31_u8).map(PlanCycle::DayOfMonth),
            _ => Err(NoPlanCycle),
        }
    }
}

/// A number from 1 to `most`, in plain digits.
fn within<N: FromStr + PartialOrd + From<u8>>(text: &str, most: N) -> Result<N, NoPlanCycle> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<N>().ok().filter(|number| digits && (N::from(1)..=most).contains(number));
    number.ok_or(NoPlanCycle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_read_back() {
        for cycle in
            [PlanCycle::Renewal, PlanCycle::EveryDays(1), PlanCycle::EveryDays(30), PlanCycle::DayOfMonth(31)]
        {
            assert_eq!(cycle.to_string().parse(), Ok(cycle));
        }
        assert_eq!("every day".parse(), Ok(PlanCycle::EveryDays(1)));
        assert_eq!(" every  07 days ".parse(), Ok(PlanCycle::EveryDays(7)));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "Renewal",
            "every 0 days",
            "every 3661 days",
            "every -1 days",
            "every +1 days",
            "day 0",
            "day 32",
            "day 1 2",
            "day",
            "monthly",
            "every 99999999999 days",
        ] {
            assert_eq!(text.parse::<PlanCycle>(), Err(NoPlanCycle), "{text}");
        }
    }
}
