//! The folder of backups: names by their moment, what is in it, and which are old enough to go.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use accounting::time::Micros;
use secrecy::{ExposeSecret, SecretString};
use store::{BackupHeader, read_backup_header, what_mends};

/// How the name of every backup begins that a server or `backup create` named.
const BEGIN: &str = "tikmeter-";
/// How it ends.
const END: &str = ".backup";
/// A moment of UTC in a name.
const NAMED: &str = "%Y%m%dT%H%M%SZ";
/// A shorter passphrase is guessed by whoever has the file and time.
const SHORTEST: usize = 12;

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBackup {
    /// Its name.
    pub name: String,
    /// Its size.
    pub octets: u64,
    /// When it was begun: as it says, or else as its name does.
    pub at: Option<Micros>,
    /// What it says of itself; nothing where it is encrypted; a sentence where it is none.
    pub header: Result<Option<BackupHeader>, String>,
}

/// An instant for the API and for people; `None` beyond the calendar.
pub fn instant_of(at: Micros) -> Option<String> {
    jiff::Timestamp::from_microsecond(at.0).ok().map(|instant| instant.to_string())
}

/// The path of a backup of that moment; the folder is made where it lacks, closed to everybody but its owner.
///
/// # Errors
/// A sentence.
pub fn new_file(folder: &Path, at: Micros) -> Result<PathBuf, String> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| cannot(folder, &error))?;
    let instant = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Ok(folder.join(format!("{BEGIN}{}{END}", instant.strftime(NAMED))))
}

/// The moment of a name.
fn at_of(name: &str) -> Option<Micros> {
    let moment = name.strip_prefix(BEGIN)?.strip_suffix(END)?;
    let moment = jiff::civil::DateTime::strptime(NAMED, moment).ok()?;
    let zoned = moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Micros(zoned.timestamp().as_microsecond()))
}

/// Whether a passphrase is worth it.
///
/// # Errors
/// A sentence.
pub fn check_passphrase(passphrase: &SecretString) -> Result<(), String> {
    if passphrase.expose_secret().chars().count() >= SHORTEST {
        return Ok(());
    }
    Err(format!(
        "the passphrase has fewer than {SHORTEST} signs and could be guessed; nothing was written. Take some words"
    ))
}

/// The backups of a folder by name, the newest first. A folder that is not there has none.
///
/// # Errors
/// A sentence.
pub fn found(folder: &Path) -> Result<Vec<FoundBackup>, String> {
    let mut found: Vec<FoundBackup> = names(folder)?
        .into_iter()
        .map(|name| {
            let file = folder.join(&name);
            let octets = file.metadata().map_or(0, |metadata| metadata.len());
            let header = read_backup_header(&file, None).map_err(|error| error.to_string());
            let said = header.as_ref().ok().and_then(Option::as_ref).map(|header| header.at);
            FoundBackup { at: said.or_else(|| at_of(&name)), name, octets, header }
        })
        .collect();
    found.sort_unstable_by(|one, other| other.name.cmp(&one.name));
    Ok(found)
}

/// Removes all but the newest `keep` of those that are named by their moment; how many went.
///
/// # Errors
/// A sentence with the first that could not be removed.
pub(crate) fn prune(folder: &Path, keep: usize) -> Result<usize, String> {
    let mut names: Vec<String> = names(folder)?.into_iter().filter(|name| name.starts_with(BEGIN)).collect();
    names.sort_unstable_by(|one, other| other.cmp(one));
    names.iter().skip(keep).try_for_each(|name| {
        let file = folder.join(name);
        std::fs::remove_file(&file).map_err(|error| format!("{} cannot be removed: {error}", file.display()))
    })?;
    Ok(names.len().saturating_sub(keep))
}

fn names(folder: &Path) -> Result<Vec<String>, String> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| cannot(folder, &error))?,
    };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    let names: Vec<String> = names.collect::<Result<_, _>>().map_err(|error| cannot(folder, &error))?;
    Ok(names.into_iter().filter(|name| name.ends_with(END)).collect())
}

fn cannot(folder: &Path, error: &std::io::Error) -> String {
    format!("the folder of backups {} cannot be used ({error}); {}", folder.display(), what_mends(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_and_nothing_that_is_not_ours() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str| std::fs::write(folder.path().join(name), "").unwrap();
        make("mine.backup");
        make("tikmeter-notes.txt");
        let files: Vec<PathBuf> =
            (1..=5).map(|hour| new_file(folder.path(), Micros(hour * 3_600_000_000)).unwrap()).collect();
        files.iter().for_each(|file| std::fs::write(file, "").unwrap());
        let there: Vec<Option<Micros>> =
            found(folder.path()).unwrap().into_iter().map(|one| one.at).collect();
        let expected = [5, 4, 3, 2, 1].map(|hour| Some(Micros(hour * 3_600_000_000)));
        assert_eq!(there, [&expected[..], &[None]].concat());
        assert_eq!(prune(folder.path(), 2), Ok(3));
        let left: Vec<bool> = files.iter().map(|file| file.exists()).collect();
        assert_eq!(left, [false, false, false, true, true]);
        assert!(["mine.backup", "tikmeter-notes.txt"].iter().all(|name| folder.path().join(name).exists()));
        assert_eq!(prune(folder.path(), 2), Ok(0));
    }

    #[test]
    fn a_short_passphrase_is_refused() {
        assert!(check_passphrase(&"eleven sign".into()).unwrap_err().contains("fewer than 12"));
        assert_eq!(check_passphrase(&"twelve signs".into()), Ok(()));
    }
}
