//! Reading long lists in pages: how many items, and where to go on.

use crate::api::model::list::List;
use crate::problem::Problem;

/// Items of a page when nobody asks for a number.
const USUAL: u32 = 100;
/// Items of a page at most.
const MOST: u32 = 1_000;

/// How many items a page shall have.
pub(crate) fn size(asked: Option<u32>) -> Result<u32, Problem> {
    size_within(asked, USUAL, MOST)
}

/// The same where pages are larger.
pub(crate) fn size_within(asked: Option<u32>, usual: u32, most: u32) -> Result<u32, Problem> {
    match asked {
        None => Ok(usual),
        Some(limit) if (1..=most).contains(&limit) => Ok(limit),
        Some(limit) => {
            Err(Problem::bad_request(format!("limit is {limit}, but a page has 1 to {most} items.")))
        }
    }
}

/// How many rows to ask the store for, so that it shows whether there are more.
pub(crate) fn one_more(size: u32) -> u32 {
    size + 1
}

/// The page that `rows` (asked for with [`one_more`]) makes; `cursor` names the last row of a page that goes on.
pub(crate) fn page<R, T>(
    mut rows: Vec<R>,
    size: u32,
    cursor: impl Fn(&R) -> String,
    shape: impl Fn(R) -> T,
) -> List<T> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let next = if more { rows.last().map(cursor) } else { None };
    List { items: rows.into_iter().map(shape).collect(), next }
}

/// The numbers of a cursor that a page named.
pub(crate) fn numbers<const N: usize>(cursor: &str) -> Result<[i64; N], Problem> {
    let numbers: Option<Vec<i64>> = cursor.split('.').map(|part| part.parse().ok()).collect();
    numbers.and_then(|numbers| numbers.try_into().ok()).ok_or_else(unknown)
}

/// One number of a cursor as the unsigned number it was.
pub(crate) fn unsigned(number: i64) -> Result<u64, Problem> {
    u64::try_from(number).map_err(|_| unknown())
}

/// The answer to a cursor of nobody's.
pub(crate) fn unknown() -> Problem {
    Problem::bad_request("The cursor is none that a page named; leave it out to read from the start.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_where_to_go_on_only_when_there_is_more() {
        let of = |rows: Vec<u32>| page(rows, 2, |row| row.to_string(), |row| row * 10);
        assert_eq!(of(vec![1, 2]).next, None);
        let first = of(vec![1, 2, 3]);
        assert_eq!((first.items, first.next.as_deref()), (vec![10, 20], Some("2")));
    }

    #[test]
    fn cursors_come_back_as_they_were_and_others_are_refused() {
        assert_eq!(numbers::<3>("-5.1.7"), Ok([-5, 1, 7]));
        for wrong in ["", "1.2", "1.2.3.4", "a.b.c", "1..3"] {
            assert!(numbers::<3>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pages_have_bounds() {
        assert_eq!(size(None), Ok(100));
        assert!(size(Some(0)).is_err() && size(Some(1_001)).is_err());
    }
}
