//! A CSV file as rows of cells, whatever their columns mean: which bytes it is made of, what stands between its cells, and
//! in which line of the file a row begins.

use csv::{ByteRecord, Reader, ReaderBuilder};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const SEPARATORS: [u8; 3] = *b",;\t";

/// A file whose bytes are understood, read row by row.
#[derive(Debug)]
pub struct CsvGrid<'f> {
    lines: Lines<'f>,
    reader: Reader<&'f [u8]>,
    headings: ByteRecord,
    record: ByteRecord,
}

/// What cannot be read as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvFault {
    /// The line of the file, the headings being in line 1.
    pub line: u64,
    /// What is wrong, as one sentence.
    pub said: String,
}

impl<'f> CsvGrid<'f> {
    /// Reads the headings. Of the possible separators the one is taken that makes most headings known.
    ///
    /// # Errors
    /// The bytes are no CSV in UTF-8 or a like encoding.
    pub fn open(file: &'f [u8], is_known: impl Fn(&str) -> bool) -> Result<Self, CsvFault> {
        let file = file.strip_prefix(BYTE_ORDER_MARK).unwrap_or(file);
        if let Some(said) = other_encoding(file) {
            return Err(CsvFault { line: 1, said });
        }
        let separator = separator(file, is_known);
        if let Some(line) = open_quote(file, separator) {
            let said = "a quote (\") that begins in this row is never closed".to_owned();
            return Err(CsvFault { line, said });
        }
        let mut reader = reader(file, separator);
        let mut headings = ByteRecord::new();
        next(&mut reader, &mut headings);
        // Empty headings at the end are a spreadsheet's.
        let named =
            headings.iter().rposition(|heading| !heading.trim_ascii().is_empty()).map_or(0, |last| last + 1);
        headings.truncate(named);
        let lines = Lines { file, counted: 0, line: 1 };
        Ok(CsvGrid { lines, reader, headings, record: ByteRecord::new() })
    }

    /// The headings up to the last that is not empty, raw bytes.
    pub fn headings(&self) -> impl Iterator<Item = &[u8]> {
        self.headings.iter()
    }

    /// Goes to the next row that is not empty and answers the line it begins in, or what is wrong with it; `None` after the
    /// last.
    pub fn advance(&mut self) -> Option<Result<u64, CsvFault>> {
        while next(&mut self.reader, &mut self.record) {
            let line = self.lines.line_of(self.record.position().map_or(0, csv::Position::byte));
            if self.record.iter().any(|cell| !cell.is_empty()) {
                return Some(self.misfit().map_or(Ok(line), |said| Err(CsvFault { line, said })));
            }
        }
        None
    }

    /// The cells of the row, raw bytes, one for each heading.
    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        self.record.iter().take(self.headings.len())
    }

    /// Spreadsheets write empty cells to the right of a row; full ones have no heading.
    fn misfit(&self) -> Option<String> {
        let (cells, headings) = (self.record.len(), self.headings.len());
        let surplus = self.record.iter().skip(headings).any(|cell| !cell.is_empty());
        (cells < headings || surplus)
            .then(|| format!("this row has {cells} cells, the headings are {headings}"))
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
        self.line += line_ends(&self.file[self.counted..begin]);
        self.counted = begin;
        self.line
    }
}

/// How many lines end in these bytes.
pub fn line_ends(bytes: &[u8]) -> u64 {
    let mut ends = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let half = *byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        ends += u64::from(matches!(byte, b'\r' | b'\n') && !half);
    }
    ends
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

/// Whether there was another record. Reading from memory, any number of cells a row allowed: nothing is left that could fail.
fn next(reader: &mut Reader<&[u8]>, record: &mut ByteRecord) -> bool {
    reader.read_byte_record(record).unwrap_or(false)
}

/// The separator with which most headings are known; the comma when several are as good.
fn separator(file: &[u8], is_known: impl Fn(&str) -> bool) -> u8 {
    let known = |separator: u8| {
        let mut record = ByteRecord::new();
        let read = next(&mut reader(file, separator), &mut record);
        record.iter().filter(|heading| read && std::str::from_utf8(heading).is_ok_and(&is_known)).count()
    };
    // Of several that are as good the last is taken.
    SEPARATORS.into_iter().rev().max_by_key(|separator| known(*separator)).unwrap_or(b',')
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

    #[test]
    fn a_quote_within_a_cell_opens_nothing() {
        assert_eq!(open_quote(b"a,5\" pipe\nb,\"x\"y\n", b','), None);
        assert_eq!(open_quote(b"a,b\nc,\"d\"\"\n", b','), Some(2));
    }

    #[test]
    fn a_line_ends_once_however_it_ends() {
        assert_eq!(line_ends(b"a\r\nb\nc\rd\r\n"), 4);
        assert_eq!(line_ends(b"a"), 0);
    }
}
