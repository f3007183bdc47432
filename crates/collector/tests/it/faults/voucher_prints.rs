//! What keeping vouchers costs a router: tables of thousands are printed once for all who need them, and not for each who comes.

use std::time::Duration;

use operations::{Clock, RouterCommands, VoucherOwner};
use routeros_sim::faults::Fault;
use routeros_sim::world::Switches;
use store::{RateLimit, VoucherTerms};

use super::booth::{AN_HOUR_US, Booth, CODE, PHONE, terms};

const LOGINS: &str = "/ip/hotspot/active/print";
const USERS: &str = "/ip/hotspot/user/print";
const QUEUES: &str = "/queue/simple/print";

fn prints(booth: &Booth, path: &str) -> u64 {
    booth.sim.stats().prints.get(path).copied().unwrap_or_default()
}

/// Those that asked for every row.
fn of_all(booth: &Booth, path: &str) -> u64 {
    booth.sim.stats().whole_prints.get(path).copied().unwrap_or_default()
}

/// Waits for the queues to be printed once more, last of all tables; how often each was printed then.
async fn after_the_next_pass(booth: &Booth) -> [u64; 3] {
    let before = prints(booth, QUEUES);
    for _ in 0..3_000 {
        let now = [QUEUES, LOGINS, USERS].map(|path| prints(booth, path));
        if now[0] > before {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the queues are not looked at any more");
}

/// Limits and vouchers are both wanted: the logins are printed once for both, and nothing is written.
#[tokio::test]
async fn in_steady_state_each_table_is_printed_once_a_pass() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    // They come together within a pass of each.
    for _ in 0..2 {
        after_the_next_pass(&booth).await;
    }
    let (changes, first) = (booth.sim.changes().len(), after_the_next_pass(&booth).await);
    for nth in 1..=2 {
        let next = after_the_next_pass(&booth).await;
        assert_eq!(next.map(|count| count - nth), first, "queues, logins and users, pass {nth}");
    }
    assert_eq!(booth.sim.changes().len(), changes);
}

const CROWD: usize = 8;

fn device(nth: usize) -> String {
    format!("AA:BB:CC:00:01:{nth:02X}")
}

/// At a hotspot with so many devices, each with a voucher of its own that has data.
async fn crowd() -> Booth {
    let unlimited = RateLimit { up_bps: None, down_bps: None };
    let terms = VoucherTerms { quota_octets: Some(1 << 40), rate: unlimited, ..terms(Some(AN_HOUR_US), 1) };
    let booth = Booth::with(terms, CROWD, Switches::default()).await;
    booth.sim.with_world(|world| {
        for nth in 1..=CROWD {
            world.appear(device(nth), 0, 0);
        }
    });
    booth
}

async fn enters(booth: &Booth, nth: usize) {
    // The hotspot gives addresses in the order in which devices come in sight: three were there before.
    let device = booth.device_at(&device(nth), &format!("10.5.0.{}", nth + 4));
    booth.operations.activate_voucher(&format!("ABCD-{nth}"), device, None).await.unwrap();
}

/// Some of their data is gone, so that each is looked at before it is let in: each for itself.
#[tokio::test]
async fn whoever_comes_again_with_data_left_has_nobody_else_looked_at() {
    let booth = crowd().await;
    for nth in 1..=CROWD {
        enters(&booth, nth).await;
        let code = format!("ABCD-{nth}");
        booth.operations.end_voucher_session(VoucherOwner::Code(&code)).await.unwrap();
    }
    // What they leave behind is seen to.
    booth.keep().await;
    let (began, before) = (booth.house.clock.now(), of_all(&booth, LOGINS));
    for nth in 1..=CROWD {
        enters(&booth, nth).await;
    }
    let passes = of_all(&booth, LOGINS) - before;
    // One may be due when the first comes, and then one every ten seconds.
    let took_s = booth.house.clock.now().0.abs_diff(began.0) / 1_000_000;
    let due = 2 + took_s / 10;
    assert!(passes <= due, "{passes} of all for {CROWD} devices, {due} were due");
    assert_eq!(booth.rows("/ip/hotspot/active/print", &["user"]).await.len(), CROWD);
}

#[tokio::test]
async fn orders_that_wait_are_served_by_one_pass() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    let (nas, before) = (booth.nas().await, of_all(&booth, LOGINS));
    // So that others come while one is served.
    booth.sim.faults().always_on(LOGINS, Fault::Delay(Duration::from_millis(500)));
    let ordered: Vec<_> = (0..20)
        .map(|_| {
            let (supervisor, nas) = (booth.house.supervisor.clone(), nas.clone());
            tokio::spawn(async move { supervisor.keep_vouchers(nas, false).await })
        })
        .collect();
    for order in ordered {
        assert_eq!(order.await.unwrap().unwrap().stays, None);
    }
    let passes = of_all(&booth, LOGINS) - before;
    assert!(passes <= 6, "{passes} passes for 20 orders");
}
