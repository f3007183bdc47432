//! Whom vouchers let in, step by step.

use std::sync::Arc;

use store::{ClaimedVoucher, MovedVoucher, NasId, Store, VoucherClaim, VoucherDeviceState, VoucherPhase};

use crate::every_store::on_every_store;
use crate::rounds::{act, router, tower};
use crate::vouchers::{act_at, acts, at, claim, issue, let_in, mac, make, voucher, wanted};

async fn beginning(store: &dyn Store, devices: u32) -> NasId {
    let (nas, ..) = tower(store).await;
    make(store, issue(devices), &["ABC", "OTHER"]).await;
    nas
}

async fn phase(store: &dyn Store, code: &str, later: i64) -> VoucherPhase {
    voucher(store, code).await.voucher.phase(at(later))
}

on_every_store! {
    async fn a_device_is_wanted_before_anything_is_used(store) {
        let nas = beginning(&*store, 1).await;
        assert_eq!(store.claim_voucher(claim("NONE", nas, 1, 5)).await.unwrap(), ClaimedVoucher::NoSuch);
        assert_eq!(store.voucher_routers().await.unwrap(), []);
        let first = wanted(&*store, claim("ABC", nas, 1, 5)).await;
        let device = &first.device;
        assert_eq!((device.ordinal, device.nas, &device.mac, device.login.as_slice()), (1, nas, &mac(1), &b"ABC"[..]));
        assert_eq!((device.state, device.wanted_at, device.proof), (VoucherDeviceState::Wanted, at(5), Some([1; 32])));
        assert_eq!(phase(&*store, "ABC", 5).await, VoucherPhase::Unused);
        let mut again = claim("ABC", nas, 1, 6);
        again.proof = Some([9; 32]);
        let second = wanted(&*store, again).await.device;
        assert_eq!((second.id, second.proof, second.wanted_at), (device.id, Some([9; 32]), at(6)), "it waits anew");
        let mut without = claim("ABC", nas, 1, 7);
        without.proof = None;
        assert_eq!(wanted(&*store, without).await.device.proof, Some([9; 32]));
        assert_eq!(store.voucher_of_proof([1; 32]).await.unwrap(), None, "another took its place");
        let found = store.voucher_of_proof([9; 32]).await.unwrap().unwrap();
        assert_eq!(store.voucher_of_device(nas, mac(1)).await.unwrap(), Some(found.clone()));
        assert_eq!(store.voucher_devices(nas).await.unwrap(), [found]);
        assert!(store.take_back_voucher_device(device.id).await.unwrap());
        assert!(!store.take_back_voucher_device(device.id).await.unwrap());
        assert_eq!(store.complete_voucher_device(device.id, at(8), act("voucher.use")).await.unwrap(), None);
        assert_eq!((phase(&*store, "ABC", 8).await, acts(&*store, "voucher.use").await), (VoucherPhase::Unused, 0));
    }

    async fn as_many_as_it_lets_in_are_live_each_under_its_own_name(store) {
        let nas = beginning(&*store, 2).await;
        let first = let_in(&*store, claim("ABC", nas, 1, 5)).await.device;
        let second = wanted(&*store, claim("ABC", nas, 2, 6)).await.device;
        assert_eq!((second.ordinal, second.login.as_slice()), (2, &b"ABC-2"[..]));
        assert_eq!(store.claim_voucher(claim("ABC", nas, 3, 7)).await.unwrap(), ClaimedVoucher::Full);
        let ClaimedVoucher::Other(other) = store.claim_voucher(claim("OTHER", nas, 2, 8)).await.unwrap() else {
            panic!("a device is in with one voucher at a time")
        };
        assert_eq!(other.device, second);
        assert!(!store.put_out_voucher_device(second.id, act("voucher.leave")).await.unwrap(), "it is not in yet");
        assert!(store.put_out_voucher_device(first.id, act_at(9, "voucher.leave")).await.unwrap());
        assert!(!store.put_out_voucher_device(first.id, act_at(10, "voucher.leave")).await.unwrap());
        let of_first = store.voucher_of_proof([1; 32]).await.unwrap().map(|holder| holder.device.state);
        assert_eq!((acts(&*store, "voucher.leave").await, of_first), (1, Some(VoucherDeviceState::Out)));
        let third = wanted(&*store, claim("ABC", nas, 3, 11)).await.device;
        assert_eq!((third.ordinal, third.login.as_slice()), (1, &b"ABC"[..]));
        let (_, devices) = store.voucher_by_code("ABC".to_owned()).await.unwrap().unwrap();
        let states: Vec<_> = devices.iter().map(|device| (device.id, device.state, device.out_at)).collect();
        let (out, wanted) = (VoucherDeviceState::Out, VoucherDeviceState::Wanted);
        assert_eq!(states, [(first.id, out, Some(at(9))), (second.id, wanted, None), (third.id, wanted, None)]);
    }

    async fn who_was_in_last_is_known_also_when_they_are_out(store) {
        let nas = beginning(&*store, 1).await;
        let last = async |no: u8| {
            let found = store.last_voucher_device(nas, mac(no)).await.unwrap();
            found.map(|holder| (holder.issued.voucher.code, holder.device.state))
        };
        let wanted = wanted(&*store, claim("ABC", nas, 1, 5)).await.device;
        assert_eq!(last(1).await, None, "it was never in");
        store.complete_voucher_device(wanted.id, at(6), act_at(6, "voucher.use")).await.unwrap().unwrap();
        let of = |code: &str, state| Some((code.to_owned(), state));
        assert_eq!(last(1).await, of("ABC", VoucherDeviceState::In));
        assert!(store.put_out_voucher_device(wanted.id, act_at(9, "voucher.out")).await.unwrap());
        assert_eq!((last(1).await, last(2).await), (of("ABC", VoucherDeviceState::Out), None));
        let_in(&*store, claim("OTHER", nas, 1, 10)).await;
        assert_eq!(last(1).await, of("OTHER", VoucherDeviceState::In), "the last one");
    }

    async fn of_two_at_once_one_gets_the_last_place(store) {
        let nas = beginning(&*store, 1).await;
        let claims = at_once(&store, (1..=8).map(|no| claim("ABC", nas, no, 5))).await;
        let of = |is: fn(&ClaimedVoucher) -> bool| claims.iter().filter(|claimed| is(claimed)).count();
        assert_eq!(of(|claimed| matches!(claimed, ClaimedVoucher::Device { .. })), 1);
        assert_eq!(of(|claimed| *claimed == ClaimedVoucher::Full), 7);
        for claimed in at_once(&store, (1..=8).map(|_| claim("OTHER", nas, 9, 5))).await {
            let ClaimedVoucher::Device { holder, .. } = claimed else { panic!("{claimed:?}") };
            assert_eq!(Some(holder.device.id), store.voucher_of_device(nas, mac(9)).await.unwrap().map(|it| it.device.id));
        }
    }

    async fn who_leaves_keeps_the_place_until_it_is_off(store) {
        let nas = beginning(&*store, 1).await;
        let first = let_in(&*store, claim("ABC", nas, 1, 5)).await.device;
        assert!(store.leave_voucher_device(first.id, act_at(9, "voucher.leave")).await.unwrap());
        assert!(!store.leave_voucher_device(first.id, act_at(10, "voucher.leave")).await.unwrap());
        assert_eq!(acts(&*store, "voucher.leave").await, 1);
        let leaving = store.voucher_devices(nas).await.unwrap().remove(0).device;
        assert_eq!((leaving.state, leaving.leaving_at), (VoucherDeviceState::In, Some(at(9))));
        assert_eq!(store.claim_voucher(claim("ABC", nas, 2, 11)).await.unwrap(), ClaimedVoucher::Full, "it may be in yet");
        assert_eq!(store.complete_voucher_device(first.id, at(11), act_at(11, "voucher.use")).await.unwrap(), None);
        let again = wanted(&*store, claim("ABC", nas, 1, 12)).await.device;
        assert_eq!((again.ordinal, again.state, again.leaving_at), (1, VoucherDeviceState::Wanted, None), "its own place");
        assert_ne!(again.id, first.id);
        store.leave_voucher_device(again.id, act_at(13, "voucher.leave")).await.unwrap();
        assert_eq!(store.complete_voucher_device(again.id, at(13), act_at(14, "voucher.use")).await.unwrap(), None);
        assert!(store.take_back_voucher_device(again.id).await.unwrap());
        let second = let_in(&*store, claim("ABC", nas, 2, 20)).await.device;
        store.leave_voucher_device(second.id, act_at(21, "voucher.leave")).await.unwrap();
        let moved = store.move_voucher_device([2; 32], nas, mac(2), None, act_at(22, "voucher.move")).await.unwrap();
        let MovedVoucher::Moved { holder, from } = moved else { panic!("{moved:?}") };
        assert_eq!((holder.device.leaving_at, holder.device.state), (None, VoucherDeviceState::Wanted));
        assert_eq!(from.map(|from| from.id), Some(second.id));
    }

    async fn the_first_that_comes_in_starts_the_clock(store) {
        let nas = beginning(&*store, 2).await;
        let [first, second] = [wanted(&*store, claim("ABC", nas, 1, 5)).await, wanted(&*store, claim("ABC", nas, 2, 6)).await];
        let complete = async |id, since, later| {
            store.complete_voucher_device(id, at(since), act_at(later, "voucher.use")).await.unwrap().unwrap()
        };
        let inside = complete(first.device.id, 3, 20).await;
        assert_eq!((inside.device.state, inside.device.in_at), (VoucherDeviceState::In, Some(at(5))), "not before it was wanted");
        let used = inside.issued.voucher;
        assert_eq!((used.first_used_at, used.clock.ends_at()), (Some(at(5)), Some(at(1_005))));
        let later = complete(second.device.id, 900, 50).await;
        assert_eq!((later.device.in_at, &later.issued.voucher), (Some(at(50)), &used), "nor in time to come");
        assert_eq!(complete(second.device.id, 60, 60).await, later);
        assert_eq!(acts(&*store, "voucher.use").await, 2);
        assert!(!store.take_back_voucher_device(second.device.id).await.unwrap(), "it is in");
    }

    async fn nobody_comes_in_with_one_that_is_paused_over_or_revoked(store) {
        let nas = beginning(&*store, 3).await;
        let_in(&*store, claim("ABC", nas, 1, 0)).await;
        let late = wanted(&*store, claim("ABC", nas, 2, 1)).await.device.id;
        let id = voucher(&*store, "ABC").await.voucher.id;
        let not = |phase| ClaimedVoucher::Not(phase);
        store.pause_voucher(id, act_at(100, "voucher.pause")).await.unwrap().unwrap();
        assert_eq!(store.claim_voucher(claim("ABC", nas, 1, 150)).await.unwrap(), not(VoucherPhase::Paused));
        store.resume_voucher(id, act_at(200, "voucher.resume")).await.unwrap().unwrap();
        assert_eq!(store.claim_voucher(claim("ABC", nas, 3, 1_100)).await.unwrap(), not(VoucherPhase::Over));
        assert_eq!(store.complete_voucher_device(late, at(1_100), act_at(1_100, "voucher.use")).await.unwrap(), None);
        assert_eq!(store.move_voucher_device([1; 32], nas, mac(7), None, act_at(1_100, "voucher.move")).await.unwrap(), MovedVoucher::Not(VoucherPhase::Over));
        let other = wanted(&*store, claim("OTHER", nas, 4, 5)).await.device;
        store.revoke_voucher(other.voucher, act_at(6, "voucher.revoke")).await.unwrap().unwrap();
        assert_eq!(store.claim_voucher(claim("OTHER", nas, 4, 7)).await.unwrap(), not(VoucherPhase::Revoked));
        assert_eq!(store.complete_voucher_device(other.id, at(7), act_at(7, "voucher.use")).await.unwrap(), None);
        let kept = store.voucher_devices(nas).await.unwrap();
        let kept: Vec<_> = kept.iter().map(|kept| (kept.device.id, kept.issued.voucher.phase(at(7)))).collect();
        assert_eq!(kept.last(), Some(&(other.id, VoucherPhase::Revoked)), "it may be on the router");
    }

    async fn the_owner_moves_a_place_and_the_proof_goes_along(store) {
        let nas = beginning(&*store, 1).await;
        let hill = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
        let first = let_in(&*store, claim("ABC", nas, 1, 0)).await;
        let moved = async |proof, nas, no, later| {
            store.move_voucher_device([proof; 32], nas, mac(no), None, act_at(later, "voucher.move")).await.unwrap()
        };
        assert_eq!(moved(9, hill, 2, 10).await, MovedVoucher::NoSuch);
        let MovedVoucher::Moved { holder, from } = moved(1, hill, 2, 20).await else { panic!("it runs") };
        assert_eq!((from, holder.device.nas, holder.device.state), (Some(first.device.clone()), hill, VoucherDeviceState::Wanted));
        assert_eq!((holder.device.ordinal, &holder.device.login, holder.device.proof), (1, &first.device.login, Some([1; 32])));
        assert_eq!(store.voucher_of_proof([1; 32]).await.unwrap(), Some(holder.clone()));
        assert_eq!(moved(1, hill, 2, 30).await, MovedVoucher::Moved { holder: holder.clone(), from: None });
        let_in(&*store, claim("OTHER", hill, 3, 0)).await;
        assert!(matches!(moved(1, hill, 3, 40).await, MovedVoucher::Other(_)));
        let MovedVoucher::Moved { from, .. } = moved(1, nas, 4, 50).await else { panic!("it runs") };
        assert_eq!(from.map(|from| from.id), Some(holder.device.id));
        let (_, devices) = store.voucher_by_code("ABC".to_owned()).await.unwrap().unwrap();
        let macs: Vec<_> = devices.iter().map(|device| (&*device.mac, device.out_at)).collect();
        assert_eq!(macs, [(&*mac(1), Some(at(20))), (&*mac(4), None)], "who never was in leaves no trace");
        assert_eq!(acts(&*store, "voucher.move").await, 2);
        assert_eq!(store.voucher_routers().await.unwrap(), [nas, hill]);
    }

    async fn a_device_that_comes_to_another_router_keeps_its_place(store) {
        let nas = beginning(&*store, 1).await;
        let hill = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
        let there = let_in(&*store, claim("ABC", nas, 1, 0)).await.device;
        let mut without = claim("ABC", hill, 1, 10);
        without.proof = None;
        let ClaimedVoucher::Device { holder, moved_from } = store.claim_voucher(without).await.unwrap() else {
            panic!("it is the same device")
        };
        assert_eq!((moved_from, holder.device.ordinal, holder.device.proof), (Some(there), 1, Some([1; 32])));
        assert_eq!(store.voucher_devices(nas).await.unwrap(), []);
        assert_eq!(store.voucher_devices(hill).await.unwrap(), [holder]);
    }

    async fn one_ends_when_it_is_over_and_nobody_is_in(store) {
        let nas = beginning(&*store, 1).await;
        let first = let_in(&*store, claim("ABC", nas, 1, 0)).await.device;
        let second = let_in(&*store, claim("OTHER", nas, 2, 50)).await.device;
        let codes = async |before, most| {
            let over = store.vouchers_over_by(at(before), most).await.unwrap();
            over.into_iter().map(|over| over.voucher.code).collect::<Vec<_>>()
        };
        assert_eq!((codes(1_000, 9).await, codes(1_051, 9).await), (vec![], vec!["ABC".to_owned(), "OTHER".to_owned()]));
        assert_eq!(codes(1_051, 1).await, ["ABC"]);
        assert_eq!(store.end_vouchers(at(1_000)).await.unwrap(), [], "somebody is in");
        store.put_out_voucher_device(first.id, act_at(1_000, "voucher.leave")).await.unwrap();
        assert_eq!(store.end_vouchers(at(999)).await.unwrap(), []);
        let ended = store.end_vouchers(at(1_001)).await.unwrap();
        assert_eq!(ended, [voucher(&*store, "ABC").await.voucher]);
        assert_eq!((ended[0].ended_at, store.end_vouchers(at(1_002)).await.unwrap()), (Some(at(1_001)), vec![]));
        let up = async |later| store.use_up_voucher(second.voucher, act_at(later, "voucher.used_up")).await.unwrap();
        assert!(up(500).await && !up(501).await);
        store.put_out_voucher_device(second.id, act_at(502, "voucher.leave")).await.unwrap();
        assert_eq!(store.end_vouchers(at(503)).await.unwrap().len(), 1);
        let ends = store.list_audit(store::AuditQuery { limit: 2, action: Some("voucher.end".to_owned()), reach: store::Reach::Everywhere, ..Default::default() });
        let ends: Vec<_> = ends.await.unwrap().into_iter().map(|end| (end.act.subject, end.act.detail)).collect();
        let told = |batch: store::VoucherBatchId, up| format!(r#"{{"batch":{batch},"data_used_up":{up}}}"#);
        let batch = ended[0].batch;
        assert_eq!(ends, [("OTHER".to_owned(), told(batch, true)), ("ABC".to_owned(), told(batch, false))]);
        assert_eq!(codes(i64::MAX / 2, 9).await, Vec::<String>::new());
    }

    async fn a_router_is_marked_until_nothing_is_there_or_it_is_removed(store) {
        let nas = beginning(&*store, 2).await;
        let first = let_in(&*store, claim("ABC", nas, 1, 0)).await.device;
        store.free_of_vouchers(nas).await.unwrap();
        assert_eq!(store.voucher_routers().await.unwrap(), [nas], "a device is live");
        store.put_out_voucher_device(first.id, act_at(5, "voucher.leave")).await.unwrap();
        assert_eq!(store.voucher_routers().await.unwrap(), [nas], "it may be there yet");
        store.free_of_vouchers(nas).await.unwrap();
        assert_eq!(store.voucher_routers().await.unwrap(), []);
        let_in(&*store, claim("ABC", nas, 2, 10)).await;
        wanted(&*store, claim("OTHER", nas, 3, 10)).await;
        store.remove_nas(nas, act_at(20, "router.remove")).await.unwrap();
        assert_eq!((store.voucher_routers().await.unwrap(), store.voucher_devices(nas).await.unwrap()), (vec![], vec![]));
        assert_eq!(phase(&*store, "OTHER", 20).await, VoucherPhase::Unused);
        let hill = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
        wanted(&*store, claim("ABC", hill, 4, 30)).await;
    }
}

/// All at once.
async fn at_once(store: &Arc<dyn Store>, claims: impl Iterator<Item = VoucherClaim>) -> Vec<ClaimedVoucher> {
    let begun: Vec<_> = claims
        .map(|claim| {
            let store = Arc::clone(store);
            tokio::spawn(async move { store.claim_voucher(claim).await.unwrap() })
        })
        .collect();
    let mut claimed = Vec::new();
    for task in begun {
        claimed.push(task.await.unwrap());
    }
    claimed
}
