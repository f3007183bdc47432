//! Making vouchers.

use rand::TryRng;
use rand::rngs::SysRng;
use serde_json::json;
use store::{MadeVouchers, Named, Plan, VoucherBatch, VoucherIssue};

use super::codes::{CodeForm, draw};
use super::request::{MOST_VOUCHERS, VoucherBatchRequest};
use super::terms::terms;
use crate::checks::check_name;
use crate::error::OperationError;
use crate::operations::Operations;

/// Longest note, in characters.
const LONGEST_NOTE: usize = 500;
/// How often codes are drawn anew where some are taken. Of codes that nobody can guess hardly one ever is.
const DRAWS: usize = 5;

impl Operations {
    /// Makes vouchers with codes that nobody can guess.
    pub async fn make_vouchers(
        &self,
        actor: &str,
        request: VoucherBatchRequest,
    ) -> Result<VoucherBatch, OperationError> {
        check(&request)?;
        let plan = match &request.plan {
            Some(name) => Some(self.plan_of_vouchers(name).await?),
            None => None,
        };
        let form = CodeForm::of(request.signs, request.length, request.count)?;
        let issue = self.issue(actor, plan.as_ref(), &request)?;
        for _ in 0..DRAWS {
            let codes = draw(form, request.count as usize, |octets| SysRng.try_fill_bytes(octets));
            let codes = codes.map_err(|error| no_chance(&error))?;
            let act = self.act(actor, "voucher.make", "", detail(&issue, request.count));
            match self.store.insert_vouchers(issue.clone(), codes, act).await? {
                MadeVouchers::Made(batch) => return Ok(*batch),
                MadeVouchers::Taken(taken) => {
                    tracing::info!(taken = taken.len(), "codes were drawn that are taken")
                }
            }
        }
        Err(OperationError::Conflict(
            "codes that are taken were drawn again and again; nothing was made. Choose longer ones"
                .to_owned(),
        ))
    }

    async fn plan_of_vouchers(&self, name: &str) -> Result<Plan, OperationError> {
        let found = self.list_plans().await?.into_iter().find(|plan| plan.name == name);
        found.ok_or_else(|| OperationError::NoSuch(Named::Plan(name.to_owned())))
    }

    fn issue(
        &self,
        actor: &str,
        plan: Option<&Plan>,
        request: &VoucherBatchRequest,
    ) -> Result<VoucherIssue, OperationError> {
        let (terms, price) = terms(plan, request)?;
        Ok(VoucherIssue {
            made_at: self.now(),
            made_by: actor.to_owned(),
            seller: request.seller.clone(),
            plan: request.plan.clone(),
            price,
            terms,
            note: request.note.clone(),
        })
    }
}

fn check(request: &VoucherBatchRequest) -> Result<(), OperationError> {
    if !(1..=MOST_VOUCHERS).contains(&request.count) {
        return Err(OperationError::Invalid(format!(
            "1 to 10,000 vouchers can be made at once, not {}; nothing was made",
            request.count
        )));
    }
    request.seller.as_deref().map_or(Ok(()), |seller| check_name("seller's name", seller))?;
    match &request.note {
        Some(note) if note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) => {
            Err(OperationError::Invalid(format!(
                "a note has up to {LONGEST_NOTE} characters and no control characters; nothing was made"
            )))
        }
        _ => Ok(()),
    }
}

fn no_chance(error: &impl std::fmt::Display) -> OperationError {
    tracing::error!(%error, "the system gives no random numbers");
    OperationError::Store(store::StoreError::Unavailable(format!(
        "the system gives no random numbers for codes ({error}); nothing was made"
    )))
}

/// What the journal is told of them.
pub(super) fn detail(issue: &VoucherIssue, count: u32) -> serde_json::Value {
    let terms = &issue.terms;
    json!({"count": count, "plan": issue.plan, "seller": issue.seller, "price": issue.price,
        "validity_us": terms.validity_us, "devices": terms.devices, "rate_up_bps": terms.rate.up_bps,
        "rate_down_bps": terms.rate.down_bps, "quota_octets": terms.quota_octets})
}
