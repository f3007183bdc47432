//! Reading another program's table.

use store::{ForeignRows, ForeignTable};

use crate::postgres_server::{self, Database};

const TABLE: ForeignTable<'static> =
    ForeignTable { name: "people", wanted: &["name", "kind", "born"], ordered_by: "name", most_octets: 60 };

fn read(database: &Database, table: ForeignTable<'static>) -> Result<ForeignRows, String> {
    let url = database.url().to_owned();
    std::thread::spawn(move || table.read(&url)).join().unwrap().map_err(|error| error.to_string())
}

#[test]
fn the_wanted_columns_are_a_file_in_order_and_no_other_is_looked_at() {
    let database = Database::create();
    let sql = "
        CREATE TYPE kind AS ENUM ('a', 'b');
        CREATE FUNCTION secret() RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE 'looked at'; END $$;
        CREATE TABLE rows (kind kind, \"Se\"\"cret\" int, name varchar(20), gone int);
        ALTER TABLE rows DROP COLUMN gone;
        INSERT INTO rows VALUES ('b', 1, 'b\u{f1}'), (NULL, 2, 'a,\"'), ('a', 3, 'B');
        CREATE VIEW people AS SELECT kind, secret() AS \"Se\"\"cret\", name FROM rows";
    postgres_server::run(database.url(), sql);
    let rows = read(&database, TABLE).unwrap();
    assert_eq!(String::from_utf8(rows.csv).unwrap(), "kind,name\na,B\n,\"a,\"\"\"\nb,b\u{f1}\n");
    assert_eq!(rows.left, ["Se\"cret"]);
    assert!(
        rows.place.starts_with(&format!("the database {} at 127.0.0.1:", database.name)),
        "{}",
        rows.place
    );
}

#[test]
fn what_cannot_be_read_is_a_sentence() {
    let database = Database::create();
    let told = |table| read(&database, table).unwrap_err();
    assert!(told(TABLE).contains("has no table people"), "{}", told(TABLE));
    postgres_server::run(database.url(), "CREATE TABLE people (kind text)");
    assert!(told(TABLE).contains("without a column name"), "{}", told(TABLE));
    let sql = "ALTER TABLE people ADD name text; INSERT INTO people SELECT 'k', repeat('x', 8) FROM generate_series(1, 5)";
    postgres_server::run(database.url(), sql);
    for (most_octets, fits) in [(64, false), (65, true)] {
        let read = read(&database, ForeignTable { most_octets, ..TABLE });
        let told = read.as_ref().map_or_else(Clone::clone, |rows| rows.csv.len().to_string());
        assert_eq!(read.is_ok(), fits, "{told}");
        assert!(told.contains("more than 64 octets") || told == "65", "{told}");
    }
}
