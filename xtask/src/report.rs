//! What a stage has to say, and how people see it.

use std::time::Duration;

/// The outcome of one stage, in checks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    /// Why it failed, for a person; empty when all is well.
    pub(crate) details: String,
}

impl Verdict {
    pub(crate) fn pass() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    pub(crate) fn fail(details: impl Into<String>) -> Self {
        Self { failed: 1, details: details.into(), ..Self::default() }
    }

    /// Counts `other` in.
    pub(crate) fn add(&mut self, other: &Verdict) {
        self.passed += other.passed;
        self.failed += other.failed;
        if !other.details.is_empty() {
            if !self.details.is_empty() {
                self.details.push('\n');
            }
            self.details.push_str(&other.details);
        }
    }
}

/// The line of a finished stage: name, outcome, seconds, checks.
pub(crate) fn line(name: &str, verdict: &Verdict, took: Duration) -> String {
    let word = if verdict.failed == 0 { "ok" } else { "FAILED" };
    let seconds = took.as_secs_f64();
    format!("{name:<8} {word:<6} {seconds:>6.1} s  {} passed, {} failed", verdict.passed, verdict.failed)
}

/// The last line of a run; scripts read it.
pub(crate) fn total(verdict: &Verdict) -> String {
    format!("{} passed, {} failed", verdict.passed, verdict.failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_every_detail() {
        let mut all = Verdict::pass();
        all.add(&Verdict::fail("first"));
        all.add(&Verdict { passed: 3, failed: 0, details: String::new() });
        all.add(&Verdict::fail("second"));
        assert_eq!(all, Verdict { passed: 4, failed: 2, details: "first\nsecond".to_owned() });
        assert_eq!(total(&all), "4 passed, 2 failed");
    }

    #[test]
    fn a_failed_stage_says_so() {
        let text = line("clippy", &Verdict::fail("x"), Duration::from_millis(1250));
        assert_eq!(text, "clippy   FAILED    1.2 s  0 passed, 1 failed");
    }
}
