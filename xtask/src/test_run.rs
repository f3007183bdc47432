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
    for together in stages.chunk_by(|_, next| next.beside) {
        run_together(together, out).iter().for_each(|verdict| sum.add(verdict));
    }
    say(out, &report::total(&sum));
    // A run that checked nothing proved nothing.
    if sum.failed == 0 && sum.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Each is told as soon as those before it have been.
fn run_together(stages: &[&Stage], out: &mut dyn Write) -> Vec<Verdict> {
    std::thread::scope(|scope| {
        let running: Vec<_> = stages.iter().map(|stage| (stage, scope.spawn(|| run_one(stage)))).collect();
        let told = running.into_iter().map(|(stage, run)| {
            let broken =
                |_| (Verdict::fail("the stage broke off; its own words stand above"), Duration::ZERO);
            let (verdict, took) = run.join().unwrap_or_else(broken);
            tell(stage, &verdict, took, out);
            verdict
        });
        told.collect()
    })
}

fn run_one(stage: &Stage) -> (Verdict, Duration) {
    let started = now();
    ((stage.run)(), started.elapsed())
}

fn tell(stage: &Stage, verdict: &Verdict, took: Duration, out: &mut dyn Write) {
    say(out, &report::line(stage.name, verdict, took));
    if verdict.failed > 0 {
        say(out, &indented(&verdict.details));
    }
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
    use std::sync::Barrier;

    use super::*;

    const PAIR: &[Stage] = &[
        Stage { name: "good", run: Verdict::pass, prepare: || (), beside: false },
        Stage { name: "bad", run: || Verdict::fail("planted"), prepare: || (), beside: false },
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

    /// Each of the two ends only when the other has begun.
    #[test]
    fn a_stage_that_may_runs_beside_the_one_before_it() {
        static MET: Barrier = Barrier::new(2);
        let meets = || {
            MET.wait();
            Verdict::pass()
        };
        let one = Stage { name: "one", run: meets, prepare: || (), beside: false };
        let other = Stage { name: "other", run: || panic!("planted"), prepare: || (), beside: true };
        let met = Stage { name: "met", run: meets, prepare: || (), beside: true };
        let mut out = Vec::new();
        assert_eq!(run_all(&[&one, &other, &met], &mut out), ExitCode::FAILURE);
        let text = String::from_utf8(out).unwrap();
        let told: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(
            (told[0], told[1], text.lines().last()),
            ("one", "other", Some("2 passed, 1 failed")),
            "{text}"
        );
    }

    #[test]
    fn a_run_without_a_failure_succeeds_unless_it_checked_nothing() {
        assert_eq!(run_all(&[&PAIR[0]], &mut Vec::new()), ExitCode::SUCCESS);
        assert_eq!(run_all(&[], &mut Vec::new()), ExitCode::FAILURE);
    }
}
