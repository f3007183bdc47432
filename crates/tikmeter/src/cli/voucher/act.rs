//! `tikmeter voucher pause`, `resume` and `revoke`: of one, or of a batch.

use reqwest::Method;
use serde::Deserialize;

use super::view::{Batch, Voucher, batches};
use crate::cli::caller::Caller;
use crate::cli::paging::count;
use crate::failure::Failure;
use crate::output::many;

/// One voucher, or a batch.
#[derive(Debug, clap::Args)]
pub(crate) struct Which {
    /// The code of one
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    code: Option<String>,
    /// All of this batch that stand so that it can be done to them
    #[arg(long, value_name = "NUMBER", value_parser = count)]
    pub(super) batch: Option<String>,
}

/// How many it was done to.
#[derive(Deserialize)]
struct Done {
    #[serde(alias = "paused", alias = "resumed", alias = "revoked")]
    done: u64,
    batch: Batch,
}

/// Something that can be done to them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Act {
    /// As the API calls it.
    pub(super) name: &'static str,
    /// What it was done to is that.
    pub(super) done: &'static str,
}

pub(super) const PAUSE: Act = Act { name: "pause", done: "paused" };
pub(super) const RESUME: Act = Act { name: "resume", done: "resumed" };
pub(super) const REVOKE: Act = Act { name: "revoke", done: "revoked" };

impl Which {
    /// Does it, and shows how they stand then.
    ///
    /// # Errors
    /// One sentence.
    pub(super) async fn act(&self, caller: &Caller, Act { name, done }: Act) -> Result<(), Failure> {
        match (&self.code, &self.batch) {
            (Some(code), _) => {
                let answer = caller.client.act(Method::POST, &["vouchers", code, name]).await?;
                caller.show(&answer, |voucher: &Voucher| voucher.sentence())
            }
            (None, Some(batch)) => {
                let answer = caller.client.act(Method::POST, &["voucher-batches", batch, name]).await?;
                caller.show(&answer, |told: &Done| {
                    let batch = batches(std::slice::from_ref(&told.batch));
                    format!("{} {done}.\n{batch}", many(told.done, "voucher"))
                })
            }
            (None, None) => Err(Failure::usage("name a code, or a batch with --batch")),
        }
    }
}
