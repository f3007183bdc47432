//! What is said of backups that were made, looked at, or put back.

use std::path::Path;

use operations::instant_of;
use serde_json::{Value, json};
use store::{Checked, Restored};

use crate::failure::Failure;
use crate::output::{Table, Terminal, grouped, instant, many, octets, printable, shell_word};

/// How large one is.
pub(super) struct Summary {
    pub(super) tables: usize,
    pub(super) rows: u64,
    pub(super) octets: u64,
}

/// One was made.
pub(super) fn made(terminal: &Terminal, file: &Path, checked: &Checked) -> Result<(), Failure> {
    if terminal.json() {
        return Ok(terminal.line(&json(file, checked).to_string())?);
    }
    let file = file.to_string_lossy();
    let read = if checked.header.is_sealed {
        "It can be read with its passphrase only: keep that elsewhere."
    } else {
        "It is not encrypted: names, voucher codes and all usage can be read by whoever has the file."
    };
    Ok(terminal.line(&format!(
        "{}\n{read} The key to the routers' passwords is not in it: keep a copy of the file `key` of the data folder \
         elsewhere.\nLook at it: tikmeter backup verify {}",
        sentence("Written to", &file, &checked.into()),
        shell_word(&file)
    ))?)
}

/// One was read to its end.
pub(super) fn checked(terminal: &Terminal, file: &Path, checked: &Checked) -> Result<(), Failure> {
    if terminal.json() {
        return Ok(terminal.line(&json(file, checked).to_string())?);
    }
    let mut table = Table::new(&["table", ">rows", ">size"]);
    for one in checked.tables.iter().filter(|one| one.rows > 0) {
        table.row([one.name.clone(), grouped(one.rows), octets(one.octets)]);
    }
    let header = &checked.header;
    Ok(terminal.line(&format!(
        "{table}\n{}\nMade of {} by version {} at {}, with tables of version {}. Every sum is right.",
        sentence("Read to its end:", &file.to_string_lossy(), &checked.into()),
        kind(&header.database),
        header.program,
        instant(instant_of(header.at).as_deref()),
        header.migration
    ))?)
}

/// One was put back.
pub(super) fn restored(
    terminal: &Terminal,
    database: &str,
    key: &Path,
    restored: &Restored,
) -> Result<(), Failure> {
    let Restored { checked, aside, mismatches } = restored;
    if terminal.json() {
        let told = json!({
            "database": database,
            "rows": checked.rows,
            "aside": aside,
            "mismatches": mismatches,
            "made_at": instant_of(checked.header.at),
        });
        return Ok(terminal.line(&told.to_string())?);
    }
    let mut text = format!(
        "Restored {} as of {} into {}. Each was read back and is the same.\n",
        many(checked.rows, "row"),
        instant(instant_of(checked.header.at).as_deref()),
        printable(database)
    );
    if let Some(aside) = aside {
        text.push_str(&format!("What was there before is kept as {}.\n", printable(aside)));
    }
    for mismatch in mismatches {
        text.push_str(&format!("It was so before: {}\n", printable(mismatch)));
    }
    text.push_str(&key_words(key));
    text.push_str(
        "\nWhat was counted since then is read anew from the routers where they still tell it. Tokens, operators and vouchers are \
         as they were then: revoke again what was revoked since.",
    );
    Ok(terminal.line(&text)?)
}

fn key_words(key: &Path) -> String {
    let there = if key.exists() { "one is there" } else { "none is there" };
    format!(
        "The routers' passwords in it are sealed with a key that no backup holds: {} must be the file of then ({there}). Without \
         it only those passwords are lost: start once with `tikmeter serve --new-key` and set each again, by `tikmeter router \
         edit NAME --password-file FILE`.",
        printable(&key.to_string_lossy())
    )
}

fn sentence(what: &str, file: &str, summary: &Summary) -> String {
    format!(
        "{what} {}: {} of {} tables, {}.",
        printable(file),
        many(summary.rows, "row"),
        summary.tables,
        octets(summary.octets)
    )
}

fn kind(database: &str) -> &str {
    if database == "postgres" { "PostgreSQL" } else { "SQLite" }
}

fn json(file: &Path, checked: &Checked) -> Value {
    let header = &checked.header;
    let sum: String = checked.sum.iter().map(|byte| format!("{byte:02x}")).collect();
    let tables: Vec<Value> = checked
        .tables
        .iter()
        .map(|one| json!({ "table": one.name, "rows": one.rows, "octets": one.octets }))
        .collect();
    json!({
        "file": file.to_string_lossy(),
        "made_at": instant_of(header.at),
        "program": header.program,
        "migration": header.migration,
        "installation": header.installation,
        "database": header.database,
        "encrypted": header.is_sealed,
        "octets": checked.octets,
        "rows": checked.rows,
        "sha256": sum,
        "tables": tables,
    })
}
