//! `tikmeter hold ...`: who is kept out of a router after `disconnect --hold`.

use clap::Subcommand;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::cli::planned;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, instant, printable};

/// What can be done with holds. One begins with `tikmeter disconnect LOGIN --hold 15m`.
#[derive(Debug, Subcommand)]
pub(crate) enum HoldCommand {
    /// List who is kept out, of which router, and until when
    List,
    /// Let somebody in again before their time is over
    Release(ReleaseArgs),
}

/// Who is to be let in again.
#[derive(Debug, clap::Args)]
pub(crate) struct ReleaseArgs {
    /// A device of the hotspot, by its MAC
    #[arg(long, required_unless_present = "login", conflicts_with = "login")]
    mac: Option<String>,
    /// A PPP login
    #[arg(long)]
    login: Option<String>,
    /// The router
    #[arg(long)]
    router: String,
    /// Show the commands that would be sent, and change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Deserialize)]
struct Hold {
    router: String,
    kind: String,
    subject: String,
    until: String,
    is_over: bool,
    set_by: String,
}

impl HoldCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            HoldCommand::List => {
                let answer = caller.client.get(&["holds"], &[]).await?;
                caller.show(&answer, |page: &Page<Hold>| text(&page.items))
            }
            HoldCommand::Release(args) => args.run(caller).await,
        }
    }
}

impl ReleaseArgs {
    async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let ReleaseArgs { mac, login, router, dry_run } = self;
        if *dry_run {
            let of = json!({ "act": "release_hold", "router": router, "mac": mac, "username": login });
            return planned::show(caller, of).await;
        }
        let query =
            [("router", Some(router.as_str())), ("mac", mac.as_deref()), ("username", login.as_deref())];
        let answer = caller.client.act_on(Method::DELETE, &["holds"], &query).await?;
        caller.show(&answer, |hold: &Hold| {
            format!(
                "{} is let in again: router {} is told within seconds, as soon as it can be reached.",
                printable(&hold.subject),
                printable(&hold.router)
            )
        })
    }
}

fn text(holds: &[Hold]) -> String {
    if holds.is_empty() {
        return "Nobody is kept out.".to_owned();
    }
    let mut table = Table::new(&["router", "kept out", "", "until", "set by"]);
    for hold in holds {
        let over = if hold.is_over { ", not undone yet" } else { "" };
        let until = format!("{}{over}", instant(Some(&hold.until)));
        table.row([&hold.router, &hold.kind, &hold.subject, &until, &hold.set_by]);
    }
    table.to_string()
}
