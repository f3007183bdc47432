//! Counters whose rows name their owners themselves, as one print showed them: no other table need be read to know
//! whose they are.

use crate::octets::Octets;
use crate::rows::{CounterRow, CounterRows};
use crate::time::{StartInterval, UptimeSpan};

/// One such row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnedRow<'a> {
    /// The counter. Its name is the device's MAC address, which a session keeps for life; its address it may not.
    pub counter: CounterRow<'a>,
    /// The login, raw bytes.
    pub login: &'a [u8],
    /// Framed-IP-Address, raw bytes; empty when not given.
    pub address: &'a [u8],
    /// Acct-Session-Time: seconds since it began, truncated.
    pub session_time_s: u64,
}

/// The rows of one print, packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnedRows {
    counters: CounterRows,
    sessions: Vec<Packed>,
    text: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packed {
    session_time_s: u64,
    login_end: u32,
    address_end: u32,
}

impl OwnedRow<'_> {
    /// When its session began, if the row was read within `uptime`.
    pub(crate) fn start(&self, uptime: UptimeSpan) -> StartInterval {
        StartInterval::of(uptime, self.session_time_s)
    }
}

impl OwnedRows {
    /// Appends one row.
    ///
    /// # Panics
    /// When the texts of one table together exceed 4 GiB, which the protocol's own limits rule out.
    pub fn push(&mut self, row: OwnedRow<'_>) {
        self.counters.push(row.counter);
        let login_end = self.keep(row.login);
        let address_end = self.keep(row.address);
        self.sessions.push(Packed { session_time_s: row.session_time_s, login_end, address_end });
    }

    fn keep(&mut self, text: &[u8]) -> u32 {
        self.text.extend_from_slice(text);
        u32::try_from(self.text.len()).expect("a table's texts stay far below 4 GiB")
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    /// True when the table has no row.
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }

    /// Row `index`, counted from 0; `None` past the end.
    pub fn row(&self, index: usize) -> Option<OwnedRow<'_>> {
        let packed = self.sessions.get(index)?;
        let begin = if index == 0 { 0 } else { self.sessions[index - 1].address_end as usize };
        let (login_end, address_end) = (packed.login_end as usize, packed.address_end as usize);
        Some(OwnedRow {
            counter: self.counters.row(index)?,
            login: &self.text[begin..login_end],
            address: &self.text[login_end..address_end],
            session_time_s: packed.session_time_s,
        })
    }

    /// All rows in the order they were printed.
    pub fn rows(&self) -> impl Iterator<Item = OwnedRow<'_>> + '_ {
        (0..self.len()).filter_map(|index| self.row(index))
    }

    /// The counters alone.
    pub(crate) fn counters(&self) -> &CounterRows {
        &self.counters
    }

    /// Octets of all rows added up.
    pub fn sum(&self) -> Octets {
        self.counters.sum()
    }

    /// Bytes of memory held, for the bound on waiting snapshots (DESIGN rule 13).
    pub fn memory_bytes(&self) -> usize {
        self.counters.memory_bytes() + self.sessions.capacity() * size_of::<Packed>() + self.text.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went_in() {
        let row = |handle, login, address, session_time_s| OwnedRow {
            counter: CounterRow { handle, name: b"AA:BB:CC:00:00:01", octets: Octets::new(handle, 9) },
            login,
            address,
            session_time_s,
        };
        let all = [row(1, &b"ana"[..], &b"10.5.0.2"[..], 7), row(2, b"", b"", 0), row(3, b"bob", b"", 1)];
        let mut rows = OwnedRows::default();
        all.into_iter().for_each(|row| rows.push(row));
        assert_eq!(rows.rows().collect::<Vec<_>>(), all);
        assert_eq!(rows.sum(), Octets::new(6, 27));
    }
}
