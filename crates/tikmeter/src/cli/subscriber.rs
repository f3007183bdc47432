//! `tikmeter subscriber ...`: who is billed.

mod adopt;
mod cycles;
mod import;

use clap::Subcommand;
use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::cli::export::{self, Format};
use crate::cli::paging::{PagingArgs, more};
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, grouped, instant, octets, percent, printable, shell_word, upper};
use crate::quantity;

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
        /// What it looks like
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
    },
    /// Count in its open cycle what its logins used before they were bound, once
    Adopt {
        /// Its username or id
        subscriber: String,
        /// From when on, like 2026-11-01 (the begin of that day) or 2026-11-01T12:00:00Z
        #[arg(long, value_name = "TIME")]
        from: String,
    },
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
    /// The login it dials in with, or its hotspot user or voucher code, byte for byte; `hex:...` for other than UTF-8 [default: the username]
    #[arg(long)]
    login: Option<String>,
    /// The service it uses: pppoe, l2tp, pptp, sstp, ovpn or hotspot
    #[arg(long, default_value = "pppoe")]
    service: String,
    /// Its plan
    #[arg(long)]
    plan: Option<String>,
    /// Count the login on this router only [default: on all]
    #[arg(long)]
    router: Option<String>,
    /// When it expires, like 2026-12-31T23:59:59Z
    #[arg(long, value_name = "TIME", value_parser = quantity::expiry)]
    expiry: Option<String>,
    /// The IANA zone its days begin and end in, like Asia/Manila [default: its router's, else the server's]
    #[arg(long, value_parser = quantity::zone)]
    zone: Option<String>,
    /// A note
    #[arg(long)]
    note: Option<String>,
}

#[derive(Deserialize)]
struct Subscriber {
    id: String,
    username: String,
    name: Option<String>,
    login: Option<String>,
    scope: String,
    service: String,
    status: String,
    plan: Option<String>,
    expiry_at: Option<String>,
    next_cycle_at: Option<String>,
    note: Option<String>,
    cycle: Option<Cycle>,
    sessions_open: u64,
}

#[derive(Deserialize)]
struct Cycle {
    seq_no: u64,
    opened_at: String,
    upload_octets: u64,
    download_octets: u64,
    credited_upload_octets: u64,
    credited_download_octets: u64,
    unobserved_upper_octets: Option<u64>,
    observed_percent: Option<f64>,
    as_of: Option<String>,
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
                export::write(caller, *format, &["subscribers"], &[]).await
            }
            SubscriberCommand::Adopt { subscriber, from } => adopt::run(caller, subscriber, from).await,
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
            "service": self.service,
            "plan": self.plan,
            "router": self.router,
            "expiry_at": self.expiry,
            "zone": self.zone,
            "note": self.note,
        });
        caller.add(&["subscribers"], &subscriber, added).await
    }
}

async fn list(caller: &Caller, paging: &PagingArgs) -> Result<(), Failure> {
    let answer = caller.client.get(&["subscribers"], &paging.query(&[])).await?;
    caller.show(&answer, |page: &Page<Subscriber>| table(&page.items) + &more(page))
}

fn table(subscribers: &[Subscriber]) -> String {
    if subscribers.is_empty() {
        return "No subscribers yet. Add one: tikmeter subscriber add USERNAME\n".to_owned();
    }
    let headings = ["username", "login", "where", "status", "plan", ">upload", ">download", ">open", "as of"];
    let mut table = Table::new(&headings);
    for subscriber in subscribers {
        table.row(row(subscriber));
    }
    table.to_string()
}

fn row(subscriber: &Subscriber) -> [String; 9] {
    let cycle = subscriber.cycle.as_ref();
    let volume = |pick: fn(&Cycle) -> u64| cycle.map_or_else(|| "-".to_owned(), |cycle| octets(pick(cycle)));
    [
        subscriber.username.clone(),
        or_dash(&subscriber.login),
        subscriber.scope.clone(),
        subscriber.status.clone(),
        or_dash(&subscriber.plan),
        volume(|cycle| cycle.upload_octets),
        volume(|cycle| cycle.download_octets),
        grouped(subscriber.sessions_open),
        instant(cycle.and_then(|cycle| cycle.as_of.as_deref())),
    ]
}

fn added(subscriber: &Subscriber) -> String {
    let username = printable(&subscriber.username);
    let login = printable(&or_dash(&subscriber.login));
    format!(
        "Subscriber {username} is added and counts login {login} ({}) from now on. What it used: tikmeter explain --subscriber {}",
        printable(&subscriber.scope),
        shell_word(&subscriber.username)
    )
}

fn one(subscriber: &Subscriber) -> String {
    let mut lines = vec![
        ("subscriber", subscriber.username.clone()),
        ("id", subscriber.id.clone()),
        ("name", or_dash(&subscriber.name)),
        ("login", format!("{} on {}, {}", or_dash(&subscriber.login), subscriber.scope, subscriber.service)),
        ("status", subscriber.status.clone()),
        ("plan", or_dash(&subscriber.plan)),
        ("expires", instant(subscriber.expiry_at.as_deref())),
        (
            "next cycle",
            subscriber
                .next_cycle_at
                .as_deref()
                .map_or_else(|| "with a renewal".to_owned(), |at| instant(Some(at))),
        ),
        ("note", or_dash(&subscriber.note)),
        ("open now", format!("{} sessions", grouped(subscriber.sessions_open))),
    ];
    lines.extend(subscriber.cycle.iter().flat_map(cycle));
    let line = |(label, value): (&str, String)| format!("{label:<11} {}\n", printable(&value));
    lines.into_iter().map(line).collect()
}

fn cycle(cycle: &Cycle) -> [(&'static str, String); 6] {
    let volume = |count| format!("{} ({} octets)", octets(count), grouped(count));
    let observed =
        format!("{}, unseen {}", percent(cycle.observed_percent), upper(cycle.unobserved_upper_octets));
    [
        ("cycle", format!("{} since {}", cycle.seq_no, instant(Some(&cycle.opened_at)))),
        ("upload", volume(cycle.upload_octets)),
        ("download", volume(cycle.download_octets)),
        (
            "credited",
            format!(
                "{} up, {} down, beside what was measured",
                octets(cycle.credited_upload_octets),
                octets(cycle.credited_download_octets)
            ),
        ),
        ("observed", observed),
        ("as of", instant(cycle.as_of.as_deref())),
    ]
}

fn or_dash(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "-".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscriber(cycle: serde_json::Value) -> Subscriber {
        serde_json::from_value(json!({
            "id": "0192", "username": "ana", "name": null, "login": "ana", "scope": "all", "service": "pppoe",
            "status": "active", "plan": null, "expiry_at": null, "next_cycle_at": null, "note": null, "cycle": cycle, "sessions_open": 1,
        }))
        .unwrap()
    }

    #[test]
    fn a_subscriber_without_a_reading_shows_no_figure() {
        let text = table(&[subscriber(serde_json::Value::Null)]);
        assert!(text.lines().nth(1).unwrap().ends_with('-'), "{text}");
        assert!(!text.contains("0 B"), "{text}");
    }

    #[test]
    fn the_open_cycle_is_exact_and_bounded() {
        let cycle = json!({"seq_no": 1, "opened_at": "2026-11-21T14:00:00Z", "upload_octets": 1_234_567,
            "download_octets": 2, "credited_upload_octets": 0, "credited_download_octets": 5, "unobserved_upper_octets": null, "observed_percent": 99.99,
            "as_of": "2026-11-21T14:02:05Z"});
        let text = one(&subscriber(cycle));
        assert!(text.contains("1.2 MB (1,234,567 octets)"), "{text}");
        assert!(text.contains("99.9 %, unseen no bound"), "{text}");
    }
}
