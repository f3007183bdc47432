//! `tikmeter voucher list` and `batches`.

use clap::ValueEnum;

use super::view::{Batch, Voucher, batches, vouchers};
use crate::cli::caller::Caller;
use crate::cli::paging::{PagingArgs, count, more};
use crate::client::Page;
use crate::failure::Failure;

/// Which vouchers.
#[derive(Debug, clap::Args)]
pub(crate) struct WhichArgs {
    /// Only of this batch
    #[arg(long, value_name = "NUMBER", value_parser = count)]
    batch: Option<String>,
    /// Only those that stand like this
    #[arg(long, value_enum)]
    state: Option<State>,
    /// Only of this plan
    #[arg(long)]
    plan: Option<String>,
    /// Only of this seller
    #[arg(long)]
    seller: Option<String>,
    /// Only those that a device of this MAC was ever let in with
    #[arg(long, value_name = "AA:BB:CC:DD:EE:FF")]
    mac: Option<String>,
}

/// How a voucher stands.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    /// Nobody was let in with it
    Unused,
    /// Its time runs
    Running,
    /// It was used, and somebody stopped its time
    Paused,
    /// Its time or its data is over
    Over,
    /// Somebody took it out of use
    Revoked,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Unused => "unused",
            State::Running => "running",
            State::Paused => "paused",
            State::Over => "over",
            State::Revoked => "revoked",
        }
    }
}

impl WhichArgs {
    /// The request's parameters.
    pub(super) fn query(&self) -> [(&str, Option<&str>); 5] {
        [
            ("batch", self.batch.as_deref()),
            ("state", self.state.map(State::name)),
            ("plan", self.plan.as_deref()),
            ("seller", self.seller.as_deref()),
            ("mac", self.mac.as_deref()),
        ]
    }
}

/// Which vouchers, and which part of them.
#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    which: WhichArgs,
    #[command(flatten)]
    paging: PagingArgs,
}

impl ListArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let answer = caller.client.get(&["vouchers"], &self.paging.query(&self.which.query())).await?;
        caller.show(&answer, |page: &Page<Voucher>| vouchers(&page.items) + &more(page))
    }
}

/// Which batches, and which part of them.
#[derive(Debug, clap::Args)]
pub(crate) struct BatchesArgs {
    /// Only of this plan
    #[arg(long)]
    plan: Option<String>,
    /// Only of this seller
    #[arg(long)]
    seller: Option<String>,
    #[command(flatten)]
    paging: PagingArgs,
}

impl BatchesArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let which = [("plan", self.plan.as_deref()), ("seller", self.seller.as_deref())];
        let answer = caller.client.get(&["voucher-batches"], &self.paging.query(&which)).await?;
        caller.show(&answer, |page: &Page<Batch>| batches(&page.items) + &more(page))
    }
}
