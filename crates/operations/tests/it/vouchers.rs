//! Vouchers: making, finding, stopping, revoking, printing and counting them.

use accounting::time::Micros;
use operations::{
    CodeSigns, OperationError, SalesBy, SalesRequest, SheetRequest, VoucherBatchRequest, VoucherFilter,
};
use store::{ClaimedVoucher, NewAudit, Plan, PlanCycle, VoucherBatch, VoucherClaim, VoucherPhase};

use crate::bench::{Bench, router};

const HOUR: i64 = 3_600_000_000;

fn hours(count: u32) -> VoucherBatchRequest {
    VoucherBatchRequest {
        count,
        validity: Some("1h".to_owned()),
        price: Some("5.50".to_owned()),
        seller: Some("kiosk".to_owned()),
        ..VoucherBatchRequest::default()
    }
}

async fn make(bench: &Bench, request: VoucherBatchRequest) -> (VoucherBatch, Vec<String>) {
    let batch = bench.operations.make_vouchers("eva", request).await.unwrap();
    let filter = VoucherFilter { batch: Some(batch.id), ..VoucherFilter::default() };
    let all = bench.operations.list_vouchers(filter, None, 20_000).await.unwrap();
    (batch, all.into_iter().map(|shown| shown.issued.voucher.code).collect())
}

/// A device is in with it, from now on.
async fn use_it(bench: &Bench, nas: store::NasId, code: &str, no: usize) {
    let (store, at) = (&bench.operations.store, bench.operations.clock.now());
    let mac = format!("AA:BB:CC:DD:EE:{no:02X}");
    let claim = VoucherClaim { code: code.to_owned(), nas, mac, proof: None, at, by: None };
    let ClaimedVoucher::Device { holder, .. } = store.claim_voucher(claim).await.unwrap() else {
        panic!("{code}")
    };
    let act = NewAudit::by_system(at, "voucher.use", code);
    store.complete_voucher_device(holder.device.id, at, act).await.unwrap().unwrap();
}

fn refused<T: std::fmt::Debug>(answer: Result<T, OperationError>) -> String {
    answer.unwrap_err().to_string()
}

#[tokio::test]
async fn ten_thousand_are_made_at_once_each_with_a_code_of_its_own() {
    let bench = Bench::new();
    let (batch, codes) =
        make(&bench, VoucherBatchRequest { signs: CodeSigns::Digits, ..hours(10_000) }).await;
    let mut different = codes.clone();
    different.sort();
    different.dedup();
    assert_eq!((batch.size, codes.len(), different.len()), (10_000, 10_000, 10_000));
    assert!(
        codes.iter().all(|code| code.len() == 15 && code.bytes().all(|sign| (b'2'..=b'9').contains(&sign)))
    );
    assert_eq!(bench.journal().await, ["eva voucher.make"]);
    for count in [0, 10_001] {
        assert!(refused(bench.operations.make_vouchers("eva", hours(count)).await).contains("1 to 10,000"));
    }
    let short = VoucherBatchRequest { length: Some(8), ..hours(378) };
    assert!(refused(bench.operations.make_vouchers("eva", short).await).contains("nobody guesses"));
    let noted = VoucherBatchRequest { note: Some("a\nb".to_owned()), ..hours(1) };
    assert!(refused(bench.operations.make_vouchers("eva", noted).await).contains("a note has"));
    let sold = VoucherBatchRequest { seller: Some(" ".to_owned()), ..hours(1) };
    assert!(refused(bench.operations.make_vouchers("eva", sold).await).contains("seller's name"));
    assert_eq!(bench.journal().await.len(), 1, "what is refused makes nothing");
}

#[tokio::test]
async fn a_plan_that_changes_later_changes_none_of_them() {
    let bench = Bench::new();
    let plan = Plan {
        name: "day".to_owned(),
        price: Some("20".to_owned()),
        validity: Some("1d".to_owned()),
        devices: 2,
        rate_up_bps: Some(1_000_000),
        rate_down_bps: Some(2_000_000),
        quota_octets: None,
        cycle: PlanCycle::Renewal,
        sets_speed: false,
    };
    bench.operations.add_plan("eva", plan).await.unwrap();
    let of_plan =
        || VoucherBatchRequest { count: 1, plan: Some("day".to_owned()), ..VoucherBatchRequest::default() };
    let (before, _) = make(&bench, of_plan()).await;
    let dearer =
        store::PlanPatch { price: Some(Some("25".to_owned())), devices: Some(3), ..Default::default() };
    bench.operations.edit_plan("eva", "day", dearer).await.unwrap();
    let (after, _) = make(&bench, of_plan()).await;
    let told = async |batch: VoucherBatch| {
        let issue = bench.operations.voucher_batch(batch.id).await.unwrap().issue;
        (issue.price.unwrap(), issue.terms.devices, issue.terms.validity_us, issue.plan.unwrap())
    };
    let day = Some(86_400_000_000);
    assert_eq!(told(before).await, ("20".to_owned(), 2, day, "day".to_owned()));
    assert_eq!(told(after).await, ("25".to_owned(), 3, day, "day".to_owned()));
    let unknown = VoucherBatchRequest { plan: Some("week".to_owned()), ..hours(1) };
    assert!(refused(bench.operations.make_vouchers("eva", unknown).await).contains("no plan called week"));
}

#[tokio::test]
async fn one_is_paused_resumed_and_revoked_as_it_stands() {
    let bench = Bench::new();
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let (_, codes) = make(&bench, hours(2)).await;
    let code = &*codes[0];
    let operations = &bench.operations;
    assert!(
        refused(operations.pause_voucher("eva", code).await).contains("is not used yet and was not paused")
    );
    use_it(&bench, nas, code, 1).await;
    bench.clock.advance(600_000_000);
    let paused = operations.pause_voucher("eva", &code.to_ascii_lowercase()).await.unwrap();
    assert_eq!(
        (paused.phase, paused.left_us, paused.ends_at),
        (VoucherPhase::Paused, Some(3_000_000_000), None)
    );
    assert!(refused(operations.pause_voucher("eva", code).await).contains("is paused and was not paused"));
    bench.clock.advance(86_400_000_000);
    let resumed = operations.resume_voucher("eva", code).await.unwrap();
    let now = bench.operations.clock.now();
    assert_eq!(
        (resumed.phase, resumed.ends_at),
        (VoucherPhase::Running, Some(Micros(now.0 + 3_000_000_000)))
    );
    assert!(refused(operations.resume_voucher("eva", code).await).contains("is running and was not resumed"));
    let (shown, used) = operations.voucher(code).await.unwrap();
    let devices = used.devices;
    assert_eq!((shown, devices.len(), devices[0].router.as_deref()), (resumed, 1, Some("tower")));
    assert_eq!(operations.revoke_voucher("eva", code).await.unwrap().phase, VoucherPhase::Revoked);
    assert!(refused(operations.revoke_voucher("eva", code).await).contains("is revoked and was not revoked"));
    for unknown in ["NONE", ""] {
        assert!(matches!(operations.revoke_voucher("eva", unknown).await, Err(OperationError::NotFound(_))));
    }
    let acts = [
        "eva router.add",
        "eva voucher.make",
        "system voucher.use",
        "eva voucher.pause",
        "eva voucher.resume",
        "eva voucher.revoke",
    ];
    assert_eq!(bench.journal().await, acts);
}

#[tokio::test]
async fn a_batch_is_revoked_but_for_what_is_over() {
    let bench = Bench::new();
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let (batch, codes) = make(&bench, hours(3)).await;
    use_it(&bench, nas, &codes[0], 1).await;
    bench.clock.advance(u64::try_from(HOUR).unwrap());
    use_it(&bench, nas, &codes[1], 2).await;
    let (revoked, batch) = bench.operations.revoke_voucher_batch("eva", batch.id).await.unwrap();
    assert_eq!((revoked, batch.counts.over, batch.counts.revoked), (2, 1, 2));
    let unknown = bench.operations.revoke_voucher_batch("eva", store::VoucherBatchId(99)).await;
    assert!(matches!(unknown, Err(OperationError::NotFound(_))));
}

#[tokio::test]
async fn sales_are_added_up_to_the_last_cent_by_what_is_asked() {
    let bench = Bench::new();
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let (_, first) = make(&bench, hours(3)).await;
    let bar =
        VoucherBatchRequest { price: Some("0.1".to_owned()), seller: Some("bar".to_owned()), ..hours(2) };
    let (_, second) = make(&bench, bar).await;
    let free = VoucherBatchRequest { price: None, seller: None, ..hours(1) };
    let (_, third) = make(&bench, free).await;
    for (no, code) in first[..2].iter().chain(&second).chain(&third).enumerate() {
        use_it(&bench, nas, code, no).await;
    }
    bench.clock.advance(86_400_000_000);
    use_it(&bench, nas, &first[2], 9).await;
    bench.operations.revoke_voucher("eva", &first[2]).await.unwrap();
    let ask = async |by| {
        let request = SalesRequest { from: None, to: None, zone: Some("UTC".to_owned()), by };
        let report = bench.operations.voucher_sales(request).await.unwrap();
        let line = |line: operations::SalesLine| {
            (line.day, line.seller, line.sold, line.revoked, line.unpriced, line.amount)
        };
        (report.lines.into_iter().map(line).collect::<Vec<_>>(), line(report.total))
    };
    let (none, total) = ask(SalesBy { day: false, plan: false, seller: false }).await;
    assert_eq!((none, total.clone()), (vec![total.clone()], (None, None, 6, 1, 1, "16.70".to_owned())));
    let (sellers, _) = ask(SalesBy { day: false, plan: true, seller: true }).await;
    let seller = |name: &str| Some(name.to_owned());
    let expected = [
        (None, None, 1, 0, 1, "0".to_owned()),
        (None, seller("bar"), 2, 0, 0, "0.2".to_owned()),
        (None, seller("kiosk"), 3, 1, 0, "16.50".to_owned()),
    ];
    assert_eq!(sellers, expected);
    let (days, _) = ask(SalesBy { day: true, plan: false, seller: false }).await;
    let amounts: Vec<_> =
        days.into_iter().map(|(day, _, sold, .., amount)| (day.unwrap(), sold, amount)).collect();
    assert_eq!(amounts.len(), 2, "{amounts:?}");
    assert_eq!((amounts[0].1, &*amounts[0].2, amounts[1].1, &*amounts[1].2), (5, "11.20", 1, "5.50"));
    let wrong = SalesRequest {
        from: Some("soon".to_owned()),
        to: None,
        zone: None,
        by: SalesBy { day: true, plan: true, seller: true },
    };
    assert!(refused(bench.operations.voucher_sales(wrong).await).contains("is no day"));
}

#[tokio::test]
async fn a_sheet_shows_what_is_unused_and_asks_nobody_for_anything() {
    let bench = Bench::new();
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let (batch, codes) =
        make(&bench, VoucherBatchRequest { quota_octets: Some(2_000_000_000), ..hours(5) }).await;
    use_it(&bench, nas, &codes[0], 1).await;
    let request = SheetRequest {
        title: "Eva's <Kiosk>".to_owned(),
        portal: Some("http://10.5.50.1:8080/portal".to_owned()),
        columns: 3,
    };
    let page = bench.operations.voucher_sheet(batch.id, request.clone()).await.unwrap();
    let apart = |code: &str| format!("{} {}", &code[..4], &code[4..]);
    for code in &codes[1..] {
        assert_eq!(page.matches(&apart(code)).count(), 1, "{code}");
    }
    assert!(!page.contains(&apart(&codes[0])) && page.contains("1 other is not unused and left out"));
    assert_eq!((page.matches("<article>").count(), page.matches("<svg ").count()), (4, 4));
    assert!(
        page.contains("Eva&#39;s &lt;Kiosk&gt;")
            && page.contains("1 hour \u{b7} 2 GB")
            && page.contains("5.50")
    );
    assert!(page.contains("repeat(3, 1fr)") && page.contains("break-inside: avoid"));
    for reaching_out in ["src=", "href=", "url(", "@import", "<script", "http:", "https:"] {
        assert!(!page.contains(reaching_out), "{reaching_out}");
    }
    let order: Vec<_> = codes[1..].iter().rev().map(|code| page.find(&apart(code)).unwrap()).collect();
    assert!(order.is_sorted(), "as they were made");
    bench.operations.revoke_voucher_batch("eva", batch.id).await.unwrap();
    assert!(refused(bench.operations.voucher_sheet(batch.id, request).await).contains("nothing to print"));
}
