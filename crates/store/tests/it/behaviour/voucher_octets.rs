//! What the devices of a voucher moved, by the ledger and by looks at their routers; who of them is in.

use accounting::Octets;
use accounting::login::{LoginKind, LoginName};
use accounting::snapshot::Service;
use accounting::time::{Micros, StartInterval};
use store::{
    NasId, SeenVoucherLogin, SeenVoucherRow, SeenVoucherSession, Store, VoucherClaim, VoucherLook,
    VoucherUsage,
};

use crate::every_store::on_every_store;
use crate::rounds::{entry, quiet, session, shared, tower};
use crate::vouchers::{act_at, at, claim, issue, let_in, mac, make, wanted};

/// A login of that user on that device, which began in that second of the router's time and moved so many octets.
fn shown(login: &[u8], no: u8, began: i64, octets: u64) -> SeenVoucherLogin {
    let began = StartInterval { earliest: began, latest: began + 1 };
    let session = Some(SeenVoucherSession { began, age_s: 0, octets });
    SeenVoucherLogin {
        login: login.to_vec(),
        mac: mac(no),
        session,
        row: None,
        at: at(began.earliest),
        is_up: true,
    }
}

fn look(logins: &[SeenVoucherLogin], whole_at: Option<Micros>) -> VoucherLook {
    VoucherLook { logins: logins.to_vec(), whole_at }
}

/// Sessions of the hotspot users of these names, which moved 1/2 octets, 10/20, 100/200...
async fn counted(store: &dyn Store, nas: NasId, names: &[&[u8]]) {
    let names: Vec<LoginName> = names.iter().map(|name| LoginName::new(LoginKind::Hotspot, *name)).collect();
    let resolved = store.resolve_logins(nas, &names).await.unwrap();
    let mut changes = quiet(1, 0);
    for (no, login) in (1..).zip(&resolved.logins) {
        let moved = Octets::new(10_u64.pow(no - 1), 2 * 10_u64.pow(no - 1));
        let no = u64::from(no);
        changes
            .new_sessions
            .push(accounting::changes::SessionRecord { service: Service::Hotspot, ..session(no, login.id) });
        changes.session_octets.push((no, moved));
        changes
            .new_entries
            .push(accounting::ledger::LedgerEntry { counter: None, ..entry(no, no, login.id, moved, 0) });
    }
    store.commit(nas, 1, resolved.version, shared(changes)).await.unwrap();
}

on_every_store! {
    async fn the_sessions_of_all_its_devices_count_and_no_others(store) {
        let (nas, ..) = tower(&*store).await;
        make(&*store, issue(2), &["ABC", "OTHER", "UNUSED"]).await;
        let first = let_in(&*store, claim("ABC", nas, 1, 5)).await.device;
        let second = let_in(&*store, claim("ABC", nas, 2, 5)).await.device;
        assert_eq!(second.login, b"ABC-2");
        let other = let_in(&*store, claim("OTHER", nas, 3, 5)).await.device.voucher;
        store.put_out_voucher_device(first.id, crate::vouchers::act_at(6, "voucher.leave")).await.unwrap();
        counted(&*store, nas, &[b"ABC", b"ABC-2", b"OTHER", b"UNUSED", b"abc"]).await;
        let usage = |input, output| VoucherUsage { booked: Octets::new(input, output), moved: input + output, as_of: None };
        let moved = store.voucher_usage(vec![other, first.voucher, first.voucher]).await.unwrap();
        assert_eq!(moved, [usage(100, 200), usage(11, 22), usage(11, 22)]);
        let unused = crate::vouchers::voucher(&*store, "UNUSED").await.voucher.id;
        assert_eq!(store.voucher_usage(vec![unused]).await.unwrap(), [usage(0, 0)]);
    }

    async fn of_the_ledger_and_of_looks_counts_whichever_has_more_of_each_user(store) {
        let (nas, ..) = tower(&*store).await;
        make(&*store, issue(2), &["ABC"]).await;
        let id = let_in(&*store, claim("ABC", nas, 1, 5)).await.device.voucher;
        let_in(&*store, claim("ABC", nas, 2, 5)).await;
        counted(&*store, nas, &[b"ABC", b"ABC-2"]).await;
        let moved = async || store.voucher_usage(vec![id]).await.unwrap()[0].moved;
        assert_eq!(moved().await, 33);
        store.note_voucher_logins(nas, look(&[shown(b"ABC", 1, 0, 20)], None)).await.unwrap();
        assert_eq!(moved().await, 20 + 30, "the look is younger");
        store.note_voucher_logins(nas, look(&[shown(b"ABC-2", 2, 0, 20)], None)).await.unwrap();
        assert_eq!(moved().await, 20 + 30, "the ledger has what no look showed");
        store.note_voucher_logins(nas, look(&[shown(b"ABC-2", 2, 900, 25)], None)).await.unwrap();
        assert_eq!(moved().await, 20 + 45, "another login");
    }

    async fn logins_count_once_and_what_is_as_it_was_is_not_written_again(store) {
        let (nas, ..) = tower(&*store).await;
        make(&*store, issue(1), &["ABC"]).await;
        let holder = let_in(&*store, claim("ABC", nas, 1, 5)).await;
        let (id, device) = (holder.device.voucher, holder.device.id);
        let usage = async || store.voucher_usage(vec![id]).await.unwrap()[0];
        let under = |session, octets| {
            let row = Some(SeenVoucherRow { id: b"*1".to_vec(), octets });
            SeenVoucherLogin { session, row, is_up: false, ..shown(b"ABC", 1, 500, 0) }
        };
        let online = async || store.voucher_devices_online(id).await.unwrap();
        assert_eq!(online().await, [device], "no look could show it yet");
        for (seen, whole_at, moved, is_in) in [
            (vec![shown(b"ABC", 1, 100, 40)], None, 40, true),
            (vec![shown(b"ABC", 1, 101, 60)], Some(at(20)), 60, true),
            (vec![], None, 60, true),
            (vec![], Some(at(30)), 60, false),
            (vec![shown(b"ABC", 1, 500, 10)], Some(at(40)), 70, true),
            (vec![SeenVoucherLogin { is_up: false, ..shown(b"ABC", 1, 500, 35) }], Some(at(50)), 95, false),
            (vec![shown(b"OTHER", 9, 500, 999)], Some(at(60)), 95, false),
            (vec![under(None, 3)], Some(at(61)), 95, false),
            (vec![under(None, 99)], Some(at(62)), 99, false),
        ] {
            store.note_voucher_logins(nas, look(&seen, whole_at)).await.unwrap();
            assert_eq!((usage().await.moved, online().await == [device]), (moved, is_in), "{seen:?}");
        }
        assert_eq!(usage().await.as_of, Some(shown(b"ABC", 1, 500, 35).at), "nobody is in");
        store.note_voucher_logins(nas, look(&[shown(b"ABC", 1, 800, 5)], Some(at(70)))).await.unwrap();
        assert_eq!(usage().await.as_of, Some(at(70)));
        store.note_voucher_logins(nas, look(&[shown(b"ABC", 1, 800, 5)], Some(at(80)))).await.unwrap();
        assert_eq!(usage().await.as_of, Some(at(70)), "nothing is new");
        let later = at(61_000_000);
        store.note_voucher_logins(nas, look(&[shown(b"ABC", 1, 800, 5)], Some(later))).await.unwrap();
        assert_eq!(usage().await.as_of, Some(later), "which is said every minute");
        store.leave_voucher_device(device, act_at(90, "voucher.leave")).await.unwrap();
        assert_eq!(online().await, [], "it is to leave");
    }

    async fn who_is_let_in_by_a_process_that_is_gone_is_known(store) {
        let (nas, ..) = tower(&*store).await;
        make(&*store, issue(3), &["ABC"]).await;
        let by = |run: Option<&str>, no| VoucherClaim { by: run.map(str::to_owned), ..claim("ABC", nas, no, 5) };
        let gone = wanted(&*store, by(Some("gone"), 1)).await.device.id;
        wanted(&*store, by(Some("this"), 2)).await;
        wanted(&*store, by(None, 3)).await;
        assert_eq!(store.left_voucher_devices(nas, "this".to_owned()).await.unwrap(), [gone]);
        wanted(&*store, by(Some("this"), 1)).await;
        assert_eq!(store.left_voucher_devices(nas, "this".to_owned()).await.unwrap(), [], "it is asked for again");
    }
}
