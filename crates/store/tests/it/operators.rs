//! Operators and their browsers, for tests.

use accounting::time::Micros;
use store::{EndedSignIns, NewOperator, NewSignIn, Operator, Role};

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
