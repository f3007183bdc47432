//! All vouchers of the file: those that give the same stand together, and what is not taken is counted with the reason.

use std::collections::BTreeMap;

use serde::Serialize;

use super::found::Found;
use super::meaning::Meaning;
use super::reading::{NotTaken, Reading};
use super::voucher::{Terms, Voucher};
use crate::cli::import::left::Left;

/// Vouchers of one batch at the most.
const MOST_OF_A_BATCH: usize = 10_000;

/// As it is sent.
#[derive(Debug, Serialize)]
pub(super) struct Import<'v> {
    batches: Vec<Batch<'v>>,
}

#[derive(Debug, Serialize)]
struct Batch<'v> {
    #[serde(flatten)]
    terms: &'v Terms,
    vouchers: &'v [Voucher],
}

/// All that are taken, and what is not.
#[derive(Debug, Default)]
pub(super) struct Vouchers {
    by_terms: BTreeMap<Terms, Vec<Voucher>>,
    /// Used ones of which nothing says what is left.
    pub(super) without_rest: u64,
    /// Used ones whose time is over.
    pub(super) over: u64,
    pub(super) left: Left,
}

impl Vouchers {
    /// Of the rows that were found.
    pub(super) fn of(found: &Found, reading: &Reading<'_>) -> Vouchers {
        let mut vouchers = Vouchers::default();
        for row in &found.rows {
            let code = || found.value(row, Meaning::Code).unwrap_or_default();
            match reading.row(row, &mut vouchers.left) {
                Ok((terms, voucher)) => vouchers.by_terms.entry(terms).or_default().push(voucher),
                Err(NotTaken::WithoutRest) => vouchers.without_rest += 1,
                Err(NotTaken::Over) => vouchers.over += 1,
                Err(NotTaken::Because(why)) => vouchers.left.note(format!("the voucher {}", code()), why),
            }
        }
        vouchers
    }

    /// As it is sent.
    pub(super) fn import(&self) -> Import<'_> {
        let mut batches = Vec::new();
        for (terms, vouchers) in &self.by_terms {
            batches.extend(vouchers.chunks(MOST_OF_A_BATCH).map(|vouchers| Batch { terms, vouchers }));
        }
        Import { batches }
    }
}
