//! Both databases have the same tables and columns after their migrations. PostgreSQL has besides what keeps it quick: half
//! of the pages of tables that rounds write is left for new versions, and no index hears of those.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use store::{Postgres, Sqlite};

use crate::postgres_server::Database;

/// A column: its name, its type as SQLite calls it, and whether it may be lacking.
type Column = (String, String, bool);

#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    columns: BTreeSet<Column>,
    primary_key: Vec<String>,
}

type Tables = BTreeMap<String, Table>;

/// Tables whose rows a router numbers: their keys begin with it where rows are to be found by router.
const BY_ROUTER: [&str; 3] = ["counter", "coverage", "session"];
/// What rounds write again and again, by table.
const CHANGING: [(&str, &[&str]); 6] = [
    (
        "nas",
        &[
            "last_round",
            "last_at",
            "poll_seq",
            "next_no",
            "open_coverages",
            "session_series",
            "glimpses",
            "not_looked_in",
        ],
    ),
    ("counter", &["input_octets", "output_octets", "open_bucket", "open_no", "last_read", "missing_rounds"]),
    ("session", &["input_octets", "output_octets", "open_bucket", "open_no"]),
    ("cycle_total", &["input_octets", "output_octets"]),
    ("coverage", &["to_at"]),
    ("ledger_entry", &["delta_input", "delta_output", "after_input", "after_output", "to_at", "polls"]),
];

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tikmeter.db");
    drop(Sqlite::open(&file).unwrap());
    let database = Database::create();
    drop(Postgres::open(database.url()).unwrap());
    let (mut sqlite, postgres) = (of_sqlite(&Connection::open(&file).unwrap()), of_postgres(&database));
    for name in BY_ROUTER {
        sqlite.get_mut(name).unwrap().primary_key.insert(0, "nas_id".to_owned());
    }
    let names = |tables: &Tables| tables.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&sqlite), names(&postgres));
    for (name, table) in sqlite {
        assert_eq!(table, postgres[&name], "{name}: SQLite's on the left, PostgreSQL's on the right");
    }
}

fn of_sqlite(connection: &Connection) -> Tables {
    let sql = "SELECT s.name, c.name, c.type, c.\"notnull\" = 0 AND c.pk = 0, c.pk
               FROM sqlite_schema AS s, pragma_table_info(s.name) AS c
               WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' ORDER BY s.name, c.pk";
    let mut statement = connection.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut tables = Tables::new();
    while let Some(row) = rows.next().unwrap() {
        let table = tables.entry(row.get(0).unwrap()).or_default();
        let name: String = row.get(1).unwrap();
        if row.get::<_, i64>(4).unwrap() > 0 {
            table.primary_key.push(name.clone());
        }
        table.columns.insert((name, row.get(2).unwrap(), row.get(3).unwrap()));
    }
    tables
}

fn of_postgres(database: &Database) -> Tables {
    let columns = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
                   FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   WHERE c.relnamespace = 'tikmeter'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'migration'";
    let keys = "SELECT c.relname::text, a.attname::text
                FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
                CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k (attnum, place)
                JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
                WHERE i.indisprimary AND c.relnamespace = 'tikmeter'::regnamespace AND c.relname <> 'migration'
                ORDER BY c.relname, k.place";
    let (columns, keys) =
        database.ask(move |client| (client.query(columns, &[]).unwrap(), client.query(keys, &[]).unwrap()));
    let mut tables = Tables::new();
    for row in columns {
        let (table, name, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let kind = match kind.as_str() {
            "bigint" => "INTEGER",
            "text" => "TEXT",
            "bytea" => "BLOB",
            other => other,
        };
        tables.entry(table).or_default().columns.insert((name, kind.to_owned(), row.get(3)));
    }
    for row in keys {
        tables.get_mut(row.get::<_, &str>(0)).unwrap().primary_key.push(row.get(1));
    }
    tables
}

/// What rounds write by the thousand can be spread over servers by router.
#[test]
fn the_keys_of_what_rounds_write_by_the_thousand_begin_with_the_router() {
    let database = Database::create();
    drop(Postgres::open(database.url()).unwrap());
    let tables = of_postgres(&database);
    for name in ["counter", "coverage", "cycle_total", "ledger_entry", "outbox", "session"] {
        assert_eq!(tables[name].primary_key[0], "nas_id", "{name}: {:?}", tables[name].primary_key);
    }
}

#[test]
fn text_is_compared_bytewise_everywhere() {
    let database = Database::create();
    drop(Postgres::open(database.url()).unwrap());
    let sql =
        "SELECT c.relname || '.' || a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
               JOIN pg_collation AS l ON l.oid = a.attcollation
               WHERE c.relnamespace = 'tikmeter'::regnamespace AND a.attnum > 0 AND l.collname <> 'C'";
    let found: Vec<String> = database
        .ask(move |client| client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect::<Vec<_>>());
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test]
async fn what_rounds_change_stays_on_its_page_and_is_in_no_index() {
    let database = Database::create();
    let store = Postgres::open(database.url()).unwrap();
    crate::postgres_open::first_round(&store).await;
    for (table, changing) in CHANGING {
        let (fill, indexed) = database.ask(move |client| layout(client, table));
        assert!(fill.iter().all(|fill| fill == "fillfactor=50") && !fill.is_empty(), "{table}: {fill:?}");
        let heard: Vec<_> = changing.iter().filter(|column| indexed.contains(**column)).collect();
        assert!(heard.is_empty() && !indexed.is_empty(), "{table}: {heard:?}");
    }
}

/// How the pages of a table and its partitions are filled, and which columns are in an index or its condition.
fn layout(client: &mut postgres::Client, table: &str) -> (Vec<String>, BTreeSet<String>) {
    let leaves = "SELECT coalesce(array_to_string(reloptions, ','), '') FROM pg_class
                  WHERE relkind = 'r' AND relnamespace = 'tikmeter'::regnamespace AND relname ~ ('^' || $1 || '(_\\d+_\\d+)?$')";
    let indexes = "SELECT pg_get_indexdef(indexrelid) FROM pg_index
                   JOIN pg_class ON pg_class.oid = indrelid
                   WHERE relnamespace = 'tikmeter'::regnamespace AND relname = $1";
    let fill = client.query(leaves, &[&table]).unwrap().iter().map(|row| row.get(0)).collect();
    let words = |definition: String| {
        let from = definition.find('(').unwrap();
        definition[from..]
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let indexed =
        client.query(indexes, &[&table]).unwrap().iter().flat_map(|row| words(row.get(0))).collect();
    (fill, indexed)
}
