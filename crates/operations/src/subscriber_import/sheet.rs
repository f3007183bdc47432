//! A CSV file as rows of cells: which bytes it is made of, what stands between its cells, which columns it has.

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::columns::{Column, SUBSCRIBER_COLUMNS};
use super::faults::Faults;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const SEPARATORS: [u8; 3] = *b",;\t";

/// A file whose headings are understood.
#[derive(Debug)]
pub(super) struct Sheet<'f> {
    lines: Lines<'f>,
    reader: Reader<&'f [u8]>,
    columns: Vec<Column>,
    record: ByteRecord,
}

/// The cells of a row that are not empty columns.
#[derive(Debug)]
pub(super) struct Cells<'s> {
    /// The line it begins in.
    pub(super) row: u64,
    record: &'s ByteRecord,
    columns: &'s [Column],
}

impl<'f> Sheet<'f> {
    /// Reads the headings. `None` when they, or the bytes, cannot be understood; why is among the faults.
    pub(super) fn open(file: &'f [u8], faults: &mut Faults) -> Option<Self> {
        let file = file.strip_prefix(BYTE_ORDER_MARK).unwrap_or(file);
        if let Some(said) = other_encoding(file) {
            faults.note(1, None, said);
            return None;
        }
        let separator = separator(file);
        if let Some(row) = open_quote(file, separator) {
            faults.note(row, None, "a quote (\") that begins in this row is never closed");
            return None;
        }
        let mut reader = reader(file, separator);
        let mut record = ByteRecord::new();
        reader.read_byte_record(&mut record).ok()?;
        let before = faults.total();
        let columns = columns(&record, faults);
        let lines = Lines { file, counted: 0, line: 1 };
        (faults.total() == before).then_some(Sheet { lines, reader, columns, record })
    }

    /// The next row that is not empty; `None` after the last.
    pub(super) fn next(&mut self, faults: &mut Faults) -> Option<Cells<'_>> {
        loop {
            // Reading from memory, any number of cells a row allowed: nothing is left that could fail.
            if !self.reader.read_byte_record(&mut self.record).unwrap_or(false) {
                return None;
            }
            let row = self.lines.line_of(self.record.position().map_or(0, csv::Position::byte));
            if self.record.iter().all(<[u8]>::is_empty) {
                continue;
            }
            if self.fits(row, faults) {
                return Some(Cells { row, record: &self.record, columns: &self.columns });
            }
        }
    }

    /// Spreadsheets write empty cells to the right of a row; full ones have no heading.
    fn fits(&self, row: u64, faults: &mut Faults) -> bool {
        let (cells, headings) = (self.record.len(), self.columns.len());
        let surplus = self.record.iter().skip(headings).any(|cell| !cell.is_empty());
        if cells < headings || surplus {
            faults.note(row, None, format!("this row has {cells} cells, the headings are {headings}"));
            return false;
        }
        true
    }
}

/// Which line of the file a record begins in. The reader's own count stands before the line ends that lead a record.
#[derive(Debug)]
struct Lines<'f> {
    file: &'f [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first cell at or after that byte; asked with growing bytes only.
    fn line_of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.file.len());
        let ends = self.file[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begin = from + ends;
        while self.counted < begin {
            let byte = self.file[self.counted];
            self.counted += 1;
            let half = byte == b'\r' && self.file.get(self.counted) == Some(&b'\n');
            self.line += u64::from(matches!(byte, b'\r' | b'\n') && !half);
        }
        self.line
    }
}

impl Cells<'_> {
    /// Each column with its cell, raw bytes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Column, &[u8])> {
        self.columns.iter().copied().zip(self.record.iter())
    }
}

/// The sentence for a file that is no text of single bytes.
fn other_encoding(file: &[u8]) -> Option<String> {
    let utf16 = file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff");
    let headings = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if utf16 || headings.contains(&0) {
        let what = if utf16 { "is UTF-16" } else { "contains zero bytes, so it is no CSV file or UTF-16" };
        return Some(format!("the file {what}; save it as \"CSV UTF-8\" and import that"));
    }
    None
}

fn reader(file: &[u8], separator: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(file)
}

/// The separator with which most headings are columns; the comma when several are as good.
fn separator(file: &[u8]) -> u8 {
    let known = |separator: u8| {
        let mut record = ByteRecord::new();
        let read = reader(file, separator).read_byte_record(&mut record).unwrap_or(false);
        record.iter().filter(|heading| read && column(heading).is_some()).count()
    };
    // Of several that are as good the last is taken.
    SEPARATORS.into_iter().rev().max_by_key(|separator| known(*separator)).unwrap_or(b',')
}

fn column(heading: &[u8]) -> Option<Column> {
    std::str::from_utf8(heading).ok().and_then(Column::of)
}

/// The columns of the headings. Empty headings at the end are a spreadsheet's.
fn columns(headings: &ByteRecord, faults: &mut Faults) -> Vec<Column> {
    let named =
        headings.iter().rposition(|heading| !heading.trim_ascii().is_empty()).map_or(0, |last| last + 1);
    let mut columns = Vec::with_capacity(named);
    for heading in headings.iter().take(named) {
        let told = String::from_utf8_lossy(heading).trim().escape_debug().to_string();
        match column(heading) {
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

/// The line of the quote that is never closed: all that follows it would be one cell.
fn open_quote(file: &[u8], separator: u8) -> Option<u64> {
    #[derive(PartialEq)]
    enum At {
        Begin,
        Plain,
        Quoted,
        Closed,
    }
    let (mut at, mut line, mut opened) = (At::Begin, 1, 1);
    for byte in file {
        at = match (at, *byte) {
            (At::Begin, b'"') => {
                opened = line;
                At::Quoted
            }
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) | (At::Closed, b'"') => At::Quoted,
            (_, b'\n' | b'\r') => At::Begin,
            (_, other) if other == separator => At::Begin,
            (_, _) => At::Plain,
        };
        line += u64::from(*byte == b'\n');
    }
    (at == At::Quoted).then_some(opened)
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

    #[test]
    fn a_quote_within_a_cell_opens_nothing() {
        assert_eq!(open_quote(b"a,5\" pipe\nb,\"x\"y\n", b','), None);
        assert_eq!(open_quote(b"a,b\nc,\"d\"\"\n", b','), Some(2));
    }
}
