//! `tikmeter subscriber import` and `export`.

use std::time::Duration;

use collector::link::{Link, Target};
use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, FixedKind, Personality, Service, World};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::program::{stderr, stdout};
use crate::server::Server;
use crate::terminal::{To, written};

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
    assert!(done.contains("(2 rows): 2 subscribers added, 0 changed, 0 left unchanged"), "{done}");

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

/// Sending takes a hundredth of the time; the rest is the server's work.
#[test]
fn a_terminal_shows_what_is_sent_then_what_the_server_does_with_seconds_and_a_pipe_only_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let file = folder.path().join("clients.csv");
    let rows: String =
        (0..3_000).map(|number| format!("user{number},Somebody of the {number}th house\n")).collect();
    std::fs::write(&file, format!("username,name\n{rows}")).unwrap();
    let import = ["subscriber", "import", file.to_str().unwrap()];
    for (dry_run, does, end) in [
        (&["--dry-run"][..], "the server checks the file: 00:00:0", "Nothing was written."),
        (&[], "the server checks and writes the file: 00:00:0", "Imported "),
    ] {
        let words = [&import[..], dry_run].concat();
        let shown = written(&server, &words, To::Terminal);
        let places: Vec<_> = ["sending ", does, end].iter().map(|part| shown.find(part)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {shown:?}");
        // The last picture of the clock is wiped before the end is told.
        let last = shown.rfind("00:00:0").unwrap();
        assert!(shown[last..shown.find(end).unwrap()].contains("\u{1b}[2K"), "{shown:?}");
    }
    let output = server.call(&import);
    assert_eq!(stderr(&output), "");
    assert!(stdout(&output).contains("3,000 left unchanged"), "{}", stdout(&output));
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

/// A router with a VLAN for somebody, one by which a session comes in, and two queues, one inside the other.
fn tower(runtime: &Runtime) -> SimRouter {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 3));
    world.add_usual_interfaces();
    world.add_fixed_interface("vlan101", FixedKind::Vlan, 8_000_000, 40_000_000);
    world.advance(Duration::from_secs(1_000));
    world.connect("uma", Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
    runtime.block_on(async {
        let sim = SimRouter::start(world, Options { time: TimeMode::Wall }).await.unwrap();
        let password = Device::DEFAULT_PASSWORD.to_owned().into();
        let target =
            Target::new(sim.addr().ip().to_string(), sim.addr().port(), Device::DEFAULT_USER, password);
        let mut link = Link::open(&target).await.unwrap();
        for (name, target, parent) in [("house", "10.0.0.0/24", "none"), ("room", "10.9.0.1", "house")] {
            let add = Command::new("/queue/simple/add").attr("name", name).attr("target", target);
            link.print(&add.attr("parent", parent), |_| ()).await.unwrap();
        }
        sim
    })
}

#[test]
fn static_addresses_of_a_file_are_looked_at_on_their_router_as_one_is_that_is_added() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let sim = tower(&runtime);
    let server = Server::serve(folder.path());
    let address = sim.addr().to_string();
    let words = ["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"];
    server.text(&[&words[..], &["--disabled"]].concat());
    let (file, connections) = (folder.path().join("clients.csv"), || sim.stats().connections);
    let rows = "username,service,login,scope\n\
        ana,static_ip,interface:vlan101,router:tower\n\
        bob,static_ip,queue:house,router:tower\n";
    let wrong = "cid,static_ip,queue:room,router:tower\n\
        dan,static_ip,interface:vlan100,router:tower\n\
        eve,static_ip,interface:nothing,router:tower\n";
    std::fs::write(&file, format!("{rows}{wrong}")).unwrap();
    let file = file.to_str().unwrap();
    let before = connections();
    let mut told = Vec::new();
    for dry_run in [&["--dry-run"][..], &[]] {
        let output = server.call(&[&["subscriber", "import", file, "--json"], dry_run].concat());
        assert_eq!(output.status.code(), Some(1));
        let refused: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let rows: Vec<_> =
            refused["faults"].as_array().unwrap().iter().map(|one| one["row"].clone()).collect();
        assert_eq!(rows, [4, 5, 6]);
        told.push(refused);
    }
    assert_eq!(told[0], told[1], "a dry run says what the real one does");
    assert_eq!(connections() - before, 2, "one look for each run");
    let said = told[0]["faults"][0]["detail"].as_str().unwrap();
    assert!(said.contains("is inside the queue house, which counts for row 3 already"), "{said}");
    assert!(server.text(&["subscriber", "list"]).contains("No subscribers yet"));

    std::fs::write(file, rows).unwrap();
    let done = server.text(&["subscriber", "import", file]);
    assert!(done.contains("2 subscribers added") && !done.contains("looked at"), "{done}");
    let add = server.call(&[
        "subscriber",
        "add",
        "cid",
        "--service",
        "static_ip",
        "--router",
        "tower",
        "--queue",
        "room",
    ]);
    let (by_hand, by_file) = (stderr(&add), said.replace("row 3", "a subscriber"));
    assert!(by_hand.contains(&by_file), "{by_hand} {by_file}");

    drop(sim);
    std::fs::write(file, "username,service,login,scope\neve,static_ip,interface:vlan7,router:tower\n")
        .unwrap();
    let done = server.text(&["subscriber", "import", file]);
    let lines: Vec<Vec<&str>> = done.lines().map(|line| line.split_whitespace().collect()).collect();
    let row = lines.iter().find(|line| line.first() == Some(&"2")).expect("the row is told");
    assert_eq!(row[..4], ["2", "login", "the", "interface"], "{done}");
    assert!(done.contains("1 subscriber added") && done.contains("could not be looked at"), "{done}");
}
