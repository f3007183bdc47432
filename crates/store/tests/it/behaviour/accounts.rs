//! Tokens, the installation.

use accounting::time::Micros;
use store::{NewToken, ROLES, Role, StoreError};

use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, router};

on_every_store! {
    async fn a_token_is_found_by_its_hash_until_revoked_and_after(store) {
        let new = NewToken { name: "cli".to_owned(), sha256: [7; 32], role: Role::Viewer, expires_at: Some(Micros(5)), groups: Vec::new() };
        let id = store.insert_token(new.clone(), act("token.add")).await.unwrap();
        let found = store.token_by_hash([7; 32]).await.unwrap().unwrap();
        assert_eq!((found.id, found.token, found.created_at), (id, new, BEGIN));
        assert_eq!((found.last_used_at, found.revoked_at), (None, None));
        assert_eq!(store.token_by_hash([8; 32]).await.unwrap(), None);
        store.touch_token(id, Micros(9)).await.unwrap();
        store.revoke_token(id, act("token.revoke")).await.unwrap();
        assert!(matches!(store.revoke_token(id, act("token.revoke")).await, Err(StoreError::NotFound(_))));
        let listed = store.list_tokens().await.unwrap();
        assert_eq!((listed[0].last_used_at, listed[0].revoked_at), (Some(Micros(9)), Some(BEGIN)));
    }

    async fn a_token_may_have_any_role(store) {
        for (no, role) in (0..).zip(ROLES) {
            let new = NewToken { name: "cli".to_owned(), sha256: [no; 32], role, expires_at: None, groups: Vec::new() };
            store.insert_token(new, act("token.add")).await.unwrap();
            assert_eq!(store.token_by_hash([no; 32]).await.unwrap().unwrap().token.role, role);
        }
    }

    async fn simulated_data_and_real_routers_do_not_mix(store) {
        let installation = store.installation().await.unwrap();
        assert_eq!((installation.id.len(), installation.simulated), (32, false));
        store.mark_simulated().await.unwrap();
        store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        store.mark_simulated().await.unwrap();
        assert!(store.installation().await.unwrap().simulated);
    }

    async fn a_database_of_real_routers_is_never_marked_simulated(store) {
        store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        assert!(matches!(store.mark_simulated().await, Err(StoreError::Constraint(_))));
        assert!(!store.installation().await.unwrap().simulated);
    }
}
