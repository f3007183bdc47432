//! The checkout's own chores: `./x demo`, `./x test`, `./x bench`, `./x dist`, `./x web`, `./x openapi`, `./x servers`, `./x fuzz`, `./x tidy`.
//!
//! It has no dependencies, so that the first thing a newcomer runs compiles in a blink and still works when the
//! rest of the workspace does not build.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal is the only face this program has"
)]

mod fuzzing;
mod launch;
mod packing;
mod program;
mod repo;
mod report;
mod stages;
mod test_run;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
./x demo [args]     Tikmeter on simulated routers: totals within seconds; Ctrl-C ends it
./x test [stage..]  everything that must hold before a change lands (all stages unless some are named)
./x tidy            only the checks of the repository itself
./x bench [args]    the measurements, in release mode (--database postgres: those beside it)
./x servers CMD..   runs a command with a PostgreSQL server of its own, whose URL is in TEST_POSTGRES_URL, and the program of
                    a Redis server in TEST_REDIS_SERVER; `postgres` is the same
./x fuzz TARGET [S] looks for inputs that break a parser, for S seconds (targets: fuzz/corpora)
./x dist            a Debian package, a tarball and the list of what is linked in, below target/dist
./x web             builds the web admin into web/dist, which the next build of the program takes in
./x openapi         writes docs/reference/openapi.json anew, after a change of the API
./x help            this text";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let task = arguments.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = arguments.collect();
    match task.as_str() {
        "demo" => launch::demo(&rest),
        "test" => test_run::run(&rest),
        "tidy" => test_run::run(&["tidy".to_owned()]),
        "bench" => launch::bench(&rest),
        "fuzz" => fuzzing::run(&rest),
        "dist" => packing::run(),
        "web" => launch::web(),
        "openapi" => launch::openapi(),
        "servers" | "postgres" => launch::servers(&rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        unknown => {
            eprintln!("x: there is no task `{unknown}`.\n{HELP}");
            ExitCode::from(2)
        }
    }
}
