//! A speed limit that is set at the process that polls nothing, on a router of another: whoever has that router keeps it, whatever
//! befalls them, and sends nothing a second time.

use super::house::{House, obeyed};
use crate::program::stderr;
use crate::server::Server;

const ROUTER: &str = "r007";
const LOGIN: &str = "u007-2";

/// The router is told once, and shows it.
pub(super) fn begin(house: &House, answers: &Server) {
    let set = ["limit", "set", "--login", LOGIN, "--router", ROUTER, "--down", "64M", "--sticky"];
    let planned = obeyed(answers, &[&set[..], &["--dry-run"]].concat());
    assert_eq!(house.fleet.router(ROUTER).changes(), Vec::<String>::new());
    let told = obeyed(answers, &set);
    assert!(told.contains("The router shows it as wanted."), "{told}");
    let commands: Vec<&str> = planned.lines().skip(1).collect();
    assert_eq!(house.fleet.router(ROUTER).changes(), commands);
}

/// Without Redis nobody who polls it can be asked: nothing is wanted then that was not before.
pub(super) fn is_asked_in_vain(answers: &Server) -> String {
    let wanted = answers.json(&["limit", "list"]);
    let output = answers.call(&["limit", "set", "--login", LOGIN, "--router", ROUTER, "--down", "1M"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(answers.json(&["limit", "list"]), wanted);
    format!("a limit while Redis is away: {}", stderr(&output))
}

/// After all that befell them it stands as it was set, by one command; and goes.
pub(super) fn end(house: &House, answers: &Server) {
    assert_eq!(house.fleet.router(ROUTER).changes().len(), 1, "nobody sent it again");
    let told = obeyed(answers, &["limit", "remove", "--login", LOGIN, "--router", ROUTER]);
    assert!(told.contains("None is wanted any more"), "{told}");
    let changes = house.fleet.router(ROUTER).changes();
    assert!(changes.len() == 2 && changes[1].starts_with("/queue/simple/remove"), "{changes:?}");
}
