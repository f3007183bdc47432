//! Databases of a test's own on the PostgreSQL server of this test run.

use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};

/// Where `./x test` and `./x postgres` tell the server's URL.
const VARIABLE: &str = "TEST_POSTGRES_URL";

/// An empty database, gone when dropped.
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) url: String,
}

impl Database {
    /// A new one, with the encoding of the server's own.
    pub(crate) fn create() -> Database {
        Database::create_with("")
    }

    /// A new one, made with these words besides.
    pub(crate) fn create_with(words: &str) -> Database {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        run(&server(), &format!("CREATE DATABASE {name} {words}"));
        let url = with_database(&server(), &name);
        Database { name, url }
    }

    /// Ends every connection to it and refuses others, or lets them in again.
    pub(crate) fn let_in(&self, yes: bool) {
        run(&server(), &format!("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {yes}", self.name));
        if !yes {
            end(&server(), &format!("datname = '{}'", self.name));
        }
    }

    /// For `Postgres::open`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // PostgreSQL 12 has no `WITH (FORCE)`.
        self.let_in(false);
        run(&server(), &format!("DROP DATABASE {}", self.name));
    }
}

/// The URL of the server of this test run.
pub(crate) fn server() -> String {
    std::env::var(VARIABLE).unwrap_or_else(|_| {
        panic!(
            "this test needs a PostgreSQL server and {VARIABLE} names none: run `./x test`, or `./x postgres cargo test -p \
             store`, which start one"
        )
    })
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

/// Runs statements.
pub(crate) fn run(url: &str, sql: &str) {
    let sql = sql.to_owned();
    ask(url, move |client| client.batch_execute(&sql).unwrap());
}

/// Ends those connections of which these words about `pg_stat_activity` are true, and waits until they are gone: before 14 the
/// server does not wait itself.
pub(crate) fn end(url: &str, which: &str) {
    let all = "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
    let (ends, live) = (format!("{all} AND ({which})"), "SELECT 1 FROM pg_stat_activity WHERE pid = ANY($1)");
    ask(url, move |client| {
        let ended: Vec<i32> = client.query(&ends, &[]).unwrap().iter().map(|row| row.get(0)).collect();
        while !client.query(live, &[&ended]).unwrap().is_empty() {}
    });
}

/// Lets a person at it: the driver must not wait on a thread of tokio's.
pub(crate) fn ask<T: Send + 'static>(
    url: &str,
    question: impl FnOnce(&mut Client) -> T + Send + 'static,
) -> T {
    let url = url.to_owned();
    std::thread::spawn(move || question(&mut Client::connect(&url, NoTls).unwrap())).join().unwrap()
}
