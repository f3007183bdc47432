//! People who run the installation.

use accounting::time::Micros;
use store::{NewAudit, NewSignIn, Operator, OperatorChange, Role, Store, StoreError};

use crate::every_store::on_every_store;
use crate::operators::{operator, sign_in};
use crate::rounds::{BEGIN, act};

async fn add(store: &dyn Store, name: &str, role: Role) -> Operator {
    store.insert_operator(operator(name, role), act("operator.add")).await.unwrap();
    store.operator_named(&name.to_lowercase()).await.unwrap().unwrap()
}

fn disabled(disabled: bool) -> OperatorChange {
    OperatorChange { disabled: Some(disabled), ..OperatorChange::default() }
}

on_every_store! {
    async fn operators_have_names_of_their_own_however_they_are_written(store) {
        let eva = add(&*store, "Eva", Role::Admin).await;
        assert_eq!((eva.name.as_str(), eva.role, eva.created_at), ("Eva", Role::Admin, BEGIN));
        assert_eq!((eva.disabled, eva.signed_in_at), (false, None));
        let taken = store.insert_operator(operator("EVA", Role::Viewer), act("operator.add")).await;
        assert!(matches!(taken, Err(StoreError::Constraint(_))));
        add(&*store, "bob", Role::Cashier).await;
        let names: Vec<_> = store.list_operators().await.unwrap().into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["bob", "Eva"]);
    }

    async fn the_last_admin_who_can_sign_in_stays(store) {
        let eva = add(&*store, "eva", Role::Admin).await;
        let ida = add(&*store, "ida", Role::Admin).await;
        add(&*store, "bob", Role::Operator).await;
        store.change_operator(ida.id, disabled(true), act("operator.disable")).await.unwrap();
        let demoted = OperatorChange { role: Some(Role::Viewer), ..OperatorChange::default() };
        for change in [disabled(true), demoted] {
            let refused = store.change_operator(eva.id, change, act("operator.edit")).await;
            assert!(matches!(refused, Err(StoreError::Constraint(_))), "{refused:?}");
        }
        let refused = store.remove_operator(eva.id, act("operator.remove")).await;
        assert!(matches!(refused, Err(StoreError::Constraint(_))), "{refused:?}");
        assert_eq!(store.operator_named("eva").await.unwrap(), Some(eva.clone()), "she is as she was");
        store.change_operator(ida.id, disabled(false), act("operator.enable")).await.unwrap();
        store.remove_operator(eva.id, act("operator.remove")).await.unwrap();
        assert_eq!(store.operator_named("eva").await.unwrap(), None);
        let gone = store.remove_operator(eva.id, act("operator.remove")).await;
        assert!(matches!(gone, Err(StoreError::NotFound(_))), "{gone:?}");
    }

    async fn where_there_is_no_admin_the_others_can_be_changed_all_the_same(store) {
        let bob = add(&*store, "bob", Role::Cashier).await;
        store.change_operator(bob.id, disabled(true), act("operator.disable")).await.unwrap();
        store.remove_operator(bob.id, act("operator.remove")).await.unwrap();
    }

    async fn whoever_is_changed_is_signed_out_and_stays_known_unless_locked_out(store) {
        let eva = add(&*store, "eva", Role::Admin).await;
        let bob = add(&*store, "bob", Role::Operator).await;
        let changes = [
            disabled(false),
            OperatorChange { role: Some(Role::Cashier), ..OperatorChange::default() },
            OperatorChange { password_hash: Some("$argon2id$y".to_owned()), ..OperatorChange::default() },
        ];
        store.sign_in(sign_in(eva, 1), act("operator.sign_in")).await.unwrap().unwrap();
        for change in changes {
            let bob = store.operator_named("bob").await.unwrap().unwrap();
            store.sign_in(sign_in(bob.clone(), 2), act("operator.sign_in")).await.unwrap().unwrap();
            assert!(store.signed_in([2; 32]).await.unwrap().is_some());
            store.change_operator(bob.id, change.clone(), act("operator.edit")).await.unwrap();
            assert_eq!(store.signed_in([2; 32]).await.unwrap(), None, "{change:?}");
            assert_eq!(store.browser_of([130; 32]).await.unwrap(), Some(bob.id), "{change:?}");
        }
        store.change_operator(bob.id, disabled(true), act("operator.edit")).await.unwrap();
        assert_eq!(store.browser_of([130; 32]).await.unwrap(), None, "locked out");
        assert!(store.signed_in([1; 32]).await.unwrap().is_some(), "somebody else's stays");
        store.remove_operator(bob.id, act("operator.remove")).await.unwrap();
    }

    async fn a_password_is_not_set_instead_of_one_that_is_another_by_then(store) {
        let bob = add(&*store, "bob", Role::Cashier).await;
        let to = |hash: &str| OperatorChange {
            password_hash: Some(hash.to_owned()),
            instead_of: Some(bob.password_hash.clone()),
            ..OperatorChange::default()
        };
        store.change_operator(bob.id, to("$argon2id$admins"), act("operator.password")).await.unwrap();
        let late = store.change_operator(bob.id, to("$argon2id$thiefs"), act("operator.password")).await;
        assert!(matches!(late, Err(StoreError::Constraint(_))), "{late:?}");
        assert_eq!(store.operator_named("bob").await.unwrap().unwrap().password_hash, "$argon2id$admins");
    }

    async fn a_browser_that_signs_in_often_is_one_browser(store) {
        let bob = add(&*store, "bob", Role::Cashier).await;
        let at = |nth: u8| NewAudit { at: Micros(nth.into()), ..act("operator.sign_in") };
        store.sign_in(sign_in(bob.clone(), 1), at(1)).await.unwrap().unwrap();
        store.sign_in(sign_in(bob.clone(), 2), at(2)).await.unwrap().unwrap();
        for nth in 3..40 {
            let instead_of = Some([(nth - 1) | 128; 32]);
            let again = NewSignIn { instead_of, ..sign_in(bob.clone(), nth) };
            store.sign_in(again, at(nth)).await.unwrap().unwrap();
        }
        assert_eq!(store.browser_of([129; 32]).await.unwrap(), Some(bob.id), "the other one is known still");
        assert_eq!(store.browser_of([38 | 128; 32]).await.unwrap(), None);
    }

    async fn the_first_operator_is_made_by_the_latest_key_once_and_in_time(store) {
        let at = |at: i64| NewAudit { at: Micros(at), ..act("operator.add") };
        assert!(store.keep_setup_key([1; 32], Micros(100)).await.unwrap());
        assert!(store.keep_setup_key([2; 32], Micros(200)).await.unwrap());
        let first = async |key: u8, when| {
            store.insert_first_operator([key; 32], operator("eva", Role::Admin), at(when)).await.unwrap()
        };
        assert_eq!(first(1, 50).await, None, "another one took its place");
        assert_eq!(first(2, 200).await, None, "too late");
        assert!(first(2, 199).await.is_some());
        assert_eq!(first(2, 199).await, None, "it was used");
        assert!(!store.keep_setup_key([3; 32], Micros(300)).await.unwrap(), "there is somebody");
    }

    async fn an_operator_who_was_made_otherwise_makes_the_key_useless(store) {
        assert!(store.keep_setup_key([1; 32], Micros(i64::MAX)).await.unwrap());
        let eva = add(&*store, "eva", Role::Admin).await;
        add(&*store, "ida", Role::Admin).await;
        let by_key = store.insert_first_operator([1; 32], operator("mallory", Role::Admin), act("operator.add")).await;
        assert_eq!(by_key, Ok(None));
        store.remove_operator(eva.id, act("operator.remove")).await.unwrap();
        let listed = store.list_operators().await.unwrap();
        assert_eq!(listed.len(), 1);
    }
}
