//! The list of a folder's backups.

use std::path::Path;

use operations::{FoundBackup, instant_of};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::output::{Table, Terminal, instant, octets, printable};

/// Shows them.
///
/// # Errors
/// When the output is closed.
pub(super) fn show(terminal: &Terminal, folder: &Path, found: &[FoundBackup]) -> Result<(), Failure> {
    if terminal.json() {
        let items: Vec<Value> = found.iter().map(item).collect();
        return Ok(terminal.line(&json!({ "folder": folder.to_string_lossy(), "items": items }).to_string())?);
    }
    if found.is_empty() {
        let folder = printable(&folder.to_string_lossy());
        return Ok(terminal.line(&format!("No backups in {folder}. Make one: tikmeter backup create"))?);
    }
    let mut table = Table::new(&["file", ">size", "made", "of", "encrypted"]);
    for one in found {
        let header = one.header.as_ref().ok().and_then(Option::as_ref);
        let made = one.at.and_then(instant_of);
        let of = header.map_or("-", |header| header.database.as_str());
        let encrypted = match &one.header {
            Ok(None) => "yes",
            Ok(Some(_)) => "no",
            Err(_) => "damaged",
        };
        table.row([
            printable(&one.name),
            octets(one.octets),
            instant(made.as_deref()),
            of.to_owned(),
            encrypted.to_owned(),
        ]);
    }
    Ok(terminal.line(&table.to_string())?)
}

fn item(one: &FoundBackup) -> Value {
    let header = one.header.as_ref().ok().and_then(Option::as_ref);
    json!({
        "file": one.name,
        "octets": one.octets,
        "made_at": one.at.and_then(instant_of),
        "database": header.map(|header| header.database.clone()),
        "encrypted": one.header.as_ref().is_ok_and(Option::is_none),
        "problem": one.header.as_ref().err(),
    })
}
