//! `tikmeter limit list`.

use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{Table, instant, printable, rate};

#[derive(Deserialize)]
struct Limits {
    items: Vec<Limit>,
}

#[derive(Deserialize)]
struct Limit {
    router: String,
    kind: String,
    subject: String,
    up_bps: Option<u64>,
    down_bps: Option<u64>,
    session: Option<u64>,
    until: Option<String>,
    set_by: String,
    state: Option<String>,
    told: String,
    as_of: Option<String>,
}

/// Shows them.
///
/// # Errors
/// One sentence.
pub(super) async fn run(caller: &Caller, router: Option<&str>) -> Result<(), Failure> {
    let answer = caller.client.get(&["limits"], &[("router", router)]).await?;
    caller.show(&answer, text)
}

fn text(limits: &Limits) -> String {
    if limits.items.is_empty() {
        return "No limit is wanted.".to_owned();
    }
    let headings = ["router", "for", "", ">upload", ">download", "until", "state", "as of", "set by"];
    let mut table = Table::new(&headings);
    let free = |bps: Option<u64>| bps.map_or_else(|| "free".to_owned(), rate);
    for limit in &limits.items {
        table.row([
            limit.router.clone(),
            limit.kind.clone(),
            limit.subject.clone(),
            free(limit.up_bps),
            free(limit.down_bps),
            until(limit),
            limit.state.clone().unwrap_or_else(|| "not known".to_owned()),
            instant(limit.as_of.as_deref()),
            limit.set_by.clone(),
        ]);
    }
    let is_well = |limit: &&Limit| matches!(limit.state.as_deref(), Some("set" | "away" | "free"));
    let troubles = limits.items.iter().filter(|limit| !is_well(limit));
    troubles.fold(table.to_string(), |shown, limit| {
        format!(
            "{shown}{} on {}: {}\n",
            printable(&limit.subject),
            printable(&limit.router),
            printable(&limit.told)
        )
    })
}

fn until(limit: &Limit) -> String {
    match (&limit.until, limit.session) {
        (Some(at), _) => instant(Some(at)),
        (None, Some(no)) => format!("end of session {no}"),
        (None, None) => "it is removed".to_owned(),
    }
}
