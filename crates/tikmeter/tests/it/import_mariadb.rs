//! `tikmeter import phpnuxbill` out of a database.

use crate::import_phpnuxbill::DUMP;
use crate::mariadb_server::Mariadb;
use crate::program::{run, stderr};
use crate::server::Server;

const PASSWORD: &str = "ge/heim@1";
const SECRET: &str = "ge%2Fheim%401";

/// PHPNuxBill's, with a user who may only read, and one whom TLS is asked of.
fn nuxbill() -> Mariadb {
    let mariadb = Mariadb::start();
    mariadb.run(&format!(
        "CREATE DATABASE nuxbill CHARACTER SET utf8mb4; CREATE DATABASE other;
         CREATE USER reader@'%' IDENTIFIED BY '{PASSWORD}'; GRANT SELECT ON nuxbill.* TO reader@'%';
         GRANT SELECT ON other.* TO reader@'%';
         CREATE USER careful@'%' IDENTIFIED BY '{PASSWORD}' REQUIRE SSL; GRANT SELECT ON nuxbill.* TO careful@'%';
         USE nuxbill; {DUMP}"
    ));
    mariadb
}

fn url(mariadb: &Mariadb, user: &str, rest: &str) -> String {
    format!("mysql://{user}:{SECRET}@127.0.0.1:{}/{rest}", mariadb.port)
}

fn import<'w>(url: &'w str, words: &[&'w str]) -> Vec<&'w str> {
    [&["import", "phpnuxbill", "--from", url], words].concat()
}

fn refused(server: &Server, url: &str) -> String {
    let output = server.call(&import(url, &["--dry-run"]));
    let told = stderr(&output);
    assert!(!output.status.success(), "{url}");
    assert!(!told.contains(PASSWORD) && !told.contains(SECRET), "{told}");
    told
}

#[test]
fn a_database_is_understood_as_its_dump_is_over_tls_where_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mariadb) = (Server::serve(folder.path()), nuxbill());
    let dump = folder.path().join("dump.sql");
    std::fs::write(&dump, DUMP).unwrap();
    let of_dump = server.json(&["import", "phpnuxbill", dump.to_str().unwrap(), "--dry-run"]);
    let reader = url(&mariadb, "reader", "nuxbill");
    assert_eq!(server.json(&import(&reader, &["--dry-run"])), of_dump);

    let ca = mariadb.certificate();
    let other = folder.path().join("other.pem");
    let strange = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(&other, strange.cert.pem()).unwrap();
    let careful = |rest: &str| url(&mariadb, "careful", &format!("nuxbill{rest}"));
    for rest in [
        format!("?ssl-ca={}", ca.display()),
        format!("?ssl-mode=verify-ca&ssl-ca={}", ca.display()),
        "?ssl-mode=required".to_owned(),
    ] {
        assert_eq!(server.json(&import(&careful(&rest), &["--dry-run"])), of_dump, "{rest}");
    }
    assert!(refused(&server, &careful("")).contains("refuses"), "nobody asked for TLS");
    let told = refused(&server, &careful(&format!("?ssl-ca={}", other.display())));
    assert!(told.to_lowercase().contains("certificate"), "{told}");
    let told = refused(&server, &careful("?ssl-mode=verify-identity"));
    assert!(told.to_lowercase().contains("certificate"), "whoever vouches for it is not known here: {told}");

    let file = folder.path().join("url");
    std::fs::write(&file, format!("{reader}\n")).unwrap();
    let words = ["import", "phpnuxbill", "--from-file", file.to_str().unwrap(), "--yes"];
    let imported = server.json(&words);
    assert_eq!(imported["import"]["new_routers"].as_array().unwrap().len(), 1, "{imported}");
    assert_eq!(imported["import"]["subscribers"]["new"], 2, "{imported}");
    let again = server.json(&words);
    assert_eq!(
        (&again["import"]["subscribers"]["new"], &again["import"]["subscribers"]["same"]),
        (&0.into(), &2.into())
    );
    assert_eq!(server.json(&["subscriber", "show", "ana"])["name"], "Ana \"A\", Añá");
}

#[test]
fn what_cannot_be_read_is_told_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let (server, mariadb) = (Server::serve(folder.path()), nuxbill());
    let told = refused(&server, &url(&mariadb, "nobody", "nuxbill"));
    assert!(told.contains("the database nuxbill on 127.0.0.1") && told.contains("Access denied"), "{told}");
    let told = refused(&server, &url(&mariadb, "reader", "other"));
    assert!(told.contains("no table tbl_customers"), "{told}");
    let told = refused(&server, &url(&mariadb, "reader", "nuxbill?tls=off"));
    assert!(told.contains("only ssl-mode and ssl-ca are known"), "{told}");
    let there = url(&mariadb, "reader", "nuxbill");
    drop(mariadb);
    assert!(refused(&server, &there).contains("cannot be read"));
    let nowhere = run(&["import", "phpnuxbill", "--url", &server.url, "--token", &server.token]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(stderr(&nowhere).contains("--from-file"), "{}", stderr(&nowhere));
}
