//! `tikmeter explain`: why a total is what it is, entry by entry, added up here once more.

mod sum;
mod view;

use clap::ValueEnum;

use crate::cli::caller::Caller;
use crate::client::{Pages, all_pages};
use crate::failure::Failure;

use sum::Sum;

/// How often a list is read again whose total moved while its pages were read.
const TRIES: usize = 5;
/// The most items the server puts on a page.
const LARGEST_PAGE: &str = "1000";

/// What a login is a login to.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LoginKind {
    /// PPP, whatever carries it
    Ppp,
    /// The hotspot
    Hotspot,
    /// What counts for a static address
    StaticIp,
}

impl LoginKind {
    fn name(self) -> &'static str {
        match self {
            LoginKind::Ppp => "ppp",
            LoginKind::Hotspot => "hotspot",
            LoginKind::StaticIp => "static_ip",
        }
    }
}

/// Whose total: a login on a router, a session on a router, a subscriber's open cycle, or, with a router alone, the
/// octets that nobody could be given.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("subject").required(true).args(["router", "subscriber"]))]
pub(crate) struct ExplainArgs {
    /// The router; alone: the octets on it that belong to nobody known
    #[arg(long)]
    router: Option<String>,
    /// The login, as the router gives it
    #[arg(long, requires = "router", conflicts_with = "session")]
    username: Option<String>,
    /// Which login is meant, where a PPP login and a hotspot user have the same name
    #[arg(long, requires = "username", value_enum)]
    kind: Option<LoginKind>,
    /// The session's number (`tikmeter sessions` tells it)
    #[arg(long, requires = "router", value_name = "NO")]
    session: Option<u64>,
    /// The subscriber, by username or id: its open cycle
    #[arg(long)]
    subscriber: Option<String>,
    /// Not the open cycle but that one (`tikmeter subscriber cycles` lists them)
    #[arg(long, requires = "subscriber", value_name = "NO")]
    cycle: Option<u32>,
}

impl ExplainArgs {
    /// Shows every entry and that together they are the total.
    ///
    /// # Errors
    /// One sentence; also when the entries do not add up to the total.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let pages = self.at_rest(caller).await?;
        if let Some(first) = pages.0.first() {
            caller.note_simulated(first.simulated);
        }
        let mut sum = Sum::default();
        let mut lines = String::new();
        for page in &pages.0 {
            lines.push_str(&view::page(&page.read()?, &mut sum));
        }
        let verdict = sum.verdict();
        if caller.terminal.json() {
            caller.terminal.line(&pages.json()?)?;
            return verdict.map(drop);
        }
        caller.terminal.line(&(sum.heading() + &lines))?;
        Ok(caller.terminal.line(&verdict?)?)
    }

    /// All pages, of one and the same state: readings go on while they are fetched, and a total that is newer
    /// than its entries would look wrong.
    async fn at_rest(&self, caller: &Caller) -> Result<Pages, Failure> {
        let session = self.session.map(|no| no.to_string());
        let cycle = self.cycle.map(|no| no.to_string());
        let query = [
            ("router", self.router.as_deref()),
            ("username", self.username.as_deref()),
            ("kind", self.kind.map(LoginKind::name)),
            ("session", session.as_deref()),
            ("subscriber", self.subscriber.as_deref()),
            ("cycle", cycle.as_deref()),
            ("limit", Some(LARGEST_PAGE)),
        ];
        for _ in 0..TRIES {
            let pages = all_pages(&caller.client, &["explain"], &query).await?;
            if !view::moved(&pages)? {
                return Ok(pages);
            }
        }
        Err(Failure::said(
            "the total moved on while its entries were read; try again, or explain a single session",
        ))
    }
}
