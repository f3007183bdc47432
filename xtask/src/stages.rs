//! The stages of `./x test`, in the order of what fails fastest.

mod api;
mod apt;
mod format;
pub(crate) mod installed;
mod libtest;
mod lint;
pub(crate) mod mariadb;
mod oldest;
pub(crate) mod peers;
pub(crate) mod postgres;
mod product;
pub(crate) mod redis;
mod served;
mod tools;
pub(crate) mod web;
mod workspace_tests;

use crate::report::Verdict;
use crate::tidy;

/// One step of `./x test`.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) run: fn() -> Verdict,
    /// Called when the run begins, if the stage is among those chosen; what takes long goes on beside the others.
    pub(crate) prepare: fn(),
}

impl Stage {
    const fn new(name: &'static str, run: fn() -> Verdict) -> Self {
        Self { name, run, prepare: || () }
    }
}

/// The one list. A new stage is a line here and a file beside this one.
pub(crate) const ALL: &[Stage] = &[
    Stage::new("fmt", format::run),
    Stage::new("tidy", tidy::run),
    Stage::new("clippy", lint::run),
    Stage::new("tests", workspace_tests::run),
    Stage::new("alone", workspace_tests::run_alone),
    Stage { name: "oldest", run: oldest::run, prepare: oldest::prepare },
    Stage { name: "peers", run: peers::run, prepare: installed::prepare },
    Stage { name: "web", run: web::run, prepare: installed::prepare },
    Stage { name: "api", run: api::run, prepare: installed::prepare },
];
