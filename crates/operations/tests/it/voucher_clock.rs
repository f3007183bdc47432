//! What a clock that is set does to the time of vouchers, on one host with its two clocks.

use accounting::time::Micros;
use operations::VoucherBatchRequest;
use store::{ClaimedVoucher, NewAudit, VoucherClaim, VoucherPhase};

use crate::bench::{Bench, router};

const SECOND: u64 = 1_000_000;
const DAY_US: i64 = 86_400_000_000;

/// A voucher for an hour that runs.
async fn running(bench: &Bench) -> String {
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let hour =
        VoucherBatchRequest { count: 1, validity: Some("1h".to_owned()), ..VoucherBatchRequest::default() };
    let batch = bench.operations.make_vouchers("eva", hour).await.unwrap();
    let filter = operations::VoucherFilter { batch: Some(batch.id), ..Default::default() };
    let code = bench.operations.list_vouchers(filter, None, 1).await.unwrap().remove(0).issued.voucher.code;
    let (store, at) = (&bench.operations.store, bench.operations.clock.now());
    let mac = "AA:BB:CC:DD:EE:01".to_owned();
    let claim = VoucherClaim { code: code.clone(), nas, mac, proof: None, at, by: None };
    let ClaimedVoucher::Device { holder, .. } = store.claim_voucher(claim).await.unwrap() else {
        panic!("{code}")
    };
    let act = NewAudit::by_system(at, "voucher.use", &code);
    store.complete_voucher_device(holder.device.id, at, act).await.unwrap().unwrap();
    code
}

/// Seconds that are left, and how it stands.
async fn left(bench: &Bench, code: &str) -> (u64, VoucherPhase) {
    let (shown, ..) = bench.operations.voucher(code).await.unwrap();
    (shown.left_us.unwrap() / SECOND, shown.phase)
}

fn set(bench: &Bench, by_us: i64) {
    bench.clock.set_wall(Micros(bench.operations.clock.now().0 + by_us));
}

async fn moves(bench: &Bench) -> usize {
    bench.journal().await.into_iter().filter(|act| act == "system voucher.clock").count()
}

#[tokio::test]
async fn time_that_passed_counts_and_a_clock_that_is_set_does_not() {
    let bench = Bench::new();
    let code = running(&bench).await;
    bench.clock.advance(600 * SECOND);
    assert_eq!(left(&bench, &code).await, (3_000, VoucherPhase::Running));
    set(&bench, DAY_US);
    assert_eq!(left(&bench, &code).await, (3_000, VoucherPhase::Running));
    bench.clock.advance(100 * SECOND);
    let paused = bench.operations.pause_voucher("eva", &code).await.unwrap();
    assert_eq!(paused.left_us, Some(2_900 * SECOND));
    set(&bench, -2 * DAY_US);
    assert_eq!(left(&bench, &code).await, (2_900, VoucherPhase::Paused));
    bench.operations.resume_voucher("eva", &code).await.unwrap();
    bench.clock.advance(100 * SECOND);
    set(&bench, DAY_US);
    assert_eq!((left(&bench, &code).await, moves(&bench).await), ((2_800, VoucherPhase::Running), 3));
    let ended = bench.operations.store.end_vouchers(bench.operations.clock.now()).await.unwrap();
    assert_eq!(ended, []);
}

#[tokio::test]
async fn small_steps_are_made_up_for_together() {
    let bench = Bench::new();
    let code = running(&bench).await;
    left(&bench, &code).await;
    for (step, expected) in [(1, 0), (2, 1), (3, 1), (4, 2)] {
        set(&bench, 600_000);
        bench.clock.advance(60 * SECOND);
        assert_eq!((left(&bench, &code).await.0, moves(&bench).await), (3_600 - 60 * step, expected));
    }
}

#[tokio::test]
async fn while_the_host_was_off_time_passed_by_the_clock_on_the_wall() {
    let bench = Bench::new();
    let code = running(&bench).await;
    left(&bench, &code).await;
    bench.clock.reboot_host();
    set(&bench, 900_000_000);
    assert_eq!((left(&bench, &code).await, moves(&bench).await), ((2_700, VoucherPhase::Running), 0));
    set(&bench, DAY_US);
    assert_eq!((left(&bench, &code).await, moves(&bench).await), ((2_700, VoucherPhase::Running), 1));
}
