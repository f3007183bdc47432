//! The stages of `./x test`, in the order of what fails fastest.

mod api;
mod apt;
mod browser;
mod format;
pub(crate) mod installed;
mod libtest;
mod lint;
pub(crate) mod mariadb;
mod oldest;
mod package;
pub(crate) mod peers;
pub(crate) mod postgres;
mod product;
pub(crate) mod redis;
mod served;
mod test_programs;
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
    /// It runs at the same time as the one before it in the list: all of them mostly wait, and for different things.
    pub(crate) beside_the_one_before: bool,
}

impl Stage {
    pub(crate) const fn new(name: &'static str, run: fn() -> Verdict) -> Self {
        Self { name, run, prepare: || (), beside_the_one_before: false }
    }

    const fn prepared(self, prepare: fn()) -> Self {
        Self { prepare, ..self }
    }

    pub(crate) const fn beside(self) -> Self {
        Self { beside_the_one_before: true, ..self }
    }
}

/// The one list. A new stage is a line here and a file beside this one.
pub(crate) const ALL: &[Stage] = &[
    Stage::new("fmt", format::run),
    Stage::new("tidy", tidy::run),
    // Before what compiles: the program takes in what this builds.
    Stage::new("web", web::run).prepared(installed::prepare),
    Stage::new("clippy", lint::run),
    Stage::new("tests", workspace_tests::run),
    Stage::new("alone", workspace_tests::run_alone),
    Stage::new("oldest", oldest::run).prepared(oldest::prepare),
    Stage::new("package", package::run).prepared(package::prepare).beside(),
    Stage::new("peers", peers::run).prepared(installed::prepare),
    Stage::new("api", api::run).prepared(installed::prepare).beside(),
    Stage::new("browser", browser::run).prepared(browser::prepare).beside(),
];
