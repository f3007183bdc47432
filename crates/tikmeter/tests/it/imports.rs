//! `tikmeter subscriber import` and `export`.

use serde_json::Value;

use crate::program::{stderr, stdout};
use crate::server::Server;

#[test]
fn a_file_goes_in_comes_out_and_changes_nothing_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let file = folder.path().join("clients.csv");
    let file = file.to_str().unwrap();
    std::fs::write(file, "\u{feff}username;expiry;status\r\nana;2027-12-31;active\r\n'=bob;;suspended\r\n")
        .unwrap();
    let dry = server.text(&["subscriber", "import", file, "--dry-run"]);
    assert!(dry.starts_with("Nothing was written.") && dry.contains("add 2 subscribers"), "{dry}");
    assert_eq!(server.text(&["subscriber", "export"]).lines().count(), 1, "the headings alone");
    let done = server.text(&["subscriber", "import", file]);
    assert!(done.contains("(2 rows): 2 subscribers added, 0 changed, 0 as they were"), "{done}");

    let exported = server.text(&["subscriber", "export"]);
    let lines: Vec<&str> = exported.lines().collect();
    assert!(lines[1].contains(",'=bob,") && lines[2].contains("2027-12-31T23:59:59Z"), "{exported}");
    let copy = folder.path().join("copy.csv");
    std::fs::write(&copy, &exported).unwrap();
    let again = server.json(&["subscriber", "import", copy.to_str().unwrap()]);
    assert_eq!((&again["same"], &again["changed"]), (&Value::from(2), &Value::from(0)));
    let lines = server.text(&["subscriber", "export", "--format", "ndjson"]);
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["username"], "=bob");
}

#[test]
fn a_file_with_faults_is_told_row_by_row_and_nothing_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let file = folder.path().join("clients.csv");
    let file = file.to_str().unwrap();
    std::fs::write(file, b"username,plan\nana,\nbob,gold\njos\xe9,\n").unwrap();
    let output = server.call(&["subscriber", "import", file]);
    assert_eq!(output.status.code(), Some(1));
    let told = stdout(&output);
    let rows: Vec<Vec<&str>> = told.lines().map(|line| line.split_whitespace().take(2).collect()).collect();
    assert_eq!(rows[1..], [["3", "plan"], ["4", "username"]], "{told}");
    assert!(told.contains("tikmeter plan add") && told.contains("CSV UTF-8"), "{told}");
    assert!(stderr(&output).contains("it has 2 faults"), "{}", stderr(&output));
    let output = server.call(&["subscriber", "import", file, "--json"]);
    let refused: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(refused["faults"][0]["row"], 3);
    assert!(server.text(&["subscriber", "list"]).contains("No subscribers yet"));
}
