//! When the sources of a router were read: the tables that hold the counters of its sessions.

use std::ops::Range;

use accounting::changes::CoverageRow;
use accounting::table::Table;
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::Connection;
use super::keys::row_key;
use super::rows;
use super::value::params;
use super::values::exactly_one;

const INSERT: &str = "INSERT INTO coverage (id, nas_id, source, from_at, to_at) VALUES (?1, ?2, ?3, ?4, ?5)";
const EXTEND: &str = "UPDATE coverage SET to_at = ?2 WHERE id = ?1 AND nas_id = ?1 >> 40";
const FIRST: &str = "
    SELECT from_at FROM coverage WHERE nas_id = ?1 AND source = ?2 ORDER BY nas_id, source, from_at LIMIT 1";
const LAST: &str = "
    SELECT to_at FROM coverage WHERE nas_id = ?1 AND source = ?2 ORDER BY nas_id, source, from_at DESC LIMIT 1";
const SPANS: &str = "
    SELECT from_at, to_at FROM coverage
    WHERE nas_id = ?1 AND source IN (?2, 'every') AND from_at < ?4 AND to_at > ?3 ORDER BY from_at";

/// The source of rows that were written before sources were told apart: they are history of all of them.
const EVERY: &str = "every";

/// Writes the rows of a round.
pub(super) fn write(connection: &Connection<'_>, nas: NasId, rows: &[CoverageRow]) -> Result<(), StoreError> {
    for row in rows {
        let key = row_key(nas, row.no)?;
        let written = if row.is_new {
            let values = params![key, nas.0, row.table.source(), row.from.0, row.to.0];
            connection.execute(INSERT, values)?
        } else {
            connection.execute(EXTEND, params![key, row.to.0])?
        };
        exactly_one(written, "the coverage row", row.no)?;
    }
    Ok(())
}

/// By source, from its first look to its last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looks([Option<(Micros, Micros)>; Table::COUNT]);

impl Looks {
    /// Of a router.
    pub(super) fn of(connection: &Connection<'_>, nas: NasId) -> Result<Looks, StoreError> {
        let every = ends(connection, nas, EVERY)?;
        let mut looks = Looks::default();
        for table in Table::ALL {
            let own = ends(connection, nas, table.source())?;
            let both = every.zip(own).map(|(every, own)| (every.0.min(own.0), every.1.max(own.1)));
            looks.0[table.index()] = both.or(own).or(every);
        }
        Ok(looks)
    }

    /// The part of a window that begins with the source's first look: what was before was not observed.
    pub(super) fn covered(&self, source: Table, window: &Range<Micros>) -> Range<Micros> {
        let first = self.0[source.index()].map(|(first, _)| first);
        window.start.max(first.unwrap_or(window.start))..window.end
    }

    /// When the source was read last, for all that is known.
    pub(super) fn last(&self, source: Table) -> Option<Micros> {
        self.0[source.index()].map(|(_, last)| last)
    }
}

fn ends(
    connection: &Connection<'_>,
    nas: NasId,
    source: &str,
) -> Result<Option<(Micros, Micros)>, StoreError> {
    let at = |sql| rows::first(connection, sql, params![nas.0, source], |row| Ok(Micros(row.get(0)?)));
    Ok(at(FIRST)?.zip(at(LAST)?))
}

/// Stretches without a gap in which a source was read, as far as they share something with a window, oldest first.
pub(super) fn spans(
    connection: &Connection<'_>,
    nas: NasId,
    source: Table,
    window: &Range<Micros>,
) -> Result<Vec<Range<Micros>>, StoreError> {
    let values = params![nas.0, source.source(), window.start.0, window.end.0];
    rows::all(connection, SPANS, values, |row| Ok(Micros(row.get(0)?)..Micros(row.get(1)?)))
}

/// True when a source of a router was read by itself.
pub(super) fn is_told_apart(
    connection: &Connection<'_>,
    nas: NasId,
    source: Table,
) -> Result<bool, StoreError> {
    Ok(ends(connection, nas, source.source())?.is_some())
}

#[cfg(test)]
mod tests {
    use crate::sqlite::migrate::{MIGRATIONS, migrate};

    use super::*;

    #[test]
    fn what_was_covered_before_sources_were_told_apart_is_history_of_each() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        migrate(&mut connection, None, &MIGRATIONS[..14]).unwrap();
        let before = "
            INSERT INTO nas (id, uuid, name, host, port, username, password, created_at, next_no, open_coverage)
            VALUES (3, x'00', 'tower', 'h', 8728, 'u', x'', 0, 41, 40);
            INSERT INTO coverage VALUES (3 << 40 | 40, 3, 'ppp', 100, 200);";
        connection.execute_batch(before).unwrap();
        migrate(&mut connection, None, MIGRATIONS).unwrap();
        let nas = NasId(3);
        let row =
            CoverageRow { table: Table::Interface, no: 41, from: Micros(210), to: Micros(300), is_new: true };
        write(&connection, nas, &[row]).unwrap();
        let window = Micros(150)..Micros(1_000);
        let looks = Looks::of(&connection, nas).unwrap();
        let span = |from, to| Micros(from)..Micros(to);
        for (source, last, spans) in [
            (Table::Interface, 300, vec![span(100, 200), span(210, 300)]),
            (Table::HotspotActive, 200, vec![span(100, 200)]),
        ] {
            assert_eq!(super::spans(&connection, nas, source, &window).unwrap(), spans);
            assert_eq!(looks.last(source), Some(Micros(last)));
            assert_eq!(looks.covered(source, &(Micros(0)..Micros(9))), span(100, 9));
        }
        assert!(!is_told_apart(&connection, nas, Table::HotspotActive).unwrap());
    }
}
