//! What is said of an import.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cli::upload;
use crate::output::{Table, grouped, many, printable};

/// Told one by one at the most; the rest is counted.
const TOLD: usize = 100;

/// What is not taken as it is, and why.
#[derive(Debug, Default)]
pub(super) struct Left(Vec<One>);

#[derive(Debug, Serialize)]
struct One {
    what: String,
    why: String,
}

/// What it came to.
#[derive(Debug, Deserialize)]
pub(super) struct Imported {
    new_routers: Vec<String>,
    known_routers: Vec<String>,
    new_plans: Vec<String>,
    known_plans: Vec<String>,
    subscribers: upload::Imported,
}

impl Left {
    pub(super) fn note(&mut self, what: String, why: String) {
        self.0.push(One { what, why });
    }
}

impl Imported {
    pub(super) fn changes_nothing(&self) -> bool {
        let Imported { new_routers, new_plans, subscribers, .. } = self;
        new_routers.is_empty() && new_plans.is_empty() && subscribers.new + subscribers.changed == 0
    }
}

/// For people.
pub(super) fn text(imported: &Imported, left: &Left, dry_run: bool) -> String {
    let beside = [
        ("router", &imported.new_routers, &imported.known_routers),
        ("plan", &imported.new_plans, &imported.known_plans),
    ];
    let mut told = imported.subscribers.told("the dump", dry_run);
    for (what, new, known) in beside {
        let how = if dry_run { "would be added" } else { "added" };
        told += &format!("\n{} {how}{}", many(new.len() as u64, what), listed(new));
        told +=
            &format!("; {} there already, left as they are{}.", grouped(known.len() as u64), listed(known));
    }
    told += "\nNo customer's password is taken: Tikmeter never needs it.";
    if !left.0.is_empty() {
        let mut table = Table::new(&["what", "what is not taken as it is there"]);
        for one in left.0.iter().take(TOLD) {
            table.row([&one.what, &one.why]);
        }
        let more = left.0.len().saturating_sub(TOLD) as u64;
        told += &format!("\n\n{table}");
        if more > 0 {
            told += &format!("and {} more\n", grouped(more));
        }
    }
    told
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(10).map(|name| printable(name)).collect();
    match (names.len(), shown.len()) {
        (0, _) => String::new(),
        (all, some) if all > some => format!(" ({}, ...)", shown.join(", ")),
        _ => format!(" ({})", shown.join(", ")),
    }
}

/// For programs: the server's answer, and what is not taken.
pub(super) fn json(answer: &Value, left: &Left) -> String {
    json!({ "import": answer, "not_taken": left.0 }).to_string()
}
