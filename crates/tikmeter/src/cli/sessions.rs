//! `tikmeter sessions`: connections, newest first.

use clap::ValueEnum;
use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::cli::paging::{PagingArgs, more};
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, instant, octets};

/// Which sessions.
#[derive(Debug, clap::Args)]
pub(crate) struct SessionsArgs {
    /// Only on this router
    #[arg(long)]
    router: Option<String>,
    /// Only of this login, as the router gives it
    #[arg(long)]
    username: Option<String>,
    /// Only in this state
    #[arg(long)]
    state: Option<State>,
    #[command(flatten)]
    paging: PagingArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    /// The router shows it
    Open,
    /// The last reading did not show it
    Missing,
    /// It is over
    Ended,
}

#[derive(Deserialize)]
struct Session {
    no: u64,
    router: String,
    username: String,
    service: String,
    calling_station_id: String,
    framed_address: Option<String>,
    state: String,
    started_at: Option<String>,
    ended_at: Option<String>,
    upload_octets: u64,
    download_octets: u64,
    subscriber: Option<String>,
}

impl SessionsArgs {
    /// Lists them.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let state = self.state.map(|state| match state {
            State::Open => "open",
            State::Missing => "missing",
            State::Ended => "ended",
        });
        let filter =
            [("router", self.router.as_deref()), ("username", self.username.as_deref()), ("state", state)];
        let answer = caller.client.get(&["sessions"], &self.paging.query(&filter)).await?;
        caller.show(&answer, |page: &Page<Session>| table(&page.items) + &more(page))
    }
}

fn table(sessions: &[Session]) -> String {
    if sessions.is_empty() {
        return "No such sessions.\n".to_owned();
    }
    let headings = [
        "router",
        ">no",
        "login",
        "subscriber",
        "service",
        "caller",
        "address",
        "state",
        "began",
        "ended",
        ">upload",
        ">download",
    ];
    let mut table = Table::new(&headings);
    for session in sessions {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        table.row([
            session.router.clone(),
            session.no.to_string(),
            session.username.clone(),
            or_dash(&session.subscriber),
            session.service.clone(),
            session.calling_station_id.clone(),
            or_dash(&session.framed_address),
            session.state.clone(),
            instant(session.started_at.as_deref()),
            instant(session.ended_at.as_deref()),
            octets(session.upload_octets),
            octets(session.download_octets),
        ]);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_session_without_subscriber_or_end_shows_dashes() {
        let session = json!({"no": 7, "router": "tower", "username": "hex:6a6f73e9", "service": "pppoe",
            "acct_session_id": "81000001", "calling_station_id": "AA:BB", "framed_address": null, "state": "open",
            "started_at": "2026-11-21T14:02:05Z", "upload_octets": 1, "download_octets": 2000, "subscriber": null});
        let text = table(&[serde_json::from_value(session).unwrap()]);
        let row = text.lines().nth(1).unwrap();
        assert!(row.contains("hex:6a6f73e9") && row.ends_with("2.0 kB"), "{text}");
        assert_eq!(row.split_whitespace().filter(|cell| *cell == "-").count(), 3, "{text}");
    }

    #[test]
    fn a_session_of_which_nobody_knows_the_begin_shows_a_dash() {
        let session = json!({"no": 7, "router": "tower", "username": "ana", "service": "pppoe",
            "calling_station_id": "AA:BB", "framed_address": "10.0.0.7", "state": "ended", "started_at": null,
            "ended_at": "2026-11-21T14:02:05Z", "upload_octets": 1, "download_octets": 2, "subscriber": "ana"});
        let text = table(&[serde_json::from_value(session).unwrap()]);
        assert_eq!(text.split_whitespace().filter(|cell| *cell == "-").count(), 1, "{text}");
    }
}
