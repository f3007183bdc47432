//! `[vouchers] profiles` with `tikmeter serve`.

use std::path::Path;

use serde_json::Value;

use crate::postgres_server::Database;
use crate::program::Running;
use crate::server::Server;

const FIRST: &str = r#"[
    {"name": "BASIC", "price": 5, "validity": "1h", "users": "1", "rate_up": "512K", "rate_down": "1M"},
    {"name": "PREMIUM", "price": 20, "validity": "5h", "users": 3, "rate_up": "5m", "rate_down": "10M"}
]"#;

fn serve(folder: &Path) -> Server {
    std::fs::write(folder.join("tikmeter.toml"), "[vouchers]\nprofiles = \"profiles.json\"\n").unwrap();
    let words = ["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"];
    Server::of(Running::start(&words, folder), folder)
}

fn write(folder: &Path, text: &str) {
    std::fs::write(folder.join("profiles.json"), text).unwrap();
}

fn plan(plans: &Value, name: &str) -> Value {
    let plans = plans["items"].as_array().unwrap();
    plans.iter().find(|plan| plan["name"] == name).cloned().unwrap_or_default()
}

#[test]
fn plans_follow_the_file_and_what_somebody_changed_is_left_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FIRST);
    let server = serve(folder.path());
    let plans = server.json_when(&["plan", "list"], |plans| plan(plans, "PREMIUM")["price"] == "20");
    let basic = plan(&plans, "BASIC");
    assert_eq!((&basic["rate_up_bps"], &basic["rate_down_bps"]), (&512_000.into(), &1_000_000.into()));
    assert_eq!(plan(&plans, "PREMIUM")["devices"], 3);

    server.text(&["plan", "edit", "BASIC", "--price", "7"]);
    write(folder.path(), &FIRST.replace("\"price\": 5", "\"price\": 6").replace("\"1h\"", "\"2h\""));
    let plans = server.json_when(&["plan", "list"], |plans| plan(plans, "BASIC")["validity"] == "2h");
    assert_eq!(plan(&plans, "BASIC")["price"], "7", "somebody wants it so");
    let shown = server.text(&["plan", "profiles"]);
    assert!(shown.contains("tikmeter plan edit BASIC --price 6"), "{shown}");

    server.text(&["plan", "edit", "BASIC", "--price", "6"]);
    server.json_when(&["plan", "profiles"], |shown| shown["items"][0]["conflicts"] == Value::Array(vec![]));
    write(folder.path(), &server.text(&["plan", "export"]).replace("\"price\": \"6\"", "\"price\": \"8\""));
    server.json_when(&["plan", "list"], |plans| plan(plans, "BASIC")["price"] == "8");
    let acts = server.json(&["audit", "--action", "plan.profile"]);
    let logs = server.text(&["logs"]);
    assert!(logs.contains("INFO  the file of profiles adds a plan plan=\"BASIC\""), "{logs}");
    let warnings = server.text(&["logs", "--level", "warn"]);
    assert!(
        warnings.contains("the plan BASIC was changed by hand, or by the file of another process")
            && !warnings.contains("adds a plan"),
        "{warnings}"
    );
    assert_eq!(acts["items"].as_array().unwrap().len(), 4, "two added, two changed: {acts}");
}

#[test]
fn a_broken_file_keeps_the_plans_and_names_its_line() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FIRST);
    let server = serve(folder.path());
    server.json_when(&["plan", "list"], |plans| plan(plans, "BASIC")["price"] == "5");
    write(folder.path(), &FIRST.replace("\"5m\"", "\"fast\"").replace("\"price\": 5", "\"price\": 9"));
    let shown = server.json_when(&["plan", "profiles"], |shown| !shown["trouble"].is_null());
    let trouble = shown["trouble"].as_str().unwrap();
    assert!(trouble.contains("profiles.json:3: ") && trouble.contains("fast"), "{trouble}");
    assert_eq!(plan(&server.json(&["plan", "list"]), "BASIC")["price"], "5", "all or nothing");
    std::fs::remove_file(folder.path().join("profiles.json")).unwrap();
    server.json_when(&["plan", "profiles"], |shown| {
        shown["trouble"].as_str().is_some_and(|trouble| trouble.contains("cannot be read"))
    });
    write(folder.path(), &FIRST.replace("\"price\": 5", "\"price\": 9"));
    server.json_when(&["plan", "list"], |plans| plan(plans, "BASIC")["price"] == "9");
}

#[test]
fn what_the_file_gave_is_remembered_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), FIRST);
    let server = serve(folder.path());
    server.json_when(&["plan", "list"], |plans| plan(plans, "BASIC")["price"] == "5");
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
    write(folder.path(), &FIRST.replace("\"price\": 5", "\"price\": 9"));
    let again = serve(folder.path());
    again.json_when(&["plan", "list"], |plans| plan(plans, "BASIC")["price"] == "9");
    assert!(again.text(&["verify"]).contains("every total"));
}

/// Each process that answers people reads a file of its own: whoever saves last, or starts last, is followed, and the other one is told.
#[test]
fn of_two_processes_with_different_files_the_one_that_was_saved_last_is_followed() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::create());
    let process = |name: &str, price: &str| {
        let folder = folder.path().join(name);
        std::fs::create_dir_all(folder.join("data")).unwrap();
        let config = format!(
            "[database]\nurl = \"{}\"\n\n[node]\nname = \"{name}\"\n\n[vouchers]\nprofiles = \"profiles.json\"\n",
            database.url()
        );
        std::fs::write(folder.join("tikmeter.toml"), config).unwrap();
        write(&folder, &FIRST.replace("\"price\": 5", &format!("\"price\": {price}")));
        let key = folder.with_file_name("east").join("data/key");
        if key.exists() && name != "east" {
            std::fs::copy(key, folder.join("data/key")).unwrap();
        }
        let words = ["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"];
        (Server::of(Running::start(&words, &folder), &folder), folder)
    };
    let (east, files_of_east) = process("east", "5");
    east.json_when(&["plan", "list"], |plans| plan(plans, "BASIC")["price"] == "5");
    let (west, _) = process("west", "8");
    west.json_when(&["plan", "list"], |plans| plan(plans, "BASIC")["price"] == "8");
    let shown =
        east.json_when(&["plan", "profiles"], |shown| shown["items"][0]["conflicts"] != Value::Array(vec![]));
    assert_eq!(shown["items"][0]["conflicts"][0]["plan"], "8", "{shown}");
    let changes = || east.json(&["audit", "--action", "plan.profile"])["items"].as_array().unwrap().len();
    assert_eq!((plan(&east.json(&["plan", "list"]), "BASIC")["price"].clone(), changes()), ("8".into(), 3));

    write(&files_of_east, &FIRST.replace("\"price\": 5", "\"price\": 6"));
    east.json_when(&["plan", "list"], |plans| plan(plans, "BASIC")["price"] == "6");
    let shown =
        west.json_when(&["plan", "profiles"], |shown| shown["items"][0]["conflicts"] != Value::Array(vec![]));
    assert_eq!(shown["items"][0]["conflicts"][0]["plan"], "6", "{shown}");
    assert_eq!((plan(&west.json(&["plan", "list"]), "BASIC")["price"].clone(), changes()), ("6".into(), 4));
}
