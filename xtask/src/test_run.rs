//! `./x test`: one list of stages, each with its own line and seconds. A stage that fails does not stop the next:
//! one run tells everything that is wrong.

use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::report::{self, Verdict};
use crate::stages::{self, Stage};

/// Runs the named stages, or all; the last line is `N passed, N failed`.
pub(crate) fn run(names: &[String]) -> ExitCode {
    match chosen(stages::ALL, names) {
        Ok(chosen) => run_all(&chosen, &mut std::io::stdout()),
        Err(sentence) => {
            eprintln!("x: {sentence}");
            ExitCode::from(2)
        }
    }
}

fn chosen<'a>(all: &'a [Stage], names: &[String]) -> Result<Vec<&'a Stage>, String> {
    if names.is_empty() {
        return Ok(all.iter().collect());
    }
    let find = |name: &String| {
        let known: Vec<&str> = all.iter().map(|stage| stage.name).collect();
        let unknown = || format!("there is no stage `{name}`; the stages are {}", known.join(", "));
        all.iter().find(|stage| stage.name == name).ok_or_else(unknown)
    };
    names.iter().map(find).collect()
}

fn run_all(stages: &[&Stage], out: &mut dyn Write) -> ExitCode {
    stages.iter().for_each(|stage| (stage.prepare)());
    let mut sum = Verdict::default();
    for together in stages.chunk_by(|_, next| next.beside_the_one_before) {
        for ended in run_together(together) {
            sum.add(&ended.verdict);
            ended.tell(out);
        }
    }
    say(out, &report::total(&sum));
    // A run that checked nothing proved nothing.
    if sum.failed == 0 && sum.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A stage that has run.
struct Ended {
    name: &'static str,
    verdict: Verdict,
    took: Duration,
}

impl Ended {
    fn tell(&self, out: &mut dyn Write) {
        say(out, &report::line(self.name, &self.verdict, self.took));
        if self.verdict.failed > 0 {
            say(out, &indented(&self.verdict.details));
        }
    }
}

fn run_together(stages: &[&Stage]) -> Vec<Ended> {
    std::thread::scope(|scope| {
        let begun: Vec<_> = stages.iter().map(|stage| scope.spawn(|| run_one(stage))).collect();
        begun.into_iter().zip(stages).map(|(stage, of)| stage.join().unwrap_or_else(|_| broke(of))).collect()
    })
}

fn run_one(stage: &Stage) -> Ended {
    let started = now();
    let verdict = (stage.run)();
    Ended { name: stage.name, verdict, took: started.elapsed() }
}

/// Its own words stand above, on stderr.
fn broke(stage: &Stage) -> Ended {
    Ended { name: stage.name, verdict: Verdict::fail("the stage panicked"), took: Duration::ZERO }
}

/// A reader that went away (`./x test | head`) must not end the run; the exit code still speaks.
fn say(out: &mut dyn Write, text: &str) {
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

#[expect(clippy::disallowed_methods, reason = "seconds shown to a developer; no accounting depends on them")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: &[Stage] =
        &[Stage::new("good", Verdict::pass), Stage::new("bad", || Verdict::fail("planted"))];

    #[test]
    fn without_names_every_stage_runs() {
        assert_eq!(chosen(PAIR, &[]).unwrap().len(), 2);
    }

    #[test]
    fn an_unknown_stage_is_refused_and_the_known_ones_are_named() {
        let error = chosen(PAIR, &["fnt".to_owned()]).err().unwrap();
        assert!(error.contains("fnt") && error.contains("good, bad"), "{error}");
    }

    #[test]
    fn one_failed_stage_fails_the_run_and_the_others_still_ran() {
        let stages: Vec<&Stage> = PAIR.iter().rev().collect();
        let mut out = Vec::new();
        assert_eq!(run_all(&stages, &mut out), ExitCode::FAILURE);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("planted") && text.contains("good"), "{text}");
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed"));
    }

    #[test]
    fn a_run_without_a_failure_succeeds_unless_it_checked_nothing() {
        assert_eq!(run_all(&[&PAIR[0]], &mut Vec::new()), ExitCode::SUCCESS);
        assert_eq!(run_all(&[], &mut Vec::new()), ExitCode::FAILURE);
    }

    #[test]
    fn those_beside_each_other_are_told_in_their_order_and_one_that_panics_fails() {
        static MET: std::sync::Barrier = std::sync::Barrier::new(2);
        let meets = || {
            MET.wait();
            Verdict::pass()
        };
        let first = Stage::new("first", meets);
        let second = Stage::new("second", meets).beside();
        let broken = Stage::new("broken", || panic!("planted"));
        let mut out = Vec::new();
        assert_eq!(run_all(&[&first, &second, &broken], &mut out), ExitCode::FAILURE);
        let text = String::from_utf8(out).unwrap();
        let names: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(names, ["first", "second", "broken", "the", "2"], "{text}");
    }
}
