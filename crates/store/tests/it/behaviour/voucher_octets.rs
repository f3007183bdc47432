//! What the devices of a voucher moved, as it is in the books.

use accounting::Octets;
use accounting::login::{LoginKind, LoginName};
use accounting::snapshot::Service;
use store::{NasId, Store};

use crate::every_store::on_every_store;
use crate::rounds::{entry, quiet, session, shared, tower};
use crate::vouchers::{claim, issue, let_in, make};

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
        let moved = store.voucher_octets(vec![other, first.voucher, first.voucher]).await.unwrap();
        assert_eq!(moved, [Octets::new(100, 200), Octets::new(11, 22), Octets::new(11, 22)]);
        let unused = crate::vouchers::voucher(&*store, "UNUSED").await.voucher.id;
        assert_eq!(store.voucher_octets(vec![unused]).await.unwrap(), [Octets::ZERO]);
    }
}
