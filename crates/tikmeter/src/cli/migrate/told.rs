//! What is said of a move that was made.

use std::path::Path;

use serde_json::{Value, json};
use store::Moved;

use crate::output::{Table, grouped, many, octets, printable, shell_word};

/// For people: what was moved, and what to do now.
pub(super) fn text(from: &Path, to: &str, moved: &Moved) -> String {
    let mut table = Table::new(&["table", ">rows", ">size"]);
    for one in &moved.tables {
        table.row([one.name.clone(), grouped(one.rows), octets(one.octets)]);
    }
    let (rows, size) = sums(moved);
    let (file, to) = (printable(&from.to_string_lossy()), printable(to));
    let hidden = if to.contains(":***@") { ", with the password in place of ***" } else { "" };
    format!(
        "{table}\nMoved {} ({}) from {file} to {to}. Each was read back and is the same, and every total is the sum of its \
         entries.\n\nLet the server use it, in tikmeter.toml{hidden}:\n\n    [database]\n    url = \
         \"{to}\"\n\nThe data folder stays in use: it holds the key to the routers' passwords and the local token. Keep {} as a \
         backup of this moment, and let no server run with it any more: it would count a second time.",
        many(rows, "row"),
        octets(size),
        shell_word(&from.to_string_lossy())
    )
}

/// For programs.
pub(super) fn json(from: &Path, to: &str, moved: &Moved) -> Value {
    let (rows, octets) = sums(moved);
    let tables: Vec<Value> = moved
        .tables
        .iter()
        .map(|one| json!({ "table": one.name, "rows": one.rows, "octets": one.octets }))
        .collect();
    let verified = &moved.verified;
    json!({
        "from": from.to_string_lossy(),
        "to": to,
        "rows": rows,
        "octets": octets,
        "tables": tables,
        "sessions_checked": verified.sessions_checked,
        "cycles_checked": verified.cycles_checked,
        "entries_checked": verified.entries_checked,
        "audit_checked": verified.audit_checked,
    })
}

fn sums(moved: &Moved) -> (u64, u64) {
    moved.tables.iter().fold((0, 0), |(rows, octets), one| (rows + one.rows, octets + one.octets))
}

#[cfg(test)]
mod tests {
    use store::{MovedTable, VerifyReport};

    use super::*;

    fn moved() -> Moved {
        let table = |name: &str, rows| MovedTable { name: name.to_owned(), rows, octets: rows * 100 };
        Moved { tables: vec![table("meta", 1), table("session", 1_234)], verified: VerifyReport::default() }
    }

    #[test]
    fn people_read_what_was_moved_and_what_to_write_where() {
        let told = text(Path::new("/srv/my data/t.db"), "postgres://u:***@h/db", &moved());
        assert!(told.contains("session  1,234  123.4 kB"), "{told}");
        assert!(told.contains("Moved 1,235 rows (123.5 kB) from /srv/my data/t.db"), "{told}");
        assert!(
            told.contains("url = \"postgres://u:***@h/db\"") && told.contains("in place of ***"),
            "{told}"
        );
        assert!(told.contains("Keep '/srv/my data/t.db'"), "{told}");
        assert!(!text(Path::new("t.db"), "postgres://u@h/db", &moved()).contains("***"));
    }

    #[test]
    fn programs_read_one_object() {
        let told = json(Path::new("t.db"), "postgres://u:***@h/db", &moved());
        assert_eq!((told["rows"].as_u64(), told["octets"].as_u64()), (Some(1_235), Some(123_500)));
        assert_eq!(told["tables"][1], json!({ "table": "session", "rows": 1_234, "octets": 123_400 }));
    }
}
