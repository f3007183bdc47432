//! The database's server goes away and comes back: the routers are polled on, the state says so, and every octet is there
//! afterwards.

use std::time::Duration;

use crate::full_disk::{assert_exact, polls, prints, surf, town};
use crate::postgres_server::Database;
use crate::program::stderr;
use crate::server::ready;

/// Waits until it is so.
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..400 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("it never came to be: {what}");
}

#[test]
fn while_the_database_is_away_polling_goes_on_and_no_octet_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create();
    let config = format!("[database]\nurl = \"{}\"\n", database.url());
    std::fs::write(folder.path().join("tikmeter.toml"), config).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let sim = town(&runtime);
    let server = polls(folder.path(), &sim);
    sim.with_world(|world| world.advance(Duration::from_secs(10)));
    surf(&sim);
    server.text(&["router", "read-now", "tower"]);

    database.let_in(false);
    surf(&sim);
    until("the server says that its database is away", || ready(&server) == (503, false));
    let told = stderr(&server.call(&["usage"]));
    assert!(told.contains("not currently accepting connections"), "{told}");
    println!("said while the database is away: {told}");
    let before = prints(&sim);
    until("the router is polled on", || prints(&sim) > before + 2);
    surf(&sim);

    database.let_in(true);
    until("the server has its database again", || ready(&server) == (200, true));
    surf(&sim);
    server.text(&["router", "read-now", "tower"]);
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
    assert_exact(&server, &sim);
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
}
