//! The key of a voucher's owner is good as long as the voucher, whatever became of the device that it was given for.

use store::{
    ClaimedVoucher, MovedVoucher, NasId, Store, VoucherClaim, VoucherDeviceState, VoucherHolder, VoucherPhase,
};

use crate::every_store::on_every_store;
use crate::rounds::{act, tower};
use crate::vouchers::{act_at, acts, at, claim, issue, let_in, mac, make, wanted};

async fn beginning(store: &dyn Store, devices: u32) -> NasId {
    let (nas, ..) = tower(store).await;
    make(store, issue(devices), &["ABC", "OTHER"]).await;
    nas
}

async fn moved(store: &dyn Store, proof: u8, (nas, no): (NasId, u8), later: i64) -> MovedVoucher {
    let act = act_at(later, "voucher.move");
    store.move_voucher_device([proof; 32], nas, mac(no), None, act).await.unwrap()
}

/// Of whom the key is, and how far that device came.
async fn of_key(store: &dyn Store, proof: u8) -> Option<(String, String, VoucherDeviceState)> {
    let found = store.voucher_of_proof([proof; 32]).await.unwrap();
    found.map(|VoucherHolder { issued, device }| (issued.voucher.code, device.mac, device.state))
}

fn at_abc(no: u8, state: VoucherDeviceState) -> Option<(String, String, VoucherDeviceState)> {
    Some(("ABC".to_owned(), mac(no), state))
}

on_every_store! {
    async fn after_an_end_and_after_a_move_that_was_refused_it_is_good(store) {
        let nas = beginning(&*store, 1).await;
        let first = let_in(&*store, claim("ABC", nas, 1, 0)).await.device;
        assert!(store.put_out_voucher_device(first.id, act_at(10, "voucher.out")).await.unwrap());
        assert_eq!(of_key(&*store, 1).await, at_abc(1, VoucherDeviceState::Out));
        // The old one was put off by somebody else meanwhile: the place is free.
        let MovedVoucher::Moved { holder, from } = moved(&*store, 1, (nas, 2), 20).await else { panic!("it runs") };
        assert_eq!((holder.device.ordinal, holder.device.proof, from), (1, Some([1; 32]), None));
        assert_eq!(of_key(&*store, 1).await, at_abc(2, VoucherDeviceState::Wanted));
        // The router refused.
        assert!(store.take_back_voucher_device(holder.device.id).await.unwrap());
        assert_eq!(of_key(&*store, 1).await, at_abc(1, VoucherDeviceState::Out));
        let MovedVoucher::Moved { holder, .. } = moved(&*store, 1, (nas, 1), 30).await else { panic!("it runs") };
        store.complete_voucher_device(holder.device.id, at(30), act("voucher.use")).await.unwrap().unwrap();
        assert_eq!(of_key(&*store, 1).await, at_abc(1, VoucherDeviceState::In));
        assert_eq!((moved(&*store, 9, (nas, 3), 40).await, of_key(&*store, 9).await), (MovedVoucher::NoSuch, None));
        assert_eq!(acts(&*store, "voucher.move").await, 2);
    }

    async fn it_takes_no_place_that_another_has_by_now(store) {
        let nas = beginning(&*store, 2).await;
        let [first, second] = [let_in(&*store, claim("ABC", nas, 1, 0)).await, let_in(&*store, claim("ABC", nas, 2, 0)).await];
        store.put_out_voucher_device(first.device.id, act_at(10, "voucher.out")).await.unwrap();
        let third = wanted(&*store, claim("ABC", nas, 3, 20)).await.device;
        assert_eq!((third.ordinal, moved(&*store, 1, (nas, 4), 30).await), (1, MovedVoucher::Full));
        store.put_out_voucher_device(second.device.id, act_at(40, "voucher.out")).await.unwrap();
        let MovedVoucher::Moved { holder, .. } = moved(&*store, 1, (nas, 4), 50).await else { panic!("one is free") };
        assert_eq!((holder.device.ordinal, holder.device.login.as_slice()), (2, &b"ABC-2"[..]));
        assert_eq!((acts(&*store, "voucher.move").await, of_key(&*store, 3).await), (1, at_abc(3, VoucherDeviceState::Wanted)));
    }

    async fn it_opens_its_own_voucher_only_and_only_while_that_is_good(store) {
        let nas = beginning(&*store, 1).await;
        let first = let_in(&*store, claim("ABC", nas, 1, 0)).await.device;
        store.put_out_voucher_device(first.id, act_at(10, "voucher.out")).await.unwrap();
        let of_another = VoucherClaim { proof: Some([9; 32]), ..claim("OTHER", nas, 1, 20) };
        let other = let_in(&*store, of_another).await.device;
        let MovedVoucher::Other(there) = moved(&*store, 1, (nas, 1), 30).await else { panic!("it is in with another") };
        assert_eq!(there.device, other);
        let MovedVoucher::Moved { holder, .. } = moved(&*store, 1, (nas, 2), 40).await else { panic!("its own") };
        assert_eq!(holder.device.voucher, first.voucher);
        store.take_back_voucher_device(holder.device.id).await.unwrap();
        store.pause_voucher(first.voucher, act_at(50, "voucher.pause")).await.unwrap().unwrap();
        assert_eq!(moved(&*store, 1, (nas, 2), 60).await, MovedVoucher::Not(VoucherPhase::Paused));
        store.resume_voucher(first.voucher, act_at(70, "voucher.resume")).await.unwrap().unwrap();
        assert_eq!(moved(&*store, 1, (nas, 2), 5_000).await, MovedVoucher::Not(VoucherPhase::Over));
        store.revoke_voucher(first.voucher, act_at(80, "voucher.revoke")).await.unwrap().unwrap();
        assert_eq!(moved(&*store, 1, (nas, 2), 90).await, MovedVoucher::Not(VoucherPhase::Revoked));
    }

    async fn of_a_device_that_is_in_it_is_good_until_its_owner_was_told_another(store) {
        let nas = beginning(&*store, 1).await;
        let first = let_in(&*store, claim("ABC", nas, 1, 0)).await.device;
        let mut again = claim("ABC", nas, 1, 10);
        again.proof = Some([9; 32]);
        let ClaimedVoucher::Device { holder, .. } = store.claim_voucher(again).await.unwrap() else { panic!("it is in") };
        assert_eq!(holder.device.proof, Some([1; 32]), "nobody was told the new one");
        assert_eq!((of_key(&*store, 1).await, of_key(&*store, 9).await), (at_abc(1, VoucherDeviceState::In), None));
        store.tell_voucher_proof(first.id, [9; 32]).await.unwrap();
        assert_eq!((of_key(&*store, 1).await, of_key(&*store, 9).await), (None, at_abc(1, VoucherDeviceState::In)));
    }
}
