//! `tikmeter usage --step ... --export csv|ndjson`: written as it comes, however long it is.

use std::io::{self, Write};

use super::choices::Format;
use crate::cli::caller::Caller;
use crate::client::Query;
use crate::failure::Failure;

/// Writes the export to standard output.
///
/// # Errors
/// One sentence; what was written before it is cut off then.
pub(super) async fn write(caller: &Caller, format: Format, query: &Query<'_>) -> Result<(), Failure> {
    let path = match format {
        Format::Csv => ["usage", "export.csv"],
        Format::Ndjson => ["usage", "export.ndjson"],
    };
    let mut download = caller.client.download(&path, query).await?;
    caller.note_simulated(download.simulated);
    while let Some(part) = download.next().await? {
        io::stdout().lock().write_all(&part)?;
    }
    Ok(io::stdout().lock().flush()?)
}
