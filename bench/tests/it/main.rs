//! The benchmark itself is run as people run it, on few rows: every measurement must come to a figure.

use std::process::{Command, Output};

#[expect(clippy::unwrap_used, reason = "called by tests only")]
fn bench(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bench")).args(arguments).output().unwrap()
}

#[test]
fn a_quick_run_measures_everything_and_judges_nothing() {
    let names = [
        "decode",
        "poll-path",
        "wire",
        "one-row",
        "commit",
        "socket-to-commit",
        "disk",
        "memory",
        "growth",
        "live",
        "limits",
        "crowd",
        "day",
    ];
    // The one beside a Python script runs with the clients of others, in `./x test peers`.
    let only = names.iter().flat_map(|name| ["--only", name]);
    let run = bench(&["--quick"].into_iter().chain(only).collect::<Vec<_>>());
    let page = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{page}\n{}", String::from_utf8_lossy(&run.stderr));
    let wanted = [
        "decode a reply",
        "bound looks up by name",
        "counter row beside its name",
        "one-row request",
        "SQLite: commit a round",
        "socket to commit",
        "on disk: a subscriber-day with an entry every 15 minutes",
        "VmRSS",
        "a row at 2000 against 500",
        "live: 800 samples put up at once",
        "limits: from the click until the router shows it",
        "limits: the same, commands that change something",
        "who ask what one login used and read it for a second: 99 of 100 answers",
        "day: the same, the write-ahead log at most",
    ];
    for figure in wanted {
        assert!(page.contains(figure), "no figure for {figure} in\n{page}");
    }
    assert!(page.contains("not judged") && !page.contains("missed"), "{page}");
}

#[test]
fn a_quick_run_beside_postgresql_measures_everything_and_judges_nothing() {
    let run = bench(&["--quick", "--database", "postgres"]);
    let page = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{page}\n{}", String::from_utf8_lossy(&run.stderr));
    let wanted = [
        "PostgreSQL: commit a round",
        "PostgreSQL: what a round writes to the log",
        "PostgreSQL: counters on disk after 50 rounds",
        "PostgreSQL: new versions of rows that stay on their page",
        "socket to commit",
        "shard: sessions written by one server",
        "redis: a round of each router told",
        "a round while Redis is down, against while it is up",
        "fleet: rounds committed by the process that did less",
    ];
    for figure in wanted {
        assert!(page.contains(figure), "no figure for {figure} in\n{page}");
    }
    assert!(page.contains("not judged") && !page.contains("missed"), "{page}");
}

#[test]
fn figures_of_a_server_that_may_lose_what_it_wrote_are_refused() {
    let run = bench(&["--database", "postgres", "--only", "commit"]);
    let told = String::from_utf8(run.stderr).unwrap();
    assert!(!run.status.success() && told.contains("(\"fsync\", \"off\")"), "{told}");
}

#[test]
fn a_word_it_does_not_know_is_refused_with_the_names_it_knows() {
    let run = bench(&["--only", "nonsense"]);
    assert_eq!(run.status.code(), Some(2));
    let told = String::from_utf8(run.stderr).unwrap();
    assert!(told.contains("no measurement `nonsense`") && told.contains("poll-path"), "{told}");
}
