//! The test programs of the workspace, built once and run beside each other: most of their tests wait, each for something else, so
//! that one program's last tests would leave the machine idle.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::tools;
use crate::program::{self, Finished};
use crate::repo;

/// How they are run.
pub(super) struct Run<'a> {
    /// The stage, by which its logs are called.
    pub(super) stage: &'a str,
    /// For each program: which of its tests.
    pub(super) chosen: &'a [&'a str],
    /// So many programs at once.
    pub(super) programs: usize,
    /// So many tests of each at once.
    pub(super) threads: usize,
    /// The tests in the documentation, too.
    pub(super) documented: bool,
    /// What they find in their environment.
    pub(super) variables: &'a [(&'a str, String)],
}

/// What is run by itself.
enum Job {
    Program {
        path: PathBuf,
        /// Of its package.
        folder: PathBuf,
    },
    Documentation,
}

/// What it is called, and what it said.
type Done = Result<(String, Finished), String>;

impl Run<'_> {
    /// What all of them said, one after the other, as `cargo test` would have it.
    ///
    /// # Errors
    /// A sentence when they cannot be built or started.
    pub(super) fn done(&self) -> Result<Finished, String> {
        let (mut cargo, log) = (repo::cargo(), tools::log_path(&format!("{}-build", self.stage)));
        cargo.args(["test", "--workspace", "--no-run", "--message-format", "json-render-diagnostics"]);
        let built = program::run_logged(&mut cargo, &log)?;
        if !built.success {
            let output = built.output.lines().filter(|line| !line.starts_with('{')).collect::<Vec<_>>();
            return Ok(Finished { success: false, output: output.join("\n") });
        }
        let jobs = self.jobs(&built.output);
        let count = jobs.len();
        let (left, ended) = (Mutex::new(jobs.into_iter().enumerate()), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..self.programs {
                scope.spawn(|| {
                    while let Some((number, job)) = next(&left) {
                        let done = self.run(number, &job);
                        ended.lock().unwrap_or_else(PoisonError::into_inner).push((number, done));
                    }
                });
            }
        });
        let ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
        if ended.len() < count {
            return Err("a test program was not waited for; please report it".to_owned());
        }
        self.together(ended)
    }

    /// Those that take longest first: what is still to be built, and the larger programs.
    fn jobs(&self, built: &str) -> Vec<Job> {
        let mut programs: Vec<(PathBuf, PathBuf)> = built.lines().filter_map(test_program).collect();
        let size = |path: &Path| path.metadata().map_or(0, |about| about.len());
        programs.sort_by_cached_key(|(path, _)| std::cmp::Reverse(size(path)));
        let programs = programs.into_iter().map(|(path, folder)| Job::Program { path, folder });
        self.documented.then_some(Job::Documentation).into_iter().chain(programs).collect()
    }

    fn run(&self, number: usize, job: &Job) -> Done {
        let (head, mut command) = match job {
            Job::Program { path, folder } => {
                let mut command = Command::new(path);
                command.args(self.chosen).current_dir(folder).env("CARGO_MANIFEST_DIR", folder);
                (format!("     Running {}\n", path.display()), command)
            }
            Job::Documentation => {
                let mut cargo = repo::cargo();
                cargo.args(["test", "--workspace", "--no-fail-fast", "--doc"]);
                (String::new(), cargo)
            }
        };
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("RUST_TEST_THREADS", self.threads.to_string());
        let log = tools::log_path(&format!("{}-{number}", self.stage));
        Ok((head, program::run_logged(&mut command, &log)?))
    }

    fn together(&self, mut ended: Vec<(usize, Done)>) -> Result<Finished, String> {
        ended.sort_by_key(|(number, _)| *number);
        let mut all = Finished { success: true, output: String::new() };
        for (_, done) in ended {
            let (head, done) = done?;
            all.success &= done.success;
            all.output.push_str(&head);
            all.output.push_str(&done.output);
        }
        let log = tools::log_path(self.stage);
        std::fs::write(&log, &all.output)
            .map_err(|error| format!("cannot write {}: {error}", log.display()))?;
        Ok(all)
    }
}

fn next(left: &Mutex<impl Iterator<Item = (usize, Job)>>) -> Option<(usize, Job)> {
    left.lock().unwrap_or_else(PoisonError::into_inner).next()
}

/// A test program and the folder of its package, from a line that cargo prints of what it built.
fn test_program(line: &str) -> Option<(PathBuf, PathBuf)> {
    // The target of a program may be tested, too; only a profile that tests makes a program that does.
    let (_, profile) = line.split_once("\"profile\":{").filter(|_| line.starts_with('{'))?;
    let is_test = profile.split('}').next().is_some_and(|profile| profile.contains("\"test\":true"));
    let path = text_of(line, "executable").filter(|_| is_test)?;
    let manifest = Path::new(text_of(line, "manifest_path")?);
    Some((path.into(), manifest.parent()?.to_owned()))
}

/// The value of a field that is a text. Cargo's own answer is all that is read by this, and paths without quotes and backslashes.
fn text_of<'l>(line: &'l str, field: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(&format!("\"{field}\":\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_program_is_read_off_and_nothing_else_is() {
        let artifact = |test: &str, executable: &str| {
            format!(
                "{{\"reason\":\"compiler-artifact\",\"package_id\":\"x\",\"manifest_path\":\"/w/crates/a/Cargo.toml\",\
                 \"target\":{{\"name\":\"it\",\"test\":true}},\"profile\":{{\"opt_level\":\"0\",\"test\":{test}}},\
                 \"executable\":{executable},\"fresh\":true}}"
            )
        };
        let found = test_program(&artifact("true", "\"/w/target/debug/deps/it-1\""));
        assert_eq!(found, Some(("/w/target/debug/deps/it-1".into(), "/w/crates/a".into())));
        assert_eq!(test_program(&artifact("true", "null")), None);
        assert_eq!(test_program(&artifact("false", "\"/w/target/debug/a\"")), None);
        assert_eq!(test_program("     Running tests/it/main.rs (a)"), None);
    }
}
