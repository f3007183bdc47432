//! `tikmeter voucher revoke`.

use reqwest::Method;
use serde::Deserialize;

use super::act::act;
use super::view::{Batch, batches};
use crate::cli::caller::Caller;
use crate::cli::consent;
use crate::cli::paging::count;
use crate::failure::Failure;
use crate::output::many;

/// One voucher, or a batch.
#[derive(Debug, clap::Args)]
pub(crate) struct RevokeArgs {
    /// The code of one
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    code: Option<String>,
    /// All of this batch that are not over
    #[arg(long, value_name = "NUMBER", value_parser = count)]
    batch: Option<String>,
    /// Revoke a batch without being asked
    #[arg(long)]
    yes: bool,
}

#[derive(Deserialize)]
struct Revoked {
    revoked: u64,
    batch: Batch,
}

impl RevokeArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match (&self.code, &self.batch) {
            (Some(code), _) => act(caller, code, "revoke").await,
            (None, Some(batch)) => self.revoke_batch(caller, batch).await,
            (None, None) => Err(Failure::usage("name a code, or a batch with --batch")),
        }
    }

    async fn revoke_batch(&self, caller: &Caller, batch: &str) -> Result<(), Failure> {
        if !self.yes && !asked(caller, batch).await? {
            return Err(Failure::said("no voucher was revoked".to_owned()));
        }
        let answer = caller.client.act(Method::POST, &["voucher-batches", batch, "revoke"]).await?;
        caller.show(&answer, |done: &Revoked| {
            format!(
                "{} revoked.\n{}",
                many(done.revoked, "voucher"),
                batches(std::slice::from_ref(&done.batch))
            )
        })
    }
}

/// Shows the batch and asks; where nobody can be asked nothing is done.
async fn asked(caller: &Caller, batch: &str) -> Result<bool, Failure> {
    if !consent::can_be_asked() {
        return Err(Failure::usage("nothing was revoked: nobody can be asked here; say it with --yes"));
    }
    let found: Batch = caller.client.get(&["voucher-batches", batch], &[]).await?.read()?;
    caller.terminal.remark(&batches(std::slice::from_ref(&found)));
    consent::says_yes(
        &caller.terminal,
        "Revoke all of them that are not over, for good?",
        "no voucher was revoked",
    )
}
