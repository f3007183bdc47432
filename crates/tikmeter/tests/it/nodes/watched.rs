//! Subscribers who are watched at the process that answers people, on routers that others poll, whatever befalls those.

use super::fleet::Fleet;
use super::house::House;
use crate::program::stderr;
use crate::server::Server;

/// One of each half of the routers: whatever befalls a process, it befalls one of them.
const WATCHED: [(&str, &str); 2] = [("u050-0", "r050"), ("u190-0", "r190")];

/// Starts watching them, and waits until they are read.
pub(super) fn begin(house: &House, answers: &Server) {
    for (login, _) in WATCHED {
        answers.text(&["subscriber", "add", login, "--login", login]);
        // Refused until their session was read again, and the process that polls their router is heard.
        house.until("who is known may be watched", |_| {
            answers.call(&["monitor", "start", login]).status.success()
        });
    }
    go_on(house, answers);
}

/// Samples come that are newer than those before, and tell of what is moved.
pub(super) fn go_on(house: &House, answers: &Server) {
    let before = last(answers);
    house.until("who is watched is read on", |_| {
        let now = last(answers);
        now.len() == WATCHED.len() && now.iter().all(|read| read.is_some() && !before.contains(read))
    });
}

/// Whether somebody else started watching them is not known while Redis is away, and is not passed over.
pub(super) fn is_ended_in_vain(answers: &Server) -> String {
    let login = "u120-0";
    answers.text(&["subscriber", "add", login, "--login", login]);
    let refused = answers.call(&["monitor", "stop", login]);
    let told = stderr(&refused);
    assert!(!refused.status.success() && told.contains("goes on there"), "{told}");
    told
}

/// Each of their routers runs one command for them, whoever asked it before.
pub(super) fn cost_one_command(fleet: &Fleet) {
    for (_, router) in WATCHED {
        assert_eq!(fleet.router(router).stats().running_monitors, 1, "{router}");
    }
}

/// Ends it; nobody asks the routers any more.
pub(super) fn end(house: &House, answers: &Server) {
    for (login, _) in WATCHED {
        answers.text(&["monitor", "stop", login]);
    }
    let is_silent = |router| house.fleet.router(router).stats().running_monitors == 0;
    house.until("nobody is watched", |_| WATCHED.iter().all(|(_, router)| is_silent(router)));
}

/// When each was read last.
fn last(answers: &Server) -> Vec<Option<String>> {
    let status = answers.json(&["monitor", "status"]);
    let monitors = status["items"].as_array().unwrap().iter();
    let moves = monitors.map(|monitor| &monitor["last"]).filter(|last| last["download_bps"] != 0);
    moves.map(|last| last["as_of"].as_str().map(str::to_owned)).collect()
}
