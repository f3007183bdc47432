//! `tikmeter voucher revoke`.

use super::act::{REVOKE, Which};
use super::view::{Batch, batches};
use crate::cli::caller::Caller;
use crate::cli::consent;
use crate::failure::Failure;

/// One voucher, or a batch.
#[derive(Debug, clap::Args)]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    which: Which,
    /// Revoke a batch without being asked
    #[arg(long)]
    yes: bool,
}

impl RevokeArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        if let Some(batch) = &self.which.batch
            && !self.yes
            && !self.which.dry_run
            && !asked(caller, batch).await?
        {
            return Err(Failure::said("no voucher was revoked".to_owned()));
        }
        self.which.act(caller, REVOKE).await
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
