//! Devices of vouchers that cannot be put out as they should: a slow router, a broken link, a foreign hand, a clock that is set.

use std::time::Duration;

use operations::{AdmissionError, Clock, RouterCommandError, RouterCommands, VoucherOwner};
use routeros_sim::faults::{Cut, Fault, Plan};
use store::{
    AuditQuery, AuditRepository, ClaimedVoucher, NasRepository, Voucher, VoucherClaim,
    VoucherDeviceRepository, VoucherDeviceState, VoucherPhase, VoucherRepository,
};

use super::booth::{AN_HOUR_US, Booth, CODE, PHONE, TABLET, terms};
use super::supervised::Supervised;

const LOGINS: &str = "/ip/hotspot/active/print";
const HOUR_US: i64 = 3_600_000_000;

async fn voucher(booth: &Booth) -> (Voucher, Vec<VoucherDeviceState>) {
    let found = booth.house.sqlite.voucher_by_code(CODE.to_owned()).await.unwrap().unwrap();
    (found.0.voucher, found.1.iter().map(|device| device.state).collect())
}

async fn revoke(booth: &Booth) {
    let id = voucher(booth).await.0.id;
    booth.house.sqlite.revoke_voucher(id, booth.act("voucher.revoke")).await.unwrap().unwrap();
}

fn is_in(booth: &Booth) -> usize {
    booth.sim.with_world(|world| world.hotspot_sessions().count())
}

async fn until_gone(booth: &Booth) {
    for _ in 0..600 {
        if is_in(booth) == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it is in for ever");
}

#[tokio::test]
async fn a_router_that_takes_long_to_show_all_logins_puts_out_who_has_to_go() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    let long = Fault::Delay(Duration::from_secs(3));
    booth.sim.faults().arm(Plan::new(long).on(LOGINS).whole());
    revoke(&booth).await;
    until_gone(&booth).await;
    booth.sim.faults().clear();
    booth.until_out().await;
    booth.until_nobody(CODE).await;
}

#[tokio::test]
async fn where_even_one_login_takes_too_long_nobody_is_put_out_by_an_old_id_and_that_is_said() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.sim.faults().always_on(LOGINS, Fault::Delay(Duration::from_millis(2_200)));
    revoke(&booth).await;
    for _ in 0..20 {
        let kept = booth.house.supervisor.keep_vouchers(booth.nas().await, false).await;
        let why = kept.ok().and_then(|kept| kept.stays);
        if why.is_some_and(|why| why.contains("longer than two seconds")) {
            assert_eq!((is_in(&booth), voucher(&booth).await.1), (1, vec![VoucherDeviceState::In]));
            booth.sim.faults().clear();
            return booth.until_out().await;
        }
    }
    panic!("it is never said");
}

#[tokio::test]
async fn a_place_is_free_when_the_router_showed_the_device_off_and_not_while_the_link_is_broken() {
    let booth = Booth::new().await;
    let owner = booth.activate(CODE, PHONE).await.unwrap();
    booth.sim.faults().always(Fault::Refuse);
    booth.sim.drop_connections();
    let end = booth.operations.end_voucher_session(VoucherOwner::Proof(&owner.proof)).await;
    assert!(matches!(&end, Err(AdmissionError::Router(_))), "{end:?}");
    assert_eq!((is_in(&booth), voucher(&booth).await.1), (1, vec![VoucherDeviceState::In]), "it is in");
    let claim = VoucherClaim {
        code: CODE.to_owned(),
        nas: booth.nas().await.id,
        mac: TABLET.to_owned(),
        proof: None,
        at: booth.house.clock.now(),
        by: None,
    };
    assert_eq!(booth.house.sqlite.claim_voucher(claim).await.unwrap(), ClaimedVoucher::Full);
    let moved = booth.move_to(&owner.proof, TABLET).await;
    assert!(matches!(&moved, Err(AdmissionError::Router(_))), "{moved:?}");
    booth.sim.faults().clear();
    booth.until_out().await;
    booth.until_nobody(CODE).await;
    booth.activate(CODE, TABLET).await.unwrap();
    assert_eq!(is_in(&booth), 1);
}

#[tokio::test]
async fn a_user_of_ours_that_lost_its_mark_is_left_alone_and_said_and_its_place_is_kept() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    let comment = async |comment: &str| {
        let set = [("numbers", CODE), ("comment", comment)];
        crate::sim::tell(&booth.sim, "/ip/hotspot/user/set", &set).await;
    };
    comment("of eva").await;
    let before = booth.everything().await;
    for _ in 0..2 {
        let kept = booth.keep().await;
        let why = kept.stays.unwrap_or_default();
        assert!(
            why.contains("does not carry our mark")
                && why.contains(&format!("comment=\"{}\"", booth.mark().await)),
            "{why}"
        );
        assert_eq!(kept.commands, Vec::<String>::new(), "nothing is refused again and again");
    }
    let Err(AdmissionError::Router(RouterCommandError::Refused(why))) = booth.activate(CODE, PHONE).await
    else {
        panic!("it is somebody else's now")
    };
    assert!(why.contains("does not carry our mark"), "{why}");
    revoke(&booth).await;
    let kept = booth.keep().await;
    assert!(
        kept.stays.is_some_and(|why| why.contains("does not carry our mark")) && kept.commands.is_empty()
    );
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(booth.everything().await, before);
    assert_eq!(voucher(&booth).await.1, [VoucherDeviceState::In], "the books say what is so");
    comment("tikmeter voucher").await;
    booth.until_out().await;
    booth.until_nobody(CODE).await;
}

#[tokio::test]
async fn a_login_whose_user_somebody_removed_is_put_out_when_its_voucher_says_so() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.sim.with_world(|world| world.remove_hotspot_user(CODE));
    revoke(&booth).await;
    assert_eq!(is_in(&booth), 1);
    until_gone(&booth).await;
    booth.until_nobody(CODE).await;
}

#[tokio::test]
async fn a_clock_that_is_set_takes_no_second_and_gives_none() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    let moved = async || {
        let action = Some("voucher.clock".to_owned());
        let query =
            AuditQuery { limit: 10, action, reach: store::Reach::Everywhere, ..AuditQuery::default() };
        booth.house.sqlite.list_audit(query).await.unwrap().len()
    };
    for (nth, ahead_us) in [(1, 3 * HOUR_US), (2, -3 * HOUR_US), (3, 0)] {
        booth.house.clock.set(ahead_us);
        for _ in 0..600 {
            if moved().await == nth {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        booth.keep().await;
        let (voucher, devices) = voucher(&booth).await;
        assert_eq!((voucher.ended_at, devices), (None, vec![VoucherDeviceState::In]), "set by {ahead_us}");
        assert_eq!(voucher.phase(booth.house.clock.now()), VoucherPhase::Running);
        let left = voucher.clock.left_at(booth.house.clock.now()).unwrap();
        assert!((AN_HOUR_US - 120_000_000..AN_HOUR_US).contains(&left), "{left} is left, set by {ahead_us}");
        let standing = booth.operations.voucher_by_code(CODE).await.unwrap().unwrap();
        assert!(standing.active && standing.left_us.is_some_and(|of| left.abs_diff(of) < 60_000_000));
        let limit = booth.rows("/ip/hotspot/user/print", &["limit-uptime"]).await;
        assert!(limit[0][0].starts_with("1h"), "{limit:?}");
        assert_eq!((is_in(&booth), moved().await), (1, nth));
    }
}

#[tokio::test]
async fn two_installations_on_one_router_leave_each_others_guests_in() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    let other = Supervised::start().await;
    other.add("r", booth.sim.addr(), "simulated", None).await;
    other.when("r", |status| status.rounds_total > 0).await;
    let entry = other.sqlite.nas_by_name("r").await.unwrap().unwrap();
    let before = booth.everything().await;
    let kept = other.supervisor.keep_vouchers(entry, false).await.unwrap();
    assert_eq!((kept.commands, kept.shown), (Vec::<String>::new(), Vec::<Vec<u8>>::new()));
    assert_eq!((is_in(&booth), booth.everything().await), (1, before));
}

#[tokio::test]
async fn a_queue_of_another_keeps_a_new_device_out_and_does_not_put_out_one_that_is_in() {
    let booth = Booth::of(terms(Some(AN_HOUR_US), 2), 1).await;
    booth.activate(CODE, PHONE).await.unwrap();
    crate::sim::tell(&booth.sim, "/queue/simple/remove", &[("numbers", "pisonet-AA:BB:CC:00:00:01")]).await;
    for mac in [PHONE, TABLET] {
        let queue = [("name", &*format!("pisonet-{mac}")), ("target", "10.9.9.9/32")];
        crate::sim::tell(&booth.sim, "/queue/simple/add", &queue).await;
    }
    let again = booth.activate(CODE, PHONE).await.unwrap();
    assert!(again.already, "{again:?}");
    let Err(AdmissionError::Router(RouterCommandError::Refused(why))) = booth.activate(CODE, TABLET).await
    else {
        panic!("it has no queue")
    };
    assert!(why.contains("pisonet-AA:BB:CC:00:00:02"), "{why}");
    for _ in 0..600 {
        if is_in(&booth) == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(booth.rows("/ip/hotspot/active/print", &["mac-address"]).await, [[PHONE]]);
}

/// The voucher was as good as used before, and the device as fast as the line if the queue never came.
#[tokio::test]
async fn where_the_link_breaks_between_access_and_queue_the_voucher_is_unused_until_the_queue_was_seen() {
    let booth = Booth::new().await;
    booth.sim.faults().once_on("/queue/simple/add", Fault::cut_after(0, Cut::Drop));
    let broken = booth.activate(CODE, PHONE).await;
    let Err(AdmissionError::Router(RouterCommandError::Unknown(why))) = broken else { panic!("{broken:?}") };
    assert!(why.contains("not used before"), "{why}");
    assert_eq!(
        (voucher(&booth).await.1, booth.phase(CODE).await),
        (vec![VoucherDeviceState::Wanted], VoucherPhase::Unused)
    );
    let mut again = booth.activate(CODE, PHONE).await;
    for _ in 0..600 {
        if again.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        again = booth.activate(CODE, PHONE).await;
    }
    assert!(again.unwrap().already, "it was in");
    assert_eq!(booth.phase(CODE).await, VoucherPhase::Running);
    assert_eq!(booth.rows("/queue/simple/print", &["max-limit"]).await, [["1000000/2000000"]]);
}

/// What would refuse the new device has to refuse it before the old one goes.
#[tokio::test]
async fn a_move_to_a_device_whose_own_voucher_rests_takes_its_place_and_one_that_runs_keeps_both() {
    let booth = Booth::of(terms(Some(AN_HOUR_US), 1), 2).await;
    let owner = booth.activate(CODE, PHONE).await.unwrap();
    booth.activate("ABCD-2", TABLET).await.unwrap();
    let moved = booth.move_to(&owner.proof, TABLET).await;
    assert!(matches!(moved, Err(AdmissionError::OtherVoucher)), "{moved:?}");
    assert_eq!(is_in(&booth), 2, "neither lost anything");
    booth.operations.pause_voucher("eva", "ABCD-2").await.unwrap();
    booth.move_to(&owner.proof, TABLET).await.unwrap();
    assert_eq!(booth.rows("/ip/hotspot/active/print", &["user", "mac-address"]).await, [[CODE, TABLET]]);
}
