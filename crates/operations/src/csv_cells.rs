//! Cells of a CSV file that spreadsheets do not take for formulas, and the texts they stand for.

use std::borrow::Cow;

/// The text with an apostrophe before it where a spreadsheet would run it: it begins with `=`, `+`, `-`, `@`, a tab or a
/// carriage return. Names come from subscribers' devices, so they may be made to. Where apostrophes already stand before
/// such a sign one more is added, so that [`text_of_cell`] leads back.
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    if would_run(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that a cell of [`csv_cell`] was made from.
pub fn text_of_cell(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if would_run(text.trim_start_matches('\'')) => text,
        _ => cell,
    }
}

fn would_run(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_texts_and_all_else_stays() {
        for formula in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "'=1", "''+1"] {
            assert_eq!(csv_cell(formula), format!("'{formula}"));
            assert_eq!(text_of_cell(&csv_cell(formula)), formula);
        }
        for text in ["", "ana", "a=b", "'quoted", "'", "''"] {
            assert_eq!(csv_cell(text), text);
            assert_eq!(text_of_cell(text), text);
        }
    }
}
