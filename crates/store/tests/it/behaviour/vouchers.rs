//! Vouchers: making, finding, stopping and revoking them, and what was sold.

use store::{
    MadeVouchers, SoldVouchers, Store, VoucherBatchQuery, VoucherClock, VoucherCounts, VoucherPhase,
    VoucherQuery,
};

use crate::every_store::on_every_store;
use crate::rounds::{act, tower};
use crate::vouchers::{act_at, acts, at, claim, issue, let_in, make, voucher};

/// One voucher of each phase at 2,000 microseconds, called by its name; in two batches.
async fn one_of_each(store: &dyn Store) {
    let (nas, ..) = tower(store).await;
    make(store, issue(1), &["UNUSED", "RUNNING", "PAUSED"]).await;
    make(store, issue(1), &["OVER", "USEDUP", "REVOKED"]).await;
    for (no, code, used_at) in
        [(1, "RUNNING", 1_500), (2, "PAUSED", 500), (3, "OVER", 1_000), (4, "USEDUP", 1_900)]
    {
        let_in(store, claim(code, nas, no, used_at)).await;
    }
    let id = async |code| voucher(store, code).await.voucher.id;
    store.pause_voucher(id("PAUSED").await, act_at(1_400, "voucher.pause")).await.unwrap().unwrap();
    assert!(store.use_up_voucher(id("USEDUP").await, act_at(1_950, "voucher.used_up")).await.unwrap());
    store.revoke_voucher(id("REVOKED").await, act_at(10, "voucher.revoke")).await.unwrap().unwrap();
}

async fn listed(store: &dyn Store, query: VoucherQuery) -> Vec<String> {
    let found = store.list_vouchers(VoucherQuery { limit: 100, ..query }, at(2_000)).await.unwrap();
    found.into_iter().map(|found| found.voucher.code).collect()
}

on_every_store! {
    async fn they_are_made_together_or_not_at_all(store) {
        let codes: Vec<String> = (0..10_000).map(|no| format!("CODE{no:05}")).collect();
        let made = store.insert_vouchers(issue(2), codes, act("voucher.make")).await.unwrap();
        let MadeVouchers::Made(batch) = made else { panic!("{made:?}") };
        assert_eq!((batch.size, batch.counts.unused, &batch.issue), (10_000, 10_000, &issue(2)));
        assert_eq!(store.voucher_batch(batch.id, at(0)).await.unwrap(), Some((*batch).clone()));
        let codes = ["NEW", "CODE00007", "CODE09999"].map(str::to_owned).to_vec();
        let made = store.insert_vouchers(issue(2), codes, act("voucher.make")).await.unwrap();
        let MadeVouchers::Taken(mut taken) = made else { panic!("{made:?}") };
        taken.sort();
        assert_eq!(taken, ["CODE00007", "CODE09999"]);
        assert_eq!(store.voucher_by_code("NEW".to_owned()).await.unwrap(), None);
        let query = VoucherBatchQuery { limit: 10, ..VoucherBatchQuery::default() };
        assert_eq!(store.list_voucher_batches(query, at(0)).await.unwrap(), std::slice::from_ref(&*batch));
        let journal = store.list_audit(store::AuditQuery { limit: 10, reach: store::Reach::Everywhere, ..Default::default() }).await.unwrap();
        let subjects: Vec<_> = journal.iter().map(|record| record.act.subject.clone()).collect();
        assert_eq!(subjects, [batch.id.to_string()]);
    }

    async fn one_is_found_by_its_code_with_what_it_gives(store) {
        let batch = make(&*store, issue(3), &["ABC"]).await;
        let (found, devices) = store.voucher_by_code("ABC".to_owned()).await.unwrap().unwrap();
        assert_eq!((found.issue, found.voucher.batch, devices), (issue(3), batch.id, vec![]));
        assert_eq!((found.voucher.code.as_str(), found.voucher.clock), ("ABC", VoucherClock::default()));
        assert_eq!(store.voucher_by_code("ABD".to_owned()).await.unwrap(), None);
        assert_eq!(store.voucher_batch(store::VoucherBatchId(batch.id.0 + 1), at(0)).await.unwrap(), None);
    }

    async fn each_phase_is_counted_and_listed_as_it_is(store) {
        one_of_each(&*store).await;
        let expected = [
            (VoucherPhase::Unused, &["UNUSED"][..]),
            (VoucherPhase::Running, &["RUNNING"]),
            (VoucherPhase::Paused, &["PAUSED"]),
            (VoucherPhase::Over, &["USEDUP", "OVER"]),
            (VoucherPhase::Revoked, &["REVOKED"]),
        ];
        for (phase, codes) in expected {
            let query = VoucherQuery { phase: Some(phase), whose: store::WhoseVouchers::all(), ..VoucherQuery::default() };
            assert_eq!(listed(&*store, query).await, codes);
            for code in codes {
                assert_eq!(voucher(&*store, code).await.voucher.phase(at(2_000)), phase, "{code}");
            }
        }
        let query = VoucherBatchQuery { limit: 10, ..VoucherBatchQuery::default() };
        let batches = store.list_voucher_batches(query, at(2_000)).await.unwrap();
        let counts: Vec<_> = batches.into_iter().map(|batch| batch.counts).collect();
        let second = VoucherCounts { over: 2, revoked: 1, ..VoucherCounts::default() };
        let first = VoucherCounts { unused: 1, running: 1, paused: 1, ..VoucherCounts::default() };
        assert_eq!(counts, [second, first]);
    }

    // Two cashiers, or a double click.
    async fn of_two_who_pause_resume_or_revoke_one_at_once_one_does_it(store) {
        let (nas, ..) = tower(&*store).await;
        for (no, code) in (1..).zip(["P1", "P2", "P3", "P4"]) {
            make(&*store, issue(1), &[code]).await;
            let_in(&*store, claim(code, nas, no, 100)).await;
            let id = voucher(&*store, code).await.voucher.id;
            let pause = || store.pause_voucher(id, act_at(400, "voucher.pause"));
            let (one, other) = tokio::join!(pause(), pause());
            assert_eq!([one.unwrap(), other.unwrap()].iter().flatten().count(), 1, "{code} is paused once");
            assert_eq!(voucher(&*store, code).await.voucher.clock.left_us, Some(700));
            let resume = || store.resume_voucher(id, act_at(500, "voucher.resume"));
            let (one, other) = tokio::join!(resume(), resume());
            assert_eq!([one.unwrap(), other.unwrap()].iter().flatten().count(), 1, "{code} goes on once");
            let revoke = || store.revoke_voucher(id, act_at(600, "voucher.revoke"));
            let (one, other) = tokio::join!(revoke(), revoke());
            assert_eq!([one.unwrap(), other.unwrap()].iter().flatten().count(), 1, "{code} is revoked once");
            for action in ["voucher.pause", "voucher.resume", "voucher.revoke"] {
                assert_eq!(acts(&*store, action).await, usize::from(no), "{action} of {code}");
            }
        }
    }

    // Whoever comes second finds it stopped for good, or stops what rests: it never goes on.
    async fn one_who_revokes_while_another_one_pauses_has_their_way(store) {
        let (nas, ..) = tower(&*store).await;
        for (no, code) in (1..).zip(["R1", "R2", "R3", "R4"]) {
            make(&*store, issue(1), &[code]).await;
            let_in(&*store, claim(code, nas, no, 100)).await;
            let id = voucher(&*store, code).await.voucher.id;
            let (paused, revoked) = tokio::join!(
                store.pause_voucher(id, act_at(400, "voucher.pause")),
                store.revoke_voucher(id, act_at(400, "voucher.revoke")),
            );
            drop(paused.unwrap());
            assert!(revoked.unwrap().is_some(), "{code}");
            assert_eq!(voucher(&*store, code).await.voucher.phase(at(500)), VoucherPhase::Revoked);
        }
    }

    async fn lists_are_by_batch_plan_and_seller_and_go_on_where_they_ended(store) {
        let first = make(&*store, issue(1), &["A1", "A2", "A3"]).await;
        let other = store::VoucherIssue { plan: None, seller: Some("bar".to_owned()), ..issue(1) };
        let second = make(&*store, other, &["B1", "B2"]).await;
        assert_eq!(listed(&*store, VoucherQuery { whose: store::WhoseVouchers::all(), ..VoucherQuery::default() }).await, ["B2", "B1", "A3", "A2", "A1"]);
        let of_first = VoucherQuery { batch: Some(first.id), whose: store::WhoseVouchers::all(), ..VoucherQuery::default() };
        assert_eq!(listed(&*store, of_first.clone()).await, ["A3", "A2", "A1"]);
        let before = voucher(&*store, "A3").await.voucher.id;
        assert_eq!(listed(&*store, VoucherQuery { before: Some(before), ..of_first }).await, ["A2", "A1"]);
        let of_plan = VoucherQuery { plan: Some("hour".to_owned()), whose: store::WhoseVouchers::all(), ..VoucherQuery::default() };
        assert_eq!(listed(&*store, of_plan).await, ["A3", "A2", "A1"]);
        let of_seller = VoucherQuery { seller: Some("bar".to_owned()), whose: store::WhoseVouchers::all(), ..VoucherQuery::default() };
        assert_eq!(listed(&*store, of_seller).await, ["B2", "B1"]);
        let two = store.list_vouchers(VoucherQuery { limit: 2, whose: store::WhoseVouchers::all(), ..VoucherQuery::default() }, at(0)).await.unwrap();
        assert_eq!(two.len(), 2);
        for (query, expected) in [
            (VoucherBatchQuery { before: Some(second.id), ..VoucherBatchQuery::default() }, vec![first.id]),
            (VoucherBatchQuery { plan: Some("hour".to_owned()), ..VoucherBatchQuery::default() }, vec![first.id]),
            (VoucherBatchQuery { seller: Some("bar".to_owned()), ..VoucherBatchQuery::default() }, vec![second.id]),
            (VoucherBatchQuery::default(), vec![second.id, first.id]),
        ] {
            let found = store.list_voucher_batches(VoucherBatchQuery { limit: 9, ..query }, at(0)).await.unwrap();
            assert_eq!(found.iter().map(|batch| batch.id).collect::<Vec<_>>(), expected);
        }
    }

    async fn a_pause_costs_no_time_and_only_what_runs_is_paused(store) {
        let (nas, ..) = tower(&*store).await;
        make(&*store, issue(1), &["ABC"]).await;
        let id = voucher(&*store, "ABC").await.voucher.id;
        let pause = async |later| store.pause_voucher(id, act_at(later, "voucher.pause")).await.unwrap();
        let resume = async |later| store.resume_voucher(id, act_at(later, "voucher.resume")).await.unwrap();
        assert_eq!((pause(1).await, resume(2).await), (None, None), "it is unused");
        let_in(&*store, claim("ABC", nas, 1, 100)).await;
        let paused = pause(400).await.unwrap();
        assert_eq!((paused.clock, paused.paused_at), (VoucherClock { left_us: Some(700), runs_from: None }, Some(at(400))));
        assert_eq!((pause(500).await, voucher(&*store, "ABC").await.voucher), (None, paused));
        let resumed = resume(9_000).await.unwrap();
        assert_eq!((resumed.clock.ends_at(), resumed.paused_at), (Some(at(9_700)), None));
        assert_eq!((resume(9_001).await, voucher(&*store, "ABC").await.voucher), (None, resumed));
        assert_eq!(pause(9_700).await, None, "it is over");
        assert_eq!((acts(&*store, "voucher.pause").await, acts(&*store, "voucher.resume").await), (1, 1));
    }

    async fn what_is_not_over_can_be_revoked_alone_or_with_its_batch(store) {
        one_of_each(&*store).await;
        let revoke = async |code: &str| {
            let id = voucher(&*store, code).await.voucher.id;
            store.revoke_voucher(id, act_at(2_000, "voucher.revoke")).await.unwrap()
        };
        for code in ["OVER", "USEDUP", "REVOKED"] {
            assert_eq!(revoke(code).await, None, "{code}");
        }
        let revoked = revoke("RUNNING").await.unwrap();
        assert_eq!((revoked.revoked_at, revoked.first_used_at), (Some(at(2_000)), Some(at(1_500))));
        assert_eq!(voucher(&*store, "RUNNING").await.voucher, revoked);
        for (code, expected) in [("PAUSED", 2), ("UNUSED", 0), ("OVER", 0)] {
            let batch = voucher(&*store, code).await.voucher.batch;
            let act = act_at(2_000, "voucher.revoke_batch");
            assert_eq!(store.revoke_voucher_batch(batch, act).await.unwrap(), expected, "{code}");
        }
        let query = VoucherQuery { phase: Some(VoucherPhase::Revoked), whose: store::WhoseVouchers::all(), ..VoucherQuery::default() };
        assert_eq!(listed(&*store, query).await, ["REVOKED", "PAUSED", "RUNNING", "UNUSED"]);
        assert_eq!((acts(&*store, "voucher.revoke").await, acts(&*store, "voucher.revoke_batch").await), (2, 1));
    }

    async fn sales_are_first_uses_by_day_plan_seller_and_price(store) {
        let (nas, ..) = tower(&*store).await;
        make(&*store, issue(1), &["A1", "A2", "A3"]).await;
        let free = store::VoucherIssue { plan: None, seller: None, price: None, ..issue(1) };
        make(&*store, free, &["F1", "F2"]).await;
        for (no, code, used_at) in [(1, "A1", 0), (2, "A2", 99), (3, "A3", 100), (4, "F1", 150), (5, "F2", 200)] {
            let_in(&*store, claim(code, nas, no, used_at)).await;
        }
        let id = voucher(&*store, "A2").await.voucher.id;
        store.revoke_voucher(id, act_at(120, "voucher.revoke")).await.unwrap().unwrap();
        let sold = store.voucher_sales(vec![at(0), at(100), at(200)]).await.unwrap();
        let hours = |day, sold, revoked| SoldVouchers {
            day,
            plan: Some("hour".to_owned()),
            seller: Some("kiosk".to_owned()),
            price: Some("5.50".to_owned()),
            sold,
            revoked,
        };
        let free = SoldVouchers { day: 1, plan: None, seller: None, price: None, sold: 1, revoked: 0 };
        assert_eq!(sold, [hours(0, 2, 1), free, hours(1, 1, 0)]);
    }
}
