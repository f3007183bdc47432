//! `tikmeter import customers`.

use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::postgres_server::{self, Database};
use crate::program::{stderr, stdout, tikmeter};
use crate::server::Server;
use crate::terminal::answered;

const ANA: &str = "123e4567-e89b-42d3-a456-426614174000";

/// The monitor's table, as its description has it; what no program of ours reads is there to be left.
const TABLE: &str = "
    CREATE TYPE service AS ENUM ('pppoe', 'hotspot', 'static_ip');
    CREATE TYPE state AS ENUM ('active', 'suspended', 'inactive', 'pending');
    CREATE TABLE customers (
        id uuid PRIMARY KEY, mikrotik_id varchar(100), username varchar(100) NOT NULL, name varchar(255) NOT NULL, phone text,
        service_type service NOT NULL, pppoe_username varchar(100), pppoe_password varchar(100), status state);
    INSERT INTO customers VALUES
        ('123e4567-e89b-42d3-a456-426614174000', 'mikrotik-001', 'ana', 'Añá \"A\", \u{5b89}\u{5a1c}', '63',
            'pppoe', 'ana@isp', 'geheim', 'suspended'),
        ('00000000-0000-4000-8000-000000000002', 'mikrotik-001', 'bob', 'Bob', NULL, 'hotspot', NULL, NULL, 'active'),
        ('00000000-0000-4000-8000-000000000003', NULL, 'cid', 'Cid', NULL, 'pppoe', 'cid@isp', 'geheim', 'inactive'),
        ('00000000-0000-4000-8000-000000000004', 'mikrotik-001', 'dora', 'Dora', NULL, 'static_ip', NULL, NULL, 'active')";

/// A server that knows the router `north`, at which nobody listens.
fn with_north(folder: &Path) -> Server {
    let server = Server::serve(folder);
    let words = ["router", "add", "north", "127.0.0.1:1", "--user", "admin", "--password", "x", "--disabled"];
    server.text(&words);
    server
}

/// Imports with these words, the URL being in the environment.
fn import_from(server: &Server, url: &str, words: &[&str]) -> Output {
    let all = [&["import", "customers", "--url", &server.url, "--token", &server.token], words].concat();
    tikmeter(&all).env("TIKMETER_IMPORT_FROM", url).stdin(Stdio::null()).output().unwrap()
}

fn is_empty(server: &Server) -> bool {
    server.text(&["subscriber", "list"]).contains("No subscribers yet")
}

#[test]
fn a_table_goes_in_with_its_ids_and_changes_nothing_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let (database, server) = (Database::create(), with_north(folder.path()));
    postgres_server::run(database.url(), TABLE);
    let renamed = ["--router", "mikrotik-001=north"];

    let dry = import_from(&server, database.url(), &[&renamed[..], &["--dry-run"]].concat());
    let told = stdout(&dry);
    assert!(dry.status.success() && told.starts_with("Nothing was written."), "{told} {}", stderr(&dry));
    for part in [
        "(3 rows) would add 3 subscribers",
        "pppoe_password is not taken: Tikmeter never needs it",
        "of the kind: phone.",
        "service_type  dora: no interface or queue is named",
        "takes them with their id",
    ] {
        assert!(told.contains(part), "no {part:?} in {told}");
    }
    assert!(is_empty(&server));

    let done = import_from(&server, database.url(), &[&renamed[..], &["--json"]].concat());
    let told: Value = serde_json::from_str(&stdout(&done)).unwrap();
    assert_eq!((&told["import"]["new"], &told["dry_run"]), (&Value::from(3), &Value::from(false)));
    assert_eq!(told["columns_not_taken"], Value::from(vec!["phone", "pppoe_password"]));
    assert_eq!(told["customers_not_taken"][0]["row"], 5);
    let ana = server.json(&["subscriber", "show", ANA]);
    assert_eq!((&ana["username"], &ana["status"]), (&Value::from("ana"), &Value::from("suspended")));
    assert_eq!(ana["name"], "Añá \"A\", \u{5b89}\u{5a1c}");
    let exported = server.text(&["subscriber", "export"]);
    for part in [",ana@isp,router:north,pppoe,", ",bob,router:north,hotspot,", ",cid@isp,all,pppoe,"] {
        assert!(exported.contains(part), "no {part:?} in {exported}");
    }
    assert!(!exported.contains("dora") && !exported.contains("geheim"), "{exported}");

    let again = import_from(&server, database.url(), &renamed);
    assert!(
        stdout(&again).contains("0 subscribers added, 0 changed, 3 left unchanged"),
        "{}",
        stdout(&again)
    );
}

#[test]
fn a_table_with_faults_is_told_by_row_column_and_customer_and_nothing_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    let (database, server) = (Database::create(), with_north(folder.path()));
    let wrong = "UPDATE customers SET status = 'pending' WHERE username = 'cid'";
    postgres_server::run(database.url(), &format!("{TABLE}; {wrong}"));
    let output = import_from(&server, database.url(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = stdout(&output);
    let rows: Vec<Vec<&str>> = told.lines().map(|line| line.split_whitespace().take(3).collect()).collect();
    let on_no_router = |row| vec![row, "mikrotik_id"];
    assert_eq!(rows[1][..2], on_no_router("2"), "{told}");
    assert_eq!(rows[2][..2], on_no_router("3"), "{told}");
    assert_eq!(rows[3], ["4", "status", "cid:"], "{told}");
    assert!(told.contains("\"pending\" is no status; there are: active, suspended, inactive"), "{told}");
    let said = stderr(&output);
    assert!(said.contains("it has 3 faults") && said.contains("--router OLD=NEW"), "{said}");
    assert!(
        said.contains(&format!("nothing of the table customers of the database {}", database.name)),
        "{said}"
    );
    assert!(!said.contains("tests:"), "{said}");
    assert!(is_empty(&server));
    let output = import_from(&server, database.url(), &["--router", "mikrotik-001=north", "--json"]);
    let told: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&told["faults"][0]["row"], &told["faults_total"]), (&Value::from(4), &Value::from(1)));
    assert_eq!(told["faults"][0]["column"], "status");
    assert!(is_empty(&server));
}

/// Whatever the table does when it is looked at.
#[test]
fn nothing_is_written_into_the_monitors_database() {
    let folder = tempfile::tempdir().unwrap();
    let (database, server) = (Database::create(), with_north(folder.path()));
    let sql = "
        CREATE TABLE seen (at timestamptz);
        CREATE FUNCTION look() RETURNS text LANGUAGE sql VOLATILE AS 'INSERT INTO seen VALUES (now()) RETURNING ''ana''';
        CREATE VIEW customers AS SELECT look() AS username, 'hotspot' AS service_type";
    postgres_server::run(database.url(), sql);
    let output = import_from(&server, database.url(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("no customer was read") && said.contains("read-only transaction"), "{said}");
    assert!(is_empty(&server));
}

#[test]
fn a_file_goes_in_whole_with_rows_and_columns_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let server = with_north(folder.path());
    let file = folder.path().join("customers.csv");
    let file = file.to_str().unwrap();
    let heading =
        "\u{feff}id;username;name;service_type;pppoe_username;pppoe_password;status;mikrotik_id\r\n";
    let rows =
        format!("{ANA};ana;Añá;pppoe;'ana;geheim;suspended;north\r\n;dora;Dora;static_ip;;;active;north\r\n");
    let import = ["import", "customers", "--from", file];
    std::fs::write(
        file,
        format!("{heading}{rows}\r\n;bob;Bob;pppoe;bob;x;Active;\r\n;cid;Cid;wifi;cid;x;;\r\n"),
    )
    .unwrap();
    let output = server.call(&import);
    assert_eq!(output.status.code(), Some(1));
    let told = stdout(&output);
    let places: Vec<Vec<&str>> = told.lines().map(|line| line.split_whitespace().take(3).collect()).collect();
    assert_eq!(places[1..], [["5", "status", "bob:"], ["6", "service_type", "cid:"]], "{told}");
    assert!(is_empty(&server));

    std::fs::write(file, format!("{heading}{rows}")).unwrap();
    let done = server.text(&import);
    assert!(done.contains("(1 row): 1 subscriber added") && done.contains("3  service_type  dora"), "{done}");
    assert!(done.contains("pppoe_password is not taken") && !done.contains("geheim"), "{done}");
    let ana = server.json(&["subscriber", "show", "ana"]);
    assert_eq!((&ana["id"], &ana["name"]), (&Value::from(ANA), &Value::from("Añá")));
    let again = server.text(&["import", "customers", file]);
    assert!(again.contains("0 subscribers added, 0 changed, 1 left unchanged"), "{again}");

    std::fs::write(file, "username;status\r\nana;active\r\n").unwrap();
    let output = server.call(&import);
    assert!(stdout(&output).contains("no column service_type"), "{}", stdout(&output));
}

#[test]
fn a_terminal_shows_what_would_happen_and_asks() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let file = folder.path().join("customers.csv");
    std::fs::write(&file, "username,service_type,phone\nana,hotspot,63\n").unwrap();
    let import = ["import", "customers", file.to_str().unwrap()];
    for no in ["no\n", ""] {
        let shown = answered(&server, &import, no);
        assert!(shown.contains("would add 1 subscriber") && shown.contains("Type yes"), "{shown}");
        assert!(shown.contains("nothing was imported: the answer was not yes"), "{shown}");
        assert!(is_empty(&server));
    }
    let shown = answered(&server, &import, "yes\n");
    let places = ["would add 1 subscriber", "of the kind: phone", "Type yes", "1 subscriber added"];
    let places: Vec<_> = places.iter().map(|part| shown.find(part)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {shown}");
    let shown = answered(&server, &import, "");
    assert!(!shown.contains("Type yes") && shown.contains("1 left unchanged"), "{shown}");
    std::fs::write(&file, "username,service_type\nbob,hotspot\n").unwrap();
    let shown = answered(&server, &[&import[..], &["--yes"]].concat(), "");
    assert!(!shown.contains("would add") && shown.contains("1 subscriber added"), "{shown}");
}

#[test]
fn what_is_wrongly_called_or_cannot_be_read_is_told_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let (database, server) = (Database::create(), Server::serve(folder.path()));
    let nobody = "postgres://u:geheim@127.0.0.1:1/db";
    let file = folder.path().join("url");
    std::fs::write(&file, format!("{nobody}\n")).unwrap();
    for (words, code, told) in [
        (&["import", "customers"][..], 2, "TIKMETER_IMPORT_FROM"),
        (&["import", "customers", "--from", "mysql://u:geheim@h/db"], 2, "is no database"),
        (&["import", "customers", "--from", "sqlite:///srv/t.db"], 2, "the monitor's database"),
        (&["import", "customers", "x.csv", "--router", "north"], 2, "mikrotik_id"),
        (&["import", "customers", "/nowhere/x.csv"], 1, "/nowhere/x.csv cannot be read"),
        (&["import", "customers", "--from", nobody], 1, "so nothing was imported"),
        (
            &["import", "customers", "--from-file", file.to_str().unwrap()],
            1,
            "listens there; run the command again",
        ),
        (&["import", "customers", "--from", database.url()], 1, "has no table customers"),
        (&["import", "customers", "--from", "postgres://u:geheim@h/db?sslmode=prefer"], 1, "sslmode=prefer"),
    ] {
        let output = server.call(words);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(told) && !stderr(&output).contains("geheim"), "{}", stderr(&output));
    }
}
