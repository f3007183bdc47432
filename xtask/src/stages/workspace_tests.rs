//! Stages `tests` and `alone`: every unit, integration and documentation test of the workspace, each counted. A PostgreSQL
//! server runs beside them, and Redis servers can be started by them.

use super::test_programs::Run;
use super::{libtest, mariadb, postgres, redis, tools};
use crate::program;
use crate::report::Verdict;

/// What proptest takes its scripts from. Fixed here, so that a run that turns red was turned by the change it tests;
/// `cargo test` by itself draws new scripts each time.
pub(super) const SEED_VARIABLE: &str = "PROPTEST_RNG_SEED";
const SEED: &str = "20261128";

/// What tells how long routers wait, or has thousands come in one moment, is to be all that the machine does meanwhile.
const ALONE: [&str; 2] =
    ["nodes::whatever_befalls_two_collectors", "live::crowds::five_thousand_come_at_once"];
/// Most tests wait most of their time, for routers that do not answer and for the next second: so many at once for each core, of as many
/// programs as there are below.
const AT_ONCE: usize = 2;
/// Test programs at once: the last tests of one wait long.
const PROGRAMS: usize = 2;

/// All but those.
pub(crate) fn run() -> Verdict {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let skipped: Vec<&str> = ALONE.iter().flat_map(|name| ["--skip", name]).collect();
    test("tests", &skipped, (PROGRAMS, cores * AT_ONCE))
}

/// Those, one after the other.
pub(crate) fn run_alone() -> Verdict {
    test("alone", &ALONE, (1, 1))
}

fn test(stage: &str, chosen: &[&str], (programs, threads): (usize, usize)) -> Verdict {
    let seed = seed();
    let mut variables = vec![(SEED_VARIABLE, seed.clone())];
    let server = match postgres::Server::start(postgres::Purpose::Tests) {
        Ok(server) => server,
        Err(sentence) => return Verdict::fail(format!("the tests need a PostgreSQL server: {sentence}")),
    };
    variables.push((postgres::VARIABLE, server.url().to_owned()));
    match redis::server() {
        Ok(program) => variables.push((redis::VARIABLE, program.display().to_string())),
        Err(sentence) => return Verdict::fail(format!("the tests need a Redis server: {sentence}")),
    };
    match mariadb::server() {
        Ok(program) => variables.push((mariadb::VARIABLE, program.display().to_string())),
        Err(sentence) => return Verdict::fail(format!("the tests need a MariaDB server: {sentence}")),
    };
    let log = tools::log_path(stage);
    println!("{stage:<8} running with {SEED_VARIABLE}={seed}; the whole output goes to {}", log.display());
    // Those in the documentation are never among the ones that run alone.
    let documented = programs > 1;
    match (Run { stage, chosen, programs, threads, documented, variables: &variables }).done() {
        Ok(done) => judge(&done),
        Err(sentence) => Verdict::fail(sentence),
    }
}

pub(super) fn seed() -> String {
    std::env::var(SEED_VARIABLE).unwrap_or_else(|_| SEED.to_owned())
}

/// Counts what `cargo test` ran.
pub(super) fn judge(done: &program::Finished) -> Verdict {
    let counts = libtest::read(&done.output);
    let mut verdict =
        Verdict { passed: counts.passed, failed: counts.failed, details: counts.failures.join("\n") };
    for name in &counts.ignored {
        verdict.add(&Verdict::fail(format!(
            "{name} is ignored; here that counts as failed: nothing is skipped"
        )));
    }
    for binary in &counts.without_result {
        verdict.add(&Verdict::fail(format!("{binary} ended without a result (it crashed or was killed)")));
    }
    if verdict.failed == 0 && !done.success {
        verdict.add(&Verdict::fail(program::tail(&done.output, 60)));
    }
    if verdict.failed == 0 && verdict.passed == 0 {
        verdict.add(&Verdict::fail("not a single test ran"));
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(success: bool, output: &str) -> Verdict {
        judge(&program::Finished { success, output: output.to_owned() })
    }

    #[test]
    fn a_clean_run_counts_its_tests() {
        let output =
            "     Running unittests src/lib.rs (a)\ntest result: ok. 7 passed; 0 failed; 0 ignored;\n";
        assert_eq!(judged(true, output), Verdict { passed: 7, ..Verdict::default() });
    }

    #[test]
    fn code_that_does_not_compile_is_one_failure_with_the_compilers_words() {
        let verdict = judged(false, "error[E0425]: cannot find value `x`\n");
        assert_eq!(verdict.failed, 1);
        assert!(verdict.details.contains("E0425"));
    }

    #[test]
    fn a_run_without_tests_fails() {
        assert_eq!(judged(true, "").failed, 1);
    }

    #[test]
    fn an_ignored_test_and_a_crashed_binary_fail() {
        let output = "     Running unittests src/lib.rs (a)\ntest slow ... ignored\n\
            test result: ok. 7 passed; 0 failed; 1 ignored;\n     Running tests/it/main.rs (b)\n";
        let verdict = judged(false, output);
        assert_eq!((verdict.passed, verdict.failed), (7, 2));
        assert!(verdict.details.contains("slow") && verdict.details.contains("tests/it/main.rs"));
    }
}
