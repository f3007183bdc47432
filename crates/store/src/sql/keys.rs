//! Row keys: counter, session and coverage rows have the key `nas << 40 | number within the router`, so that rows
//! of one router lie together and in the order they were made.

use std::ops::RangeInclusive;

use crate::error::StoreError;
use crate::ids::NasId;

/// Bits of a row key that hold the number within the router.
const NO_BITS: u32 = 40;
/// First number that accounting never gives: ledger entries of decisions on held entries and of removals are
/// numbered from here, so that they cannot collide with the number an actor in memory gives next.
pub(crate) const FIRST_DECISION_NO: i64 = 1 << (NO_BITS - 1);

/// The key of row `no` of a router; `Constraint` when either is outside its range.
pub(super) fn row_key(nas: NasId, no: u64) -> Result<i64, StoreError> {
    Ok(nas_bits(nas)? | accounting_no(no)?)
}

/// A number that accounting gave, checked to be below the decisions' own.
pub(super) fn accounting_no(no: u64) -> Result<i64, StoreError> {
    match i64::try_from(no) {
        Ok(no) if no < FIRST_DECISION_NO => Ok(no),
        _ => Err(StoreError::Constraint(format!("the row number {no} is too large"))),
    }
}

/// The number within the router of a row key.
pub(super) fn number_of(key: i64) -> u64 {
    (key & ((1 << NO_BITS) - 1)).cast_unsigned()
}

/// All row keys of one router.
pub(super) fn keys_of(nas: NasId) -> Result<RangeInclusive<i64>, StoreError> {
    let first = nas_bits(nas)?;
    Ok(first..=first | ((1 << NO_BITS) - 1))
}

fn nas_bits(nas: NasId) -> Result<i64, StoreError> {
    if (1..1 << (63 - NO_BITS)).contains(&nas.0) {
        Ok(nas.0 << NO_BITS)
    } else {
        Err(StoreError::Constraint(format!("the router row {nas} is outside the range of keys")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_routers_do_not_overlap() {
        let largest = row_key(NasId(7), FIRST_DECISION_NO.cast_unsigned() - 1).unwrap();
        assert!(keys_of(NasId(7)).unwrap().contains(&largest));
        assert!(largest < *keys_of(NasId(8)).unwrap().start());
        assert_eq!(number_of(largest), FIRST_DECISION_NO.cast_unsigned() - 1);
    }

    #[test]
    fn numbers_outside_their_range_are_refused() {
        assert!(row_key(NasId(0), 1).is_err());
        assert!(row_key(NasId(1 << 23), 1).is_err());
        assert!(row_key(NasId(1), FIRST_DECISION_NO.cast_unsigned()).is_err());
    }
}
