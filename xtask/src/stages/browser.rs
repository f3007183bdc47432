//! Stage `browser`: the web admin in a real browser, Debian's Chromium led by playwright-core, before `tikmeter demo`. What a
//! person would do is done there, and every page is looked at: `web/browser`. Each of its checks counts.

use std::path::Path;

use super::{apt, product, tools, web};
use crate::program;
use crate::report::Verdict;

/// Where Debian puts it. Another one is named in the variable.
const USUAL: &str = "/usr/bin/chromium";
const VARIABLE: &str = "CHROMIUM";

const FAILED: &str = "FAILED ";
const OTHERS: [&str; 4] = ["ok     ", "figure ", "part   ", "checks "];

/// Begins with what has to be downloaded, beside the other stages.
pub(crate) fn prepare() {
    super::installed::prepare();
    std::thread::spawn(|| drop(chromium()));
}

pub(crate) fn run() -> Verdict {
    match looked() {
        Ok(verdict) => verdict,
        Err(sentence) => Verdict::fail(sentence),
    }
}

fn looked() -> Result<Verdict, String> {
    chromium()?;
    web::build_if_stale()?;
    product::build()?;
    let log = tools::log_path("browser");
    let mut npm = web::npm(&["run", "--silent", "browser"])?;
    let done = program::run_logged(npm.env("TIKMETER_PROGRAM", product::path()), &log)?;
    Ok(counted(done.success, &done.output, &log))
}

/// Puts a browser there if there is none.
fn chromium() -> Result<(), String> {
    if std::env::var_os(VARIABLE).is_some() || Path::new(USUAL).exists() {
        return Ok(());
    }
    apt::install("Chromium", &["chromium"])
}

/// Reads the suite's lines: each check has one, `ok` or `FAILED` with its reason below it, and the last line adds them up. A run
/// that did not come to its end is a failure, whatever it had found out.
fn counted(success: bool, output: &str, log: &Path) -> Verdict {
    let count = |start: &str| u32::try_from(output.lines().filter(|line| line.starts_with(start)).count());
    let (passed, failed) = (count(OTHERS[0]).unwrap_or(0), count(FAILED).unwrap_or(0));
    let mut verdict = Verdict { passed, failed, details: reasons(output) };
    let total = format!("checks {passed} passed, {failed} failed");
    let is_whole = output.lines().any(|line| line == total);
    if !is_whole || success != (failed == 0 && passed > 0) {
        let tail = program::tail(output, 20);
        verdict.add(&Verdict::fail(format!(
            "the suite did not come to its end; {} has it all:\n{tail}",
            log.display()
        )));
    }
    verdict
}

/// What failed, with its reason, up to the next line that begins something else.
fn reasons(output: &str) -> String {
    let mut within = false;
    let kept = output.lines().filter(|line| {
        within = line.starts_with(FAILED) || within && !OTHERS.iter().any(|start| line.starts_with(start));
        within
    });
    kept.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(success: bool, output: &str) -> Verdict {
        counted(success, output, Path::new("browser.log"))
    }

    #[test]
    fn every_check_counts() {
        let output = "ok     one\nfigure paint: 1\npart   a: 0.1 s\nok     two\nchecks 2 passed, 0 failed\n";
        assert_eq!(judged(true, output), Verdict { passed: 2, ..Verdict::default() });
    }

    #[test]
    fn a_failure_is_told_with_its_reason() {
        let output =
            "ok     one\nFAILED two: Error: gone\n    at a.mjs\nok     three\nchecks 2 passed, 1 failed\n";
        let verdict = judged(false, output);
        assert_eq!((verdict.passed, verdict.failed), (2, 1));
        assert_eq!(verdict.details, "FAILED two: Error: gone\n    at a.mjs");
    }

    #[test]
    fn a_run_that_broke_off_or_checked_nothing_is_a_failure() {
        assert_eq!(judged(false, "ok     one\nError: no browser\n").failed, 1);
        assert_eq!(judged(true, "ok     one\n").failed, 1);
        assert_eq!(judged(true, "checks 0 passed, 0 failed\n").failed, 1);
        assert_eq!(judged(false, "ok     one\nchecks 1 passed, 0 failed\n").failed, 1);
    }
}
