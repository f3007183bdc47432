//! Many subscribers at once.

use accounting::login::{LoginKind, LoginName};
use accounting::time::Micros;
use store::{
    LoginOwner, NewSubscriber, Renews, Scope, StoreError, SubscriberChange, SubscriberImport,
    SubscriberStatus,
};
use uuid::Uuid;

use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, resolve, router, subscriber, tower};

on_every_store! {
    async fn an_import_is_written_whole(store) {
        let (nas, version, _) = tower(&*store).await;
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let ana = store.find_subscriber("ana").await.unwrap().unwrap();
        let change = SubscriberChange {
            service: Some("l2tp".to_owned()),
            note: Some(Some("moved".to_owned())),
            expiry_at: Some(Some(Micros(i64::MAX))),
            renews: Renews::Always,
            ..SubscriberChange::default()
        };
        let bob = NewSubscriber { status: SubscriberStatus::Suspended, ..subscriber("bob", Scope::Router("tower".to_owned())) };
        let import = SubscriberImport { new: vec![bob, subscriber("cid", Scope::All)], changes: vec![(ana.id, change)], ..SubscriberImport::default() };
        store.import_subscribers(import, act("subscriber.import")).await.unwrap();
        let now = store.find_subscriber("ana").await.unwrap().unwrap();
        assert_eq!((now.service.as_str(), now.note.as_deref()), ("l2tp", Some("moved")));
        assert_eq!((now.expiry_at, now.cycle), (Some(Micros(i64::MAX)), ana.cycle), "nobody is renewed");
        let bob = store.find_subscriber("bob").await.unwrap().unwrap();
        assert_eq!((bob.status, bob.cycle.unwrap().opened_at), (SubscriberStatus::Suspended, BEGIN));
        let (after, login) = resolve(&*store, nas, b"bob").await;
        assert!(after > version && login.cycle.is_some(), "the meter hears of the bindings");
    }

    async fn one_refusal_leaves_nothing(store) {
        store.insert_subscriber(subscriber("ana", Scope::All), act("subscriber.add")).await.unwrap();
        let ana = store.find_subscriber("ana").await.unwrap().unwrap();
        let taken = NewSubscriber { login: b"ana".to_vec(), ..subscriber("bob", Scope::All) };
        let planless = SubscriberChange { plan: Some(Some("gold".to_owned())), ..SubscriberChange::default() };
        let first = subscriber("first", Scope::All);
        for (import, conflict) in [
            (SubscriberImport { new: vec![first.clone(), taken], ..SubscriberImport::default() }, true),
            (SubscriberImport { new: vec![first], changes: vec![(ana.id, planless)], ..SubscriberImport::default() }, false),
        ] {
            let refused = store.import_subscribers(import, act("subscriber.import")).await.unwrap_err();
            assert_eq!(matches!(refused, StoreError::Constraint(_)), conflict, "{refused}");
            assert_eq!(store.count_subscribers().await.unwrap(), 1);
        }
    }

    async fn what_an_import_asks_is_answered(store) {
        store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let ana = subscriber("ana", Scope::All);
        store.insert_subscriber(ana.clone(), act("subscriber.add")).await.unwrap();
        let here = Scope::Router("tower".to_owned());
        let asked = [("ana", Scope::All), ("ana", here.clone()), ("bob", here), ("bob", Scope::Group("west".to_owned()))];
        let of = |kind, name: &str| LoginName::new(kind, name.as_bytes());
        let mut asked = asked.map(|(name, scope)| (of(LoginKind::Ppp, name), scope)).to_vec();
        asked.push((of(LoginKind::Hotspot, "ana"), Scope::All));
        let owned = LoginOwner::Subscriber("ana".to_owned());
        let expected = vec![owned, LoginOwner::Free, LoginOwner::Free, LoginOwner::NoPlace, LoginOwner::Free];
        assert_eq!(store.login_owners(asked).await.unwrap(), expected);
        let keys = [ana.id.to_string(), "ana".to_owned(), "bob".to_owned(), Uuid::nil().to_string()];
        let found = store.subscribers_of(keys.to_vec()).await.unwrap();
        assert_eq!(found.len(), 2, "once by each key");
        assert!(found.iter().all(|one| one.id == ana.id && one.logins[0].name == b"ana"));
    }
}
