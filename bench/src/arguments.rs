//! The command line.

use std::path::PathBuf;

use crate::daemon::DAEMON;
use crate::measure::MEASUREMENTS;
use crate::scale::Scale;

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) task: Task,
    pub(crate) scale: Scale,
    /// The page is to stand in the documentation.
    pub(crate) publish: bool,
    only: Vec<String>,
}

/// What this process is to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Measure,
    /// Be the daemon on that database.
    Daemon(PathBuf),
}

impl Arguments {
    /// Reads the words after the program's name.
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments =
            Arguments { task: Task::Measure, scale: Scale::full(), publish: false, only: Vec::new() };
        let mut words = words;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => arguments.scale = Scale::quick(),
                "--publish" => arguments.publish = true,
                "--only" => arguments.only.push(known(words.next())?),
                DAEMON => {
                    let path = words.next().ok_or("a database must be named")?;
                    arguments.task = Task::Daemon(path.into());
                }
                "--help" | "-h" => arguments.task = Task::Help,
                unknown => return Err(format!("`{unknown}` is not understood")),
            }
        }
        if arguments.publish && (arguments.scale.quick || !arguments.only.is_empty()) {
            return Err("--publish is for a whole run: without --quick and --only".to_owned());
        }
        Ok(arguments)
    }

    /// Whether the measurement of that name is to run.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == name)
    }
}

fn known(name: Option<String>) -> Result<String, String> {
    let name = name.ok_or("--only needs the name of a measurement")?;
    if MEASUREMENTS.iter().any(|measurement| measurement.name == name) {
        Ok(name)
    } else {
        Err(format!("there is no measurement `{name}`"))
    }
}

/// How to call this program.
pub(crate) fn help() -> String {
    let names: Vec<&str> = MEASUREMENTS.iter().map(|measurement| measurement.name).collect();
    format!(
        "./x bench [--quick] [--only NAME]... [--publish]\n\
         --quick    few rows: proves that everything runs; the figures mean nothing\n\
         --only     one of: {}\n\
         --publish  also writes docs/performance.md",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn only_what_is_named_runs_and_without_names_everything() {
        let one = parse("--quick --only decode").unwrap();
        assert!(one.wants("decode") && !one.wants("commit") && one.scale.quick);
        assert!(parse("").unwrap().wants("commit"));
    }

    #[test]
    fn words_that_mean_nothing_are_refused() {
        for line in
            ["--only", "--only nonsense", "--fast", "decode", "--publish --quick", "--publish --only wire"]
        {
            parse(line).unwrap_err();
        }
    }
}
