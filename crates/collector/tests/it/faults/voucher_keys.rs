//! The key of a voucher's owner, whatever became of the device that it was given for: at a real router's words.

use operations::{AdmissionError, RouterCommandError, VoucherOwner, VoucherStop};
use store::{AuditQuery, AuditRepository, VoucherDeviceRepository, VoucherDeviceState, VoucherRepository};

use super::booth::{AN_HOUR_US, Booth, CODE, GUEST, PHONE, TABLET, terms};

async fn states(booth: &Booth) -> Vec<(String, VoucherDeviceState)> {
    let (_, devices) = booth.house.sqlite.voucher_by_code(CODE.to_owned()).await.unwrap().unwrap();
    devices.into_iter().map(|device| (device.mac, device.state)).collect()
}

async fn logins(booth: &Booth) -> Vec<Vec<String>> {
    booth.rows("/ip/hotspot/active/print", &["user", "mac-address"]).await
}

#[tokio::test]
async fn after_the_end_of_a_session_it_lets_in_again_here_and_elsewhere() {
    let booth = Booth::new().await;
    let key = booth.activate(CODE, PHONE).await.unwrap().proof;
    for mac in [PHONE, TABLET] {
        for _ in 0..2 {
            booth.operations.end_voucher_session(VoucherOwner::Proof(&key)).await.unwrap();
        }
        assert_eq!(logins(&booth).await, Vec::<Vec<String>>::new());
        let standing = booth.operations.voucher_by_proof(&key).await.unwrap().unwrap();
        assert!(!standing.active && standing.left_us.is_some_and(|left| left < AN_HOUR_US), "{standing:?}");
        let back = booth.move_to(&key, mac).await.unwrap();
        assert_eq!((back.already, &back.proof), (false, &key));
        assert_eq!(logins(&booth).await, [[CODE, mac]]);
    }
    // Who enters the code where the key is good goes on with it.
    booth.operations.end_voucher_session(VoucherOwner::Proof(&key)).await.unwrap();
    assert_eq!(booth.activate_with(CODE, TABLET, &key).await.unwrap().proof, key);
}

#[tokio::test]
async fn after_a_move_that_the_router_refused_it_lets_either_in() {
    let booth = Booth::new().await;
    let key = booth.activate(CODE, PHONE).await.unwrap().proof;
    let binding = [("mac-address", TABLET), ("type", "blocked")];
    crate::sim::tell(&booth.sim, "/ip/hotspot/ip-binding/add", &binding).await;
    let refused = booth.move_to(&key, TABLET).await;
    assert!(matches!(&refused, Err(AdmissionError::Router(RouterCommandError::Refused(_)))), "{refused:?}");
    assert_eq!(states(&booth).await, [(PHONE.to_owned(), VoucherDeviceState::Out)]);
    booth.move_to(&key, PHONE).await.unwrap();
    assert_eq!(logins(&booth).await, [[CODE, PHONE]]);
}

/// The keeper's look comes between the moment at which the old one is put off and the one at which its place goes to the new one.
#[tokio::test]
async fn a_look_in_the_middle_of_a_move_takes_nothing_from_it() {
    let booth = Booth::new().await;
    let key = booth.activate(CODE, PHONE).await.unwrap().proof;
    let phone = booth.house.sqlite.voucher_devices(booth.nas().await.id).await.unwrap().remove(0).device;
    booth.house.sqlite.leave_voucher_device(phone.id, booth.act("voucher.leave")).await.unwrap();
    // The first shows it off, by the second that is in the books.
    for _ in 0..2 {
        booth.keep().await;
    }
    assert_eq!(states(&booth).await, [(PHONE.to_owned(), VoucherDeviceState::Out)]);
    booth.move_to(&key, TABLET).await.unwrap();
    assert_eq!(logins(&booth).await, [[CODE, TABLET]]);
    assert_eq!(booth.rows("/queue/simple/print", &["name"]).await, [[format!("pisonet-{TABLET}")]]);
}

#[tokio::test]
async fn it_puts_nobody_out_who_has_the_place_by_now_and_opens_no_other_voucher() {
    let booth = Booth::of(terms(Some(AN_HOUR_US), 1), 2).await;
    let key = booth.activate(CODE, PHONE).await.unwrap().proof;
    booth.operations.end_voucher_session(VoucherOwner::Proof(&key)).await.unwrap();
    booth.activate(CODE, TABLET).await.unwrap();
    assert_eq!(booth.move_to(&key, PHONE).await, Err(AdmissionError::AlreadyUsed));
    assert_eq!(booth.operations.voucher_by_proof(&key).await.unwrap(), None, "nothing is offered");
    booth.activate("ABCD-2", PHONE).await.unwrap();
    assert_eq!(booth.move_to(&key, PHONE).await, Err(AdmissionError::OtherVoucher));
    assert_eq!(logins(&booth).await.len(), 2, "both are where they were");
    let other = booth.activate_with("ABCD-2", PHONE, &key).await.unwrap();
    assert!(other.already && other.proof != key, "it is the first voucher's");
    booth.operations.revoke_voucher("eva", CODE).await.unwrap();
    booth.operations.end_voucher_session(VoucherOwner::Proof(&other.proof)).await.unwrap();
    assert_eq!(booth.move_to(&key, PHONE).await, Err(AdmissionError::Stopped(VoucherStop::Revoked)));
}

/// A voucher that is paused gives way to another one, but not to one that has no place for the device.
#[tokio::test]
async fn what_is_refused_for_want_of_a_place_takes_no_other_voucher_off() {
    let booth = Booth::of(terms(Some(AN_HOUR_US), 1), 2).await;
    let key = booth.activate(CODE, GUEST).await.unwrap().proof;
    booth.operations.end_voucher_session(VoucherOwner::Proof(&key)).await.unwrap();
    booth.activate(CODE, TABLET).await.unwrap();
    booth.activate("ABCD-2", PHONE).await.unwrap();
    booth.operations.pause_voucher("eva", "ABCD-2").await.unwrap();
    assert_eq!(booth.move_to(&key, PHONE).await, Err(AdmissionError::AlreadyUsed), "by its key");
    assert_eq!(booth.activate(CODE, PHONE).await, Err(AdmissionError::AlreadyUsed), "by its code");
    let (_, devices) = booth.house.sqlite.voucher_by_code("ABCD-2".to_owned()).await.unwrap().unwrap();
    let stands: Vec<_> = devices.iter().map(|device| (device.state, device.leaving_at)).collect();
    assert_eq!(stands, [(VoucherDeviceState::In, None)]);
    booth.operations.end_voucher_session(VoucherOwner::Code(CODE)).await.unwrap();
    booth.move_to(&key, PHONE).await.unwrap();
    let (_, devices) = booth.house.sqlite.voucher_by_code("ABCD-2".to_owned()).await.unwrap().unwrap();
    assert!(
        devices.iter().all(|device| device.state == VoucherDeviceState::Out || device.leaving_at.is_some())
    );
}

/// Entering the code once more gives another key; where that comes to nothing the one of before is good.
#[tokio::test]
async fn a_code_that_is_entered_again_in_vain_takes_no_key_away() {
    let booth = Booth::new().await;
    let key = booth.activate(CODE, PHONE).await.unwrap().proof;
    booth.sim.with_world(|world| world.remove_hotspot_user(CODE));
    booth.sim.with_world(|world| world.add_hotspot_user(CODE));
    let taken = booth.activate(CODE, PHONE).await;
    assert!(matches!(&taken, Err(AdmissionError::Router(_))), "{taken:?}");
    booth.sim.with_world(|world| world.remove_hotspot_user(CODE));
    assert_eq!(booth.move_to(&key, PHONE).await.unwrap().proof, key);
}

/// Each turn of a voucher is a line of the journal that names it.
#[tokio::test]
async fn the_journal_tells_each_turn_of_a_voucher_and_why_it_ended() {
    let booth = Booth::new().await;
    let key = booth.activate(CODE, PHONE).await.unwrap().proof;
    booth.move_to(&key, TABLET).await.unwrap();
    booth.operations.pause_voucher("eva", CODE).await.unwrap();
    booth.until_out().await;
    booth.operations.resume_voucher("eva", CODE).await.unwrap();
    booth.move_to(&key, TABLET).await.unwrap();
    booth.operations.revoke_voucher("eva", CODE).await.unwrap();
    booth.until_nobody(CODE).await;
    let query = AuditQuery { limit: 100, reach: store::Reach::Everywhere, ..AuditQuery::default() };
    let mut journal = booth.house.sqlite.list_audit(query).await.unwrap();
    journal.reverse();
    let told = ["voucher.activate", "voucher.move", "voucher.pause", "voucher.resume", "voucher.revoke"];
    let acts: Vec<_> = journal.iter().filter(|act| told.contains(&&*act.act.action)).collect();
    let actions: Vec<&str> = acts.iter().map(|act| &*act.act.action).collect();
    assert_eq!(actions[..2], ["voucher.activate", "voucher.move"]);
    assert!(acts.iter().all(|act| act.act.subject == CODE), "{acts:?}");
    for part in
        [format!("\"from\":\"{PHONE}\""), format!("\"mac\":\"{TABLET}\""), "\"router\":\"r\"".to_owned()]
    {
        assert!(acts[1].act.detail.contains(&part), "{part}: {:?}", acts[1]);
    }
    for action in told {
        assert!(actions.contains(&action), "{action}: {actions:?}");
    }
}
