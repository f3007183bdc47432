//! Sign-ins towards clients.

use operations::Identity;

use crate::api::model::sign_in::SignIn;
use crate::problem::Problem;

/// One, as whoever asks sees it.
pub(in crate::api) fn sign_in(row: store::SignIn, asker: &Identity) -> SignIn {
    SignIn {
        current: asker.signed_in().is_some_and(|(_, current)| current == row.id),
        id: row.id.to_string(),
        began_at: row.began_at.into(),
        last_used_at: row.last_at.into(),
        address: row.address,
        browser: row.browser,
    }
}

/// The row of an id in an address.
pub(in crate::api) fn id_of(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found("No sign-in has this id, or it ended before."))
}
