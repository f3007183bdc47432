//! `tikmeter limit block`.

use serde::{Deserialize, Serialize};

use super::boost::seconds;
use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::printable;

/// Who is to be kept out, and for how long.
#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct BlockArgs {
    #[command(flatten)]
    #[serde(flatten)]
    whom: Whom,
    /// On this router
    #[arg(long)]
    router: Option<String>,
    /// For so long from now on, for example 15m; without it for 30 days, the longest
    #[arg(long = "for", value_name = "TIME", value_parser = seconds)]
    #[serde(rename = "for_s")]
    lasts: Option<u64>,
    /// Show the commands that would be sent, and send none of them
    #[arg(long)]
    dry_run: bool,
}

/// Exactly one.
#[derive(Debug, clap::Args, Serialize)]
#[group(id = "blocked", required = true, multiple = false)]
struct Whom {
    /// A device of the hotspot, by its MAC
    #[arg(long)]
    mac: Option<String>,
    /// A login, as its router gives it: all its PPP sessions, or its one device of the hotspot
    #[arg(long)]
    #[serde(rename = "username")]
    login: Option<String>,
    /// A subscriber, by username or id
    #[arg(long)]
    subscriber: Option<String>,
}

#[derive(Deserialize)]
struct Blocked {
    first: First,
    others: Vec<Other>,
}

#[derive(Deserialize)]
struct First {
    router: String,
    session: u64,
    username: String,
    told: String,
    commands: Vec<String>,
}

#[derive(Deserialize)]
struct Other {
    session: u64,
    told: String,
    is_ended: bool,
}

impl BlockArgs {
    /// # Errors
    /// One sentence, also where they are kept out and one of their sessions was not ended.
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let answer = caller.client.send(reqwest::Method::POST, &["holds"], self).await?;
        let Blocked { others, .. } = answer.read()?;
        caller.show(&answer, |blocked: &Blocked| shown(blocked, self.dry_run))?;
        match others.iter().filter(|other| !other.is_ended).count() {
            0 => Ok(()),
            left => Err(Failure::said(format!(
                "they are kept out, and {left} of their sessions are not ended; each says why"
            ))),
        }
    }
}

fn shown(Blocked { first, others }: &Blocked, dry_run: bool) -> String {
    let whose = format!(
        "Session {} of {} on router {}: {}",
        first.session,
        printable(&first.username),
        printable(&first.router),
        printable(&first.told)
    );
    let others = others.iter().map(|other| format!("Session {}: {}", other.session, printable(&other.told)));
    let commands = first.commands.iter().filter(|_| dry_run).map(|command| printable(command));
    std::iter::once(whose).chain(others).chain(commands).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        block: BlockArgs,
    }

    fn sent(words: &[&str]) -> Option<Value> {
        let line = Line::try_parse_from([&["x"], words].concat()).ok()?;
        Some(serde_json::to_value(&line.block).unwrap())
    }

    #[test]
    fn exactly_one_is_blocked_for_a_while_or_the_longest() {
        let eva = json!({"mac": null, "username": "eva", "subscriber": null, "router": "r", "for_s": 900, "dry_run": true});
        assert_eq!(sent(&["--login", "eva", "--router", "r", "--for", "15m", "--dry-run"]), Some(eva));
        assert!(sent(&["--subscriber", "eva"]).is_some_and(|sent| sent["for_s"].is_null()));
        for wrong in
            [&["--for", "15m"][..], &["--login", "eva", "--mac", "AA"], &["--mac", "AA", "--for", "0s"]]
        {
            assert_eq!(sent(wrong), None, "{wrong:?}");
        }
    }
}
