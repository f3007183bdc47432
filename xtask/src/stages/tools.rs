//! Cargo's companions: rustup's minimal profile comes without rustfmt and clippy.

use std::path::PathBuf;
use std::process::Command;

use crate::report::Verdict;
use crate::{program, repo};

/// Where a stage's whole output stays for a person to read.
pub(crate) fn log_path(stage: &str) -> PathBuf {
    repo::root().join("target/xtask").join(format!("{stage}.log"))
}

/// Runs a stage that is one `cargo <tool>` call and either passes or fails as a whole.
pub(crate) fn cargo_stage(tool: &str, command: &mut Command, explain: fn(&str) -> String) -> Verdict {
    if let Err(sentence) = ensure(|| has(tool), install) {
        return Verdict::fail(format!("cargo {tool} is missing and could not be installed: {sentence}"));
    }
    match program::run_logged(command, &log_path(tool)) {
        Ok(done) if done.success => Verdict::pass(),
        Ok(done) => Verdict::fail(explain(&done.output)),
        Err(sentence) => Verdict::fail(sentence),
    }
}

/// A missing tool is a failure with a sentence, never a skipped stage.
fn ensure(has: impl Fn() -> bool, install: impl Fn() -> Result<(), String>) -> Result<(), String> {
    if has() {
        return Ok(());
    }
    install()?;
    if has() { Ok(()) } else { Err("rustup says it is installed, but cargo does not find it".to_owned()) }
}

fn has(tool: &str) -> bool {
    // rustup puts a proxy of every tool in place, installed or not: only running it tells.
    program::capture(repo::cargo().args([tool, "--version"])).is_ok()
}

fn install() -> Result<(), String> {
    println!("rustfmt or clippy is missing: running `rustup component add rustfmt clippy`");
    program::capture(Command::new("rustup").args(["component", "add", "rustfmt", "clippy"])).map(drop)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_tool_that_is_there_is_not_installed_again() {
        assert_eq!(ensure(|| true, || Err("must not be called".to_owned())), Ok(()));
    }

    #[test]
    fn a_tool_that_cannot_be_installed_is_an_error() {
        assert_eq!(ensure(|| false, || Err("no network".to_owned())), Err("no network".to_owned()));
        assert!(ensure(|| false, || Ok(())).is_err(), "installed in name only");
    }

    #[test]
    fn a_tool_that_appears_by_installing_is_fine() {
        let there = Cell::new(false);
        let install = || {
            there.set(true);
            Ok(())
        };
        assert_eq!(ensure(|| there.get(), install), Ok(()));
    }
}
