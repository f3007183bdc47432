//! `tikmeter menu`, key by key on a terminal.

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, World};
use tokio::runtime::Runtime;

use crate::program::{stderr, tikmeter};
use crate::pseudo_terminal::PseudoTerminal;
use crate::server::Server;

pub(crate) const PHONE: &str = "AA:BB:CC:00:00:01";

/// Ana's phone at the hotspot.
pub(crate) fn world() -> World {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 7));
    world.add_hotspot("hotspot1");
    world.advance(Duration::from_secs(100_000));
    world.log_in("ana", PHONE, 1_000_000, 40_000_000);
    world.advance(Duration::from_secs(60));
    world
}

/// What the last choice led to: that of the line and all below it.
pub(crate) struct Sitting {
    pub(crate) terminal: PseudoTerminal,
}

impl Sitting {
    /// At the menu of that server.
    pub(crate) fn at(server: &Server, rows: u16) -> Sitting {
        let mut command = tikmeter(&["menu", "--url", &server.url]);
        command.env("TIKMETER_TOKEN", &server.token);
        let terminal = PseudoTerminal::run(&command, (120, rows));
        terminal.when("the menu", |lines| lines.iter().any(|line| line == "Choose:"));
        Sitting { terminal }
    }

    /// Types a line, and waits until that is shown below it.
    pub(crate) fn types(&mut self, line: &str, shown: &str) -> String {
        let count = |lines: &[String]| lines.iter().filter(|shown| *shown == line).count();
        let before = count(&self.terminal.lines());
        self.terminal.types(format!("{line}\n"));
        let is_there = |lines: &[String]| {
            count(lines) > before && below(lines, line).is_some_and(|below| below.contains(shown))
        };
        let lines = self.terminal.when(&format!("{shown:?} after {line:?}"), is_there);
        below(&lines, line).unwrap()
    }
}

/// What stands below the last line that is just this.
fn below(lines: &[String], line: &str) -> Option<String> {
    let at = lines.iter().rposition(|shown| shown == line)?;
    Some(lines[at + 1..].join("\n"))
}

#[test]
fn each_choice_does_what_it_says_and_shows_its_command() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let server = Server::serve(folder.path());
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"]);
    server.text(&[
        "plan",
        "add",
        "BASIC",
        "--validity",
        "1h",
        "--price",
        "5",
        "--rate-up",
        "512K",
        "--rate-down",
        "1M",
    ]);
    drop(server.json_when(&["sessions"], |sessions| sessions["items"].as_array().unwrap().len() == 1));
    let mut sitting = Sitting::at(&server, 1000);

    let told = sitting.types("1", "Choose:");
    assert!(told.contains("$ tikmeter status") && told.contains("1 online"), "{told}");
    let told = sitting.types("3", "Choose:");
    assert!(told.contains("$ tikmeter hotspot") && told.contains(PHONE), "{told}");
    let told = sitting.types("9", "Choose:");
    assert!(told.contains("`9` is none of the choices"), "{told}");
    sitting.types("6", "MIT or Apache-2.0");

    sitting.types("4", "Bandwidth Control");
    sitting.types("2", "MAC address");
    sitting.types("aa:bb:cc:00:00:01", "Which speeds?");
    sitting.types("1", "Type yes:");
    let told = sitting.types("yes", "Choose:");
    assert!(told.contains("limit set --mac aa:bb:cc:00:00:01 --plan BASIC"), "{told}");
    assert!(told.contains("The router shows it as wanted."), "{told}");
    let told = sitting.types("4", "Choose:");
    assert!(told.contains(&format!("pisonet-{PHONE}")) && told.contains("512.00 kbps"), "{told}");
    sitting.types("2", "MAC address");
    sitting.types(PHONE, "Which speeds?");
    sitting.types("2", "Upload");
    sitting.types("2M", "Download");
    sitting.types("4M", "Type yes:");
    let told = sitting.types("no", "Choose:");
    assert!(!told.contains('$'), "it was not wanted: {told}");
    sitting.types("3", "MAC address");
    sitting.types(PHONE, "Type yes:");
    let told = sitting.types("y", "Choose:");
    assert!(told.contains("limit remove"), "{told}");
    let told = sitting.types("4", "Choose:");
    assert!(told.contains("The router has no simple queue."), "{told}");
    let told = sitting.types("1", "Choose:");
    assert!(told.contains("$ tikmeter hotspot --traffic"), "{told}");
    sitting.types("0", "4  Bandwidth Control");

    sitting.types("5", "Test router connection");
    sitting.types("1", "Which router?");
    let told = sitting.types("1", "Choose:");
    assert!(told.contains("$ tikmeter router test tower") && told.contains("rights"), "{told}");
    sitting.types("0", "2  Generate vouchers");
    sitting.types("2", "Which plan?");
    sitting.types("1", "How many?");
    let told = sitting.types("3", "Choose:");
    assert!(told.contains("$ tikmeter voucher create 3 --plan BASIC"), "{told}");
    let vouchers = server.json(&["voucher", "list"]);
    assert_eq!(vouchers["items"].as_array().unwrap().len(), 3, "{vouchers}");
    sitting.terminal.types("0\n");
    assert!(sitting.terminal.end().success());
}

#[test]
fn it_goes_on_where_a_command_fails_and_ends_with_what_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let mut sitting = Sitting::at(&server, 100);
    sitting.types("4", "Choose:");
    sitting.types("3", "MAC address");
    sitting.types("nonsense", "Type yes:");
    let told = sitting.types("yes", "Choose:");
    assert!(told.contains("is no MAC address"), "{told}");
    // Ctrl-D: nothing more comes.
    sitting.terminal.types("\u{4}\u{4}");
    assert!(sitting.terminal.end().success());
    let output = server.call(&["menu"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("needs a terminal"), "{}", stderr(&output));
}

#[test]
fn wrong_keys_change_nothing_at_any_question() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    server.text(&["plan", "add", "hour", "--validity", "1h", "--rate-down", "1M"]);
    let mut sitting = Sitting::at(&server, 1000);
    for (wrong, told) in [
        ("7", "`7` is none"),
        ("-1", "`-1` is none"),
        ("status", "`status` is none"),
        ("1 1", "`1 1` is none"),
    ] {
        let shown = sitting.types(wrong, "Choose:");
        assert!(
            shown.contains(told) && shown.contains("1  Server status") && !shown.contains('$'),
            "{shown}"
        );
    }
    // A key of a Latin-1 keyboard, and the cursor keys.
    sitting.terminal.types(b"\xe9\n\x1b[A\n");
    sitting.terminal.when("both were wrong", |lines| {
        lines.iter().filter(|line| line.contains("is none of the choices")).count() == 6
    });
    for (menu, last) in [("4", "4  View all queues"), ("5", "5  Log of the server")] {
        sitting.types(menu, last);
        let shown = sitting.types("77", "Choose:");
        assert!(shown.contains("`77` is none") && shown.contains(last), "{shown}");
        sitting.types("0", "6  About");
    }
    sitting.types("2", "Which plan?");
    let shown = sitting.types("22", "Choose:");
    assert!(shown.contains("`22` is none") && shown.contains("6  About"), "{shown}");
    for (count, why) in [("many", "invalid digit"), ("0", "0 is not in 1..=10000")] {
        sitting.types("2", "Which plan?");
        sitting.types("1", "How many?");
        let shown = sitting.types(count, "Choose:");
        assert!(shown.contains(why), "{shown}");
    }
    sitting.types("4", "2  Set limit");
    sitting.types("2", "MAC address");
    sitting.types(PHONE, "Which speeds?");
    sitting.types("2", "Upload");
    sitting.types("fast", "Download");
    sitting.types("--sticky", "Type yes:");
    let shown = sitting.types("YES", "Choose:");
    assert!(shown.contains("$ tikmeter limit set") && shown.contains("error: "), "{shown}");
    let vouchers = server.json(&["voucher", "list"]);
    assert_eq!(vouchers["items"], serde_json::json!([]));
    assert_eq!(server.json(&["limit", "list"])["items"], serde_json::json!([]));
}

#[test]
fn ctrl_d_and_ctrl_c_end_it_wherever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    server.text(&["plan", "add", "hour", "--validity", "1h", "--rate-down", "1M"]);
    let places: [&[(&str, &str)]; 4] = [
        &[],
        &[("4", "2  Set limit"), ("2", "MAC address"), (PHONE, "Which speeds?")],
        &[("2", "Which plan?"), ("1", "How many?")],
        &[("4", "3  Remove limit"), ("3", "MAC address"), (PHONE, "Type yes:")],
    ];
    for place in places {
        for interrupt in [false, true] {
            let mut sitting = Sitting::at(&server, 200);
            place.iter().for_each(|(key, shown)| drop(sitting.types(key, shown)));
            // Each question that nobody answers leads back to the one before it.
            sitting.terminal.types(if interrupt { "\u{3}" } else { "\u{4}\u{4}\u{4}" });
            let ended = sitting.terminal.end();
            let expected = if interrupt { (None, Some(2)) } else { (Some(0), None) };
            assert_eq!((ended.code(), ended.signal()), expected, "{place:?}");
            assert!(!sitting.terminal.lines().iter().any(|line| line.starts_with('$')), "{place:?}");
            sitting.terminal.is_restored();
        }
    }
    assert_eq!(server.json(&["voucher", "list"])["items"], serde_json::json!([]));
}

#[test]
fn a_server_that_is_down_is_told_by_each_choice_and_the_menu_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let mut sitting = Sitting::at(&server, 1000);
    server.running.signal("KILL");
    assert!(!server.running.end().success());
    let down = "is `tikmeter serve` running?";
    for key in ["1", "3", "2"] {
        let shown = sitting.types(key, "6  About");
        assert!(shown.contains(down), "{key}: {shown}");
    }
    sitting.types("4", "View all queues");
    for key in ["1", "4"] {
        let shown = sitting.types(key, "View all queues");
        assert!(shown.contains(down), "{key}: {shown}");
    }
    // Presets are not known then; other speeds can be typed.
    sitting.types("2", "MAC address");
    let shown = sitting.types(PHONE, "Which speeds?");
    assert!(shown.contains(down) && shown.contains("1  other speeds"), "{shown}");
    sitting.types("1", "Upload");
    sitting.types("1M", "Download");
    sitting.types("2M", "Type yes:");
    let shown = sitting.types("yes", "View all queues");
    assert!(shown.contains(down), "{shown}");
    sitting.types("0", "6  About");
    sitting.types("6", "MIT or Apache-2.0");
    sitting.terminal.types("0\n");
    assert!(sitting.terminal.end().success());
}
