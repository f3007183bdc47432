//! For whom a limit is.

use operations::LimitWho;

use crate::api::model::name::Name;
use crate::problem::Problem;

/// Exactly one of the four has to be given.
pub(in crate::api) fn whom(
    mac: Option<String>,
    username: Option<Name>,
    address: Option<String>,
    subscriber: Option<String>,
) -> Result<LimitWho, Problem> {
    match (mac, username, address, subscriber) {
        (Some(mac), None, None, None) => Ok(LimitWho::Mac(mac)),
        (None, Some(login), None, None) => Ok(LimitWho::Login(login.0.into())),
        (None, None, Some(address), None) => Ok(LimitWho::Address(address)),
        (None, None, None, Some(key)) => Ok(LimitWho::Subscriber(key)),
        _ => Err(Problem::bad_request(
            "Say for whom by exactly one of mac, username, address and subscriber; nothing was changed.",
        )),
    }
}
