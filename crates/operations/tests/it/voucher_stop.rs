//! Why a voucher lets its owner in no more, or not now.

use operations::{VoucherBatchRequest, VoucherFilter, VoucherStop};
use sha2::{Digest, Sha256};
use store::{ClaimedVoucher, NasId, NewAudit, VoucherClaim, VoucherId};

use crate::bench::{Bench, router};

const HOUR_US: u64 = 3_600_000_000;
const MAC: &str = "AA:BB:CC:DD:EE:01";
const KEY: &str = "key";

/// A voucher of an hour that a device was let in with just now.
async fn in_with_one(bench: &Bench) -> (NasId, String, VoucherId) {
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let request =
        VoucherBatchRequest { count: 1, validity: Some("1h".to_owned()), ..VoucherBatchRequest::default() };
    bench.operations.make_vouchers("eva", request).await.unwrap();
    let made = bench.operations.list_vouchers(VoucherFilter::default(), None, 1).await.unwrap().remove(0);
    let (code, id) = (made.issued.voucher.code, made.issued.voucher.id);
    let (at, proof) = (bench.operations.clock.now(), Some(Sha256::digest(KEY).into()));
    let claim = VoucherClaim { code: code.clone(), nas, mac: MAC.to_owned(), proof, at, by: None };
    let ClaimedVoucher::Device { holder, .. } = bench.operations.store.claim_voucher(claim).await.unwrap()
    else {
        panic!("{code}")
    };
    let act = NewAudit::by_system(at, "voucher.use", &code);
    bench.operations.store.complete_voucher_device(holder.device.id, at, act).await.unwrap().unwrap();
    (nas, code, id)
}

/// By the key, and by the device that the router showed.
async fn stop(bench: &Bench, nas: NasId) -> Option<VoucherStop> {
    let by_key = bench.operations.voucher_stop(Some(KEY), None).await.unwrap();
    let by_device = bench.operations.voucher_stop(None, Some((nas, "aa-bb-cc-dd-ee-01"))).await.unwrap();
    assert_eq!(by_key, by_device);
    assert_eq!(bench.operations.voucher_stop(Some("other"), None).await.unwrap(), None);
    by_key
}

#[tokio::test]
async fn a_voucher_that_is_paused_or_over_says_so_to_its_owner() {
    let bench = Bench::new();
    let (nas, code, _) = in_with_one(&bench).await;
    assert_eq!(stop(&bench, nas).await, None, "it is good");
    bench.clock.advance(HOUR_US / 4);
    bench.operations.pause_voucher("eva", &code).await.unwrap();
    let left_us = Some(HOUR_US / 4 * 3);
    assert_eq!(stop(&bench, nas).await, Some(VoucherStop::Paused { left_us, left_octets: None }));
    bench.operations.resume_voucher("eva", &code).await.unwrap();
    bench.clock.advance(HOUR_US);
    assert_eq!(stop(&bench, nas).await, Some(VoucherStop::TimeOver));
}

#[tokio::test]
async fn one_that_was_taken_out_of_use_is_no_good_however_much_is_left() {
    let bench = Bench::new();
    let (nas, code, _) = in_with_one(&bench).await;
    let holder = bench.operations.store.voucher_devices(nas).await.unwrap().remove(0);
    let act = NewAudit::by_system(bench.operations.clock.now(), "voucher.out", &code);
    assert!(bench.operations.store.put_out_voucher_device(holder.device.id, act).await.unwrap());
    assert_eq!(stop(&bench, nas).await, None, "its device is off, and it runs");
    bench.operations.revoke_voucher("eva", &code).await.unwrap();
    assert_eq!(stop(&bench, nas).await, Some(VoucherStop::Revoked));
}

#[tokio::test]
async fn data_that_is_used_up_is_told_apart_from_time() {
    let bench = Bench::new();
    let (nas, code, id) = in_with_one(&bench).await;
    let act = NewAudit::by_system(bench.operations.clock.now(), "voucher.used_up", &code);
    assert!(bench.operations.store.use_up_voucher(id, act).await.unwrap());
    assert_eq!(stop(&bench, nas).await, Some(VoucherStop::DataOver));
}
