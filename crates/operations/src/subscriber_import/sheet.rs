//! A CSV file as rows of a subscriber's columns.

use super::columns::{Column, SUBSCRIBER_COLUMNS};
use super::faults::Faults;
use crate::csv_grid::CsvGrid;

/// A file whose headings are understood.
#[derive(Debug)]
pub(super) struct Sheet<'f> {
    grid: CsvGrid<'f>,
    columns: Vec<Column>,
}

/// The cells of a row that are not empty columns.
#[derive(Debug)]
pub(super) struct Cells<'s> {
    /// The line it begins in.
    pub(super) row: u64,
    sheet: &'s Sheet<'s>,
}

impl<'f> Sheet<'f> {
    /// Reads the headings. `None` when they, or the bytes, cannot be understood; why is among the faults.
    pub(super) fn open(file: &'f [u8], faults: &mut Faults) -> Option<Self> {
        let opened = CsvGrid::open(file, |heading| Column::of(heading).is_some());
        let grid = opened.map_err(|fault| faults.note(fault.line, None, fault.said)).ok()?;
        let before = faults.total();
        let columns = columns(grid.headings(), faults);
        (faults.total() == before).then_some(Sheet { grid, columns })
    }

    /// The next row that is not empty; `None` after the last.
    pub(super) fn next(&mut self, faults: &mut Faults) -> Option<Cells<'_>> {
        loop {
            match self.grid.advance()? {
                Ok(row) => return Some(Cells { row, sheet: self }),
                Err(fault) => faults.note(fault.line, None, fault.said),
            }
        }
    }
}

impl Cells<'_> {
    /// Each column with its cell, raw bytes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Column, &[u8])> {
        self.sheet.columns.iter().copied().zip(self.sheet.grid.cells())
    }
}

/// The columns of the headings.
fn columns<'h>(headings: impl Iterator<Item = &'h [u8]>, faults: &mut Faults) -> Vec<Column> {
    let mut columns = Vec::new();
    for heading in headings {
        let told = String::from_utf8_lossy(heading).trim().escape_debug().to_string();
        match std::str::from_utf8(heading).ok().and_then(Column::of) {
            None => faults.note(1, Some(&told), no_column(&told)),
            Some(known) if columns.contains(&known) => {
                faults.note(1, Some(known.name()), format!("there are two columns {}", known.name()));
            }
            Some(known) => columns.push(known),
        }
    }
    if !columns.contains(&Column::Username) {
        faults.note(1, None, "there is no column username in the first row, which must hold the headings");
    }
    columns
}

fn no_column(heading: &str) -> String {
    format!("\"{heading}\" is no column of a subscriber; there are: {}", SUBSCRIBER_COLUMNS.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells with the line each row begins in.
    type Rows = Vec<(u64, Vec<String>)>;

    /// The rows, or where there are faults and which.
    fn read(file: &[u8]) -> Result<Rows, Vec<(u64, String)>> {
        let mut faults = Faults::default();
        let mut rows = Vec::new();
        if let Some(mut sheet) = Sheet::open(file, &mut faults) {
            while let Some(cells) = sheet.next(&mut faults) {
                let text = cells.iter().map(|(_, cell)| String::from_utf8_lossy(cell).into_owned()).collect();
                rows.push((cells.row, text));
            }
        }
        match faults.told() {
            told if told.is_empty() => Ok(rows),
            told => Err(told.into_iter().map(|fault| (fault.row, fault.said)).collect()),
        }
    }

    #[test]
    fn the_ways_spreadsheets_write_are_all_read() {
        let expected = vec![(2, vec!["ana".to_owned(), "Ana, \"A\"".to_owned()])];
        for file in [
            "username,name\nana,\"Ana, \"\"A\"\"\"\n",
            "username,name\r\nana,\"Ana, \"\"A\"\"\"\r\n",
            "\u{feff}username;name\r\nana;\"Ana, \"\"A\"\"\"",
            "Username\tNAME\nana\t\"Ana, \"\"A\"\"\"\n",
            "username,name,,\nana,\"Ana, \"\"A\"\"\",,\n,,,\n",
            "\"username\",\"name\"\n\"ana\",\"Ana, \"\"A\"\"\"\n",
        ] {
            assert_eq!(read(file.as_bytes()), Ok(expected.clone()), "{file:?}");
        }
    }

    #[test]
    fn a_row_is_named_by_the_line_it_begins_in() {
        let rows = read(b"username,note\n\nana,\"one\ntwo\"\n\r\nbob,\ncid,\n").unwrap();
        let lines: Vec<_> = rows.iter().map(|(row, cells)| (*row, cells[0].as_str())).collect();
        assert_eq!(lines, [(3, "ana"), (6, "bob"), (7, "cid")]);
    }

    #[test]
    fn what_cannot_be_a_table_is_refused_with_its_place() {
        let said = |file: &[u8]| read(file).unwrap_err().remove(0);
        assert!(said(b"").1.contains("no column username"));
        assert!(said(b"\xff\xfeu\0s\0").1.contains("UTF-16"));
        assert!(said(b"username\0").1.contains("zero bytes"));
        assert!(said(b"username,password\nana,x\n").1.contains("\"password\" is no column"));
        assert!(said(b"username,Username\nana,x\n").1.contains("two columns"));
        assert!(said(b"ana,bob\n").1.contains("is no column"));
        assert_eq!(said(b"username,name\nana,\"Ana\nbob,Bob\ncid,Cid\n").0, 2);
        assert_eq!(said(b"username,name\nana,Ana\nbob\n").0, 3);
        assert!(said(b"username,name\nana,Ana,more\n").1.contains("3 cells"));
    }
}
