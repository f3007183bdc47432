//! A CSV file whose rows begin in given lines.

use std::borrow::Cow;

use operations::line_ends;

/// A file in the making.
#[derive(Debug, Default)]
pub(super) struct LinedFile {
    pub(super) bytes: Vec<u8>,
    /// Lines that it has.
    lines: u64,
}

impl LinedFile {
    /// Adds a row that begins in that line, if the file is not longer already.
    pub(super) fn row<'c>(&mut self, line: u64, cells: impl Iterator<Item = Cow<'c, [u8]>>) {
        while self.lines + 1 < line {
            self.bytes.push(b'\n');
            self.lines += 1;
        }
        let begin = self.bytes.len();
        for (at, cell) in cells.enumerate() {
            self.bytes.extend_from_slice(if at == 0 { b"\"" } else { b",\"" });
            for byte in cell.iter() {
                self.bytes.extend_from_slice(if *byte == b'"' {
                    b"\"\""
                } else {
                    std::slice::from_ref(byte)
                });
            }
            self.bytes.push(b'"');
        }
        self.bytes.push(b'\n');
        self.lines += line_ends(&self.bytes[begin..]);
    }
}
