//! `tikmeter subscriber adopt`: what its logins used before they were bound.

use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, grouped, octets};

#[derive(Deserialize)]
struct Adopted {
    router: String,
    login: String,
    upload_octets: u64,
    download_octets: u64,
    entries: u64,
}

/// Adopts from that date on.
///
/// # Errors
/// One sentence.
pub(super) async fn run(caller: &Caller, subscriber: &str, from: &str) -> Result<(), Failure> {
    let path = ["subscribers", subscriber, "adopt"];
    caller.add(&path, &json!({"from": from}), |page: &Page<Adopted>| table(&page.items)).await
}

fn table(adopted: &[Adopted]) -> String {
    let mut table = Table::new(&["router", "login", ">upload", ">download", ">entries"]);
    for one in adopted {
        table.row([
            one.router.clone(),
            one.login.clone(),
            octets(one.upload_octets),
            octets(one.download_octets),
            grouped(one.entries),
        ]);
    }
    format!("Adopted into the open cycle:\n{table}")
}
