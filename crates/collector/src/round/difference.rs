//! What changed between two prints of the counters. The router prints rows in the same order each time, so two
//! cursors are enough for the usual round; only a stretch that does not line up is resolved by hashing.

use std::ops::Range;

use accounting::snapshot::{CounterRow, CounterRows};
use rustc_hash::{FxHashMap, FxHashSet};

/// Rows inserted or removed at one place that the cursors step over by themselves.
const LOOK_AHEAD: usize = 32;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Indices, in the later print, of rows the earlier one lacked, ascending. A row whose id stayed and whose name
    /// changed is one of them.
    pub unknown: Vec<usize>,
    /// Rows of the earlier print that the later one lacks.
    pub vanished: usize,
    /// Rows of which either value is lower than before.
    pub dropped: usize,
}

/// Compares `now` with `before`.
pub fn compare(before: &CounterRows, now: &CounterRows) -> Difference {
    let mut difference = Difference::default();
    let (mut old, mut new) = (0, 0);
    while let (Some(was), Some(is)) = (before.row(old), now.row(new)) {
        if same(&was, &is) {
            difference.count_drop(&was, &is);
        } else if let Some(added) = distance(now, new, &was) {
            difference.unknown.extend(new..new + added);
            new += added;
            continue;
        } else if let Some(removed) = distance(before, old, &is) {
            difference.vanished += removed;
            old += removed;
            continue;
        } else {
            difference.compare_any_order(before, old..before.len(), now, new..now.len());
            return difference;
        }
        old += 1;
        new += 1;
    }
    difference.vanished += before.len() - old;
    difference.unknown.extend(new..now.len());
    difference
}

impl Difference {
    fn count_drop(&mut self, was: &CounterRow<'_>, is: &CounterRow<'_>) {
        self.dropped += usize::from(is.octets.grown_since(was.octets).is_none());
    }

    fn compare_any_order(
        &mut self,
        before: &CounterRows,
        old: Range<usize>,
        now: &CounterRows,
        new: Range<usize>,
    ) {
        let rest: FxHashMap<u64, CounterRow<'_>> =
            old.filter_map(|index| before.row(index)).map(|row| (row.handle, row)).collect();
        let mut met = FxHashSet::default();
        for index in new {
            let Some(is) = now.row(index) else { continue };
            match rest.get(&is.handle) {
                Some(was) if same(was, &is) => {
                    met.insert(is.handle);
                    self.count_drop(was, &is);
                }
                _ => self.unknown.push(index),
            }
        }
        self.vanished += rest.len() - met.len();
    }
}

fn same(one: &CounterRow<'_>, other: &CounterRow<'_>) -> bool {
    one.handle == other.handle && one.name == other.name
}

/// How many rows after `from` the row `wanted` comes, if soon.
fn distance(rows: &CounterRows, from: usize, wanted: &CounterRow<'_>) -> Option<usize> {
    (1..=LOOK_AHEAD).find(|step| rows.row(from + step).is_some_and(|row| same(&row, wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use accounting::Octets;

    fn print(rows: &[(u64, &str, u64)]) -> CounterRows {
        let mut table = CounterRows::default();
        for (handle, name, input) in rows {
            table.push(CounterRow { handle: *handle, name: name.as_bytes(), octets: Octets::new(*input, 0) });
        }
        table
    }

    fn numbered(handles: impl Iterator<Item = u64>) -> CounterRows {
        let mut table = CounterRows::default();
        for handle in handles {
            table.push(CounterRow { handle, name: b"n", octets: Octets::ZERO });
        }
        table
    }

    #[test]
    fn grown_values_are_no_difference() {
        let before = print(&[(1, "a", 5), (2, "b", 5)]);
        assert_eq!(compare(&before, &print(&[(1, "a", 9), (2, "b", 5)])), Difference::default());
    }

    #[test]
    fn rows_added_and_removed_anywhere_are_found() {
        let before = print(&[(1, "a", 0), (2, "b", 0), (3, "c", 0), (4, "d", 0)]);
        let now = print(&[(9, "z", 0), (1, "a", 0), (3, "c", 0), (8, "y", 0)]);
        let difference = compare(&before, &now);
        assert_eq!(difference, Difference { unknown: vec![0, 3], vanished: 2, dropped: 0 });
    }

    #[test]
    fn a_reused_id_under_another_name_is_unknown_and_the_old_row_vanished() {
        let difference = compare(&print(&[(1, "a", 0)]), &print(&[(1, "b", 0)]));
        assert_eq!(difference, Difference { unknown: vec![0], vanished: 1, dropped: 0 });
    }

    #[test]
    fn a_drop_in_either_direction_is_counted_once() {
        let before = print(&[(1, "a", 5), (2, "b", 5)]);
        assert_eq!(compare(&before, &print(&[(1, "a", 4), (2, "b", 6)])).dropped, 1);
        let mut lower_output = CounterRows::default();
        lower_output.push(CounterRow { handle: 1, name: b"a", octets: Octets::new(9, 1) });
        let mut output = CounterRows::default();
        output.push(CounterRow { handle: 1, name: b"a", octets: Octets::new(5, 2) });
        assert_eq!(compare(&output, &lower_output).dropped, 1);
    }

    #[test]
    fn any_other_order_is_still_the_same_rows() {
        let before = numbered(0..500);
        assert_eq!(compare(&before, &numbered((0..500).rev())), Difference::default());
    }

    #[test]
    fn a_long_removed_stretch_is_counted_exactly() {
        let now = numbered((0..100).chain(300..500).chain(900..903));
        let difference = compare(&numbered(0..500), &now);
        assert_eq!(difference, Difference { unknown: vec![300, 301, 302], vanished: 200, dropped: 0 });
    }

    #[test]
    fn everything_is_unknown_at_first() {
        assert_eq!(compare(&CounterRows::default(), &numbered(0..3)).unknown, [0, 1, 2]);
    }
}
