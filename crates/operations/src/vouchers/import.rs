//! Vouchers of another program: with the codes they have, and what was left of those that were used there.
//!
//! * `foreign`: as they are given
//! * `fitting`: which of them can be taken

mod fitting;
mod foreign;

pub use foreign::{ForeignUse, ForeignVoucher, ForeignVouchers, LeftVoucher, VoucherImportReport};

use std::collections::HashSet;

use store::{Plan, VoucherIssue, VoucherToImport, VouchersToImport};

use super::batch::detail;
use super::terms::terms;
use crate::checks::check_name;
use crate::error::OperationError;
use crate::operations::Operations;
use fitting::{Fitting, codes_to_look_up};

impl Operations {
    /// Imports vouchers, all of them in one transaction; those whose codes are vouchers' already are left as they are. With `dry_run`
    /// only tells what would happen.
    ///
    /// # Errors
    /// `Invalid` when a batch does not say what its vouchers give; nothing was imported then.
    pub async fn import_vouchers(
        &self,
        actor: &str,
        batches: Vec<ForeignVouchers>,
        dry_run: bool,
    ) -> Result<VoucherImportReport, OperationError> {
        let plans = self.list_plans().await?;
        let issues: Vec<VoucherIssue> =
            batches.iter().map(|batch| self.foreign_issue(actor, &plans, batch)).collect::<Result<_, _>>()?;
        let look_up =
            codes_to_look_up(batches.iter().zip(&issues).map(|(batch, issue)| (&batch.vouchers[..], issue)));
        let known: HashSet<String> = self.store.known_vouchers(look_up).await?.into_iter().collect();
        let (mut fitting, mut to_import) = (Fitting::new(known, self.now()), Vec::new());
        fitting.note_places(batches.iter().zip(&issues).map(|(batch, issue)| (&batch.vouchers[..], issue)));
        for (batch, issue) in batches.into_iter().zip(issues) {
            let vouchers: Vec<VoucherToImport> =
                batch.vouchers.into_iter().filter_map(|voucher| fitting.fit(voucher, &issue.terms)).collect();
            let act = self.act(actor, "voucher.import", "", detail(&issue, count(&vouchers)));
            to_import.push(VouchersToImport { issue, vouchers, act });
        }
        let mut report = fitting.report();
        if !dry_run {
            report.new = self.store.import_vouchers(to_import).await?;
        }
        Ok(report)
    }

    fn foreign_issue(
        &self,
        actor: &str,
        plans: &[Plan],
        batch: &ForeignVouchers,
    ) -> Result<VoucherIssue, OperationError> {
        for (what, name) in [("plan's name", &batch.plan), ("seller's name", &batch.seller)] {
            name.as_deref().map_or(Ok(()), |name| check_name(what, name))?;
        }
        let request = batch.request();
        // A name that is no plan's here is kept all the same: it is what was sold.
        let plan = plans.iter().find(|plan| Some(&plan.name) == batch.plan.as_ref());
        let (terms, price) = terms(plan, &request).map_err(|error| batch.says(&error))?;
        Ok(VoucherIssue {
            made_at: self.now(),
            made_by: actor.to_owned(),
            seller: batch.seller.clone(),
            plan: batch.plan.clone(),
            price,
            terms,
            note: None,
        })
    }
}

fn count(vouchers: &[VoucherToImport]) -> u32 {
    u32::try_from(vouchers.len()).unwrap_or(u32::MAX)
}
