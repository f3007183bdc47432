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

/// Only what adding up needs: rows and their octets.
pub(crate) fn sum(mut bytes: &[u8]) -> Option<Sums> {
    let mut sums = Sums::default();
    while let Some((word, rest)) = next_word(bytes)? {
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

/// Each whole row; stops at the `!done`. Returns whether it came, or `None` when the bytes make no sense.
pub(crate) fn rows<'a>(mut bytes: &'a [u8], mut on_row: impl FnMut(Row<'a>) -> Option<()>) -> Option<bool> {
    let mut row = Row::default();
    let mut in_row = false;
    while let Some((word, rest)) = next_word(bytes)? {
        if word.is_empty() {
            if in_row {
                on_row(row)?;
            }
            in_row = false;
        } else if word == b"!re" {
            in_row = true;
        } else if word == b"!done" {
            return Some(true);
        } else if let Some(id) = word.strip_prefix(b"=.id=") {
            row.id = id;
        } else if let Some(name) = word.strip_prefix(b"=name=") {
            row.name = name;
        } else if let Some(number) = word.strip_prefix(b"=rx-byte=") {
            row.octets.input = integer(number)?;
        } else if let Some(number) = word.strip_prefix(b"=tx-byte=") {
            row.octets.output = integer(number)?;
        }
        bytes = rest;
    }
    Some(false)
}

/// The next word and the bytes after it; an empty word ends a sentence.
fn next_word(bytes: &[u8]) -> Option<Option<(&[u8], &[u8])>> {
    let Some((&length, rest)) = bytes.split_first() else { return Some(None) };
    if length >= 0x80 { None } else { rest.split_at_checked(length.into()).map(Some) }
}

/// A number by hand; no longer than what routers send.
pub(crate) fn integer(digits: &[u8]) -> Option<u64> {
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
        let done = rows(&bytes, |row| {
            assert_eq!(row.name, numbers::interface(u32::try_from(sums.rows).unwrap()).as_bytes());
            sums.add(row.octets);
            Some(())
        });
        assert_eq!((done, sums), (Some(true), numbers::sums(100, 3)));
    }

    #[test]
    fn what_makes_no_sense_is_given_up() {
        assert_eq!(sum(b"\x80\x01"), None);
        assert_eq!(sum(b"\x05=rx"), None);
        assert_eq!(integer(b"12a"), None);
    }
}
