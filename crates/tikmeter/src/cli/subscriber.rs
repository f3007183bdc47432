//! `tikmeter subscriber ...`: who is billed.

mod adopt;
mod bind;
mod cycles;
mod edit;
mod import;
mod unknown;
mod view;

use clap::Subcommand;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::cli::export::{self, Format};
use crate::cli::paging::{PagingArgs, more};
use crate::client::Page;
use crate::failure::Failure;
use crate::quantity;

use view::{Subscriber, added, one, table};

/// What can be done with subscribers.
#[derive(Debug, Subcommand)]
pub(crate) enum SubscriberCommand {
    /// Add a subscriber and bind a login to it from now on
    Add(AddArgs),
    /// List subscribers with what they used in their open cycles
    List(PagingArgs),
    /// List a subscriber's cycles, the newest first
    Cycles {
        /// Its username or id
        subscriber: String,
        #[command(flatten)]
        paging: PagingArgs,
    },
    /// Import a CSV file of subscribers: adds and changes them, all or nothing; renews nobody
    Import(import::ImportArgs),
    /// Write all subscribers to standard output, as a file that can be imported
    Export {
        /// What it looks like: csv, or with --json ndjson
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// List logins that routers show and that are nobody's, with what they used
    Unknown(unknown::UnknownArgs),
    /// Count in its open cycle what its logins used before they were bound, once
    Adopt(adopt::AdoptArgs),
    /// Count another login for it too, from now on
    Bind(bind::BindArgs),
    /// Count a login for it no longer; what was counted stays
    Unbind(bind::LoginArgs),
    /// Change its name, status, plan, expiry, zone or note; its cycle goes on
    Edit(edit::EditArgs),
    /// Show one subscriber
    Show {
        /// Its username or id
        subscriber: String,
    },
}

/// A new subscriber.
#[derive(Debug, clap::Args)]
pub(crate) struct AddArgs {
    /// Its name towards people, unique
    username: String,
    /// The person's name
    #[arg(long)]
    name: Option<String>,
    /// The login it dials in with, or its hotspot user or voucher code, byte for byte, or `mac:` and the MAC address of a device that a hotspot lets through; `hex:...` for other than UTF-8 [default: the username]
    #[arg(long)]
    login: Option<String>,
    /// The service it uses: pppoe, l2tp, pptp, sstp, ovpn, hotspot or static_ip [default: pppoe]
    #[arg(long)]
    service: Option<String>,
    /// With static_ip: the interface of the router that faces it and nobody else
    #[arg(long, conflicts_with_all = ["login", "queue"], requires = "router")]
    interface: Option<String>,
    /// With static_ip, where no interface faces it alone: the simple queue its traffic passes
    #[arg(long, conflicts_with = "login", requires = "router")]
    queue: Option<String>,
    /// Its plan
    #[arg(long)]
    plan: Option<String>,
    /// Count the login on this router only [default: on all]
    #[arg(long)]
    router: Option<String>,
    /// When it expires, like 2026-12-31 (the end of that day) or 2026-12-31T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = quantity::expiry)]
    expiry: Option<String>,
    /// The IANA zone its days begin and end in, like Asia/Manila [default: its router's, else the server's]
    #[arg(long, value_parser = quantity::zone)]
    zone: Option<String>,
    /// A note
    #[arg(long)]
    note: Option<String>,
    /// Count in its first cycle too what the login used while it was nobody's, from then on: like 2026-11-01 (the begin of
    /// that day) or 2026-11-01T12:00:00Z
    #[arg(long, value_name = "TIME")]
    adopt_from: Option<String>,
}

impl SubscriberCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            SubscriberCommand::Add(args) => args.run(caller).await,
            SubscriberCommand::List(paging) => list(caller, paging).await,
            SubscriberCommand::Cycles { subscriber, paging } => {
                cycles::list(caller, subscriber, paging).await
            }
            SubscriberCommand::Import(args) => args.run(caller).await,
            SubscriberCommand::Export { format } => {
                let usual = if caller.terminal.json() { Format::Ndjson } else { Format::Csv };
                export::write(caller, format.unwrap_or(usual), &["subscribers"], &[]).await
            }
            SubscriberCommand::Unknown(args) => args.run(caller).await,
            SubscriberCommand::Adopt(args) => args.run(caller).await,
            SubscriberCommand::Bind(args) => args.run(caller).await,
            SubscriberCommand::Unbind(args) => args.unbind(caller).await,
            SubscriberCommand::Edit(args) => args.run(caller).await,
            SubscriberCommand::Show { subscriber } => {
                let answer = caller.client.get(&["subscribers", subscriber], &[]).await?;
                caller.show(&answer, one)
            }
        }
    }
}

impl AddArgs {
    async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let subscriber = json!({
            "username": self.username,
            "name": self.name,
            "login": self.login,
            "interface": self.interface,
            "queue": self.queue,
            "service": self.service,
            "plan": self.plan,
            "router": self.router,
            "expiry_at": self.expiry,
            "zone": self.zone,
            "note": self.note,
            "adopt_from": self.adopt_from,
        });
        caller.add(&["subscribers"], &subscriber, added).await
    }
}

async fn list(caller: &Caller, paging: &PagingArgs) -> Result<(), Failure> {
    let answer = caller.client.get(&["subscribers"], &paging.query(&[])).await?;
    caller.show(&answer, |page: &Page<Subscriber>| table(&page.items) + &more(page))
}
