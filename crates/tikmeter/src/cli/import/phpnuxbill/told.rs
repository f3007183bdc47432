//! What is said of an import.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::import::left::Left;
use crate::cli::upload;
use crate::output::{grouped, many, printable};

/// What it came to.
#[derive(Debug, Deserialize)]
pub(super) struct Imported {
    new_routers: Vec<String>,
    known_routers: Vec<String>,
    new_plans: Vec<String>,
    known_plans: Vec<String>,
    subscribers: upload::Imported,
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
    let mut told = imported.subscribers.told("what PHPNuxBill has", dry_run);
    for (what, new, known) in beside {
        let how = if dry_run { "would be added" } else { "added" };
        told += &format!("\n{} {how}{}", many(new.len() as u64, what), listed(new));
        told +=
            &format!("; {} there already, left as they are{}.", grouped(known.len() as u64), listed(known));
    }
    told += "\nNo customer's password is taken: Tikmeter never needs it.";
    told += &left.table();
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
    json!({ "import": answer, "not_taken": left }).to_string()
}
