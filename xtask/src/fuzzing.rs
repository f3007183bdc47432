//! `./x fuzz`: looks for inputs that break something, guided by what code they reach.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::program::{capture, run_handed};
use crate::repo;

/// Counters at each edge of the code, the tables that libFuzzer needs to read them, and comparisons told to it. These passes are in
/// the ordinary compiler; a build with them tells `cfg(fuzzing)`.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0";
const HELP: &str = "./x fuzz TARGET [SECONDS] [libFuzzer's flags]   (60 seconds if none are given)";
/// Longer inputs reach nothing that shorter ones do not.
const MOST_BYTES: &str = "-max_len=4096";

/// Builds the fuzzer and runs it on one target. New inputs go below the build, beside those of the corpus.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    match fuzz(arguments) {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("x: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn fuzz(arguments: &[String]) -> Result<ExitCode, String> {
    let (target, rest) = arguments.split_first().ok_or(HELP)?;
    let kept = repo::root().join("fuzz/corpora").join(target);
    if !kept.is_dir() {
        return Err(format!("there is no target {target:?}: fuzz/corpora has a folder for each.\n{HELP}"));
    }
    let seconds = rest.first().and_then(|word| word.parse::<u32>().ok());
    let flags = &rest[usize::from(seconds.is_some())..];
    let program = build()?;
    let (found, broken) = (below(target)?, below("broken")?);
    let mut command = Command::new(program);
    command.env("TIKMETER_FUZZ", target).arg(MOST_BYTES);
    command.arg(format!("-max_total_time={}", seconds.unwrap_or(60)));
    command.arg(format!("-artifact_prefix={}/{target}-", broken.display())).args(flags);
    command.arg(found).arg(kept);
    Ok(run_handed(command))
}

/// A folder below the build that is there.
fn below(name: &str) -> Result<PathBuf, String> {
    let folder = repo::target().join("fuzz").join(name);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Optimised, with overflows and debug assertions checked. Naming the host as the target keeps the flags from build scripts.
fn build() -> Result<PathBuf, String> {
    let told = capture(Command::new("rustc").arg("-vV"))?;
    let host =
        told.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not say its host")?;
    let folder = repo::target().join("fuzz/build");
    let mut command = repo::cargo();
    command
        .args(["build", "--package", "fuzz", "--bin", "fuzz", "--target", host, "--target-dir"])
        .arg(&folder);
    command.env("RUSTFLAGS", FLAGS).env("CARGO_PROFILE_DEV_OPT_LEVEL", "2").env("CARGO_INCREMENTAL", "0");
    let built = command.status().map_err(|error| format!("cargo could not be started: {error}"))?;
    built.success().then(|| program(&folder, host)).ok_or("the fuzzer could not be built".to_owned())
}

fn program(folder: &Path, host: &str) -> PathBuf {
    folder.join(host).join("debug/fuzz")
}
