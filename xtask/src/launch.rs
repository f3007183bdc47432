//! Starting programs in place of this one: `demo`, `bench`, the writing of the OpenAPI document, and any command with the
//! servers that tests need.

use std::process::{Command, ExitCode};

use crate::program::run_handed;
use crate::repo;
use crate::stages::{installed, mariadb, peers, postgres, redis, web};

/// Builds the web admin where something of it changed since, then with the dev profile (a third of the release build's time), and runs
/// the demo.
pub(crate) fn demo(arguments: &[String]) -> ExitCode {
    if let Err(sentence) = web::build_if_stale() {
        eprintln!("x: {sentence}\nx: The demo starts with the web admin of before, or without one.");
    }
    run_handed(cargo_run(&["-p", "tikmeter", "--", "demo"], arguments))
}

/// Measures in release mode: figures of a dev build mean nothing. One measurement is of a Python script, whose library
/// is installed below the build if it is asked for; those beside PostgreSQL have a server of their own,
/// and start a Redis server where they need one.
pub(crate) fn bench(arguments: &[String]) -> ExitCode {
    let mut command = cargo_run(&["--release", "-p", "bench", "--"], arguments);
    match beside(arguments, &mut command) {
        Ok(_server) => run_handed(command),
        Err(sentence) => {
            eprintln!("x: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// What measurements need beside them, and where it is.
fn beside(arguments: &[String], command: &mut Command) -> Result<Option<postgres::Server>, String> {
    let named = |name: &str| arguments.iter().any(|word| word == name);
    if named("--help") {
        return Ok(None);
    }
    if named("postgres") {
        let server = postgres::Server::start(postgres::Purpose::Figures)?;
        command.env(postgres::VARIABLE, server.url()).env(redis::VARIABLE, redis::server()?);
        return Ok(Some(server));
    }
    if named(peers::USUAL_SCRIPT) || !named("--only") {
        command.env(peers::BENCH_PYTHON, installed::ready()?.python_path());
    }
    Ok(None)
}

/// Builds the web admin.
pub(crate) fn web() -> ExitCode {
    match web::build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("x: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the document that the handlers make over the committed one.
pub(crate) fn openapi() -> ExitCode {
    let mut command = repo::cargo();
    command
        .args(["test", "--quiet", "-p", "server", "--test", "it", "snapshot"])
        .env("TIKMETER_WRITE_OPENAPI", "1");
    run_handed(command)
}

/// Runs a developer's command with what tests need: a PostgreSQL server that ends with it, and the programs of a Redis and
/// a MariaDB server.
/// `./x servers cargo test -p store`
pub(crate) fn servers(arguments: &[String]) -> ExitCode {
    let Some((name, words)) = arguments.split_first() else {
        eprintln!("x: which command? For example: ./x servers cargo test -p store");
        return ExitCode::from(2);
    };
    let started = postgres::Server::start(postgres::Purpose::Tests);
    let ready = started.and_then(|server| Ok((server, redis::server()?, mariadb::server()?)));
    let (server, redis, mariadb) = match ready {
        Ok(ready) => ready,
        Err(sentence) => {
            eprintln!("x: {sentence}");
            return ExitCode::FAILURE;
        }
    };
    let mut command = Command::new(name);
    command.args(words).env(postgres::VARIABLE, server.url()).env(redis::VARIABLE, redis);
    command.env(mariadb::VARIABLE, mariadb);
    command.current_dir(repo::caller_dir());
    run_handed(command)
}

fn cargo_run(fixed: &[&str], given: &[String]) -> Command {
    let mut command = repo::cargo();
    command.arg("run").arg("--manifest-path").arg(repo::root().join("Cargo.toml"));
    command.args(fixed).args(given).current_dir(repo::caller_dir());
    command
}
