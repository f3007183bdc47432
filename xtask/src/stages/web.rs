//! Stage `web`: the web admin's types, its unit tests, its build and how much a phone has to load.

mod stale;

use std::process::Command;

use super::installed::{self, logged};
use super::tools;
use crate::report::Verdict;
use crate::{program, repo};

/// Exactly what the lock file names; nothing of a package runs by being installed.
const INSTALL: &[&str] = &["ci", "--no-audit", "--no-fund", "--ignore-scripts"];
const BUILD: &[&str] = &["run", "build"];

pub(crate) fn run() -> Verdict {
    match checked() {
        Ok(verdict) => verdict,
        Err(sentence) => Verdict::fail(sentence),
    }
}

fn checked() -> Result<Verdict, String> {
    logged("web-install", &mut npm(INSTALL)?)?;
    let mut verdict = Verdict::default();
    verdict.add(&step("web-types", &["run", "check"])?);
    verdict.add(&unit_tests()?);
    verdict.add(&step("web-build", BUILD)?);
    verdict.add(&step("web-size", &["run", "size"])?);
    Ok(verdict)
}

/// Builds it where it was not built since something of it changed: what is as it was would be compiled in anew.
///
/// # Errors
/// As [`build`].
pub(crate) fn build_if_stale() -> Result<(), String> {
    if stale::is_stale(&repo::root()) { build() } else { Ok(()) }
}

/// Builds it into `web/dist`, from where the next build of the program takes it.
///
/// # Errors
/// A sentence that says what could not be installed or built.
pub(crate) fn build() -> Result<(), String> {
    logged("web-install", &mut npm(INSTALL)?)?;
    logged("web-build", &mut npm(BUILD)?)
}

/// npm with these words, in the folder of the web admin.
///
/// # Errors
/// A sentence that says why there is none.
pub(crate) fn npm(words: &[&str]) -> Result<Command, String> {
    let mut npm = installed::with_node()?.npm();
    npm.args(words).current_dir(repo::root().join("web")).env("NO_COLOR", "1");
    Ok(npm)
}

fn step(name: &str, words: &[&str]) -> Result<Verdict, String> {
    Ok(logged(name, &mut npm(words)?).map_or_else(Verdict::fail, |()| Verdict::pass()))
}

/// Each unit test is a check.
fn unit_tests() -> Result<Verdict, String> {
    let done = program::run_logged(&mut npm(&["test"])?, &tools::log_path("web-tests"))?;
    Ok(counted(done.success, &done.output))
}

/// Reads vitest's line `Tests  1 failed | 29 passed (30)`. A run that ended badly or counted nothing is a failure.
fn counted(success: bool, output: &str) -> Verdict {
    let line = output.lines().find_map(|line| line.trim().strip_prefix("Tests ")).unwrap_or_default();
    let number = |word: &str| {
        let mut before = line.split_whitespace().zip(line.split_whitespace().skip(1));
        before.find(|(_, said)| *said == word).and_then(|(count, _)| count.parse().ok()).unwrap_or(0_u32)
    };
    let (passed, failed) = (number("passed"), number("failed"));
    if success && failed == 0 && passed > 0 {
        return Verdict { passed, ..Verdict::default() };
    }
    let told = format!("vitest did not end well; its last lines:\n{}", program::tail(output, 40));
    Verdict { passed, failed: failed.max(1), details: told }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = " Test Files  7 passed (7)\n      Tests  30 passed (30)\n   Start at  10:00:00\n";

    #[test]
    fn every_unit_test_counts() {
        assert_eq!(counted(true, GOOD), Verdict { passed: 30, ..Verdict::default() });
    }

    #[test]
    fn failures_and_files_that_did_not_load_are_failures() {
        let red =
            counted(false, " Test Files  1 failed | 6 passed (7)\n      Tests  2 failed | 28 passed (30)\n");
        assert_eq!((red.passed, red.failed), (28, 2));
        let unloaded = counted(false, " Test Files  1 failed | 6 passed (7)\n      Tests  26 passed (26)\n");
        assert_eq!((unloaded.passed, unloaded.failed), (26, 1));
    }

    #[test]
    fn a_run_that_counted_nothing_proves_nothing() {
        assert_eq!(counted(true, "no tests").failed, 1);
        assert_eq!(counted(true, "      Tests  no tests\n").failed, 1);
    }
}
