//! `tikmeter disconnect`: ends one session on its router and says what became of it.

use serde::{Deserialize, Serialize};

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::printable;

/// Which session; exactly one has to fit.
#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct DisconnectArgs {
    /// The login, as its router gives it (`tikmeter sessions --state open`)
    #[serde(rename = "username")]
    login: String,
    /// On this router, which is read first if no session fits
    #[arg(long)]
    router: Option<String>,
    /// With this number within its router
    #[arg(long, value_name = "NO")]
    session: Option<u64>,
    /// Of this MAC, or address
    #[arg(long, value_name = "MAC")]
    #[serde(rename = "calling_station_id")]
    mac: Option<String>,
    /// Show the commands that would be sent, and send none of them
    #[arg(long)]
    dry_run: bool,
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

impl DisconnectArgs {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence, also where the session was not ended or nobody knows.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        caller.add(&["disconnects"], self, |ended: &Disconnect| shown(ended, self.dry_run)).await
    }
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
