//! No room for the database of a PostgreSQL server: its files cannot grow, and the server says so in its own words and with its
//! own code. The routers are polled on, the state says so, and when there is room again every octet is there.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use routeros_sim::world::Service;
use serde_json::Value;

use crate::full_disk::{assert_exact, polls, prints, surf, town};
use crate::own_server::OwnServer;
use crate::postgres_away::until;
use crate::program::stderr;
use crate::server::{Server, ready};

/// Rows of so many do not fit into what the files have.
const NEWCOMERS: u64 = 500;

/// The disk of a server, which is full while a file is there.
fn disk(folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let library = folder.join("full_disk.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/full_disk.c");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    assert!(built.unwrap().success(), "a C compiler is there wherever this is built");
    vec![("LD_PRELOAD", library), ("DISK_IS_FULL", folder.join("full"))]
}

#[test]
fn without_room_for_postgresql_polling_goes_on_and_no_octet_is_lost() {
    let (folder, mut full) = (tempfile::tempdir().unwrap(), PathBuf::new());
    let database = OwnServer::start_in(|folder| {
        full = folder.join("full");
        disk(folder)
    });
    let config = format!("[database]\nurl = \"{}\"\n", database.url());
    std::fs::write(folder.path().join("tikmeter.toml"), config).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let sim = town(&runtime);
    let server = polls(folder.path(), &sim);
    sim.with_world(|world| world.advance(Duration::from_secs(10)));
    surf(&sim);
    server.text(&["router", "read-now", "tower"]);
    let counted = totals(&server);

    std::fs::write(&full, "").unwrap();
    sim.with_world(|world| {
        for number in 0..NEWCOMERS {
            world.connect(format!("new{number}"), Service::Pppoe, "AA:BB:CC:00:00:02", 0, 0);
        }
    });
    surf(&sim);
    let stalled = server.json_when(&["router", "show", "tower"], |router| router["state"] == "store_stalled");
    let message = stalled["message"].as_str().unwrap();
    for words in
        ["the disk that holds the database is full", "Free some space", "nothing is lost while sessions live"]
    {
        assert!(message.contains(words), "{message}");
    }
    println!("said while PostgreSQL has no room: {message}");
    let asked = server.call(&["router", "read-now", "tower"]);
    assert_eq!(asked.status.code(), Some(1));
    assert!(stderr(&asked).contains("its reading waits in memory"), "{}", stderr(&asked));
    assert_eq!(ready(&server), (503, false));
    let before = prints(&sim);
    server.json_when(&["router", "show", "tower"], |_| prints(&sim) > before + 2);
    assert_eq!(totals(&server), counted, "only what is committed is said");
    surf(&sim);

    std::fs::remove_file(&full).unwrap();
    until("it goes on by itself", || server.json(&["router", "show", "tower"])["state"] == "online");
    surf(&sim);
    server.text(&["router", "read-now", "tower"]);
    assert_eq!(ready(&server), (200, true));
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
    assert_exact(&server, &sim);
    let data: Vec<_> = std::fs::read_dir(folder.path().join("data"))
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert!(!data.iter().any(|name| name.to_string_lossy().contains(".db")), "{data:?}");
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
}

/// Without the time, which a reading that found nothing new moves.
fn totals(server: &Server) -> Vec<(String, u64, u64)> {
    let usage = server.json(&["usage"]);
    let octets = |item: &Value, way: &str| item[way].as_u64().unwrap();
    let of = |item: &Value| {
        let name = item["username"].as_str().unwrap().to_owned();
        (name, octets(item, "upload_octets"), octets(item, "download_octets"))
    };
    usage["items"].as_array().unwrap().iter().map(of).collect()
}
