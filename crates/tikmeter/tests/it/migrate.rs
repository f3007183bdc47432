//! `tikmeter migrate sqlite-to-postgres`: killed again and again it still moves everything, once.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::Value;

use crate::chance::Chance;
use crate::folding::past;
use crate::postgres_server::{self, Database};
use crate::program::{Running, stderr, stdout, tikmeter};
use crate::server::Server;

const SEED: u64 = 20_261_129;
/// Kills while the move begins, and the longest time after which they come.
const EARLY_KILLS: usize = 3;
const EARLY_MS: u64 = 200;
/// Kills while rows are copied, at the least: each comes after some were and before all are.
const KILLS: usize = 6;
/// Longest time after which a kill comes.
const SOON_MS: u64 = 30;

fn migrate(folder: &Path, database: &Database, words: &[&str]) -> Command {
    let mut command = tikmeter(&[&["migrate", "sqlite-to-postgres", "--data", "data"][..], words].concat());
    command.env("TIKMETER_MIGRATE_TO", database.url()).current_dir(folder);
    command
}

fn output(mut command: Command) -> Output {
    command.output().unwrap()
}

/// What the books say.
fn books(folder: &Path) -> (Value, String, Value) {
    let server = Server::serve(folder);
    let told = (
        server.json(&["usage"]),
        server.text(&["verify"]),
        server.json(&["explain", "--subscriber", past::SUBSCRIBER]),
    );
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
    told
}

/// Rows that are known to be there; `None` when no move is on its way.
fn rows_there(database: &Database) -> Option<i64> {
    postgres_server::ask(database.url(), |client| {
        let sql = "SELECT to_regclass('tikmeter.moving_chunk') IS NOT NULL";
        client.query_one(sql, &[]).unwrap().get::<_, bool>(0).then(|| {
            let sql = "SELECT coalesce(sum(rows), 0)::bigint FROM tikmeter.moving_chunk";
            client.query_one(sql, &[]).unwrap().get(0)
        })
    })
}

/// Kills a move soon after it copied more than was there.
fn kill_one(folder: &Path, database: &Database, there: i64, soon: Duration) {
    let mut running = Running::spawn(migrate(folder, database, &[]), folder);
    while rows_there(database).is_none_or(|now| now <= there) {
        running.assert_runs();
    }
    std::thread::sleep(soon);
    running.signal("KILL");
    running.end();
}

fn town(folder: &Path) {
    std::fs::create_dir(folder.join("data")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(past::write(&folder.join("data/tikmeter.db")));
}

fn serve_from(folder: &Path, database: &Database) {
    let config = format!("[database]\nurl = \"{}\"\n", database.url());
    std::fs::write(folder.join("tikmeter.toml"), config).unwrap();
}

fn refuses_to_serve(folder: &Path) {
    let mut serve = tikmeter(&["serve", "--data", "data", "--listen", "127.0.0.1:0"]);
    serve.current_dir(folder);
    let refused = output(serve);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("is being moved into it"), "{}", stderr(&refused));
}

#[test]
fn a_move_that_is_killed_again_and_again_ends_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let database = Database::create();
    town(folder);
    let before = books(folder);
    serve_from(folder, &database);
    let mut chance = Chance::new(SEED);
    for _ in 0..EARLY_KILLS {
        let running = Running::spawn(migrate(folder, &database, &[]), folder);
        std::thread::sleep(Duration::from_millis(chance.below(EARLY_MS)));
        running.signal("KILL");
        running.end();
    }
    let mut seen = vec![rows_there(&database).unwrap_or(0)];
    for _ in 0..KILLS {
        let soon = Duration::from_millis(chance.below(SOON_MS));
        kill_one(folder, &database, *seen.last().unwrap(), soon);
        seen.push(rows_there(&database).unwrap());
    }
    refuses_to_serve(folder);
    let running = Running::spawn(migrate(folder, &database, &[]), folder);
    running.error_line("comparing audit");
    running.signal("KILL");
    running.end();
    println!("rows that were there after each kill: {seen:?}, in the end {:?}", rows_there(&database));
    refuses_to_serve(folder);

    let ended = output(migrate(folder, &database, &["--json"]));
    assert!(ended.status.success(), "{}", stderr(&ended));
    let told: Value = serde_json::from_str(&stdout(&ended)).unwrap();
    assert_eq!(told["entries_checked"].as_u64(), Some((past::DAYS * 96 - 1) * past::LOGINS));
    assert!(told["rows"].as_i64().unwrap() > *seen.last().unwrap());
    assert_eq!(books(folder), before);
    let again = output(migrate(folder, &database, &[]));
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("already, whole"), "{}", stderr(&again));
}

#[test]
fn what_is_wrongly_called_is_told_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let url = "postgres://u:geheim@127.0.0.1:1/db";
    std::fs::write(folder.join("url"), format!("{url}\n")).unwrap();
    std::fs::write(folder.join("sqlite"), "sqlite:///srv/t.db").unwrap();
    for (words, code, told) in [
        (&[][..], 2, "TIKMETER_MIGRATE_TO"),
        (&["--to-file", "sqlite"], 2, "--to-file"),
        (&["--to", "mysql://u:geheim@h/db"], 2, "is no database"),
        (&["--to", url, "--from", "postgres://u:geheim@h/db"], 2, "no SQLite file"),
        (&["--to-file", "url"], 1, "there is no data/tikmeter.db"),
        (&["--to-file", "url", "--from", "nowhere.db"], 1, "there is no file nowhere.db"),
        (&["--to-file", "url", "--from", "sqlite://nowhere.db"], 1, "there is no file nowhere.db"),
        (&["--to-file", "missing"], 1, "missing cannot be read"),
    ] {
        let mut command = tikmeter(&[&["migrate", "sqlite-to-postgres", "--data", "data"], words].concat());
        command.current_dir(folder);
        let out = output(command);
        assert_eq!(out.status.code(), Some(code), "{words:?}: {}", stderr(&out));
        assert!(
            stderr(&out).contains(told) && !stderr(&out).contains("geheim"),
            "{words:?}: {}",
            stderr(&out)
        );
    }
}
