//! What is said of an import of customers.

use serde_json::{Value, json};

use crate::cli::upload::{self, Fault, Imported, Refused};
use crate::output::printable;

use super::columns::{self, MIKROTIK_ID, SERVICE_TYPE};
use super::mapping::Mapped;

/// Customers told one by one at the most; the rest is counted.
const TOLD: usize = 100;
const HOW_STATIC: &str = "Who has a static address is counted by an interface or a queue: tikmeter subscriber import takes them with \
    their id, the service static_ip, the login interface:NAME or queue:NAME and the scope router:NAME.";

/// For people: what the import came to, and what is not taken.
pub(super) fn text(imported: &Imported, mapped: &Mapped, name: &str, dry_run: bool) -> String {
    let mut told = imported.told(name, dry_run);
    for sentence in columns::sentences(&mapped.left_columns) {
        told += &format!("\n{}.", printable(&sentence));
    }
    if !mapped.left.is_empty() {
        let shown = &mapped.left[..mapped.left.len().min(TOLD)];
        let table = upload::table("who is not taken, and why", "customers", shown, mapped.left.len() as u64);
        told += &format!("\n\n{table}");
    }
    if mapped.left.iter().any(is_static) {
        told += &format!("\n{HOW_STATIC}");
    }
    told
}

fn is_static(left: &Fault) -> bool {
    left.column.as_deref() == Some(SERVICE_TYPE)
}

/// For programs: the server's answer, and what is not taken.
pub(super) fn json(answer: &Value, mapped: &Mapped, dry_run: bool) -> String {
    json!({
        "dry_run": dry_run,
        "import": answer,
        "columns_not_taken": mapped.left_columns,
        "customers_not_taken": mapped.left,
    })
    .to_string()
}

/// For programs: what is wrong.
pub(super) fn refused_json(refused: &Refused) -> String {
    json!({ "faults": refused.faults, "faults_total": refused.faults_total }).to_string()
}

/// What a refusal comes to.
pub(super) fn sentence(refused: &Refused, name: &str) -> String {
    let of_router = |fault: &Fault| fault.column.as_deref() == Some(MIKROTIK_ID);
    let mut sentence = refused.sentence(name);
    if refused.faults.iter().any(of_router) {
        sentence += "; for a router that Tikmeter calls otherwise say --router OLD=NEW";
    }
    sentence
}
