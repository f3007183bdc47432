//! One line of an export.

use operations::csv_cell;
use serde::Serialize;

/// A line of CSV; cells that a spreadsheet would run as formulas are made harmless.
///
/// # Errors
/// What the writer said.
pub(crate) fn csv_line<'a>(cells: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>, String> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::with_capacity(128));
    for cell in cells {
        writer.write_field(csv_cell(cell).as_bytes()).map_err(|error| error.to_string())?;
    }
    writer.write_record(None::<&[u8]>).map_err(|error| error.to_string())?;
    writer.into_inner().map_err(|error| error.to_string())
}

/// One JSON object and a line end.
///
/// # Errors
/// What the writer said.
pub(crate) fn json_line(value: &impl Serialize) -> Result<Vec<u8>, String> {
    let mut text = serde_json::to_vec(value).map_err(|error| error.to_string())?;
    text.push(b'\n');
    Ok(text)
}

/// The words for whoever reads an export that cannot go on; the connection breaks, so that half of it never looks whole.
pub(crate) fn cut_off(error: impl std::fmt::Display) -> String {
    tracing::error!(%error, "an export was cut off");
    error.to_string()
}
