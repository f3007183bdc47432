//! `tikmeter monitor ...`: what subscribers move at this moment.

use clap::Subcommand;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{Table, grouped, instant, many, printable, rate};

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum MonitorCommand {
    /// Watch somebody until they are stopped, or nobody reads it for long
    Start(Whom),
    /// End what was started; who looks at them meanwhile goes on
    Stop(Whom),
    /// Show who is watched, what came last, and how many slots are free
    Status,
    /// Show what they move, a line for each sample, until Ctrl-C
    Watch {
        /// Usernames or ids
        #[arg(required = true)]
        subscribers: Vec<String>,
    },
}

/// A subscriber.
#[derive(Debug, clap::Args)]
pub(crate) struct Whom {
    /// Username or id
    subscriber: String,
}

#[derive(Deserialize)]
struct Monitors {
    items: Vec<Monitor>,
    slots: u32,
    slots_free: u32,
}

#[derive(Deserialize)]
struct Monitor {
    username: String,
    router: String,
    started: bool,
    readers: u64,
    standing: String,
    standing_text: String,
    last: Option<Last>,
}

#[derive(Deserialize)]
struct Last {
    as_of: String,
    #[serde(flatten)]
    rates: Rates,
}

/// Bits per second: what the router received from the subscriber, and what it sent to them.
#[derive(Deserialize)]
pub(super) struct Rates {
    pub(super) upload_bps: u64,
    pub(super) download_bps: u64,
}

/// A message of `/api/v1/live`.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Told {
    Subscribed {
        username: String,
        router: String,
        standing_text: String,
    },
    Standing {
        username: String,
        router: String,
        standing_text: String,
    },
    Error {
        asked: String,
        detail: String,
    },
    Dropped {
        samples: u64,
    },
    Sample(Sample),
    #[serde(other)]
    Other,
}

/// What somebody moves.
#[derive(Deserialize)]
pub(super) struct Sample {
    username: String,
    router: String,
    at: String,
    /// Where it is a mean: over how long.
    pub(super) over_ms: Option<u64>,
    #[serde(flatten)]
    pub(super) rates: Rates,
}

impl MonitorCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            MonitorCommand::Start(Whom { subscriber }) => {
                let answer = caller.client.act(Method::PUT, &["monitors", subscriber]).await?;
                caller.show(&answer, |monitor: &Monitor| {
                    let name = printable(&monitor.username);
                    format!(
                        "{name} is watched on router {}. {}",
                        printable(&monitor.router),
                        printable(&monitor.standing_text)
                    )
                })
            }
            MonitorCommand::Stop(Whom { subscriber }) => {
                let answer = caller.client.act(Method::DELETE, &["monitors", subscriber]).await?;
                caller.done(
                    &answer,
                    &format!("{} is not watched any more, but by who looks now.", printable(subscriber)),
                )
            }
            MonitorCommand::Status => {
                let answer = caller.client.get(&["monitors"], &[]).await?;
                caller.show(&answer, status)
            }
            MonitorCommand::Watch { subscribers } => watch(caller, subscribers).await,
        }
    }
}

/// Ends when the connection does, or when the first answer for somebody is a refusal.
async fn watch(caller: &Caller, subscribers: &[String]) -> Result<(), Failure> {
    let mut live = caller.client.live().await?;
    for subscriber in subscribers {
        live.ask(&json!({ "type": "subscribe", "subscriber": subscriber })).await?;
    }
    loop {
        let words = live.next().await?;
        let told = serde_json::from_str(&words).map_err(|error| {
            Failure::said(format!("the server told something this command does not understand ({error})"))
        })?;
        if let Told::Error { asked, detail } = &told {
            return Err(Failure::said(format!("{}: {}", printable(asked), printable(detail))));
        }
        if caller.terminal.json() {
            caller.terminal.line(&words)?;
        } else if let Some(line) = line(&told) {
            caller.terminal.line(&line)?;
        }
    }
}

fn line(told: &Told) -> Option<String> {
    match told {
        Told::Subscribed { username, router, standing_text }
        | Told::Standing { username, router, standing_text } => {
            let (username, router) = (printable(username), printable(router));
            Some(format!("{username} on router {router}: {}", printable(standing_text)))
        }
        Told::Dropped { samples } => {
            Some(format!("{} not shown: this end is too slow", many(*samples, "sample")))
        }
        Told::Sample(Sample { username, router, at, over_ms, rates }) => {
            let mean = over_ms.map(|over| format!(", mean over {} ms", grouped(over))).unwrap_or_default();
            Some(format!(
                "{}  {}  download {}  upload {}  (router {}{mean})",
                instant(Some(at)),
                printable(username),
                rate(rates.download_bps),
                rate(rates.upload_bps),
                printable(router)
            ))
        }
        Told::Error { .. } | Told::Other => None,
    }
}

fn status(monitors: &Monitors) -> String {
    let slots = format!("{} of {} slots are free.\n", monitors.slots_free, monitors.slots);
    if monitors.items.is_empty() {
        return format!("Nobody is watched. {slots}");
    }
    let headings = ["username", "router", "standing", "started", ">readers", ">download", ">upload", "as of"];
    let mut table = Table::new(&headings);
    for monitor in &monitors.items {
        let last = monitor.last.as_ref();
        let shown =
            |pick: fn(&Rates) -> u64| last.map_or_else(|| "-".to_owned(), |last| rate(pick(&last.rates)));
        table.row([
            monitor.username.clone(),
            monitor.router.clone(),
            monitor.standing.clone(),
            if monitor.started { "yes" } else { "no" }.to_owned(),
            monitor.readers.to_string(),
            shown(|rates| rates.download_bps),
            shown(|rates| rates.upload_bps),
            instant(last.map(|last| last.as_of.as_str())),
        ]);
    }
    table.to_string() + &slots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: serde_json::Value) -> Option<String> {
        line(&serde_json::from_value(words).unwrap())
    }

    #[test]
    fn a_sample_is_a_line_with_its_time_and_what_it_is_the_mean_of() {
        let mut sample = json!({"type": "sample", "username": "ana\u{1b}", "router": "tower", "no": 4,
            "at": "2026-11-21T14:02:05.25Z", "upload_bps": 1_234_567, "download_bps": 5_234_567});
        let shown = "2026-11-21 14:02:05 UTC  ana\\x1b  download 5.23 Mbps  upload 1.23 Mbps  (router tower)";
        assert_eq!(told(sample.clone()).unwrap(), shown);
        sample["over_ms"] = json!(5_010);
        assert!(told(sample).unwrap().ends_with("(router tower, mean over 5,010 ms)"));
        assert_eq!(
            told(json!({"type": "dropped", "samples": 2})).unwrap(),
            "2 samples not shown: this end is too slow"
        );
        assert_eq!(told(json!({"type": "heartbeat", "at": "2026-11-21T14:02:05Z"})), None);
    }

    #[test]
    fn who_had_no_sample_yet_shows_dashes_and_no_zeros() {
        let ana = json!({"username": "ana", "router": "tower", "started": true, "readers": 2, "standing": "sought",
            "standing_text": "-", "last": null});
        let text =
            status(&serde_json::from_value(json!({"items": [ana], "slots": 50, "slots_free": 49})).unwrap());
        let row = text.lines().nth(1).unwrap();
        assert_eq!(
            row.split_whitespace().collect::<Vec<_>>(),
            ["ana", "tower", "sought", "yes", "2", "-", "-", "-"]
        );
        assert!(text.ends_with("49 of 50 slots are free.\n"), "{text}");
    }
}
