//! Stage `oldest`: the tests that meet servers meet the oldest ones that the documents promise, and Valkey: SQL, settings and commands
//! that only Debian's own version understands are noticed here. The programs are those that stage `tests` built.

mod servers;

use std::path::Path;

use self::servers::Servers;
pub(crate) use self::servers::prepare;
use super::{postgres, product, redis, tools, workspace_tests};
use crate::report::Verdict;
use crate::{program, repo};

/// Some of the tests, and what they meet.
struct Part {
    name: &'static str,
    redis: fn(&Servers) -> &Path,
    /// Parts of their names.
    tests: &'static [&'static str],
    /// Names of those among them that are left out.
    skipped: &'static [&'static str],
}

const STREAMS: &[&str] = &["events::", "commands::", "over_redis::", "live::between::"];

const PARTS: [Part; 3] = [
    // The move from SQLite is made of statements that these run too, and it would take longer than all of them; so are those
    // that are skipped, and would take a quarter of the time.
    Part {
        name: "oldest-postgres",
        redis: |servers| &servers.redis,
        tests: &[
            "::postgres::",
            "postgres_doubt::",
            "postgres_foreign::",
            "postgres_months::",
            "postgres_nodes::",
            "postgres_open::",
            "postgres_tls::",
        ],
        skipped: &[
            "a_month_becomes_what_it_becomes_line_by_line",
            "no_answer_changes_while_old_entries_are_folded",
            "who_adds_up_in_several_transactions_while_another_process_folds",
        ],
    },
    Part { name: "oldest-redis", redis: |servers| &servers.redis, tests: STREAMS, skipped: &["behaviour::"] },
    Part {
        name: "oldest-valkey",
        redis: |servers| &servers.valkey,
        tests: STREAMS,
        skipped: &["behaviour::"],
    },
];

pub(crate) fn run() -> Verdict {
    proven().unwrap_or_else(Verdict::fail)
}

fn proven() -> Result<Verdict, String> {
    product::build()?;
    let servers = servers::ready()?;
    // Who runs this as root needs the user that Debian's package makes.
    postgres::Programs::ready()?;
    let postgres = postgres::Server::start_of(&servers.postgres, postgres::Purpose::Tests)?;
    let mut verdict = Verdict::default();
    // Those of Redis mostly wait: beside the others they cost little.
    std::thread::scope(|scope| {
        let parts = PARTS.each_ref().map(|part| scope.spawn(|| part.tested(servers, postgres.url())));
        for part in parts {
            let ended = part.join().unwrap_or_else(|_| Verdict::fail("a part of the stage broke"));
            verdict.add(&ended);
        }
    });
    Ok(verdict)
}

impl Part {
    fn tested(&self, servers: &Servers, postgres: &str) -> Verdict {
        let mut cargo = repo::cargo();
        // All of the workspace, for otherwise its dependencies would be built anew with fewer features.
        cargo.args(["test", "--workspace", "--no-fail-fast", "--test", "it", "--"]).args(self.tests);
        cargo.args(self.skipped.iter().flat_map(|name| ["--skip", name]));
        cargo.env(workspace_tests::SEED_VARIABLE, workspace_tests::seed());
        cargo.env(postgres::VARIABLE, postgres).env(redis::VARIABLE, (self.redis)(servers));
        match program::run_logged(&mut cargo, &tools::log_path(self.name)) {
            Ok(done) => self.judged(&done),
            Err(sentence) => Verdict::fail(sentence),
        }
    }

    /// A name that no test has any more would let the stage prove less than it says.
    fn judged(&self, done: &program::Finished) -> Verdict {
        let mut verdict = workspace_tests::judge(done);
        for missing in without_test(&done.output, self.tests) {
            verdict.add(&Verdict::fail(format!("{}: no test that ran is called {missing}", self.name)));
        }
        verdict
    }
}

/// Those of `tests` that none of the tests that ran is called by.
fn without_test<'a>(output: &str, tests: &[&'a str]) -> Vec<&'a str> {
    let ran: Vec<&str> = output.lines().filter_map(|line| line.strip_prefix("test ")).collect();
    tests.iter().copied().filter(|part| !ran.iter().any(|name| name.contains(part))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_test_has_any_more_is_noticed() {
        let output = "     Running tests/it/main.rs (a)\ntest events::told::x ... ok\ntest result: ok. 1 passed; 0 failed\n";
        assert_eq!(without_test(output, &["events::", "commands::"]), ["commands::"]);
    }
}
