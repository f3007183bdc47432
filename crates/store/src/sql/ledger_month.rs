//! A month of the ledger, where it has a table for each.

use std::ops::Range;

use crate::retention_repository::DayOf;

/// A month of the ledger that has a table of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LedgerMonth {
    /// What its table is called by.
    pub(crate) name: String,
    /// Its buckets.
    pub(crate) buckets: Range<i64>,
    /// It was folded into days already.
    pub(crate) is_days: bool,
}

/// A month, and the days that lie in it as a whole.
#[derive(Clone, Debug)]
pub(crate) struct MonthOfDays {
    /// The month.
    pub(crate) month: LedgerMonth,
    /// Where each day begins, and where the last one ends.
    pub(crate) edges: Vec<i64>,
}

impl MonthOfDays {
    pub(super) fn of(month: LedgerMonth, day_of: &DayOf) -> MonthOfDays {
        let Range { start, end } = month.buckets;
        let first = day_of(start);
        let mut edges = vec![if first.start == start { start } else { first.end }];
        edges.extend(
            std::iter::successors(edges.first().copied(), |from| Some(day_of(*from).end))
                .skip(1)
                .take_while(|to| *to <= end),
        );
        MonthOfDays { month, edges }
    }

    /// What of the month lies in days that are in another one, too.
    pub(super) fn ends(&self) -> [Range<i64>; 2] {
        let (first, last) = self.whole();
        [self.month.buckets.start..first, last..self.month.buckets.end]
    }

    /// From the first whole day to the end of the last.
    fn whole(&self) -> (i64, i64) {
        let Range { start, end } = self.month.buckets;
        (self.edges.first().copied().unwrap_or(end), self.edges.last().copied().unwrap_or(start))
    }
}
