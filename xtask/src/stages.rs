//! The stages of `./x test`, in the order of what fails fastest.

mod format;
mod libtest;
mod lint;
mod tools;
mod workspace_tests;

use crate::report::Verdict;
use crate::tidy;

/// One step of `./x test`.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) run: fn() -> Verdict,
}

/// The one list. A new stage is a line here and a file beside this one.
pub(crate) const ALL: &[Stage] = &[
    Stage { name: "fmt", run: format::run },
    Stage { name: "tidy", run: tidy::run },
    Stage { name: "clippy", run: lint::run },
    Stage { name: "tests", run: workspace_tests::run },
];
