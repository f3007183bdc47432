//! What users of the hotspots move now, in the words of the piso-net tool.

use operations::many;
use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{Table, printable, rate};

/// A router that was not looked at yet.
const BOOKS: &str = "books";

#[derive(Deserialize)]
struct Traffic {
    users: Vec<User>,
    #[serde(default)]
    routers: Vec<Router>,
}

#[derive(Deserialize)]
struct User {
    user: String,
    mac: String,
    bytes_in_formatted: String,
    bytes_out_formatted: String,
    rate_in: Option<String>,
    rate_out: Option<String>,
    max_limit: Option<String>,
    router: String,
}

#[derive(Deserialize)]
struct Router {
    router: String,
    #[serde(default)]
    source: String,
    age_s: Option<u64>,
    trouble: Option<String>,
}

/// Shows it.
///
/// # Errors
/// One sentence.
pub(super) async fn run(caller: &Caller, router: Option<&str>) -> Result<(), Failure> {
    let answer = caller.client.get_beside(&["admin", "api", "user-traffic"]).await?;
    caller.show(&answer, |traffic: &Traffic| text(traffic, router))
}

fn text(traffic: &Traffic, router: Option<&str>) -> String {
    let is_meant = |name: &str| router.is_none_or(|router| router == name);
    let headings = ["router", "user", "MAC", ">download", ">upload", ">down now", ">up now", "limit"];
    let mut table = Table::new(&headings);
    let users: Vec<&User> = traffic.users.iter().filter(|user| is_meant(&user.router)).collect();
    for user in &users {
        table.row([
            &user.router,
            &user.user,
            &user.mac,
            &user.bytes_out_formatted,
            &user.bytes_in_formatted,
            &speed(user.rate_out.as_deref()),
            &speed(user.rate_in.as_deref()),
            user.max_limit.as_deref().unwrap_or("?"),
        ]);
    }
    let routers: Vec<&Router> = traffic.routers.iter().filter(|of| is_meant(&of.router)).collect();
    // Of a router that says why it is asked in vain.
    let may_come = |name: &str| !routers.iter().any(|of| of.router == name && of.trouble.is_some());
    let mut shown = match (users.is_empty(), routers.iter().any(|of| of.trouble.is_some())) {
        (false, _) => table.to_string(),
        (true, true) => String::new(),
        (true, false) => "Nobody is logged in at a hotspot, as far as the routers have shown.\n".to_owned(),
    };
    if users.iter().any(|user| user.rate_out.is_none() && may_come(&user.router)) {
        shown += "Speeds are there from the second look on: ask again in ten seconds.\n";
    }
    routers.iter().for_each(|router| shown += &router.told());
    shown
}

impl Router {
    /// What has to be known of its numbers.
    fn told(&self) -> String {
        let (router, mut told) = (printable(&self.router), String::new());
        if let (BOOKS, Some(age_s)) = (&*self.source, self.age_s) {
            told += &format!("{router}: as its last reading showed it, {} ago.\n", many(age_s, "second"));
        }
        if let Some(why) = &self.trouble {
            told += &format!("{router}: {}\n", printable(why));
        }
        told
    }
}

/// Bits per second as the text that they come as.
fn speed(bps: Option<&str>) -> String {
    bps.and_then(|bps| bps.parse().ok()).map_or_else(|| "-".to_owned(), rate)
}
