//! Packed strings of one table: a print of 100,000 rows keeps its text in one allocation.

use std::sync::Arc;

use accounting::text::Text as Part;

/// The strings of one table, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Text {
    bytes: Arc<Vec<u8>>,
}

/// Where one string of a [`Text`] lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Text {
    /// Keeps a copy of `bytes`.
    ///
    /// # Panics
    /// When the strings of one table together exceed 4 GiB: a reply that long outlasts every command deadline.
    pub fn keep(&mut self, bytes: &[u8]) -> Span {
        let start = self.position();
        Arc::make_mut(&mut self.bytes).extend_from_slice(bytes);
        Span { start, end: self.position() }
    }

    /// The string at `span`, which must come from this text.
    pub fn get(&self, span: Span) -> &[u8] {
        &self.bytes[span.start as usize..span.end as usize]
    }

    /// The string at `span`, which must come from this text; it shares the text's memory.
    pub fn part(&self, span: Span) -> Part {
        Part::part(&self.bytes, span.start, span.end)
    }

    fn position(&self) -> u32 {
        u32::try_from(self.bytes.len()).expect("a table's text stays far below 4 GiB")
    }
}
