//! A process that is killed at any step of letting a device in, moving it or putting it off: the next one's first look finds out how far
//! it came. Nobody is in twice, nobody is in unpaid, and whoever is off is let in again with all that is left.

use std::future::Future;
use std::time::Duration;

use operations::{Operations, RouterCommands, VoucherOwner};
use routeros_sim::faults::{Cut, Fault};
use store::{
    AuditQuery, AuditRepository, VoucherDeviceRepository, VoucherDeviceState, VoucherPhase, VoucherRepository,
};

use super::booth::{AN_HOUR_US, Booth, CODE, PHONE, TABLET};

/// The commands that put a device off, in their order.
const OFF: [&str; 4] = [
    "/ip/hotspot/cookie/remove",
    "/ip/hotspot/active/remove",
    "/ip/hotspot/user/remove",
    "/queue/simple/remove",
];

/// It goes on until the router was told something that begins so, of which no answer comes any more; there it dies.
async fn dies_at<A>(booth: &Booth, step: &str, act: impl FnOnce(Operations) -> A)
where
    A: Future<Output: Send> + Send + 'static,
{
    let before = booth.sim.changes().len();
    booth.sim.faults().once_on(step, Fault::cut_after(0, Cut::Hang));
    let dying = tokio::spawn(act(booth.operations.clone()));
    for _ in 0..600 {
        if booth.sim.changes()[before..].iter().any(|sent| sent.starts_with(step)) {
            return dying.abort();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{step} was never sent: {:?}", &booth.sim.changes()[before..]);
}

async fn activation_dies_at(booth: &Booth, step: &str) {
    let device = booth.device(PHONE);
    let act = |operations: Operations| async move { operations.activate_voucher(CODE, device, None).await };
    dies_at(booth, step, act).await;
}

/// Where a process is killed, by the command that it gets no answer to any more; the first is killed before any.
const STEPS: [&str; 5] = [
    "",
    "/ip/hotspot/user/profile/add",
    "/ip/hotspot/user/add",
    "/ip/hotspot/active/login",
    "/queue/simple/add",
];

#[tokio::test]
async fn whoever_is_killed_at_any_step_leaves_a_voucher_that_is_unused_or_fully_in_use() {
    for (step, is_in) in STEPS.into_iter().zip([false, false, false, true, true]) {
        let mut booth = Booth::new().await;
        if step.is_empty() {
            booth.claim(CODE, PHONE).await;
        } else {
            activation_dies_at(&booth, step).await;
        }
        assert_eq!(booth.phase(CODE).await, VoucherPhase::Unused, "{step}: it is used too early");
        booth = booth.restart().await;
        if is_in {
            booth.until_phase(CODE, VoucherPhase::Running).await;
            let queues = booth.rows("/queue/simple/print", &["max-limit"]).await;
            assert_eq!(queues, [["1000000/2000000"]], "{step}: it is used before it is limited");
            assert_eq!(booth.moved(), 10 * 2_000_000 / 8, "{step}");
            let (issued, devices) =
                booth.house.sqlite.voucher_by_code(CODE.to_owned()).await.unwrap().unwrap();
            assert_eq!(devices[0].state, VoucherDeviceState::In, "{step}");
            assert!(issued.voucher.first_used_at.is_some());
        } else {
            booth.until_out().await;
            booth.until_nobody(CODE).await;
            assert_eq!((booth.phase(CODE).await, booth.moved()), (VoucherPhase::Unused, 0), "{step}");
            booth.activate(CODE, TABLET).await.unwrap();
        }
    }
}

/// Without its queue it would be as fast as the line for all its time.
#[tokio::test]
async fn whoever_is_killed_at_the_login_where_the_queue_is_another_s_leaves_nobody_in() {
    let booth = Booth::new().await;
    let queue = [("name", &*format!("pisonet-{PHONE}")), ("target", "10.9.9.9/32")];
    crate::sim::tell(&booth.sim, "/queue/simple/add", &queue).await;
    activation_dies_at(&booth, "/ip/hotspot/active/login").await;
    assert_eq!(in_now(&booth).await, [PHONE]);
    let booth = booth.restart().await;
    for _ in 0..600 {
        if in_now(&booth).await.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!((in_now(&booth).await, booth.phase(CODE).await), (vec![], VoucherPhase::Unused));
    let query = AuditQuery {
        limit: 10,
        action: Some("voucher.leave".to_owned()),
        reach: store::Reach::Everywhere,
        ..AuditQuery::default()
    };
    let told = booth.house.sqlite.list_audit(query).await.unwrap();
    assert!(told.iter().any(|line| line.act.detail.contains(&format!("pisonet-{PHONE}"))), "{told:?}");
    assert_eq!(booth.rows("/queue/simple/print", &["target"]).await, [["10.9.9.9/32"]], "that stays");
}

/// Waits until the next process looked at the router.
async fn first_look(booth: &Booth) {
    let nas = booth.nas().await;
    for _ in 0..600 {
        if booth.house.supervisor.keep_vouchers(nas.clone(), false).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the router is never looked at");
}

/// Who is logged in, by what the router shows.
async fn in_now(booth: &Booth) -> Vec<String> {
    booth.rows("/ip/hotspot/active/print", &["mac-address"]).await.into_iter().flatten().collect()
}

/// Waits until the books say of whom they have, and of nobody else, that they are in, and the router limits them as the voucher says.
async fn until_fully_in(booth: &Booth, mac: &str) {
    let queue = vec![vec![format!("pisonet-{mac}"), "1000000/2000000".to_owned()]];
    for _ in 0..600 {
        let live = booth.house.sqlite.voucher_devices(booth.nas().await.id).await.unwrap();
        let of = |holder: &store::VoucherHolder| (holder.device.mac.clone(), holder.device.state);
        let is_booked = live.iter().map(of).eq([(mac.to_owned(), VoucherDeviceState::In)]);
        if is_booked && booth.rows("/queue/simple/print", &["name", "max-limit"]).await == queue {
            assert_eq!((in_now(booth).await, booth.moved()), (vec![mac.to_owned()], 10 * 2_000_000 / 8));
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{mac} is not fully in: {:?}", booth.everything().await);
}

/// Nobody is in, and the place is free; the hour goes on as it did.
async fn until_fully_off(booth: &Booth) {
    booth.until_out().await;
    booth.until_nobody(CODE).await;
    assert_eq!((in_now(booth).await, booth.moved()), (Vec::<String>::new(), 0));
}

/// Of the hour there is all that was not waited for.
async fn is_all_left(booth: &Booth) {
    let standing = booth.operations.voucher_by_code(CODE).await.unwrap().unwrap();
    assert!(standing.left_us.is_some_and(|left| left > AN_HOUR_US - 300_000_000), "{standing:?}");
}

/// After a pause the device has to come to the login page again.
#[tokio::test]
async fn a_second_activation_that_breaks_off_lets_in_fully_or_not() {
    for (step, is_in) in
        [("/ip/hotspot/user/set", false), ("/ip/hotspot/active/login", true), ("/queue/simple/add", true)]
    {
        let booth = Booth::new().await;
        booth.activate(CODE, PHONE).await.unwrap();
        booth.operations.pause_voucher("eva", CODE).await.unwrap();
        booth.until_out().await;
        booth.operations.resume_voucher("eva", CODE).await.unwrap();
        booth.until_rows("/ip/hotspot/user/print", 1).await;
        activation_dies_at(&booth, step).await;
        let booth = booth.restart().await;
        if !is_in {
            first_look(&booth).await;
            assert_eq!((in_now(&booth).await, booth.moved()), (vec![], 0), "{step}");
            booth.activate(CODE, PHONE).await.unwrap();
        }
        until_fully_in(&booth, PHONE).await;
        assert_eq!(booth.phase(CODE).await, VoucherPhase::Running);
        is_all_left(&booth).await;
    }
}

/// Its login ended by itself, its user and its queue are there.
#[tokio::test]
async fn whoever_was_away_comes_back_fully_or_not() {
    for (step, is_in) in [("/ip/hotspot/user/set", false), ("/ip/hotspot/active/login", true)] {
        let booth = Booth::new().await;
        booth.activate(CODE, PHONE).await.unwrap();
        let id = booth.rows("/ip/hotspot/active/print", &[".id"]).await.remove(0).remove(0);
        crate::sim::tell(&booth.sim, "/ip/hotspot/active/remove", &[(".id", &id)]).await;
        activation_dies_at(&booth, step).await;
        let booth = booth.restart().await;
        if !is_in {
            first_look(&booth).await;
            assert_eq!((in_now(&booth).await, booth.moved()), (vec![], 0), "{step}");
            booth.activate(CODE, PHONE).await.unwrap();
        }
        until_fully_in(&booth, PHONE).await;
        is_all_left(&booth).await;
    }
}

#[tokio::test]
async fn a_move_that_breaks_off_leaves_one_in_or_nobody_and_the_key_good() {
    for (step, is_in) in [
        ("/ip/hotspot/cookie/remove", false),
        ("/ip/hotspot/active/remove", false),
        ("/ip/hotspot/user/remove", false),
        ("/ip/hotspot/user/add", false),
        ("/ip/hotspot/active/login", true),
        ("/queue/simple/add", true),
    ] {
        let booth = Booth::new().await;
        let key = booth.activate(CODE, PHONE).await.unwrap().proof;
        let (device, proof) = (booth.device(TABLET), key.clone());
        let act =
            |operations: Operations| async move { operations.move_voucher_device(&proof, device).await };
        dies_at(&booth, step, act).await;
        let booth = booth.restart().await;
        assert!(in_now(&booth).await.len() <= 1, "{step}: both are in");
        if !is_in {
            until_fully_off(&booth).await;
            booth.move_to(&key, TABLET).await.unwrap();
        }
        until_fully_in(&booth, TABLET).await;
        is_all_left(&booth).await;
        let standing = booth.operations.voucher_by_proof(&key).await.unwrap().unwrap();
        assert!(standing.active, "{step}: the key is the new device's");
    }
}

/// Between two commands there are steps that only the books know: the old one is to leave, and the place is the new one's.
#[tokio::test]
async fn a_move_that_was_only_written_down_is_undone() {
    for has_moved in [false, true] {
        let booth = Booth::new().await;
        let key = booth.activate(CODE, PHONE).await.unwrap().proof;
        let (sqlite, nas) = (&booth.house.sqlite, booth.nas().await.id);
        let phone = sqlite.voucher_devices(nas).await.unwrap().remove(0).device;
        sqlite.leave_voucher_device(phone.id, booth.act("voucher.leave")).await.unwrap();
        if has_moved {
            booth.keep().await;
            let (proof, by) = (phone.proof.unwrap(), Some(booth.operations.node.run.clone()));
            let act = booth.act("voucher.move");
            sqlite.move_voucher_device(proof, nas, TABLET.to_owned(), by, act).await.unwrap();
        }
        let booth = booth.restart().await;
        until_fully_off(&booth).await;
        assert_eq!(booth.phase(CODE).await, VoucherPhase::Running);
        booth.move_to(&key, TABLET).await.unwrap();
        until_fully_in(&booth, TABLET).await;
        is_all_left(&booth).await;
    }
}

#[tokio::test]
async fn the_end_of_a_session_that_breaks_off_is_carried_out() {
    for step in OFF {
        let booth = Booth::new().await;
        let key = booth.activate(CODE, PHONE).await.unwrap().proof;
        let end = |operations: Operations| async move {
            operations.end_voucher_session(VoucherOwner::Code(CODE)).await
        };
        dies_at(&booth, step, end).await;
        let booth = booth.restart().await;
        until_fully_off(&booth).await;
        assert_eq!(booth.phase(CODE).await, VoucherPhase::Running, "{step}");
        booth.move_to(&key, PHONE).await.unwrap();
        until_fully_in(&booth, PHONE).await;
    }
}

#[tokio::test]
async fn a_revocation_that_breaks_off_is_carried_out() {
    for step in OFF {
        let booth = Booth::new().await;
        booth.activate(CODE, PHONE).await.unwrap();
        let revoke = |operations: Operations| async move { operations.revoke_voucher("eva", CODE).await };
        dies_at(&booth, step, revoke).await;
        let booth = booth.restart().await;
        until_fully_off(&booth).await;
        assert_eq!(booth.phase(CODE).await, VoucherPhase::Revoked, "{step}");
        let (_, devices) = booth.house.sqlite.voucher_by_code(CODE.to_owned()).await.unwrap().unwrap();
        assert_eq!(devices[0].state, VoucherDeviceState::Out);
    }
}
