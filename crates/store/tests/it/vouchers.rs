//! Vouchers with no meaning beyond the test.

use accounting::time::Micros;
use store::{
    ClaimedVoucher, IssuedVoucher, MadeVouchers, NasId, NewAudit, RateLimit, Store, VoucherBatch,
    VoucherClaim, VoucherHolder, VoucherIssue, VoucherTerms,
};

use crate::rounds::act;

/// Our clock when they are made, and then a number of microseconds later.
pub(crate) fn at(later: i64) -> Micros {
    Micros(crate::rounds::BEGIN.0 + later)
}

/// An act at that time.
pub(crate) fn act_at(later: i64, action: &str) -> NewAudit {
    NewAudit { at: at(later), ..act(action) }
}

/// For so many devices, 1,000 microseconds and 500 octets.
pub(crate) fn issue(devices: u32) -> VoucherIssue {
    let rate = RateLimit { up_bps: Some(1_000_000), down_bps: None };
    VoucherIssue {
        made_at: at(0),
        made_by: "eva".to_owned(),
        seller: Some("kiosk".to_owned()),
        plan: Some("hour".to_owned()),
        price: Some("5.50".to_owned()),
        terms: VoucherTerms { validity_us: Some(1_000), devices, rate, quota_octets: Some(500) },
        note: None,
    }
}

/// Makes them.
pub(crate) async fn make(store: &dyn Store, issue: VoucherIssue, codes: &[&str]) -> VoucherBatch {
    let codes = codes.iter().map(|code| (*code).to_owned()).collect();
    match store.insert_vouchers(issue, codes, act("voucher.make")).await.unwrap() {
        MadeVouchers::Made(batch) => *batch,
        MadeVouchers::Taken(codes) => panic!("taken: {codes:?}"),
    }
}

/// The voucher of a code.
pub(crate) async fn voucher(store: &dyn Store, code: &str) -> IssuedVoucher {
    store.voucher_by_code(code.to_owned()).await.unwrap().unwrap().0
}

/// A device of which only the last number differs.
pub(crate) fn mac(no: u8) -> String {
    format!("AA:BB:CC:DD:EE:{no:02X}")
}

/// A claim.
pub(crate) fn claim(code: &str, nas: NasId, no: u8, later: i64) -> VoucherClaim {
    VoucherClaim { code: code.to_owned(), nas, mac: mac(no), proof: Some([no; 32]), at: at(later), by: None }
}

/// A device that is wanted with a voucher.
pub(crate) async fn wanted(store: &dyn Store, claim: VoucherClaim) -> VoucherHolder {
    match store.claim_voucher(claim).await.unwrap() {
        ClaimedVoucher::Device { holder, .. } => holder,
        other => panic!("{other:?}"),
    }
}

/// A device that is in with a voucher since it was asked for.
pub(crate) async fn let_in(store: &dyn Store, claim: VoucherClaim) -> VoucherHolder {
    let later = claim.at.0 - at(0).0;
    let holder = wanted(store, claim).await;
    let since = holder.device.wanted_at;
    store
        .complete_voucher_device(holder.device.id, since, act_at(later, "voucher.use"))
        .await
        .unwrap()
        .unwrap()
}

/// How many acts of that name are in the journal.
pub(crate) async fn acts(store: &dyn Store, action: &str) -> usize {
    let query = store::AuditQuery {
        action: Some(action.to_owned()),
        limit: 100,
        reach: store::Reach::Everywhere,
        ..Default::default()
    };
    store.list_audit(query).await.unwrap().len()
}
