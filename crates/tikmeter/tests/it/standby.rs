//! A PostgreSQL server that is a standby only reads: it is refused with what to do, and no file is begun instead.

use std::path::Path;

use crate::own_server::OwnServer;
use crate::program::Running;

fn serve(folder: &Path, database: &OwnServer) -> Running {
    let config = format!("[database]\nurl = \"{}\"\n", database.url());
    std::fs::write(folder.join("tikmeter.toml"), config).unwrap();
    Running::start(&["serve", "--data", "data", "--listen", "127.0.0.1:0"], folder)
}

/// What there is in the data folder.
fn made(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.join("data")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn is_refused(folder: &Path, standby: &OwnServer) {
    let refused = serve(folder, standby);
    let told = refused.error_line("standby");
    assert!(told.contains("give the address of the primary. Nothing was touched"), "{told}");
    assert_eq!(refused.end().code(), Some(1));
}

#[test]
fn a_standby_is_refused_with_what_to_do_and_no_file_is_begun_instead() {
    let folder = tempfile::tempdir().unwrap();
    let primary = OwnServer::start();
    let standby = primary.standby();
    is_refused(folder.path(), &standby);
    assert_eq!(made(folder.path()), [""; 0]);

    // What it says helps; and a standby with our tables is none the better.
    let served = serve(folder.path(), &primary);
    assert!(served.line().contains("Tikmeter serves"));
    served.signal("TERM");
    assert_eq!(served.end().code(), Some(0));
    let before = made(folder.path());
    is_refused(folder.path(), &standby);
    assert_eq!(made(folder.path()), before);
    assert!(!before.iter().any(|name| name.ends_with(".db")), "{before:?}");
}
