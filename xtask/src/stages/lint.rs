//! Stage `clippy`: no warning anywhere, tests included.

use super::tools;
use crate::report::Verdict;
use crate::{program, repo};

pub(crate) fn run() -> Verdict {
    let mut cargo = repo::cargo();
    cargo.args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    tools::cargo_stage("clippy", &mut cargo, |output| program::tail(output, 80))
}
