//! Folding a month as a whole, where the ledger has a table for each.
//!
//! Days are those of a zone, months are those of UTC. The day that lies in two of them is folded as it is everywhere: line
//! by line, before the rest of the month.

use crate::error::StoreError;
use crate::retention_repository::DayOf;

use super::connection::Connection;
use super::ledger_month::MonthOfDays;
use super::retention_places::{self, Place};

/// What is folded next.
pub(super) enum Next {
    /// Some lines of one router.
    Lines(Place),
    /// A month.
    Month(MonthOfDays),
}

/// What is folded next of what lies before a bucket.
pub(super) fn next(
    connection: &Connection<'_>,
    before: i64,
    day_of: &DayOf,
) -> Result<Option<Next>, StoreError> {
    let Some(place) = retention_places::first(connection, before)? else { return Ok(None) };
    let month = connection.ledger_month(place.bucket)?;
    let Some(month) = month.filter(|month| !month.is_days && month.buckets.end <= before) else {
        return Ok(Some(Next::Lines(place)));
    };
    let month = MonthOfDays::of(month, day_of);
    for part in month.ends() {
        if let Some(place) = retention_places::first_of(connection, |_| part.clone())? {
            return Ok(Some(Next::Lines(place)));
        }
    }
    Ok(Some(Next::Month(month)))
}

/// See [`crate::RetentionRepository::fold_edge`].
pub(super) fn edge(connection: &Connection<'_>, before: i64, day_of: &DayOf) -> Result<i64, StoreError> {
    let mut inside = before;
    while let Some(month) = connection.ledger_month(inside)? {
        let (begin, day) = (month.buckets.start, day_of(month.buckets.start));
        let edge = if day.start == begin { begin } else { day.end };
        if edge <= before {
            return Ok(edge);
        }
        inside = begin - 1;
    }
    Ok(before)
}
