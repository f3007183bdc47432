//! Files that go from under the server, or are missing when it starts: it is said, and nothing is made in their place.

use std::path::Path;

use crate::program::{Running, run, stderr, tikmeter};
use crate::server::{Server, ready};

/// A server that has a router with a password of its own, which nothing answers for.
fn with_router(folder: &Path) -> Server {
    let server = Server::serve(folder);
    let words = ["router", "add", "tower", "127.0.0.1:1", "--user", "meter", "--password", "simulated"];
    server.text(&words);
    server
}

fn stop(server: Server) {
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
}

/// What it says when it does not start.
fn refused(folder: &Path, flags: &[&str]) -> String {
    let data = folder.join("data");
    let words = ["serve", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"];
    let ended = run(&[&words, flags].concat());
    assert_eq!(ended.status.code(), Some(1), "{}", stderr(&ended));
    stderr(&ended)
}

fn serve_with(folder: &Path, flag: &str) -> Server {
    let words = ["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0", flag];
    Server::of(Running::start(&words, folder), folder)
}

#[test]
fn a_missing_key_is_not_made_anew_while_passwords_are_sealed_with_it() {
    let folder = tempfile::tempdir().unwrap();
    stop(with_router(folder.path()));
    let (key, away) = (folder.path().join("data/key"), folder.path().join("away"));
    std::fs::rename(&key, &away).unwrap();
    let told = refused(folder.path(), &[]);
    assert!(told.contains("key") && told.contains("(tower)") && told.contains("--new-key"), "{told}");
    assert!(told.contains("usage, subscribers, plans and vouchers are safe"), "{told}");
    assert!(!key.exists(), "nothing was changed");
    std::fs::rename(&away, &key).unwrap();
    stop(Server::serve(folder.path()));
}

#[test]
fn a_router_whose_password_is_lost_says_so_and_is_mended_as_it_says() {
    let folder = tempfile::tempdir().unwrap();
    stop(with_router(folder.path()));
    std::fs::remove_file(folder.path().join("data/key")).unwrap();
    let server = serve_with(folder.path(), "--new-key");
    server.running.error_line("cannot be opened with this key file");
    let tower = server.json_when(&["router", "show", "tower"], |router| router["state"] != "waiting");
    assert_eq!(tower["state"], "password_lost", "{tower}");
    let read = server.call(&["router", "read-now", "tower"]);
    let told = stderr(&read);
    assert!(
        told.contains("another key")
            && told.contains("nothing else is lost")
            && told.contains("tikmeter router edit tower"),
        "{told}"
    );
    server.text(&["router", "edit", "tower", "--password", "simulated"]);
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "unreachable");
    stop(server);
    stop(Server::serve(folder.path()));
}

#[test]
fn a_database_that_is_removed_while_it_is_open_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let server = with_router(folder.path());
    let line = server.running.error_line("a router could not be polled");
    assert!(line.contains("name=\"tower\""), "a log line names the router: {line}");
    assert_eq!(ready(&server), (200, true));
    let (database, away) = (folder.path().join("data/tikmeter.db"), folder.path().join("away"));
    std::fs::rename(&database, &away).unwrap();
    assert_eq!(ready(&server), (503, false));
    server.running.error_line("no longer the file");
    let status = server.json(&["status"]);
    assert_eq!(status["store"]["state"], "stalled", "{status}");
    assert!(status["store"]["message"].as_str().unwrap().contains("removed, moved or replaced"), "{status}");
    assert_eq!(server.call(&["plan", "add", "home"]).status.code(), Some(1), "nothing passes for written");
    std::fs::rename(&away, &database).unwrap();
    assert_eq!(ready(&server), (200, true));
    server.text(&["plan", "add", "home"]);
}

#[test]
fn a_lost_database_is_not_replaced_by_an_empty_one_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let server = with_router(folder.path());
    let data = folder.path().join("data");
    std::fs::rename(data.join("tikmeter.db"), folder.path().join("away")).unwrap();
    server.running.signal("KILL");
    server.running.end();
    let told = refused(folder.path(), &["--new-database"]);
    assert!(told.contains("tikmeter.db-wal"), "a log without its database: {told}");
    std::fs::remove_file(data.join("tikmeter.db-wal")).unwrap();
    let told = refused(folder.path(), &[]);
    assert!(told.contains("--new-database"), "{told}");
    std::fs::remove_file(data.join("key")).unwrap();
    let told = refused(folder.path(), &[]);
    assert!(told.contains("token") && told.contains("--new-database"), "without its key too: {told}");
    assert!(!data.join("tikmeter.db").exists(), "nothing was changed");
    let server = serve_with(folder.path(), "--new-database");
    assert!(server.json(&["router", "list"])["items"].as_array().unwrap().is_empty());
}

/// The data folder's database is a link to another disk: served like any, by one process whatever the path.
#[test]
fn a_database_behind_a_link_is_served_once() {
    let folder = tempfile::tempdir().unwrap();
    stop(with_router(folder.path()));
    let (database, moved) = (folder.path().join("data/tikmeter.db"), folder.path().join("moved.db"));
    std::fs::rename(&database, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &database).unwrap();
    let server = Server::serve(folder.path());
    assert_eq!(ready(&server), (200, true));
    server.text(&["plan", "add", "home"]);
    let url = format!("sqlite://{}", moved.display());
    let other = folder.path().join("other");
    let words = ["serve", "--data", other.to_str().unwrap(), "--listen", "127.0.0.1:0"];
    let second = tikmeter(&words).env("TIKMETER_DATABASE_URL", url).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let told = stderr(&second);
    assert!(told.contains(&format!("in use by process {}", server.running.pid())), "{told}");
    stop(server);
    std::fs::remove_file(&moved).unwrap();
    let told = refused(folder.path(), &[]);
    assert!(told.contains("symbolic link") && told.contains("where no file is"), "{told}");
    assert!(!moved.exists(), "nothing was made");
}
