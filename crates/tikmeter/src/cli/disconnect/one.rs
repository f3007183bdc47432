//! Ending one session.

use serde::{Deserialize, Serialize};

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::printable;

/// Which session; exactly one has to fit.
#[derive(Debug, Serialize)]
pub(super) struct Which {
    #[serde(rename = "username")]
    pub(super) login: String,
    pub(super) router: Option<String>,
    pub(super) session: Option<u64>,
    #[serde(rename = "calling_station_id")]
    pub(super) mac: Option<String>,
    #[serde(rename = "hold_s")]
    pub(super) hold: Option<u64>,
    pub(super) dry_run: bool,
}

#[derive(Deserialize)]
struct Disconnect {
    router: String,
    session: u64,
    username: String,
    service: String,
    calling_station_id: String,
    told: String,
    commands: Vec<String>,
}

/// Ends it.
///
/// # Errors
/// One sentence, also where the session was not ended or nobody knows.
pub(super) async fn end(caller: &Caller, which: &Which) -> Result<(), Failure> {
    caller.add(&["disconnects"], which, |ended: &Disconnect| shown(ended, which.dry_run)).await
}

fn shown(ended: &Disconnect, dry_run: bool) -> String {
    let whose = format!(
        "Session {} of {} on router {} ({} from {}): {}",
        ended.session,
        printable(&ended.username),
        printable(&ended.router),
        printable(&ended.service),
        printable(&ended.calling_station_id),
        printable(&ended.told)
    );
    let commands = ended.commands.iter().filter(|_| dry_run);
    commands.fold(whose, |shown, command| shown + "\n" + &printable(command))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_commands_are_shown_where_none_of_them_was_sent() {
        let ended = json!({"router": "tower", "session": 7, "username": "ana\u{1b}", "service": "pppoe",
            "calling_station_id": "AA:BB", "told": "It is gone.", "commands": ["/ppp/active/remove =.id=*7"]});
        let ended: Disconnect = serde_json::from_value(ended).unwrap();
        let whose = "Session 7 of ana\\x1b on router tower (pppoe from AA:BB): It is gone.";
        assert_eq!(shown(&ended, false), whose);
        assert_eq!(shown(&ended, true), format!("{whose}\n/ppp/active/remove =.id=*7"));
    }
}
