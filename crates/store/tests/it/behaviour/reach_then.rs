//! For how long it gives a right that somebody was somewhere, and whose vouchers are whose.

use accounting::Octets;
use accounting::changes::{SessionEnded, SessionState};
use accounting::login::{LoginKind, LoginName};
use store::{
    NasId, NewAudit, NewNas, Reach, Renews, Scope, Store, SubscriberChange, VoucherIssue, VoucherQuery,
    WhoseVouchers,
};
use uuid::Uuid;

use super::reach::{country, reach};
use crate::every_store::on_every_store;
use crate::rounds::{act, first, quiet, resolve, router, shared, subscriber, times};
use crate::vouchers::{act_at, at, claim, issue, let_in, mac, make};

/// Ana, whose login counts everywhere, was on the tower from the begin on, and went after 12 seconds.
async fn visitor(store: &dyn Store) -> Uuid {
    let tower = NewNas { group: Some("north".to_owned()), ..router("tower") };
    let tower = store.insert_nas(tower, act("router.add")).await.unwrap();
    let ana = subscriber("ana", Scope::All);
    store.insert_subscriber(ana.clone(), act("subscriber.add")).await.unwrap();
    let (version, login) = resolve(store, tower, b"ana").await;
    store.commit(tower, 1, version, shared(first(login.id, login.cycle, Octets::new(5, 5)))).await.unwrap();
    let ended = SessionEnded { last_seen_at: times(12).at, terminate_cause: None };
    let mut changes = quiet(2, 20);
    changes.session_states = vec![(1, SessionState::Ended(ended))];
    store.commit(tower, 1, version, shared(changes)).await.unwrap();
    ana.id
}

async fn renew(store: &dyn Store, id: Uuid, seconds: u64) {
    let at = |action: &str| NewAudit { at: times(seconds).at, ..act(action) };
    let change = SubscriberChange { renews: Renews::Always, ..SubscriberChange::default() };
    store.change_subscriber(id, change, at("subscriber.edit"), at("subscriber.renew")).await.unwrap();
}

/// The codes that a list tells, the newest first.
async fn codes(store: &dyn Store, query: VoucherQuery) -> Vec<String> {
    let found = store.list_vouchers(VoucherQuery { limit: 9, ..query }, at(9)).await.unwrap();
    found.into_iter().map(|one| one.voucher.code).collect()
}

fn made_by(maker: &str) -> VoucherIssue {
    VoucherIssue { made_by: maker.to_owned(), ..issue(2) }
}

async fn nas(store: &dyn Store, name: &str) -> NasId {
    store.nas_by_name(name).await.unwrap().unwrap().id
}

on_every_store! {
    async fn who_was_there_is_reached_until_the_cycle_after_the_next_begins(store) {
        let ana = visitor(&*store).await;
        let north = reach(&*store, &["north"]).await;
        let found = async || {
            let found = store.find_subscriber_within("ana", north.clone()).await.unwrap().is_some();
            assert_eq!(store.count_subscribers_within(north.clone()).await.unwrap(), u64::from(found));
            found
        };
        assert!(found().await, "in the cycle that is open");
        renew(&*store, ana, 30).await;
        assert!(found().await, "who renewed her can undo it");
        renew(&*store, ana, 40).await;
        assert!(!found().await, "that was two cycles ago");
        store.undo_renewal(ana, NewAudit { at: times(50).at, ..act("subscriber.undo_renewal") }).await.unwrap();
        assert!(found().await, "an undone renewal began no cycle");
    }

    async fn who_was_there_as_somebody_else_or_is_it_no_more_is_not_reached(store) {
        let ana = visitor(&*store).await;
        let north = reach(&*store, &["north"]).await;
        let found = async |name: &str| store.find_subscriber_within(name, north.clone()).await.unwrap().is_some();
        let login = LoginName::new(LoginKind::Ppp, b"ana".to_vec());
        let at = |action: &str| NewAudit { at: times(60).at, ..act(action) };
        store.unbind_login(ana, login.clone(), Scope::All, at("subscriber.unbind")).await.unwrap();
        assert!(!found("ana").await, "the login is hers no more");
        let eva = subscriber("eva", Scope::All);
        store.insert_subscriber(eva.clone(), at("subscriber.add")).await.unwrap();
        store.bind_login(eva.id, login, Scope::All, at("subscriber.bind")).await.unwrap();
        assert!(!found("eva").await, "the session was over before the login was hers");
    }

    async fn vouchers_are_theirs_who_made_them_or_on_whose_routers_alone_they_were_used(store) {
        country(&*store).await;
        let (tower, hill) = (nas(&*store, "tower").await, nas(&*store, "hill").await);
        make(&*store, made_by("nora"), &["MINE1", "MINE2"]).await;
        let others = make(&*store, made_by("sam"), &["HERE", "BOTH", "THERE", "UNUSED"]).await;
        let_in(&*store, claim("MINE2", hill, 1, 5)).await;
        let_in(&*store, claim("HERE", tower, 2, 5)).await;
        let_in(&*store, claim("BOTH", tower, 3, 5)).await;
        let_in(&*store, claim("BOTH", hill, 4, 5)).await;
        let_in(&*store, claim("THERE", hill, 5, 5)).await;
        let north = WhoseVouchers { reach: reach(&*store, &["north"]).await, maker: "nora".to_owned() };
        let whose = || VoucherQuery { whose: north.clone(), ..VoucherQuery::default() };
        assert_eq!(codes(&*store, whose()).await, ["HERE", "MINE2", "MINE1"]);
        assert_eq!(codes(&*store, VoucherQuery { batch: Some(others.id), ..whose() }).await, ["HERE"]);
        assert_eq!(codes(&*store, VoucherQuery { mac: Some(mac(2)), ..whose() }).await, ["HERE"]);
        let elsewhere = VoucherQuery { mac: Some(mac(1)), ..whose() };
        assert_eq!(codes(&*store, elsewhere).await, Vec::<String>::new(), "it would say where a device was");
        let by_code = async |code: &str, whose: &WhoseVouchers| {
            let found = store.voucher_by_code_within(code.to_owned(), whose.clone()).await.unwrap();
            found.map(|(_, devices)| devices.into_iter().map(|device| device.nas).collect::<Vec<_>>())
        };
        assert_eq!(by_code("HERE", &north).await, Some(vec![tower]));
        assert_eq!(by_code("MINE2", &north).await, Some(Vec::new()), "without where else it was used");
        for code in ["BOTH", "THERE", "UNUSED"] {
            assert_eq!(by_code(code, &north).await, None, "{code}");
        }
        assert_eq!(by_code("BOTH", &WhoseVouchers::all()).await, Some(vec![tower, hill]));
        let nobody = VoucherQuery { whose: WhoseVouchers { reach: Reach::default(), maker: "x".to_owned() }, ..VoucherQuery::default() };
        assert_eq!(codes(&*store, nobody).await, Vec::<String>::new());
        let out = store.voucher_by_code("HERE".to_owned()).await.unwrap().unwrap().1[0].id;
        assert!(store.put_out_voucher_device(out, act_at(6, "voucher.leave")).await.unwrap());
        assert_eq!(by_code("HERE", &north).await, Some(vec![tower]), "it was used there all the same");
    }
}
