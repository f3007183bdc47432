//! Browsers that operators signed in with.

use accounting::time::Micros;
use store::{EndedSignIns, NewAudit, NewSignIn, Operator, OperatorChange, Role, Store, StoreError};

use crate::every_store::on_every_store;
use crate::operators::{NOTHING_OVER, operator, sign_in};
use crate::rounds::act;

async fn add(store: &dyn Store, name: &str, role: Role) -> Operator {
    store.insert_operator(operator(name, role), act("operator.add")).await.unwrap();
    store.operator_named(name).await.unwrap().unwrap()
}

fn at(at: i64) -> NewAudit {
    NewAudit { at: Micros(at), ..act("operator.sign_in") }
}

on_every_store! {
    async fn a_sign_in_is_found_by_its_hash_with_its_owner_as_they_are_now(store) {
        let eva = add(&*store, "eva", Role::Admin).await;
        let id = store.sign_in(sign_in(eva.clone(), 1), at(5)).await.unwrap().unwrap();
        store.touch_sign_in(id, Micros(9)).await.unwrap();
        store.touch_sign_in(id, Micros(7)).await.unwrap();
        let found = store.signed_in([1; 32]).await.unwrap().unwrap();
        assert_eq!((found.sign_in.id, found.sign_in.operator, found.sign_in.name.as_str()), (id, eva.id, "eva"));
        assert_eq!((found.sign_in.began_at, found.sign_in.last_at), (Micros(5), Micros(9)));
        assert_eq!((found.sign_in.address.as_str(), found.sign_in.browser.as_str()), ("192.0.2.7", "Firefox \u{f1}"));
        assert_eq!(found.operator, Operator { signed_in_at: Some(Micros(5)), ..eva.clone() });
        assert_eq!(store.signed_in([2; 32]).await.unwrap(), None);
        assert_eq!(store.browser_of([129; 32]).await.unwrap(), Some(eva.id));
    }

    async fn nobody_signs_in_as_what_they_were(store) {
        let eva = add(&*store, "eva", Role::Admin).await;
        let bob = add(&*store, "bob", Role::Operator).await;
        let change = OperatorChange { password_hash: Some("$argon2id$y".to_owned()), ..OperatorChange::default() };
        let newer = store.change_operator(bob.id, change, act("operator.password")).await.unwrap();
        assert_eq!(store.sign_in(sign_in(bob, 1), at(5)).await, Ok(None), "with the old password");
        let off = OperatorChange { disabled: Some(true), ..OperatorChange::default() };
        store.change_operator(newer.id, off, act("operator.disable")).await.unwrap();
        assert_eq!(store.sign_in(sign_in(newer, 1), at(5)).await, Ok(None), "disabled");
        let gone = Operator { id: eva.id + 900, ..eva };
        assert_eq!(store.sign_in(sign_in(gone, 1), at(5)).await, Ok(None), "removed");
        assert_eq!(store.signed_in([1; 32]).await.unwrap(), None);
    }

    async fn sign_ins_are_listed_and_ended_by_owner(store) {
        let (eva, bob) = (add(&*store, "eva", Role::Admin).await, add(&*store, "bob", Role::Viewer).await);
        let mut ids = Vec::new();
        for (who, browser) in [(&eva, 1), (&eva, 2), (&bob, 3), (&eva, 4)] {
            ids.push(store.sign_in(sign_in(who.clone(), browser), at(5)).await.unwrap().unwrap());
        }
        let listed = async |of: Option<i64>| -> Vec<i64> {
            store.sign_ins(of, NOTHING_OVER).await.unwrap().into_iter().map(|one| one.id).collect()
        };
        assert_eq!(listed(None).await, [ids[3], ids[2], ids[1], ids[0]]);
        assert_eq!(listed(Some(eva.id)).await, [ids[3], ids[1], ids[0]]);
        let others = store.end_sign_in(ids[0], Some(bob.id), at(6)).await;
        assert!(matches!(others, Err(StoreError::NotFound(_))), "{others:?}");
        store.end_sign_in(ids[0], Some(eva.id), at(6)).await.unwrap();
        let again = store.end_sign_in(ids[0], None, at(6)).await;
        assert!(matches!(again, Err(StoreError::NotFound(_))), "{again:?}");
        assert_eq!(store.end_other_sign_ins(eva.id, ids[3], at(6)).await, Ok(1));
        assert_eq!(listed(None).await, [ids[3], ids[2]]);
    }

    async fn those_that_are_over_are_not_listed_and_go_with_the_next(store) {
        let eva = add(&*store, "eva", Role::Admin).await;
        let old = store.sign_in(sign_in(eva.clone(), 1), at(5)).await.unwrap().unwrap();
        let idle = store.sign_in(sign_in(eva.clone(), 2), at(15)).await.unwrap().unwrap();
        store.touch_sign_in(old, Micros(50)).await.unwrap();
        let over = EndedSignIns { began_by: Micros(10), used_by: Micros(15) };
        assert_eq!(store.sign_ins(None, over).await, Ok(vec![]));
        assert_eq!(store.sign_ins(None, NOTHING_OVER).await.unwrap().len(), 2);
        let next = NewSignIn { over, ..sign_in(eva, 3) };
        let next = store.sign_in(next, at(60)).await.unwrap().unwrap();
        let left: Vec<_> = store.sign_ins(None, NOTHING_OVER).await.unwrap().into_iter().map(|one| one.id).collect();
        assert_eq!(left, [next], "{old} began too long ago, {idle} was not used for too long");
    }

    async fn nobody_fills_the_tables(store) {
        let (eva, bob) = (add(&*store, "eva", Role::Admin).await, add(&*store, "bob", Role::Viewer).await);
        store.sign_in(sign_in(bob, 100), at(1)).await.unwrap().unwrap();
        for browser in 0..25_u8 {
            store.sign_in(sign_in(eva.clone(), browser), at(5 + i64::from(browser))).await.unwrap().unwrap();
        }
        assert_eq!(store.sign_ins(Some(eva.id), NOTHING_OVER).await.unwrap().len(), 20);
        assert_eq!(store.sign_ins(None, NOTHING_OVER).await.unwrap().len(), 21, "somebody else's stay");
        assert_eq!(store.browser_of([128 | 4; 32]).await.unwrap(), None, "the oldest are forgotten");
        assert_eq!(store.browser_of([128 | 5; 32]).await.unwrap(), Some(eva.id));
    }
}
