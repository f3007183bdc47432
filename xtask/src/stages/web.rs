//! Stage `web`: the web admin's types, its unit tests, its build and how much a phone has to load.

use std::process::Command;

use super::installed::{self, Installed, logged};
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
    let installed = installed::ready()?;
    logged("web-install", &mut npm(installed, INSTALL))?;
    let mut verdict = Verdict::default();
    verdict.add(&step(installed, "web-types", &["run", "check"]));
    verdict.add(&unit_tests(installed));
    verdict.add(&step(installed, "web-build", BUILD));
    verdict.add(&step(installed, "web-size", &["run", "size"]));
    Ok(verdict)
}

/// Whether it was built, ever so long ago.
pub(crate) fn is_built() -> bool {
    repo::root().join("web/dist/index.html").is_file()
}

/// Builds it into `web/dist`, from where the next build of the program takes it.
///
/// # Errors
/// A sentence that says what could not be installed or built.
pub(crate) fn build() -> Result<(), String> {
    let installed = installed::ready()?;
    logged("web-install", &mut npm(installed, INSTALL))?;
    logged("web-build", &mut npm(installed, BUILD))
}

fn npm(installed: &Installed, words: &[&str]) -> Command {
    let mut npm = installed.npm();
    npm.args(words).current_dir(repo::root().join("web")).env("NO_COLOR", "1");
    npm
}

fn step(installed: &Installed, name: &str, words: &[&str]) -> Verdict {
    logged(name, &mut npm(installed, words)).map_or_else(Verdict::fail, |()| Verdict::pass())
}

/// Each unit test is a check.
fn unit_tests(installed: &Installed) -> Verdict {
    let log = tools::log_path("web-tests");
    match program::run_logged(&mut npm(installed, &["test"]), &log) {
        Ok(done) => counted(done.success, &done.output),
        Err(sentence) => Verdict::fail(sentence),
    }
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
