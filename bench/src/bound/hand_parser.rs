//! A parser for counter rows by hand: one slice, words shorter than 128 bytes, no limits, no error but giving up.

use accounting::Octets;

use crate::sums::Sums;

/// A row as it stands in the bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Row<'a> {
    pub(crate) id: &'a [u8],
    pub(crate) name: &'a [u8],
    pub(crate) octets: Octets,
}

/// How far [`rows`] came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Walk {
    /// The `!done` was there.
    pub(crate) done: bool,
    /// Bytes of whole sentences.
    pub(crate) taken: usize,
}

/// Only what adding up needs: rows and their octets.
pub(crate) fn sum(mut bytes: &[u8]) -> Option<Sums> {
    let mut sums = Sums::default();
    while let Some((&length, tail)) = bytes.split_first() {
        if length >= 0x80 {
            return None;
        }
        let (word, rest) = tail.split_at_checked(length.into())?;
        if word == b"!re" {
            sums.rows += 1;
        } else if let Some(number) = word.strip_prefix(b"=rx-byte=") {
            sums.octets.input += integer(number)?;
        } else if let Some(number) = word.strip_prefix(b"=tx-byte=") {
            sums.octets.output += integer(number)?;
        }
        bytes = rest;
    }
    Some(sums)
}

/// Each whole row up to the `!done` or to where the bytes break off; `None` when they make no sense or `on_row`
/// gives up.
pub(crate) fn rows<'a>(bytes: &'a [u8], mut on_row: impl FnMut(Row<'a>) -> Option<()>) -> Option<Walk> {
    let mut walk = Walk { done: false, taken: 0 };
    let (mut row, mut in_row, mut in_done) = (Row::default(), false, false);
    let mut unread = bytes;
    while let Some((&length, tail)) = unread.split_first() {
        if length >= 0x80 {
            return None;
        }
        let Some((word, rest)) = tail.split_at_checked(length.into()) else { break };
        unread = rest;
        if word.is_empty() {
            if in_row {
                on_row(row)?;
            }
            walk = Walk { done: in_done, taken: bytes.len() - rest.len() };
            if in_done {
                break;
            }
            in_row = false;
        } else if word == b"!re" {
            in_row = true;
        } else if word == b"!done" {
            in_done = true;
        } else if let Some(id) = word.strip_prefix(b"=.id=") {
            row.id = id;
        } else if let Some(name) = word.strip_prefix(b"=name=") {
            row.name = name;
        } else if let Some(number) = word.strip_prefix(b"=rx-byte=") {
            row.octets.input = integer(number)?;
        } else if let Some(number) = word.strip_prefix(b"=tx-byte=") {
            row.octets.output = integer(number)?;
        } else if word == b"!trap" || word == b"!fatal" {
            return None;
        }
    }
    Some(walk)
}

/// A number by hand.
fn integer(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |sum, digit| {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 { None } else { sum.checked_mul(10)?.checked_add(digit.into()) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plant::{numbers, reply};

    #[test]
    fn both_walks_find_every_row() {
        let bytes = reply::bytes(100, 3);
        assert_eq!(sum(&bytes), Some(numbers::sums(100, 3)));
        let mut sums = Sums::default();
        let walk = rows(&bytes, |row| {
            assert_eq!(row.name, numbers::interface(u32::try_from(sums.rows).unwrap()).as_bytes());
            sums.add(row.octets);
            Some(())
        });
        assert_eq!((walk, sums), (Some(Walk { done: true, taken: bytes.len() }), numbers::sums(100, 3)));
    }

    #[test]
    fn a_reply_cut_anywhere_loses_no_row() {
        let bytes = reply::bytes(3, 0);
        for cut in 0..bytes.len() {
            let (mut first, mut second) = (Sums::default(), Sums::default());
            let add = |sums: &mut Sums, row: Row<'_>| {
                sums.add(row.octets);
                Some(())
            };
            let walk = rows(&bytes[..cut], |row| add(&mut first, row)).unwrap();
            assert!(!walk.done, "cut at {cut}");
            let walk = rows(&bytes[walk.taken..], |row| add(&mut second, row)).unwrap();
            assert!(walk.done, "cut at {cut}");
            assert_eq!(first.rows + second.rows, 3, "cut at {cut}");
            assert_eq!(first.octets + second.octets, numbers::sums(3, 0).octets, "cut at {cut}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_given_up() {
        assert_eq!(sum(b"\x80\x01"), None);
        assert_eq!(sum(b"\x05=rx"), None);
        assert_eq!(integer(b"12a"), None);
        assert_eq!(rows(b"\x05!trap\x00", |_| Some(())), None);
    }
}
