//! `tikmeter disconnect`: ends one session on its router, or those of many, and says what became of each.

mod bulk;
mod one;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::quantity;

/// Which session, exactly one of which has to fit; or with `--all` whose.
#[derive(Debug, clap::Args)]
pub(crate) struct DisconnectArgs {
    /// The login, as its router gives it (`tikmeter sessions --state open`)
    #[arg(required_unless_present = "all")]
    login: Option<String>,
    /// On this router, which is read first if no session fits
    #[arg(long)]
    router: Option<String>,
    /// With this number within its router
    #[arg(long, value_name = "NO")]
    session: Option<u64>,
    /// Of this MAC, or address
    #[arg(long)]
    mac: Option<String>,
    /// Keep out whoever has it for so long, for example 15m: the device is blocked, or the local secret switched off, and undone on time;
    /// with --all each from the end of its own session on
    #[arg(long, value_name = "TIME", value_parser = hold_s)]
    hold: Option<u64>,
    /// Show what would be done, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// All sessions of the router that fit, one after the other, 20 at most; they are shown first
    #[arg(long, requires = "router", conflicts_with_all = ["login", "session", "mac"])]
    all: bool,
    /// With --all: only those that this service carries: pppoe, hotspot, ...
    #[arg(long, requires = "all")]
    service: Option<String>,
    /// With --all: only those of subscribers on this plan
    #[arg(long, requires = "all")]
    plan: Option<String>,
    /// With --all: only those of logins that begin so
    #[arg(long, requires = "all", value_name = "TEXT")]
    starts_with: Option<String>,
    /// With --all: end them without asking
    #[arg(long, requires = "all", conflicts_with = "dry_run")]
    yes: bool,
}

/// Seconds.
fn hold_s(text: &str) -> Result<u64, String> {
    let seconds = quantity::millis(text)? / 1_000;
    (seconds > 0).then_some(seconds).ok_or_else(|| "keep them out for a second at least".to_owned())
}

impl DisconnectArgs {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence, also where a session was not ended or nobody knows.
    pub(crate) async fn run(self, caller: &Caller) -> Result<(), Failure> {
        let DisconnectArgs {
            login,
            router,
            session,
            mac,
            hold,
            dry_run,
            service,
            plan,
            starts_with,
            yes,
            ..
        } = self;
        match (login, router) {
            (Some(login), router) => {
                one::end(caller, &one::Which { login, router, session, mac, hold, dry_run }).await
            }
            (None, Some(router)) => {
                let (username_start, shown) = (starts_with, None);
                let whose = bulk::Whose { router, service, plan, username_start, hold, shown, dry_run };
                bulk::end(caller, whose, yes).await
            }
            (None, None) => Err(Failure::usage("--all needs --router")),
        }
    }
}
