//! The command line.

use crate::daemon::DAEMON;
use crate::live::{LIVE, Side};
use crate::measure::{MEASUREMENTS, Measurement, POSTGRES};
use crate::scale::Scale;

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) task: Task,
    pub(crate) scale: Scale,
    /// The page is to stand in the documentation.
    pub(crate) publish: bool,
    /// Beside PostgreSQL, in place of SQLite.
    pub(crate) postgres: bool,
    only: Vec<String>,
}

/// What this process is to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Measure,
    /// Be the daemon of that name on that database.
    Daemon(String, String),
    /// Tell live samples.
    Live(Side),
}

impl Arguments {
    /// Reads the words after the program's name.
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Arguments {
            task: Task::Measure,
            scale: Scale::full(),
            publish: false,
            postgres: false,
            only: Vec::new(),
        };
        let mut words = words;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => arguments.scale = Scale::quick(),
                "--publish" => arguments.publish = true,
                "--only" => {
                    arguments.only.push(words.next().ok_or("--only needs the name of a measurement")?)
                }
                "--database" => arguments.postgres = is_postgres(words.next().as_deref())?,
                DAEMON => {
                    let database = words.next().ok_or("a database must be named")?;
                    let node = words.next().ok_or("the process must be named")?;
                    arguments.task = Task::Daemon(database, node);
                }
                LIVE => {
                    let side = words.next().and_then(|name| Side::from_name(&name));
                    arguments.task = Task::Live(side.ok_or("ours or bare")?);
                }
                "--help" | "-h" => arguments.task = Task::Help,
                unknown => return Err(format!("`{unknown}` is not understood")),
            }
        }
        if let Some(unknown) =
            arguments.only.iter().find(|name| !arguments.known().any(|known| known == *name))
        {
            return Err(format!("there is no measurement `{unknown}` there"));
        }
        if arguments.publish && (arguments.scale.quick || !arguments.only.is_empty()) {
            return Err("--publish is for a whole run: without --quick and --only".to_owned());
        }
        Ok(arguments)
    }

    /// The measurements that are to run.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = &'static Measurement> {
        let wants = |name: &str| self.only.is_empty() || self.only.iter().any(|wanted| wanted == name);
        self.measurements().iter().filter(move |measurement| wants(measurement.name))
    }

    fn known(&self) -> impl Iterator<Item = &'static str> {
        self.measurements().iter().map(|measurement| measurement.name)
    }

    fn measurements(&self) -> &'static [Measurement] {
        if self.postgres { POSTGRES } else { MEASUREMENTS }
    }
}

fn is_postgres(database: Option<&str>) -> Result<bool, String> {
    match database {
        Some("postgres") => Ok(true),
        Some("sqlite") => Ok(false),
        _ => Err("--database is `sqlite` or `postgres`".to_owned()),
    }
}

/// How to call this program.
pub(crate) fn help() -> String {
    let names = |of: &[Measurement]| of.iter().map(|one| one.name).collect::<Vec<_>>().join(", ");
    format!(
        "./x bench [--database postgres] [--quick] [--only NAME]... [--publish]\n\
         --quick     few rows: proves that everything runs; the figures mean nothing\n\
         --database  sqlite, which is meant where nothing is said, or postgres, on a server of its own\n\
         --only      one of: {}; with postgres: {}\n\
         --publish   also writes docs/performance.md, the part of that database",
        names(MEASUREMENTS),
        names(POSTGRES)
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
        let names = |line| parse(line).unwrap().wanted().map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(names("--quick --only decode"), ["decode"]);
        assert!(names("").contains(&"disk") && !names("").contains(&"shard"));
        assert_eq!(names("--only shard --database postgres"), ["shard"]);
    }

    #[test]
    fn words_that_mean_nothing_are_refused() {
        for line in [
            "--only",
            "--only nonsense",
            "--only shard",
            "--database",
            "--database mysql",
            "--fast",
            "decode",
            "--publish --quick",
            "--publish --only wire",
        ] {
            parse(line).unwrap_err();
        }
    }
}
