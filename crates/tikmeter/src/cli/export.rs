//! Exports: written to standard output as they come, however long they are.

use crate::cli::caller::Caller;
use crate::client::Query;
use crate::failure::Failure;
use crate::output::Exported;

/// What an export looks like.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Format {
    /// A table; cells that a spreadsheet would run as a formula have an apostrophe before them
    Csv,
    /// One JSON object a line
    Ndjson,
}

/// Writes the export that lies at that path, its last segment followed by the format's ending.
///
/// # Errors
/// One sentence; what was written before it is cut off then.
pub(crate) async fn write(
    caller: &Caller,
    format: Format,
    path: &[&str],
    query: &Query<'_>,
) -> Result<(), Failure> {
    let ending = match format {
        Format::Csv => "csv",
        Format::Ndjson => "ndjson",
    };
    let (last, before) = path.split_last().unwrap_or((&"", &[]));
    let last = format!("{last}.{ending}");
    let mut download = caller.client.download(&[before, &[last.as_str()]].concat(), query).await?;
    caller.note_simulated(download.simulated);
    let mut out = Exported::new();
    while let Some(part) = download.next().await? {
        out.write(&part)?;
    }
    Ok(out.end()?)
}
