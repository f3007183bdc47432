//! `tikmeter monitor`, as an operator sees it.

use crate::program::{run, stderr};
use crate::server::Server;

#[test]
fn who_cannot_be_watched_is_told_by_each_command_and_nobody_holds_a_slot() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    for words in [["monitor", "start", "ana"], ["monitor", "watch", "ana"]] {
        let refused = server.call(&words);
        assert_eq!(refused.status.code(), Some(1));
        let said = stderr(&refused);
        assert!(said.contains("no active subscriber is called so; list them with"), "{said}");
    }
    assert_eq!(server.call(&["monitor", "stop", "ana"]).status.code(), Some(1));
    server.text(&["subscriber", "add", "ana"]);
    assert!(stderr(&server.call(&["monitor", "watch", "ana"])).contains("ana: they have no session now"));
    assert!(server.text(&["monitor", "stop", "ana"]).contains("ana is not watched any more"));
    assert_eq!(server.text(&["monitor", "status"]), "Nobody is watched. 50 of 50 slots are free.\n");
    assert_eq!(server.json(&["monitor", "status"])["slots_free"], 50);
    let wrong = run(&["monitor", "watch", "ana", "--token", "tkm_wrong", "--url", &server.url]);
    assert!(stderr(&wrong).contains("This token is unknown"), "{}", stderr(&wrong));
}
