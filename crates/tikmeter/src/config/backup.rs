//! Backups: where they lie, how often one is made, how many are kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::loaded::Loaded;
use crate::config::problem::Problem;
use crate::quantity;

/// More often, and one would hardly end before the next.
const SHORTEST: Duration = Duration::from_secs(60);
/// More files than anybody looks through.
const MOST_KEPT: usize = 10_000;

/// How backups are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BackupSettings {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// How often a server makes one; `None`: it makes none by itself.
    pub(crate) every: Option<Duration>,
    /// How many are kept.
    pub(crate) keep: usize,
    /// A file whose first line is the passphrase; without it backups are not encrypted.
    pub(crate) passphrase_file: Option<PathBuf>,
}

impl BackupSettings {
    /// None by itself; who asks for one gets it in that folder.
    pub(crate) fn none(folder: &Path) -> BackupSettings {
        BackupSettings { folder: folder.to_owned(), every: None, keep: 14, passphrase_file: None }
    }
}

impl Loaded {
    /// How backups are made.
    pub(super) fn backup(&self) -> Result<BackupSettings, Problem> {
        Ok(BackupSettings {
            folder: self.parsed("backup.folder", |text| Ok(PathBuf::from(text)))?,
            every: self.parsed("backup.every", every)?,
            keep: self.parsed("backup.keep", keep)?,
            passphrase_file: self.get("backup.passphrase_file").map(|entry| PathBuf::from(&entry.text)),
        })
    }
}

/// 0 stands for never.
fn every(text: &str) -> Result<Option<Duration>, String> {
    if text == "0" {
        return Ok(None);
    }
    let every = Duration::from_millis(quantity::millis(text)?);
    if every >= SHORTEST {
        return Ok(Some(every));
    }
    Err(format!("it is at least {} s, or 0 for never", SHORTEST.as_secs()))
}

fn keep(text: &str) -> Result<usize, String> {
    let kept = text.parse().ok().filter(|kept| (1..=MOST_KEPT).contains(kept));
    kept.ok_or_else(|| format!("`{}` is no number from 1 to {MOST_KEPT}", text.escape_debug()))
}
