//! Operators and their browsers, for tests.

use accounting::time::Micros;
use store::{EndedSignIns, NewOperator, NewSignIn, NewToken, Operator, Role, Store};

use crate::rounds::act;

/// Nothing is over yet.
pub(crate) const NOTHING_OVER: EndedSignIns =
    EndedSignIns { began_by: Micros(i64::MIN), used_by: Micros(i64::MIN) };

/// Somebody to add.
pub(crate) fn operator(name: &str, role: Role) -> NewOperator {
    let (name, folded) = (name.to_owned(), name.to_lowercase());
    NewOperator { name, folded, role, password_hash: "$argon2id$x".to_owned(), groups: Vec::new() }
}

/// Somebody who signs in with the browser of that number.
pub(crate) fn sign_in(operator: Operator, browser: u8) -> NewSignIn {
    NewSignIn {
        operator,
        sha256: [browser; 32],
        browser_sha256: [browser | 128; 32],
        instead_of: None,
        address: "192.0.2.7".to_owned(),
        browser: "Firefox \u{f1}".to_owned(),
        over: NOTHING_OVER,
    }
}

/// An operator and a token that are bound to that group.
pub(crate) async fn bound_to(store: &dyn Store, group: &str) {
    let groups = vec![group.to_owned()];
    let bob = NewOperator { groups: groups.clone(), ..operator("bob", Role::Viewer) };
    store.insert_operator(bob, act("operator.add")).await.unwrap();
    let (name, sha256) = ("shop".to_owned(), [7; 32]);
    let shop = NewToken { name, sha256, role: Role::Viewer, expires_at: None, groups };
    store.insert_token(shop, act("token.create")).await.unwrap();
}

/// That those two reach no router at all, however they are looked up.
pub(crate) async fn nothing_is_reached(store: &dyn Store) {
    let bob = store.operator_named("bob").await.unwrap().unwrap();
    let shop = store.token_by_hash([7; 32]).await.unwrap().unwrap();
    let (operators, tokens) = (store.list_operators().await.unwrap(), store.list_tokens().await.unwrap());
    for reach in [&bob.reach, &shop.reach, &operators[0].reach, &tokens[0].reach] {
        assert!(!reach.is_everything() && reach.groups().is_empty(), "{reach:?}");
        assert_eq!(store.list_nas_within(reach.clone()).await.unwrap(), []);
    }
    assert_eq!(store.list_nas().await.unwrap().len(), 1);
}
