//! `tikmeter verify`: the server recomputes its books.

use reqwest::Method;
use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{grouped, many, printable};

#[derive(Deserialize)]
struct Verification {
    sessions_checked: u64,
    cycles_checked: u64,
    entries_checked: u64,
    audit_checked: u64,
    mismatches: Vec<String>,
    mismatches_total: u64,
}

/// Asks for it and shows what was found.
///
/// # Errors
/// One sentence; also when something does not agree.
pub(crate) async fn run(caller: &Caller) -> Result<(), Failure> {
    let answer = caller.client.act(Method::POST, &["verify"]).await?;
    caller.show(&answer, report)?;
    match answer.read::<Verification>()?.mismatches_total {
        0 => Ok(()),
        1 => {
            Err(Failure::said("one thing in the books does not agree; nothing was changed, please report it"))
        }
        total => Err(Failure::said(format!(
            "{} things in the books do not agree; nothing was changed, please report them",
            grouped(total)
        ))),
    }
}

fn report(found: &Verification) -> String {
    let mut text: String = found.mismatches.iter().map(|mismatch| printable(mismatch) + "\n").collect();
    let listed = found.mismatches.len() as u64;
    if found.mismatches_total > listed {
        text.push_str(&format!("... and {} more\n", grouped(found.mismatches_total - listed)));
    }
    let verdict =
        if found.mismatches_total == 0 { "every total is the sum of its entries" } else { "see above" };
    text.push_str(&format!(
        "{}, {}, {} and {} checked: {verdict}.\n",
        many(found.sessions_checked, "session"),
        many(found.cycles_checked, "cycle"),
        many(found.entries_checked, "entry"),
        many(found.audit_checked, "audit row")
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(mismatches: &[&str], total: u64) -> Verification {
        Verification {
            sessions_checked: 1_000,
            cycles_checked: 2,
            entries_checked: 3,
            audit_checked: 4,
            mismatches: mismatches.iter().map(|text| (*text).to_owned()).collect(),
            mismatches_total: total,
        }
    }

    #[test]
    fn clean_books_are_one_line() {
        assert_eq!(
            report(&found(&[], 0)),
            "1,000 sessions, 2 cycles, 3 entries and 4 audit rows checked: every total is the sum of its entries.\n"
        );
    }

    #[test]
    fn what_does_not_agree_comes_first_and_the_rest_is_counted() {
        let text = report(&found(&["session 1 differs"], 5));
        let one = Verification {
            sessions_checked: 1,
            cycles_checked: 1,
            entries_checked: 1,
            audit_checked: 1,
            ..found(&[], 0)
        };
        assert!(
            report(&one).starts_with("1 session, 1 cycle, 1 entry and 1 audit row checked: "),
            "{}",
            report(&one)
        );
        assert!(text.starts_with("session 1 differs\n... and 4 more\n"), "{text}");
    }
}
