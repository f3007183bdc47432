//! Sending a file of subscribers to a server, and what is told of it.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::cli::caller::Caller;
use crate::client::Upload;
use crate::failure::Failure;
use crate::output::{Table, grouped, many, printable};

/// What a server takes, bytes. Longer files are not sent at all.
pub(crate) const MOST_BYTES: u64 = 32 * 1024 * 1024;
/// How often the clock of a waiting person moves.
const TICK: Duration = Duration::from_millis(120);

/// What an import came to, or would come to.
#[derive(Debug, Deserialize)]
pub(crate) struct Imported {
    rows: u64,
    pub(crate) new: u64,
    pub(crate) changed: u64,
    same: u64,
    #[serde(default)]
    unchecked: Vec<Fault>,
    #[serde(default)]
    unchecked_total: u64,
}

/// What a server said of a file that it read and refused.
#[derive(Debug, Deserialize)]
pub(crate) struct Refused {
    detail: String,
    #[serde(default)]
    pub(crate) faults: Vec<Fault>,
    #[serde(default)]
    pub(crate) faults_total: u64,
}

/// Something that is to be told about a place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Fault {
    /// The line of the file, the headings being in line 1.
    pub(crate) row: u64,
    /// The column's name; `None` for the whole row or file.
    pub(crate) column: Option<String>,
    /// One sentence.
    pub(crate) detail: String,
}

/// Sends the file. A terminal shows how far that is.
///
/// # Errors
/// One sentence; nothing of the file was imported then. A file that the server read and refused is none.
pub(crate) async fn send(caller: &Caller, file: Vec<u8>, dry_run: bool) -> Result<Upload, Failure> {
    let bar = progress(file.len() as u64);
    let sent = {
        let bar = bar.clone();
        move |bytes| advance(&bar, bytes, waiting(dry_run))
    };
    let dry_run = dry_run.then_some("true");
    let answer = caller.client.upload(&["subscribers.csv"], &[("dry_run", dry_run)], file, sent).await;
    bar.finish_and_clear();
    answer
}

/// What the server does with a file that it has.
fn waiting(dry_run: bool) -> &'static str {
    if dry_run { "the server checks the file" } else { "the server checks and writes the file" }
}

impl Imported {
    /// For people; `file` is what was imported.
    pub(crate) fn told(&self, file: &str, dry_run: bool) -> String {
        let Imported { rows, new, changed, same, .. } = *self;
        let (file, rows) = (printable(file), many(rows, "row"));
        let (new, changed, same) = (many(new, "subscriber"), grouped(changed), grouped(same));
        let came_to = if dry_run {
            format!(
                "Nothing was written. Importing {file} ({rows}) would add {new}, change {changed} and \
                 leave {same} unchanged."
            )
        } else {
            format!("Imported {file} ({rows}): {new} added, {changed} changed, {same} left unchanged.")
        };
        if self.unchecked.is_empty() {
            return came_to;
        }
        let table = table("what could not be looked at", "rows", &self.unchecked, self.unchecked_total);
        format!("{came_to}\n\n{table}")
    }
}

impl Refused {
    /// A file that could not even be sent.
    pub(crate) fn unsent(faults: Vec<Fault>) -> Self {
        Refused { detail: String::new(), faults_total: faults.len() as u64, faults }
    }

    /// Each fault with its place, for people.
    pub(crate) fn table(&self) -> String {
        table("what is wrong", "faults", &self.faults, self.faults_total)
    }

    /// What it comes to; `file` is what was to be imported.
    pub(crate) fn sentence(&self, file: &str) -> String {
        if self.faults.is_empty() {
            return self.detail.clone();
        }
        let faults = many(self.faults_total, "fault");
        format!("nothing of {file} was imported: it has {faults}. Correct it and import it again")
    }
}

/// Places in the file, and how many more there are.
pub(crate) fn table(heading: &str, what: &str, told: &[Fault], total: u64) -> String {
    let mut table = Table::new(&[">row", "column", heading]);
    for fault in told {
        table.row([
            grouped(fault.row),
            fault.column.clone().unwrap_or_else(|| "-".to_owned()),
            fault.detail.clone(),
        ]);
    }
    let more = total.saturating_sub(told.len() as u64);
    match more {
        0 => table.to_string(),
        more => format!("{table}and {} more {what}\n", grouped(more)),
    }
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// A sentence: it cannot be read, or is longer than a server takes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let not_read = |error| Failure::said(format!("the file {} cannot be read: {error}", path.display()));
    let mut bytes = Vec::new();
    // One byte more than is taken tells a longer file from one that just fits.
    let most = MOST_BYTES + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    match read.map_err(not_read)? as u64 {
        read if read > MOST_BYTES => Err(Failure::said(format!(
            "the file {} is larger than 32 MiB, which is the most a server takes at once; nothing was sent. Split it \
             and import the parts, each with the first row",
            path.display()
        ))),
        _ => Ok(bytes),
    }
}

/// A bar on a terminal; nowhere else, as the library sees to.
fn progress(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("sending {bar:30} {bytes} of {total_bytes}");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// After the last byte nearly all of the time is still to come, and how far the server is it does not say: its work is
/// named, with a clock that begins there.
fn advance(bar: &ProgressBar, bytes: u64, waiting: &str) {
    bar.inc(bytes);
    if bar.length().is_some_and(|length| bar.position() >= length) {
        let style = ProgressStyle::with_template(&format!("{{spinner}} {waiting}: {{elapsed_precise}}"));
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.reset_elapsed();
        bar.tick();
        bar.enable_steady_tick(TICK);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_end_says_how_many_and_whether_anything_was_written() {
        let imported: Imported =
            serde_json::from_value(json!({"rows": 1234, "new": 1200, "changed": 30, "same": 4})).unwrap();
        let told = imported.told("clients.csv", false);
        assert!(
            told.starts_with("Imported clients.csv (1,234 rows): 1,200 subscribers added, 30 changed"),
            "{told}"
        );
        assert!(imported.told("clients.csv", true).starts_with("Nothing was written."));
    }

    #[test]
    fn every_fault_has_its_place_and_those_not_told_are_counted() {
        let refused = json!({"detail": "no", "faults_total": 102, "faults": [
            {"row": 2, "column": "plan", "detail": "there is no plan \"gold\""},
            {"row": 1234, "column": null, "detail": "this row has 3 cells\u{1b}"},
        ]});
        let refused: Refused = serde_json::from_value(refused).unwrap();
        let text = refused.table();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].contains("2  plan") && lines[2].contains("1,234  -"), "{text}");
        assert_eq!(lines[3], "and 100 more faults");
        assert!(!text.contains('\u{1b}'));
        assert!(refused.sentence("clients.csv").contains("it has 102 faults"));
    }

    #[test]
    fn a_file_longer_than_a_server_takes_is_not_read_whole() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(MOST_BYTES).unwrap();
        assert_eq!(read(file.path()).unwrap().len() as u64, MOST_BYTES);
        file.as_file().set_len(1 << 40).unwrap();
        assert!(read(file.path()).unwrap_err().to_string().contains("32 MiB"));
        assert!(read(Path::new("/nowhere/at.csv")).is_err());
    }
}
