//! Starting our own programs in place of this one: `demo`, `bench` and the writing of the OpenAPI document.

use std::process::{Command, ExitCode};

use crate::repo;
use crate::stages::{installed, peers};

/// Builds with the dev profile (a third of the release build's time) and runs the demo.
pub(crate) fn demo(arguments: &[String]) -> ExitCode {
    run(cargo_run(&["-p", "tikmeter", "--", "demo"], arguments))
}

/// Measures in release mode: figures of a dev build mean nothing. One measurement is of a Python script, whose library
/// is installed below the build if it is asked for.
pub(crate) fn bench(arguments: &[String]) -> ExitCode {
    let mut command = cargo_run(&["--release", "-p", "bench", "--"], arguments);
    let named = |name: &str| arguments.iter().any(|word| word == name);
    if named(peers::USUAL_SCRIPT) || !(named("--only") || named("--help")) {
        match installed::ready() {
            Ok(installed) => command.env(peers::BENCH_PYTHON, installed.python_path()),
            Err(sentence) => {
                eprintln!("x: {sentence}");
                return ExitCode::FAILURE;
            }
        };
    }
    run(command)
}

/// Writes the document that the handlers make over the committed one.
pub(crate) fn openapi() -> ExitCode {
    let mut command = repo::cargo();
    command
        .args(["test", "--quiet", "-p", "server", "--test", "it", "snapshot"])
        .env("TIKMETER_WRITE_OPENAPI", "1");
    run(command)
}

fn cargo_run(fixed: &[&str], given: &[String]) -> Command {
    let mut command = repo::cargo();
    command.arg("run").arg("--manifest-path").arg(repo::root().join("Cargo.toml"));
    command.args(fixed).args(given).current_dir(repo::caller_dir());
    command
}

/// Hands the terminal and its signals to the program and ends as it ended.
fn run(mut command: Command) -> ExitCode {
    match command.status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("x: cargo could not be started: {error}");
            ExitCode::FAILURE
        }
    }
}
