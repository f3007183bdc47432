//! The database on a server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use accounting::time::Micros;
use postgres::{Client, NoTls};
use store::{NasId, NewAudit, NewNas, Postgres, Store};
use uuid::Uuid;

use super::{Bare, Books};
use crate::bound::ledger_lines::{Line, Lines};
use crate::bound::postgres_copy::PostgresCopy;
use crate::figure::Result;
use crate::place::Folder;
use crate::plant::numbers;
use crate::plant::totals::Kept;
use crate::scale::Scale;

/// Where `./x bench --database postgres` and `./x test` tell the server's URL.
const VARIABLE: &str = "TEST_POSTGRES_URL";
/// Begin of everything.
const BEGIN: Micros = Micros(1_800_000_000_000_000);
/// What a commit waits for.
const DURABLE: [&str; 3] = ["fsync", "synchronous_commit", "full_page_writes"];
/// Binds every login to a subscriber of its own.
const SUBSCRIBE: &str = "
    WITH given AS (SELECT * FROM unnest($1::text[], $2::text[]) AS given (id, name)),
    added AS (INSERT INTO subscriber (id, username, service, status, created_at)
              SELECT id, name, 'pppoe', 'active', $4 FROM given),
    opened AS (INSERT INTO cycle (subscriber_id, seq_no, opened_at) SELECT id, 1, $4 FROM given),
    made AS (INSERT INTO login (kind, name, scope, scope_id)
             SELECT 'ppp', convert_to(name, 'UTF8'), 'router', $3 FROM given RETURNING id, name)
    INSERT INTO login_binding (login_id, subscriber_id, from_at)
    SELECT made.id, given.id, $4 FROM made JOIN given ON convert_to(given.name, 'UTF8') = made.name";

/// The server that databases are made on.
pub(crate) struct Server;

impl Server {
    /// What it is, for people. One that does not keep what it says it wrote is only good enough to prove that everything
    /// runs.
    pub(crate) fn told(scale: &Scale) -> Result<String> {
        let mut client = connect(&url()?)?;
        let mut show = |name: &str| -> Result<String> {
            Ok(client.query_one(&format!("SHOW {name}"), &[])?.try_get(0)?)
        };
        let settings: Vec<(&str, String)> =
            DURABLE.iter().map(|name| Ok((*name, show(name)?))).collect::<Result<_>>()?;
        if !scale.quick && settings.iter().any(|(_, value)| value != "on") {
            return Err(format!("figures of a server with {settings:?} would be none").into());
        }
        let listed: Vec<String> = settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
        Ok(format!(
            "PostgreSQL {} on this machine, {}, shared_buffers {}, max_wal_size {}, its files on {}",
            show("server_version")?,
            listed.join(", "),
            show("shared_buffers")?,
            show("max_wal_size")?,
            crate::place::file_system(show("data_directory")?.as_ref())
        ))
    }

    /// Octets of the log that it wrote so far, of all its databases.
    pub(crate) fn log_written() -> Result<i64> {
        let told = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint";
        Ok(connect(&url()?)?.query_one(told, &[])?.try_get(0)?)
    }
}

/// A database on it, gone when dropped.
pub(crate) struct PostgresBooks {
    name: String,
    url: String,
    /// Looks at it beside the store.
    watcher: Client,
}

impl Drop for PostgresBooks {
    fn drop(&mut self) {
        let gone = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropped = url().and_then(|url| Ok(connect(&url)?.batch_execute(&gone)?));
        if let Err(error) = dropped {
            eprintln!("bench: the database {} stays behind: {error}", self.name);
        }
    }
}

impl PostgresBooks {
    /// Ends what is connected to it; the store and we connect again with the next question.
    pub(crate) fn end_connections(&self) -> Result<()> {
        let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1";
        connect(&url()?)?.query(end, &[&self.name])?;
        Ok(())
    }

    /// Where it is, for another process.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn create(words: &str) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("bench_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let server = url()?;
        connect(&server)?.batch_execute(&format!("CREATE DATABASE {name} {words}"))?;
        let (place, _) = server.rsplit_once('/').ok_or("the server's URL names no database")?;
        let url = format!("{place}/{name}");
        let watcher = connect(&url)?;
        Ok(PostgresBooks { name, url, watcher })
    }

    /// Asks it beside the store.
    pub(crate) fn watcher(&mut self) -> Result<&mut Client> {
        if self.watcher.is_valid(Duration::from_secs(10)).is_err() {
            self.watcher = connect(&self.url)?;
        }
        Ok(&mut self.watcher)
    }
}

impl Books for PostgresBooks {
    const DATABASE: &'static str = "PostgreSQL";
    type Bare = BareDatabase;

    fn make(_: &Folder, _: &str, routers: Vec<NewNas>, each: u32) -> Result<(Self, Vec<NasId>)> {
        let mut books = PostgresBooks::create("ENCODING 'UTF8' TEMPLATE template0")?;
        let store = books.open()?;
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let mut added = Vec::new();
        for router in routers {
            let act = NewAudit::by_system(BEGIN, "router.add", "bench");
            added.push(runtime.block_on(store.insert_nas(router, act))?);
        }
        drop(store);
        for (nas, first) in added.iter().zip((0..).step_by(each as usize)) {
            subscribe(&mut books.watcher, *nas, first..first + each)?;
        }
        books.watcher.batch_execute("UPDATE meta SET bindings_version = bindings_version + 1; ANALYZE")?;
        Ok((books, added))
    }

    fn open(&self) -> Result<Arc<dyn Store>> {
        Ok(Arc::new(Postgres::open(&self.url)?))
    }

    fn twin(&self, _: &Folder) -> Result<BareDatabase> {
        // A database that somebody is connected to is not copied.
        self.end_connections()?;
        let books = PostgresBooks::create(&format!("TEMPLATE {}", self.name))?;
        let mut client = connect(&books.url)?;
        client.batch_execute("ANALYZE")?;
        Ok(BareDatabase { writes: PostgresCopy::over(client)?, books })
    }

    fn kept(&mut self) -> Result<Kept> {
        let watcher = self.watcher()?;
        Kept::read(|sql| {
            let row = watcher.query_one(sql, &[])?;
            Ok((row.try_get(0)?, row.try_get(1)?))
        })
    }
}

/// A copy, and what is copied into it.
pub(crate) struct BareDatabase {
    writes: PostgresCopy,
    books: PostgresBooks,
}

impl Bare for BareDatabase {
    fn lines(&mut self, nas: NasId) -> Result<Lines> {
        self.writes.lines(nas)
    }

    fn commit(&mut self, at: i64, nas: NasId, lines: &[Line]) -> Result<()> {
        self.writes.commit(at, nas, lines)
    }

    /// The server's own processes do that.
    fn settle(&mut self) -> Result<()> {
        Ok(())
    }

    fn kept(&mut self) -> Result<Kept> {
        self.books.kept()
    }
}

fn subscribe(client: &mut Client, nas: NasId, subscribers: std::ops::Range<u32>) -> Result<()> {
    let names: Vec<String> = subscribers.clone().map(numbers::login).collect();
    let ids: Vec<String> =
        subscribers.map(|i| Uuid::from_u128(0x1000_0000 + u128::from(i)).to_string()).collect();
    client.execute(SUBSCRIBE, &[&ids, &names, &nas.0, &BEGIN.0])?;
    Ok(())
}

fn url() -> Result<String> {
    let told = format!("{VARIABLE} names no server: run `./x bench --database postgres`, which starts one");
    Ok(std::env::var(VARIABLE).map_err(|_| told)?)
}

fn connect(url: &str) -> Result<Client> {
    let mut client = Client::connect(url, NoTls)?;
    client.batch_execute("SET search_path = tikmeter")?;
    Ok(client)
}
