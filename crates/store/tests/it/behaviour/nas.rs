//! The registry of routers.

use store::{
    AuditQuery, Fingerprint, FirstSight, NasOrigin, NasPatch, Resealed, SealedPassword, StoreError, TlsMode,
};

use crate::every_store::on_every_store;
use crate::rounds::{act, of_device, quiet, resolve, router, shared, tower};

on_every_store! {
    async fn a_router_comes_back_as_it_was_added(store) {
        let new = router("tower");
        let id = store.insert_nas(new.clone(), act("router.add")).await.unwrap();
        let found = store.nas_by_name("tower").await.unwrap().unwrap();
        assert_eq!((found.id, &found.config), (id, &new));
        assert_eq!(store.nas_by_id(id).await.unwrap(), Some(found));
        assert_eq!(store.nas_by_name("Tower").await.unwrap(), None);
    }

    async fn two_routers_cannot_have_one_name(store) {
        store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let refused = store.insert_nas(router("tower"), act("router.add")).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Constraint(text) if text.contains("tower")), "{refused}");
        assert_eq!(store.list_nas().await.unwrap().len(), 1);
        assert_eq!(store.list_audit(AuditQuery { limit: 10, reach: store::Reach::Everywhere, ..AuditQuery::default() }).await.unwrap().len(), 1, "a refused act is not in the journal");
    }

    async fn a_patch_changes_what_it_names(store) {
        let id = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        store.insert_nas(router("hill"), act("router.add")).await.unwrap();
        let patch = NasPatch {
            host: Some("10.0.0.1".to_owned()),
            tls: Some(TlsMode::Pinned),
            password: Some(SealedPassword(vec![9])),
            link_speed_bps: Some(None),
            enabled: Some(false),
            ..NasPatch::default()
        };
        store.update_nas(id, patch, act("router.edit")).await.unwrap();
        let config = store.nas_by_id(id).await.unwrap().unwrap().config;
        assert_eq!((config.host.as_str(), config.tls, config.enabled), ("10.0.0.1", TlsMode::Pinned, false));
        assert_eq!((config.link_speed_bps, config.port), (None, 8728));
        let taken = NasPatch { name: Some("hill".to_owned()), ..NasPatch::default() };
        assert!(matches!(store.update_nas(id, taken, act("router.edit")).await, Err(StoreError::Constraint(_))));
        let same = NasPatch { name: Some("tower".to_owned()), ..NasPatch::default() };
        store.update_nas(id, same, act("router.edit")).await.unwrap();
    }

    async fn passwords_are_sealed_anew_all_or_none(store) {
        let (hill, tower) = (
            store.insert_nas(router("hill"), act("router.add")).await.unwrap(),
            store.insert_nas(router("tower"), act("router.add")).await.unwrap(),
        );
        let before = router("hill").password;
        let anew = |before: &SealedPassword| {
            [hill, tower].map(|nas| Resealed { nas, before: before.clone(), after: SealedPassword(vec![7; 9]) })
        };
        let password = async |nas| store.nas_by_id(nas).await.unwrap().unwrap().config.password;
        let mut half = anew(&before);
        half[1].before = SealedPassword(vec![1]);
        let refused = store.reseal_nas(half.to_vec(), act("key.rotate")).await;
        assert!(matches!(refused, Err(StoreError::Constraint(_))), "one was changed meanwhile: {refused:?}");
        assert_eq!((password(hill).await, password(tower).await), (before.clone(), before.clone()));
        store.reseal_nas(anew(&before).to_vec(), act("key.rotate")).await.unwrap();
        assert_eq!((password(hill).await, password(tower).await), (SealedPassword(vec![7; 9]), SealedPassword(vec![7; 9])));
        let acts = store.list_audit(AuditQuery { limit: 10, reach: store::Reach::Everywhere, ..AuditQuery::default() }).await.unwrap();
        assert_eq!(acts.iter().filter(|one| one.act.action == "key.rotate").count(), 1);
    }

    async fn a_removed_router_frees_its_name_and_keeps_its_history(store) {
        let (id, version, _) = tower(&*store).await;
        store.commit(id, 1, version, shared(quiet(1, 0))).await.unwrap();
        store.remove_nas(id, act("router.remove")).await.unwrap();
        assert_eq!(store.nas_by_name("tower").await.unwrap(), None);
        assert!(matches!(store.remove_nas(id, act("router.remove")).await, Err(StoreError::NotFound(_))));
        let again = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        assert_ne!(again, id);
        assert_eq!(store.load(id).await.unwrap().record.poll_seq, 1);
    }

    async fn the_same_device_under_another_name_is_found(store) {
        let (first, version, _) = tower(&*store).await;
        store.commit(first, 1, version, shared(of_device(quiet(1, 0), "SERIAL1"))).await.unwrap();
        let second = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
        let taken = store.commit(second, 1, version, shared(of_device(quiet(1, 0), "SERIAL1"))).await.unwrap_err();
        assert!(taken.to_string().contains("SERIAL1 is counted as tower already"), "{taken}");
        let twin = store.nas_of_device("SERIAL1", second).await.unwrap().unwrap();
        assert_eq!(twin.id, first);
        assert_eq!(store.nas_of_device("SERIAL1", first).await.unwrap(), None);
        let off = NasPatch { enabled: Some(false), ..NasPatch::default() };
        store.update_nas(first, off, act("router.disable")).await.unwrap();
        let twin = store.nas_of_device("SERIAL1", second).await.unwrap().unwrap();
        assert_eq!(twin.id, first, "its baselines wait, polled or not");
        store.remove_nas(first, act("router.remove")).await.unwrap();
        assert_eq!(store.nas_of_device("SERIAL1", second).await.unwrap(), None);
    }

    async fn routers_of_the_file_follow_the_file(store) {
        store.insert_nas(router("by-hand"), act("router.add")).await.unwrap();
        let listed = |name: &str| store::NewNas { origin: NasOrigin::File, ..router(name) };
        let (a, b) = (listed("a"), listed("b"));
        let done = store.sync_file_nas(vec![a.clone(), b.clone()], "east".to_owned(), act("router.file")).await.unwrap();
        assert_eq!(done.added, ["a", "b"]);
        let again = store.sync_file_nas(vec![a.clone(), b.clone()], "east".to_owned(), act("router.file")).await.unwrap();
        assert_eq!(again, store::FileSync::default());
        let moved = store::NewNas { port: 8729, ..a.clone() };
        let done = store.sync_file_nas(vec![moved.clone()], "east".to_owned(), act("router.file")).await.unwrap();
        assert_eq!((done.changed, done.vanished), (vec!["a".to_owned()], vec!["b".to_owned()]));
        assert!(store.nas_by_name("b").await.unwrap().unwrap().paused_reason.is_some());
        let done = store.sync_file_nas(vec![moved.clone(), b.clone()], "east".to_owned(), act("router.file")).await.unwrap();
        assert_eq!(done.changed, ["b"]);
        assert_eq!(store.nas_by_name("b").await.unwrap().unwrap().paused_reason, None);
        let clash = store.sync_file_nas(vec![listed("by-hand")], "east".to_owned(), act("router.file")).await.unwrap_err();
        assert!(matches!(clash, StoreError::Constraint(_)));
        assert_eq!(store.nas_by_name("a").await.unwrap().unwrap().paused_reason, None, "all or nothing");
    }

    async fn the_first_certificate_is_remembered_once_and_only_where_it_was_seen(store) {
        let id = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let config = store.nas_by_id(id).await.unwrap().unwrap().config;
        let [one, other] = [Fingerprint([1; 32]), Fingerprint([2; 32])];
        let first = FirstSight { nas: id, host: config.host.clone(), port: config.port, fingerprint: one };
        let elsewhere = FirstSight { port: 1, ..first.clone() };
        let moved = store.remember_certificate(elsewhere, act("router.certificate")).await;
        assert!(matches!(moved, Err(StoreError::NotFound(_))), "{moved:?}");
        assert_eq!(store.nas_by_id(id).await.unwrap().unwrap().config.fingerprint, None);
        let journal = async || store.list_audit(AuditQuery { limit: 10, reach: store::Reach::Everywhere, ..AuditQuery::default() }).await.unwrap().len();
        assert_eq!(journal().await, 1);
        assert_eq!(store.remember_certificate(first.clone(), act("router.certificate")).await, Ok(one));
        let late = FirstSight { fingerprint: other, ..first };
        assert_eq!(store.remember_certificate(late.clone(), act("router.certificate")).await, Ok(one));
        assert_eq!(journal().await, 2, "the second changed nothing");
        let forget = NasPatch { fingerprint: Some(None), ..NasPatch::default() };
        store.update_nas(id, forget, act("router.edit")).await.unwrap();
        assert_eq!(store.remember_certificate(late.clone(), act("router.certificate")).await, Ok(other));
        store.remove_nas(id, act("router.remove")).await.unwrap();
        assert!(store.remember_certificate(late, act("router.certificate")).await.is_err());
    }

    async fn the_file_keeps_a_certificate_it_does_not_name_and_sets_one_it_does(store) {
        let listed = store::NewNas { origin: NasOrigin::File, tls: TlsMode::Pinned, ..router("a") };
        store.sync_file_nas(vec![listed.clone()], "east".to_owned(), act("router.file")).await.unwrap();
        let id = store.nas_by_name("a").await.unwrap().unwrap().id;
        let first = FirstSight { nas: id, host: listed.host.clone(), port: listed.port, fingerprint: Fingerprint([1; 32]) };
        store.remember_certificate(first, act("router.certificate")).await.unwrap();
        let again = store.sync_file_nas(vec![listed.clone()], "east".to_owned(), act("router.file")).await.unwrap();
        assert_eq!(again, store::FileSync::default(), "nothing changed");
        let known = async || store.nas_by_id(id).await.unwrap().unwrap().config.fingerprint;
        assert_eq!(known().await, Some(Fingerprint([1; 32])));
        let named = store::NewNas { fingerprint: Some(Fingerprint([3; 32])), ..listed };
        store.sync_file_nas(vec![named], "east".to_owned(), act("router.file")).await.unwrap();
        assert_eq!(known().await, Some(Fingerprint([3; 32])));
    }

    async fn another_group_is_another_set_of_bindings(store) {
        let (id, version, _) = tower(&*store).await;
        let patch = NasPatch { group: Some(Some("north".to_owned())), ..NasPatch::default() };
        store.update_nas(id, patch, act("router.edit")).await.unwrap();
        assert_eq!(store.nas_by_id(id).await.unwrap().unwrap().config.group.as_deref(), Some("north"));
        assert!(resolve(&*store, id, b"ana").await.0 > version);
    }
}
