//! Ending the sessions of many: they are shown, whoever sits there is asked, and those who were shown are ended.

use reqwest::Method;
use serde::{Deserialize, Serialize};

use crate::cli::caller::Caller;
use crate::cli::consent;
use crate::client::Answer;
use crate::failure::Failure;
use crate::output::{Table, many, printable};

/// Whose sessions; with `shown` those that were listed.
#[derive(Debug, Serialize)]
pub(super) struct Whose {
    pub(super) router: String,
    pub(super) service: Option<String>,
    pub(super) plan: Option<String>,
    pub(super) username_start: Option<String>,
    /// Seconds.
    #[serde(rename = "hold_s")]
    pub(super) hold: Option<u64>,
    pub(super) shown: Option<Shown>,
    pub(super) dry_run: bool,
}

/// What was listed.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    sessions: Vec<u64>,
    digest: String,
}

#[derive(Deserialize)]
struct Preview {
    digest: String,
    more: u64,
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
struct Ended {
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
struct Session {
    session: u64,
    username: String,
    service: String,
    calling_station_id: String,
    subscriber: Option<String>,
    outcome: String,
    told: String,
    commands: Vec<String>,
}

/// Ends them, or with `dry_run` only shows them and what would be sent.
///
/// # Errors
/// One sentence, also where one of them was not ended or nobody knows.
pub(super) async fn end(caller: &Caller, whose: Whose, yes: bool) -> Result<(), Failure> {
    let hold = whose.hold;
    let answer = ask(caller, &whose).await?;
    let found: Preview = answer.read()?;
    if whose.dry_run || found.sessions.is_empty() {
        return caller.show(&answer, |found: &Preview| planned(found, hold, whose.dry_run));
    }
    if !yes && !is_wanted(caller, &found, hold)? {
        return Err(Failure::said("no session was ended: the answer was not yes"));
    }
    let sessions = found.sessions.iter().map(|session| session.session).collect();
    let shown = Some(Shown { sessions, digest: found.digest });
    let answer = ask(caller, &Whose { shown, ..whose }).await?;
    let ended: Ended = answer.read()?;
    caller.show(&answer, |ended: &Ended| outcome(ended, found.more))?;
    all_ended(&ended)
}

async fn ask(caller: &Caller, whose: &Whose) -> Result<Answer, Failure> {
    caller.client.send(Method::POST, &["disconnects", "bulk"], whose).await
}

fn is_wanted(caller: &Caller, found: &Preview, hold: Option<u64>) -> Result<bool, Failure> {
    if !consent::can_be_asked() {
        return Err(Failure::usage(
            "no session was ended: there is nobody to ask here. Look at them with --dry-run, then say --yes",
        ));
    }
    caller.terminal.remark(&preview(found, hold));
    let question = if hold.is_some() { "End them and keep them out now?" } else { "End them now?" };
    consent::says_yes(&caller.terminal, question, "no session was ended")
}

fn planned(found: &Preview, hold: Option<u64>, dry_run: bool) -> String {
    let told = found.sessions.iter().filter(|_| dry_run).flat_map(|session| {
        let whose = format!(
            "Session {} of {}: {}",
            session.session,
            printable(&session.username),
            printable(&session.told)
        );
        std::iter::once(whose).chain(session.commands.iter().map(|command| printable(command)))
    });
    std::iter::once(preview(found, hold)).chain(told).collect::<Vec<_>>().join("\n")
}

fn preview(found: &Preview, hold: Option<u64>) -> String {
    match found.sessions.len() as u64 {
        0 => "No open session fits; nothing was sent.".to_owned(),
        fitting => {
            let table = table("subscriber", &found.sessions, |session| {
                session.subscriber.clone().unwrap_or_default()
            });
            format!(
                "{table}{} would be ended{}{}.",
                many(fitting, "session"),
                kept_out(hold),
                beyond(found.more)
            )
        }
    }
}

fn outcome(ended: &Ended, more: u64) -> String {
    let count = |outcomes: &[&str]| count(ended, outcomes);
    format!(
        "{}{} ended, {} of them back already; {} left alone, {} not ended, of {} it is not known{}.",
        table("what became of it", &ended.sessions, |session| session.told.clone()),
        count(&["gone", "came_back"]),
        count(&["came_back"]),
        count(&["left_alone"]),
        count(&["not_ended"]),
        count(&["not_known"]),
        beyond(more)
    )
}

fn table(last: &str, sessions: &[Session], told: impl Fn(&Session) -> String) -> Table {
    let mut table = Table::new(&["session", "login", "service", "caller", last]);
    for session in sessions {
        let no = session.session.to_string();
        table.row([&no, &session.username, &session.service, &session.calling_station_id, &told(session)]);
    }
    table
}

fn count(ended: &Ended, outcomes: &[&str]) -> usize {
    ended.sessions.iter().filter(|session| outcomes.contains(&&*session.outcome)).count()
}

fn kept_out(hold: Option<u64>) -> String {
    let lasts = match hold {
        None => return String::new(),
        Some(seconds) if seconds % 3_600 == 0 => many(seconds / 3_600, "hour"),
        Some(seconds) if seconds % 60 == 0 => many(seconds / 60, "minute"),
        Some(seconds) => many(seconds, "second"),
    };
    format!(", and whoever has them kept out for {lasts} each")
}

fn beyond(more: u64) -> String {
    if more == 0 {
        return String::new();
    }
    format!("; {more} more fit, which the same command takes next")
}

fn all_ended(ended: &Ended) -> Result<(), Failure> {
    match count(ended, &["gone", "came_back", "left_alone"]) {
        well if well == ended.sessions.len() => Ok(()),
        well => Err(Failure::said(format!(
            "{} of {} were not ended, or it is not known; each says why",
            ended.sessions.len() - well,
            many(ended.sessions.len() as u64, "session")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ended(outcomes: &[&str]) -> Ended {
        let session = |outcome| {
            json!({"session": 7, "username": "ana\u{1b}", "service": "pppoe", "calling_station_id": "AA:BB",
                "subscriber": null, "outcome": outcome, "told": "So it is.", "commands": ["/x =y"]})
        };
        let sessions: Vec<_> = outcomes.iter().map(session).collect();
        serde_json::from_value(json!({ "sessions": sessions })).unwrap()
    }

    #[test]
    fn what_became_of_them_is_summed_up_and_what_fits_beyond_is_said() {
        let text =
            outcome(&ended(&["gone", "came_back", "left_alone", "not_ended", "not_known", "not_known"]), 5);
        assert!(text.contains("ana\\x1b") && text.contains("So it is."), "{text}");
        let sum =
            "2 ended, 1 of them back already; 1 left alone, 1 not ended, of 2 it is not known; 5 more fit";
        assert!(text.lines().last().unwrap().starts_with(sum), "{text}");
    }

    #[test]
    fn with_a_dry_run_each_is_told_with_what_would_be_sent_for_it() {
        let sessions = ended(&["shown"]).sessions;
        let found = Preview { digest: String::new(), more: 0, sessions };
        let told = "Session 7 of ana\\x1b: So it is.\n/x =y";
        assert!(planned(&found, None, true).ends_with(told), "{}", planned(&found, None, true));
        assert!(!planned(&found, None, false).contains("/x"));
    }

    #[test]
    fn for_how_long_they_are_kept_out_is_said_as_it_was_meant() {
        for (seconds, told) in [(7_200, "2 hours"), (900, "15 minutes"), (90, "90 seconds"), (60, "1 minute")]
        {
            assert_eq!(kept_out(Some(seconds)), format!(", and whoever has them kept out for {told} each"));
        }
        assert_eq!(kept_out(None), "");
    }

    #[test]
    fn it_is_a_success_only_where_none_of_them_stayed() {
        assert!(all_ended(&ended(&["gone", "came_back", "left_alone"])).is_ok());
        for outcome in ["not_ended", "not_known"] {
            let told = all_ended(&ended(&["gone", outcome])).unwrap_err().to_string();
            assert!(told.starts_with("1 of 2 sessions"), "{told}");
        }
    }
}
