//! `tikmeter router ...`: the routers a server reads.

mod abilities;
mod add;
mod bootstrap;
mod commands;
mod edit;
mod poll;
mod polled;
mod portal_setup;
mod protection;
mod test;
mod view;
mod watching;

use clap::Subcommand;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{instant, printable};

/// What can be done with the routers of a running server.
#[derive(Debug, Subcommand)]
pub(crate) enum RouterCommand {
    /// Add a router
    Add(add::AddArgs),
    /// List the routers and how reading them goes
    List,
    /// Show one router
    Show(Named),
    /// Change a router; another host, port, TLS mode or user needs the password again
    Edit(edit::EditArgs),
    /// Read a router again
    Enable(Switched),
    /// Stop reading a router; what was counted stays
    Disable(Switched),
    /// Remove a router; what was counted stays
    Remove(Switched),
    /// Take a reading at once and wait until it is written down
    ReadNow(Named),
    /// List what processes asked each other to do with routers, and what became of it
    Commands,
    /// Look a router over with one login: each item, and what mends it
    Test(test::TestArgs),
    /// Print what its hotspot needs to hand devices over to the portal for vouchers; nothing is sent
    PortalSetup(portal_setup::PortalSetupArgs),
    /// Print a user for a router, that may do what it is to do and no more; nothing is sent
    Bootstrap(bootstrap::BootstrapArgs),
    /// Read a router directly, without a server or a database, and show what came and what it cost
    Poll(poll::PollArgs),
}

/// One router.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// The router's name
    name: String,
}

/// One router that is read from now on, or not any more.
#[derive(Debug, clap::Args)]
pub(crate) struct Switched {
    /// The router's name
    name: String,
    /// Show the commands that would be sent to it, and change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Deserialize)]
struct ReadNow {
    poll_seq: u64,
    at: String,
}

impl RouterCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            RouterCommand::Add(args) => args.run(caller).await,
            RouterCommand::List => list(caller).await,
            RouterCommand::Show(Named { name }) => show(caller, name).await,
            RouterCommand::Edit(args) => args.run(caller).await,
            RouterCommand::Enable(Switched { name, dry_run: true }) => {
                planned(caller, name, "enable_router").await
            }
            RouterCommand::Enable(Switched { name, .. }) => switch(caller, name, true).await,
            RouterCommand::Disable(Switched { name, dry_run: true }) => {
                planned(caller, name, "disable_router").await
            }
            RouterCommand::Disable(Switched { name, .. }) => switch(caller, name, false).await,
            RouterCommand::Remove(Switched { name, dry_run: true }) => {
                planned(caller, name, "remove_router").await
            }
            RouterCommand::Remove(Switched { name, .. }) => remove(caller, name).await,
            RouterCommand::ReadNow(Named { name }) => read_now(caller, name).await,
            RouterCommand::Commands => commands::list(caller).await,
            RouterCommand::Test(args) => args.run(caller).await,
            RouterCommand::PortalSetup(args) => args.run(caller).await,
            RouterCommand::Bootstrap(args) => args.run(&caller.terminal),
            RouterCommand::Poll(args) => args.run(&caller.terminal).await,
        }
    }
}

async fn list(caller: &Caller) -> Result<(), Failure> {
    let answer = caller.client.get(&["routers"], &[]).await?;
    caller.show(&answer, |page: &Page<view::Router>| view::list(&page.items))
}

async fn show(caller: &Caller, name: &str) -> Result<(), Failure> {
    let answer = caller.client.get(&["routers", name], &[]).await?;
    caller.show(&answer, view::one)
}

async fn switch(caller: &Caller, name: &str, enabled: bool) -> Result<(), Failure> {
    let answer =
        caller.client.send(Method::PATCH, &["routers", name], &json!({ "enabled": enabled })).await?;
    let state = if enabled { "is read" } else { "is not read any more; what was counted stays" };
    caller.show(&answer, |left: &Left| left.shown(&format!("Router {} {state}.", printable(name))))
}

async fn planned(caller: &Caller, name: &str, act: &str) -> Result<(), Failure> {
    crate::cli::planned::show(caller, json!({ "act": act, "router": name })).await
}

async fn remove(caller: &Caller, name: &str) -> Result<(), Failure> {
    let answer = caller.client.act(Method::DELETE, &["routers", name]).await?;
    let done = format!("Router {} is removed; what was counted on it stays.", printable(name));
    match answer.text.is_empty() {
        true => caller.done(&answer, &done),
        false => caller.show(&answer, |left: &Left| left.shown(&done)),
    }
}

/// A router that is removed or disabled.
#[derive(Deserialize)]
struct Left {
    /// What of ours is on it still.
    stays: Option<String>,
}

impl Left {
    fn shown(&self, done: &str) -> String {
        match &self.stays {
            Some(stays) => format!("{done} But {}", printable(stays)),
            None => done.to_owned(),
        }
    }
}

async fn read_now(caller: &Caller, name: &str) -> Result<(), Failure> {
    let answer = caller.client.act(Method::POST, &["routers", name, "read-now"]).await?;
    caller.show(&answer, |read: &ReadNow| {
        format!(
            "Router {} was read at {} (reading {}).",
            printable(name),
            instant(Some(&read.at)),
            read.poll_seq
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_on_a_router_that_is_left_is_told() {
        let left =
            |stays: Option<&str>| Left { stays: stays.map(str::to_owned) }.shown("It is not read any more.");
        assert_eq!(left(None), "It is not read any more.");
        assert_eq!(
            left(Some("bob is kept out.\u{1b}")),
            "It is not read any more. But bob is kept out.\\x1b"
        );
    }
}
