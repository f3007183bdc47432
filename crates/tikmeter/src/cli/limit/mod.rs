//! `tikmeter limit ...`: how fast somebody may be, set on the router.

mod list;
mod queues;
mod set;
mod who;

use clap::Subcommand;
use reqwest::Method;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use set::{Outcome, SetArgs};
use who::Who;

/// What can be done with limits.
#[derive(Debug, Subcommand)]
pub(crate) enum LimitCommand {
    /// Set how fast somebody may be, until their session ends, an instant, or it is removed
    Set(SetArgs),
    /// Take a limit away
    Remove(RemoveArgs),
    /// List the limits that are wanted, and how they stand on the routers
    List {
        /// Only of this router
        #[arg(long)]
        router: Option<String>,
    },
    /// List the simple queues of the routers, whosever they are, as the routers show them now
    Queues {
        /// Only of this router
        #[arg(long)]
        router: Option<String>,
    },
}

/// A limit that is to go.
#[derive(Debug, clap::Args)]
pub(crate) struct RemoveArgs {
    #[command(flatten)]
    who: Who,
    /// On this router
    #[arg(long)]
    router: Option<String>,
    /// Show the commands that would be sent, and send none of them
    #[arg(long)]
    dry_run: bool,
}

impl LimitCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence, also where the router did not take it.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            LimitCommand::Set(args) => args.run(caller).await,
            LimitCommand::Remove(args) => args.run(caller).await,
            LimitCommand::Queues { router } => queues::run(caller, router.as_deref()).await,
            LimitCommand::List { router } => list::run(caller, router.as_deref()).await,
        }
    }
}

impl RemoveArgs {
    async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let router = ("router", self.router.as_deref());
        let dry_run = ("dry_run", self.dry_run.then_some("true"));
        let query: Vec<_> = self.who.query().into_iter().chain([router, dry_run]).collect();
        let answer = caller.client.act_on(Method::DELETE, &["limits"], &query).await?;
        caller.show(&answer, |outcome: &Outcome| outcome.shown(self.dry_run))
    }
}
