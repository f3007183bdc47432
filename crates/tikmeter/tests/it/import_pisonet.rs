//! `tikmeter import pisonet`.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::program::stderr;
use crate::server::Server;
use crate::terminal::answered;

/// With the columns that the old program's own migration adds, and others that nobody has described.
const MADE: &str = "
    CREATE TABLE settings (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE vouchers (id INTEGER PRIMARY KEY, code VARCHAR(20), profile TEXT, validity TEXT, price REAL, users INTEGER,
        is_used BOOLEAN, remaining_seconds INTEGER, batch_ref TEXT,
        rate_limit_up VARCHAR(20) DEFAULT '1M', rate_limit_down VARCHAR(20) DEFAULT '2M');
    INSERT INTO vouchers (code, profile, validity, price, users, is_used, remaining_seconds, rate_limit_up, rate_limit_down) VALUES
        ('abc123', 'BASIC', '1h', 5.0, 1, 0, NULL, '512K', '1M'),
        ('DEF456', 'BASIC', '1h', 5.0, 1, 0, NULL, '512K', '1m'),
        ('RUN001', 'DAY', '1d', 20, 2, 1, 1800, NULL, NULL),
        ('RUN002', 'DAY', '1d', 20, 2, 1, NULL, NULL, NULL),
        ('OVER01', 'DAY', '1d', 20, 2, 1, 0, NULL, NULL),
        ('ODD001', 'DAY', 'soon', 20, 2, 0, NULL, NULL, NULL),
        ('RUN001', 'DAY', '1d', 20, 2, 0, NULL, NULL, NULL);";

fn database(folder: &Path, sql: &str) -> PathBuf {
    let file = folder.join("pisonet.db");
    if file.exists() {
        std::fs::remove_file(&file).unwrap();
    }
    Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    file
}

fn import<'w>(file: &'w Path, words: &[&'w str]) -> Vec<&'w str> {
    [&["import", "pisonet", file.to_str().unwrap()], words].concat()
}

fn refused(server: &Server, file: &Path, words: &[&str]) -> String {
    let output = server.call(&import(file, words));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(server.json(&["voucher", "list"])["items"], json!([]), "nothing was imported");
    stderr(&output)
}

fn counts(imported: &Value) -> [u64; 4] {
    let import = &imported["import"];
    ["new", "in_use", "known", "not_taken_total"].map(|field| import[field].as_u64().unwrap())
}

#[test]
fn what_is_understood_is_shown_and_imported_and_the_second_time_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let (server, file) = (Server::serve(folder.path()), database(folder.path(), MADE));
    let before = std::fs::read(&file).unwrap();
    let told = server.text(&import(&file, &["--dry-run"]));
    for part in [
        "The table vouchers (7 rows) is read so",
        "rate_limit_up",
        "remaining_seconds",
        "Not understood, and left there: id, batch_ref",
        "3 vouchers would be imported, 1 of them in use; 0 there already",
        "1 voucher was used, and nothing says what is left: not taken",
        "1 voucher was used up: not taken",
        "\"soon\" is no validity",
        "Nothing was written.",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(server.json(&["voucher", "list"])["items"], json!([]));

    let imported = server.json(&import(&file, &["--seller", "kiosk"]));
    assert_eq!(counts(&imported), [3, 1, 0, 1], "{imported}");
    assert_eq!(imported["columns_not_understood"], json!(["id", "batch_ref"]));
    assert_eq!((&imported["used_without_rest"], &imported["used_up"]), (&json!(1), &json!(1)));
    let again = server.json(&import(&file, &[]));
    assert_eq!(counts(&again), [0, 0, 3, 0], "{again}");
    assert_eq!(std::fs::read(&file).unwrap(), before, "the file is only read");

    let basic = server.json(&["voucher", "show", "ABC123"]);
    assert_eq!(
        (&basic["state"], &basic["plan"], &basic["price"]),
        (&json!("unused"), &json!("BASIC"), &json!("5"))
    );
    assert_eq!((&basic["rate_up_bps"], &basic["rate_down_bps"]), (&json!(512_000), &json!(1_000_000)));
    assert_eq!((&basic["validity_seconds"], &basic["seller"]), (&json!(3_600), &json!("kiosk")));
    let running = server.json(&["voucher", "show", "run001"]);
    assert_eq!((&running["state"], &running["devices"]), (&json!("running"), &json!(2)), "{running}");
    assert_eq!((&running["rate_up_bps"], &running["rate_down_bps"]), (&json!(1_000_000), &json!(2_000_000)));
    let left = running["left_seconds"].as_u64().unwrap();
    assert!((1_700..=1_800).contains(&left), "{running}");
    let batches = server.json(&["voucher", "batches"]);
    assert_eq!(batches["items"].as_array().unwrap().len(), 2, "those that give the same are one");
    assert!(server.text(&["audit", "--action", "voucher.import"]).contains("voucher.import"));
    assert!(
        server
            .text(&["voucher", "sales", "--from", "2026-01-01", "--to", "2026-01-02"])
            .contains("Nothing was sold")
    );
}

#[test]
fn what_the_file_does_not_say_has_to_be_said_and_nothing_is_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let bare = "CREATE TABLE tickets (pin TEXT, minutes INTEGER, taken TEXT, secret TEXT);
        CREATE TABLE other (a, b);
        INSERT INTO tickets VALUES ('PIN1', 90, 'yes', 'x'), ('PIN2', 60, 'no', 'x'), ('PIN3', 60, 'perhaps', 'x');";
    let file = database(folder.path(), bare);
    let told = refused(&server, &file, &[]);
    assert!(told.contains("tickets (pin, minutes, taken, secret)") && told.contains("--table"), "{told}");
    let told = refused(&server, &file, &["--table", "tickets"]);
    assert!(told.contains("--column code=NAME") && told.contains("pin, minutes, taken, secret"), "{told}");
    let told = refused(&server, &file, &["--column", "code=pin"]);
    assert!(told.contains("which vouchers were used"), "the only table with a code is it: {told}");
    let told = refused(&server, &file, &["--column", "code=pin", "--column", "used=taken"]);
    assert!(told.contains("how long they last"), "{told}");
    let told = refused(&server, &file, &["--column", "code=nix"]);
    assert!(told.contains("has no table vouchers"), "{told}");
    let output = server.call(&import(&file, &["--column", "colour=pin"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("meanings: code, plan, price"), "{}", stderr(&output));

    let said = ["--column", "code=pin", "--column", "used=taken", "--column", "validity=minutes"];
    let imported = server.json(&import(&file, &[&said[..], &["--dry-run"]].concat()));
    assert_eq!(counts(&imported), [0, 0, 0, 0], "{imported}");
    let left = imported["not_taken"].to_string();
    assert!(left.contains("plain number 60"), "{left}");
    let said = [&said[..], &["--validity-in", "minutes"]].concat();
    let imported = server.json(&import(&file, &said));
    assert_eq!((counts(&imported), &imported["used_without_rest"]), ([1, 0, 0, 0], &json!(1)), "{imported}");
    assert!(imported["not_taken"].to_string().contains("perhaps"), "{imported}");
    let pin = server.json(&["voucher", "show", "PIN2"]);
    assert_eq!(
        (&pin["validity_seconds"], &pin["rate_down_bps"]),
        (&json!(3_600), &json!(2_000_000)),
        "{pin}"
    );
}

#[test]
fn a_bad_file_imports_nothing_and_on_a_terminal_it_is_asked_first() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let text = folder.path().join("text.db");
    std::fs::write(&text, "this is no database at all, but it is long enough to look like one").unwrap();
    assert!(refused(&server, &text, &[]).contains("no SQLite database"));
    assert!(refused(&server, &folder.path().join("nix.db"), &[]).contains("no such file"));
    let file = database(folder.path(), MADE);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&text, &whole[..whole.len() / 2]).unwrap();
    let told = refused(&server, &text, &[]);
    assert!(told.contains("damaged") || told.contains("cannot be read"), "{told}");
    // A plan that lasts how long nobody knows: the server refuses all of it.
    let unknown = "CREATE TABLE vouchers (code TEXT, profile TEXT, used INTEGER);
        INSERT INTO vouchers VALUES ('A1', 'GONE', 0), ('A2', 'GONE', 0);";
    let other = database(folder.path(), unknown);
    let told = refused(&server, &other, &[]);
    assert!(told.contains("the vouchers like A1") && told.contains("how long they last"), "{told}");
    server.text(&["plan", "add", "GONE", "--validity", "3h"]);
    let shown = answered(&server, &import(&other, &[]), "no\n");
    assert!(shown.contains("2 vouchers would be imported") && shown.contains("Type yes"), "{shown}");
    assert_eq!(server.json(&["voucher", "list"])["items"], json!([]));
    let shown = answered(&server, &import(&other, &[]), "yes\n");
    assert!(shown.contains("2 vouchers imported"), "{shown}");
    assert_eq!(server.json(&["voucher", "show", "A1"])["validity_seconds"], 10_800);
}
