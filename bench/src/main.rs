//! Tikmeter measured: each figure beside a plain-Rust bound of the same run, as a table in markdown.
//!
//! There are no time limits and no expected figures: a target that is missed is printed as missed. The program
//! fails only when a sum is wrong (every round of every measurement checks its own) or something could not run.
//!
//! * `plant`: the subscribers that are measured, by formula, and what their sums must be
//! * `books`: the databases that are written to
//! * `bound`: what the figures are compared with: as little as one can do by hand and still be right
//! * `measure`: one measurement a file
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal is the only face this program has"
)]

mod arguments;
mod books;
mod bound;
mod child;
mod daemon;
mod face;
mod figure;
mod live;
mod machine;
mod measure;
mod place;
mod plant;
mod scale;
mod segments;
mod socket;
mod sums;
mod table;
mod timing;

use std::process::ExitCode;

use arguments::{Arguments, Task};
use figure::Section;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(sentence) => {
            eprintln!("bench: {sentence}\n{}", arguments::help());
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> figure::Result<()> {
    match &arguments.task {
        Task::Help => println!("{}", arguments::help()),
        Task::Measure => measure_all(arguments)?,
        Task::Daemon(database, node) => daemon::run(database, node)?,
        Task::Live(side) => live::run(*side)?,
    }
    Ok(())
}

/// Measures what was asked for. A measurement that fails does not keep the others from running; it is told at the
/// end and in the exit code.
fn measure_all(arguments: &Arguments) -> figure::Result<()> {
    let on = if arguments.postgres {
        table::On::Postgres(books::Server::told(&arguments.scale)?)
    } else {
        table::On::Sqlite
    };
    let (mut sections, mut failures) = (Vec::new(), Vec::new());
    for measurement in arguments.wanted() {
        eprintln!("bench: {} ...", measurement.name);
        match (measurement.run)(&arguments.scale) {
            Ok(section) => sections.push(section),
            Err(error) => failures.push(format!("{}: {error}", measurement.name)),
        }
    }
    publish(arguments, &on, &sections, &failures)?;
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

fn publish(
    arguments: &Arguments,
    on: &table::On,
    sections: &[Section],
    failures: &[String],
) -> figure::Result<()> {
    let page = table::page(&arguments.scale, on, sections, failures);
    println!("{page}");
    let name = if arguments.postgres { "bench-postgres.md" } else { "bench.md" };
    let path = place::target()?.join(name);
    write(&path, &page)?;
    if arguments.publish && failures.is_empty() {
        let path = place::documentation();
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        write(&path, &on.put_into(&before, &page))?;
    }
    Ok(())
}

fn write(path: &std::path::Path, page: &str) -> figure::Result<()> {
    Ok(std::fs::write(path, page)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?)
}
