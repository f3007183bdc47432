//! `tikmeter voucher pause`, `resume` and `revoke`: of one, or of a batch.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::view::{Batch, Voucher, batches};
use crate::cli::caller::Caller;
use crate::cli::paging::count;
use crate::cli::planned;
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
    /// Show the commands that would be sent to routers, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
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
    /// As the API calls it where it is only thought of.
    thought: &'static str,
    /// What it was done to is that.
    pub(super) done: &'static str,
}

pub(super) const PAUSE: Act = Act { name: "pause", thought: "pause_vouchers", done: "paused" };
pub(super) const RESUME: Act = Act { name: "resume", thought: "resume_vouchers", done: "resumed" };
pub(super) const REVOKE: Act = Act { name: "revoke", thought: "revoke_vouchers", done: "revoked" };

impl Which {
    /// Does it, and shows how they stand then.
    ///
    /// # Errors
    /// One sentence.
    pub(super) async fn act(&self, caller: &Caller, act: Act) -> Result<(), Failure> {
        let Act { name, thought, done } = act;
        if self.dry_run {
            let batch = self.batch.as_ref().and_then(|batch| batch.parse::<i64>().ok());
            return planned::show(caller, json!({ "act": thought, "code": self.code, "batch": batch })).await;
        }
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
