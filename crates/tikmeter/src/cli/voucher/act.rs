//! `tikmeter voucher pause`, `resume` and `revoke` of one.

use reqwest::Method;

use super::view::Voucher;
use crate::cli::caller::Caller;
use crate::failure::Failure;

/// Does it to the voucher, and shows how it stands then.
pub(super) async fn act(caller: &Caller, code: &str, what: &str) -> Result<(), Failure> {
    let answer = caller.client.act(Method::POST, &["vouchers", code, what]).await?;
    caller.show(&answer, |voucher: &Voucher| voucher.sentence())
}
