//! `./x test`: one list of stages, each with its own line and seconds. A stage that fails does not stop the next:
//! one run tells everything that is wrong.

use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

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
    for stage in stages {
        sum.add(&run_one(stage, out));
    }
    say(out, &report::total(&sum));
    // A run that checked nothing proved nothing.
    if sum.failed == 0 && sum.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run_one(stage: &Stage, out: &mut dyn Write) -> Verdict {
    let started = now();
    let verdict = (stage.run)();
    say(out, &report::line(stage.name, &verdict, started.elapsed()));
    if verdict.failed > 0 {
        say(out, &indented(&verdict.details));
    }
    verdict
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

    const PAIR: &[Stage] = &[
        Stage { name: "good", run: Verdict::pass, prepare: || () },
        Stage { name: "bad", run: || Verdict::fail("planted"), prepare: || () },
    ];

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
}
