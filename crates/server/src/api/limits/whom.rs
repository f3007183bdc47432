//! For whom a limit is.

use operations::LimitWho;

use crate::api::model::name::Name;
use crate::problem::Problem;

/// Exactly one of the three has to be given.
pub(super) fn whom(
    mac: Option<String>,
    username: Option<Name>,
    address: Option<String>,
) -> Result<LimitWho, Problem> {
    match (mac, username, address) {
        (Some(mac), None, None) => Ok(LimitWho::Mac(mac)),
        (None, Some(login), None) => Ok(LimitWho::Login(login.0.into())),
        (None, None, Some(address)) => Ok(LimitWho::Address(address)),
        _ => Err(Problem::bad_request(
            "Say for whom by exactly one of mac, username and address; nothing was changed.",
        )),
    }
}
