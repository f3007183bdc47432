//! A clock that is set while vouchers run: they are moved along once, whoever of a host sees it first.

use std::sync::Arc;
use std::time::Duration;

use store::{HostTime, Node, NodeRole, Store};

use crate::every_store::on_every_store;
use crate::rounds::tower;
use crate::vouchers::{act_at, acts, at, claim, issue, let_in, make, voucher, wanted};

const HOST: u128 = 7 << 100;
const HOUR_US: i64 = 3_600_000_000;

fn seen(node: &str, known: Option<i64>, ahead_us: i64) -> HostTime {
    HostTime { node: node.to_owned(), epoch: HOST, known, ahead_us, at: at(ahead_us) }
}

async fn say(store: &dyn Store, seen: HostTime) -> i64 {
    store.settle_host_time(seen).await.unwrap()
}

async fn known(store: &dyn Store, node: &str) -> Option<i64> {
    store.host_time(node.to_owned(), HOST).await.unwrap()
}

/// `RUNS` since 10 with a device, and another that is wanted since 20; `PAUSED`, `ENDED` and `UNUSED`.
async fn beginning(store: &dyn Store) {
    let (nas, ..) = tower(store).await;
    make(store, issue(2), &["RUNS", "PAUSED", "ENDED", "UNUSED"]).await;
    let_in(store, claim("RUNS", nas, 1, 10)).await;
    wanted(store, claim("RUNS", nas, 2, 20)).await;
    let_in(store, claim("PAUSED", nas, 3, 10)).await;
    let paused = voucher(store, "PAUSED").await.voucher.id;
    store.pause_voucher(paused, act_at(30, "voucher.pause")).await.unwrap().unwrap();
    let ended = let_in(store, claim("ENDED", nas, 4, 0)).await.device.id;
    store.put_out_voucher_device(ended, act_at(1_000, "voucher.out")).await.unwrap();
    assert_eq!(store.end_vouchers(at(1_001)).await.unwrap().len(), 1);
}

on_every_store! {
    async fn what_runs_is_moved_along_once_and_the_rest_is_not(store) {
        beginning(&*store).await;
        let before = async |code| voucher(&*store, code).await.voucher;
        let (runs, others) = (before("RUNS").await, [before("PAUSED").await, before("ENDED").await, before("UNUSED").await]);
        assert_eq!(known(&*store, "east").await, None);
        assert_eq!(say(&*store, seen("east", None, 500)).await, 500);
        assert_eq!((known(&*store, "east").await, known(&*store, "west").await), (Some(500), None));
        assert_eq!(say(&*store, seen("west", None, 900)).await, 500, "what its host said before");
        assert_eq!(acts(&*store, "voucher.clock").await, 0);

        assert_eq!(say(&*store, seen("east", Some(500), 500 + HOUR_US)).await, 500 + HOUR_US);
        assert_eq!(say(&*store, seen("west", Some(500), 501 + HOUR_US)).await, 500 + HOUR_US, "another was first");
        assert_eq!(known(&*store, "west").await, Some(500 + HOUR_US));
        let moved = before("RUNS").await;
        assert_eq!((moved.clock.left_us, moved.clock.runs_from), (runs.clock.left_us, Some(at(10 + HOUR_US))));
        assert_eq!(moved.first_used_at, runs.first_used_at, "sold when the clock said so");
        assert_eq!([before("PAUSED").await, before("ENDED").await, before("UNUSED").await], others);
        let (_, devices) = store.voucher_by_code("RUNS".to_owned()).await.unwrap().unwrap();
        assert_eq!((devices[0].in_at, devices[1].wanted_at), (Some(at(10 + HOUR_US)), at(20 + HOUR_US)));
        assert_eq!(acts(&*store, "voucher.clock").await, 1);

        assert_eq!(say(&*store, seen("west", Some(500 + HOUR_US), 500)).await, 500);
        assert_eq!(before("RUNS").await, runs, "set back");
    }

    async fn of_many_that_see_it_at_once_one_moves_them(store) {
        beginning(&*store).await;
        say(&*store, seen("east", None, 0)).await;
        let see = |no: i64| {
            let store: Arc<dyn Store> = Arc::clone(&store);
            tokio::spawn(async move { say(&*store, seen("east", Some(0), HOUR_US + no)).await })
        };
        let all: Vec<_> = (0..8).map(see).collect();
        let mut told = Vec::new();
        for one in all {
            told.push(one.await.unwrap());
        }
        told.dedup();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(voucher(&*store, "RUNS").await.voucher.clock.runs_from, Some(at(10 + told[0])));
        assert_eq!(acts(&*store, "voucher.clock").await, 1);
    }

    async fn where_another_host_is_at_work_nothing_is_moved(store) {
        beginning(&*store).await;
        let term = Duration::from_secs(60);
        for name in ["east", "west"] {
            store.join(Node::new(name, NodeRole::All), term).await.unwrap();
        }
        say(&*store, seen("east", None, 0)).await;
        say(&*store, HostTime { epoch: 1, ..seen("west", None, 7_000_000) }).await;
        let runs = voucher(&*store, "RUNS").await;
        if store.is_shared() {
            assert_eq!(say(&*store, seen("east", Some(0), HOUR_US)).await, 0, "it goes on by the clock of before");
            assert_eq!((voucher(&*store, "RUNS").await, known(&*store, "east").await), (runs, Some(0)));
        }
    }

    async fn a_batch_is_paused_and_goes_on_without_losing_time(store) {
        let (nas, ..) = tower(&*store).await;
        let batch = make(&*store, issue(1), &["ONE", "TWO", "NEW"]).await.id;
        make(&*store, issue(1), &["ELSE"]).await;
        for (no, code, used_at) in [(1, "ONE", 0), (2, "TWO", 100), (3, "ELSE", 0)] {
            let_in(&*store, claim(code, nas, no, used_at)).await;
        }
        let left = async |code| voucher(&*store, code).await.voucher.clock.left_us;
        assert_eq!(store.resume_voucher_batch(batch, act_at(300, "voucher.resume_batch")).await.unwrap(), 0);
        assert_eq!(store.pause_voucher_batch(batch, act_at(400, "voucher.pause_batch")).await.unwrap(), 2);
        assert_eq!(store.pause_voucher_batch(batch, act_at(500, "voucher.pause_batch")).await.unwrap(), 0);
        assert_eq!((left("ONE").await, left("TWO").await), (Some(600), Some(700)));
        let one = voucher(&*store, "ONE").await.voucher;
        assert_eq!((one.paused_at, one.clock.runs_from), (Some(at(400)), None));
        assert!(voucher(&*store, "ELSE").await.voucher.paused_at.is_none());
        assert_eq!(store.resume_voucher_batch(batch, act_at(9_000, "voucher.resume_batch")).await.unwrap(), 2);
        let ends = voucher(&*store, "TWO").await.voucher.clock.ends_at();
        assert_eq!((ends, acts(&*store, "voucher.pause_batch").await), (Some(at(9_700)), 1));
        assert_eq!(acts(&*store, "voucher.resume_batch").await, 1);
        // A clock that was set back meanwhile gives nothing.
        assert_eq!(store.pause_voucher_batch(batch, act_at(8_000, "voucher.pause_batch")).await.unwrap(), 2);
        assert_eq!(left("TWO").await, Some(700));
    }
}
