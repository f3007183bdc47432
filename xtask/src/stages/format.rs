//! Stage `fmt`: the code is formatted as `rustfmt.toml` says.

use super::tools;
use crate::report::Verdict;
use crate::{program, repo};

pub(crate) fn run() -> Verdict {
    tools::cargo_stage(
        "fmt",
        repo::cargo().args(["fmt", "--all", "--check", "--", "--color", "never"]),
        |output| format!("{}\nRun `cargo fmt --all` to mend it.", program::tail(output, 40)),
    )
}
