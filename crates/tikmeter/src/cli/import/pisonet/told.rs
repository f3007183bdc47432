//! What is said of an import.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::found::Found;
use super::meaning::MEANINGS;
use super::rows::Vouchers;
use crate::output::{Table, grouped, many, printable};

/// What it came to.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Imported {
    pub(super) new: u64,
    in_use: u64,
    known: u64,
    not_taken: Vec<Refused>,
    not_taken_total: u64,
}

#[derive(Debug, Deserialize, Serialize)]
struct Refused {
    code: String,
    why: String,
}

/// For people: how the file was understood first.
pub(super) fn text(found: &Found, imported: &Imported, vouchers: &Vouchers, dry_run: bool) -> String {
    let how = if dry_run { "would be imported" } else { "imported" };
    let mut told = format!(
        "{}{} {how}, {} of them in use; {} there already, left as they are.",
        understood(found),
        many(imported.new, "voucher"),
        grouped(imported.in_use),
        grouped(imported.known)
    );
    for (number, what) in [
        (vouchers.without_rest, "was used, and nothing says what is left: not taken"),
        (vouchers.over, "was used up: not taken"),
    ] {
        if number > 0 {
            told += &format!("\n{} {what}.", many(number, "voucher"));
        }
    }
    if imported.not_taken_total > 0 {
        let refused = |one: &Refused| format!("{} ({})", printable(&one.code), one.why);
        let first: Vec<String> = imported.not_taken.iter().take(10).map(refused).collect();
        told += &format!("\n{} not taken: {}", many(imported.not_taken_total, "voucher"), first.join("; "));
    }
    if dry_run {
        told += "\nNothing was written.";
    }
    told + &vouchers.left.table()
}

fn understood(found: &Found) -> String {
    let mut table = Table::new(&["meaning", "column"]);
    for (meaning, name, _) in MEANINGS {
        let column = found.columns.get(&meaning).map_or("(none)", String::as_str);
        table.row([name, column]);
    }
    let left = match found.left.is_empty() {
        true => String::new(),
        false => format!("Not understood, and left there: {}\n", printable(&found.left.join(", "))),
    };
    let rows = many(found.rows.len() as u64, "row");
    format!("The table {} ({rows}) is read so:\n{table}{left}", printable(&found.table))
}

/// For programs.
pub(super) fn json(found: &Found, imported: &Imported, vouchers: &Vouchers) -> String {
    let columns: serde_json::Map<String, serde_json::Value> =
        found.columns.iter().map(|(meaning, column)| (meaning.name().to_owned(), json!(column))).collect();
    json!({
        "import": imported,
        "table": found.table,
        "columns": columns,
        "columns_not_understood": found.left,
        "used_without_rest": vouchers.without_rest,
        "used_up": vouchers.over,
        "not_taken": vouchers.left,
    })
    .to_string()
}
