//! `tikmeter subscriber import`: a file of subscribers, all of it or nothing.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::client::Upload;
use crate::failure::Failure;
use crate::output::{Table, grouped, many, printable};

/// What a server takes, bytes. Longer files are not sent at all.
const MOST_BYTES: u64 = 32 * 1024 * 1024;
/// How often the clock of a waiting person moves.
const TICK: Duration = Duration::from_millis(120);

/// A file to import.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// A CSV file, or `-` for standard input. Its first row names the columns, in any order: username, and of id, name,
    /// login, scope (all, router:NAME, group:NAME), service, plan, status, expiry_at, zone, note what is wanted
    file: PathBuf,
    /// Only tell what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Deserialize)]
struct Imported {
    rows: u64,
    new: u64,
    changed: u64,
    same: u64,
    #[serde(default)]
    unchecked: Vec<Fault>,
    #[serde(default)]
    unchecked_total: u64,
}

#[derive(Debug, Deserialize)]
struct Refused {
    detail: String,
    #[serde(default)]
    faults: Vec<Fault>,
    #[serde(default)]
    faults_total: u64,
}

#[derive(Debug, Deserialize)]
struct Fault {
    row: u64,
    column: Option<String>,
    detail: String,
}

impl ImportArgs {
    /// Sends the file and shows what it came to.
    ///
    /// # Errors
    /// One sentence; nothing of the file was imported then.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let file = read(&self.file)?;
        let bar = progress(file.len() as u64);
        let dry_run = self.dry_run.then_some("true");
        let sent = {
            let (bar, waiting) = (bar.clone(), self.waiting());
            move |bytes| advance(&bar, bytes, waiting)
        };
        let answer = caller.client.upload(&["subscribers.csv"], &[("dry_run", dry_run)], file, sent).await;
        bar.finish_and_clear();
        match answer? {
            Upload::Taken(answer) => caller.show(&answer, |imported| self.told(imported)),
            Upload::Refused(answer) => {
                caller.note_simulated(answer.simulated);
                let refused: Refused = answer.read()?;
                let table = table("what is wrong", "faults", &refused.faults, refused.faults_total);
                let text = if caller.terminal.json() { answer.text } else { table };
                if !refused.faults.is_empty() {
                    caller.terminal.line(&text)?;
                }
                Err(Failure::said(self.sentence(&refused)))
            }
        }
    }

    /// What the server does with a file that it has.
    fn waiting(&self) -> &'static str {
        if self.dry_run { "the server checks the file" } else { "the server checks and writes the file" }
    }

    fn told(&self, imported: &Imported) -> String {
        let Imported { rows, new, changed, same, .. } = *imported;
        let (file, rows) = (printable(&self.file.to_string_lossy()), many(rows, "row"));
        let (new, changed, same) = (many(new, "subscriber"), grouped(changed), grouped(same));
        let came_to = if self.dry_run {
            format!(
                "Nothing was written. Importing {file} ({rows}) would add {new}, change {changed} and \
                 leave {same} unchanged."
            )
        } else {
            format!("Imported {file} ({rows}): {new} added, {changed} changed, {same} left unchanged.")
        };
        if imported.unchecked.is_empty() {
            return came_to;
        }
        let Imported { unchecked, unchecked_total, .. } = imported;
        format!("{came_to}\n\n{}", table("what could not be looked at", "rows", unchecked, *unchecked_total))
    }

    fn sentence(&self, refused: &Refused) -> String {
        if refused.faults.is_empty() {
            return refused.detail.clone();
        }
        let faults = many(refused.faults_total, "fault");
        format!(
            "nothing of {} was imported: it has {faults}. Correct it and import it again",
            self.file.display()
        )
    }
}

/// Places in the file, and how many more there are.
fn table(heading: &str, what: &str, told: &[Fault], total: u64) -> String {
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

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
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

    fn args(dry_run: bool) -> ImportArgs {
        ImportArgs { file: "clients.csv".into(), dry_run }
    }

    #[test]
    fn the_end_says_how_many_and_whether_anything_was_written() {
        let imported =
            serde_json::from_value(json!({"rows": 1234, "new": 1200, "changed": 30, "same": 4})).unwrap();
        let told = args(false).told(&imported);
        assert!(
            told.starts_with("Imported clients.csv (1,234 rows): 1,200 subscribers added, 30 changed"),
            "{told}"
        );
        assert!(args(true).told(&imported).starts_with("Nothing was written."));
    }

    #[test]
    fn every_fault_has_its_place_and_those_not_told_are_counted() {
        let refused = json!({"detail": "no", "faults_total": 102, "faults": [
            {"row": 2, "column": "plan", "detail": "there is no plan \"gold\""},
            {"row": 1234, "column": null, "detail": "this row has 3 cells\u{1b}"},
        ]});
        let refused: Refused = serde_json::from_value(refused).unwrap();
        let text = table("what is wrong", "faults", &refused.faults, refused.faults_total);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].contains("2  plan") && lines[2].contains("1,234  -"), "{text}");
        assert_eq!(lines[3], "and 100 more faults");
        assert!(!text.contains('\u{1b}'));
        assert!(args(false).sentence(&refused).contains("it has 102 faults"));
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
