//! `tikmeter limit ...`: how fast somebody may be, set on the router.

mod block;
mod boost;
mod list;
mod queues;
mod set;
mod who;

use clap::Subcommand;
use reqwest::Method;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use block::BlockArgs;
use boost::BoostArgs;
use set::{Outcome, SetArgs};
use who::Who;

/// What can be done with limits.
#[derive(Debug, Subcommand)]
pub(crate) enum LimitCommand {
    /// Set how fast somebody may be, until their session ends, an instant, or it is removed
    Set(SetArgs),
    /// Set another speed for a while; what their plan or voucher says is wanted again then
    Boost(BoostArgs),
    /// Keep somebody out for a while, and end the sessions that they have
    Block(BlockArgs),
    /// Take a limit away: they may be as fast as they can
    Remove(RemoveArgs),
    /// Take away what somebody set: their plan or voucher says how fast they may be
    Reset(RemoveArgs),
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
            LimitCommand::Boost(args) => args.run(caller).await,
            LimitCommand::Block(args) => args.run(caller).await,
            LimitCommand::Remove(args) => args.run(caller, false).await,
            LimitCommand::Reset(args) => args.run(caller, true).await,
            LimitCommand::Queues { router } => queues::run(caller, router.as_deref()).await,
            LimitCommand::List { router } => list::run(caller, router.as_deref()).await,
        }
    }
}

impl RemoveArgs {
    async fn run(&self, caller: &Caller, reset: bool) -> Result<(), Failure> {
        let router = ("router", self.router.as_deref());
        let dry_run = ("dry_run", self.dry_run.then_some("true"));
        let reset = ("reset", reset.then_some("true"));
        let query: Vec<_> = self.who.query().into_iter().chain([router, dry_run, reset]).collect();
        let answer = caller.client.act_on(Method::DELETE, &["limits"], &query).await?;
        caller.show(&answer, |outcome: &Outcome| outcome.shown(self.dry_run))
    }
}
