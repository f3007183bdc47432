//! `tikmeter menu`: speeds that are typed, and what lies below Settings, key by key.

use routeros_sim::server::{Options, SimRouter, TimeMode};
use tokio::runtime::Runtime;

use crate::menu::{PHONE, Sitting, world};
use crate::server::Server;

/// Custom speeds that are set, and what is set up.
#[test]
fn custom_speeds_are_set_and_each_setting_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let server = Server::serve(folder.path());
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"]);
    server.text(&["plan", "add", "BASIC", "--validity", "1h", "--rate-down", "1M"]);
    drop(server.json_when(&["sessions"], |sessions| sessions["items"].as_array().unwrap().len() == 1));
    let mut sitting = Sitting::at(&server, 1000);

    sitting.types("4", "Bandwidth Control");
    sitting.types("2", "MAC address");
    sitting.types(PHONE, "Which speeds?");
    sitting.types("2", "Upload");
    sitting.types("2M", "Download");
    sitting.types("4M", "Type yes:");
    let told = sitting.types("yes", "Choose:");
    assert!(told.contains("--up 2M --down 4M") && told.contains("The router shows it as wanted."), "{told}");
    let limits = server.json(&["limit", "list"]);
    assert_eq!(
        (&limits["items"][0]["up_bps"], &limits["items"][0]["down_bps"]),
        (&serde_json::json!(2_000_000), &serde_json::json!(4_000_000)),
        "{limits}"
    );
    sitting.types("0", "5  Settings");

    sitting.types("5", "2  List routers");
    for (key, command, shown) in [
        ("2", "$ tikmeter router list", "tower"),
        ("3", "$ tikmeter plan list", "BASIC"),
        ("4", "$ tikmeter plan profiles", "profiles"),
        ("5", "$ tikmeter logs", "limits were sent"),
    ] {
        let told = sitting.types(key, "Choose:");
        assert!(told.contains(command) && told.contains(shown), "{key}: {told}");
    }
    sitting.terminal.types("0\n0\n");
    assert!(sitting.terminal.end().success());
}
