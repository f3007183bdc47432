//! Vouchers of another program: with their codes, and what was left of those in use.

use store::{
    AuditQuery, Store, UsedBefore, VoucherBatchQuery, VoucherClock, VoucherPhase, VoucherToImport,
    VouchersToImport,
};

use crate::every_store::on_every_store;
use crate::vouchers::{act_at, at, issue, make, voucher};

fn unused(code: &str) -> VoucherToImport {
    VoucherToImport { code: code.to_owned(), used: None }
}

fn used(code: &str, left_us: Option<u64>) -> VoucherToImport {
    VoucherToImport { used: Some(UsedBefore { first_used_at: at(700), left_us }), ..unused(code) }
}

/// At 1,000 microseconds.
fn batch(vouchers: &[VoucherToImport]) -> VouchersToImport {
    VouchersToImport { issue: issue(2), vouchers: vouchers.to_vec(), act: act_at(1_000, "voucher.import") }
}

async fn sizes(store: &dyn Store) -> Vec<u64> {
    let query = VoucherBatchQuery { limit: 10, ..VoucherBatchQuery::default() };
    store.list_voucher_batches(query, at(1_000)).await.unwrap().iter().map(|batch| batch.size).collect()
}

on_every_store! {
    async fn they_have_the_codes_they_had_and_go_on_with_what_was_left(store) {
        make(&*store, issue(1), &["KNOWN"]).await;
        let known = store.known_vouchers(["KNOWN", "NEW", "OLD"].map(str::to_owned).to_vec()).await.unwrap();
        assert_eq!(known, ["KNOWN"]);
        let first = batch(&[unused("NEW"), unused("KNOWN"), used("HALF", Some(300)), used("FREE", None)]);
        let all_known = batch(&[unused("KNOWN")]);
        let imported = store.import_vouchers(vec![first.clone(), all_known, batch(&[unused("LAST")])]).await.unwrap();
        assert_eq!((imported, sizes(&*store).await), (4, vec![1, 3, 1]), "a batch of which nothing is new is none");
        assert_eq!(voucher(&*store, "NEW").await.voucher.phase(at(1_000)), VoucherPhase::Unused);
        assert_eq!(voucher(&*store, "KNOWN").await.issue, issue(1), "it is left as it is");
        let half = voucher(&*store, "HALF").await;
        assert_eq!((half.voucher.first_used_at, half.issue), (Some(at(700)), issue(2)));
        assert_eq!(half.voucher.clock, VoucherClock { left_us: Some(300), runs_from: Some(at(1_000)) });
        let phases = [at(1_299), at(1_300)].map(|now| half.voucher.phase(now));
        assert_eq!(phases, [VoucherPhase::Running, VoucherPhase::Over]);
        let free = voucher(&*store, "FREE").await.voucher;
        assert_eq!((free.clock.ends_at(), free.phase(at(9_000_000))), (None, VoucherPhase::Running));

        assert_eq!(store.import_vouchers(vec![first]).await.unwrap(), 0, "the second time nothing is new");
        assert_eq!(sizes(&*store).await.len(), 3);
        let journal = store.list_audit(AuditQuery { limit: 10, reach: store::Reach::Everywhere, ..AuditQuery::default() }).await.unwrap();
        let imports = journal.iter().filter(|record| record.act.action == "voucher.import");
        assert_eq!(imports.count(), 2);
    }

    async fn one_that_cannot_be_written_keeps_all_of_them_out(store) {
        let twice = vec![batch(&[unused("ONE")]), batch(&[unused("TWO"), unused("TWO")])];
        assert!(store.import_vouchers(twice).await.is_err());
        assert_eq!(store.known_vouchers(["ONE", "TWO"].map(str::to_owned).to_vec()).await.unwrap(), Vec::<String>::new());
        assert_eq!(sizes(&*store).await, Vec::<u64>::new());
    }
}
