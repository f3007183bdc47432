//! Cells of a CSV file that spreadsheets do not take for formulas.

use std::borrow::Cow;

/// The text with an apostrophe before it where a spreadsheet would run it: it begins with `=`, `+`, `-`, `@`, a tab or a
/// carriage return. Names come from subscribers' devices, so they may be made to.
pub(crate) fn csv_cell(text: &str) -> Cow<'_, str> {
    match text.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_texts_and_all_else_stays() {
        for formula in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"] {
            assert_eq!(csv_cell(formula), format!("'{formula}"));
        }
        for text in ["", "ana", "a=b", "'quoted"] {
            assert_eq!(csv_cell(text), text);
        }
    }
}
