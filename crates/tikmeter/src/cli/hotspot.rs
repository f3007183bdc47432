//! `tikmeter hotspot`: who is logged in at the hotspots, over all routers, by their latest readings; with `--traffic` what they move now.

mod traffic;

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::caller::Caller;
use crate::client::{Page, all_pages};
use crate::failure::Failure;
use crate::output::{Table, instant, many, octets};

/// How many sessions are asked for at once.
const PAGE: &str = "1000";

/// Whose hotspot.
#[derive(Debug, clap::Args)]
pub(crate) struct HotspotArgs {
    /// Only of this router
    #[arg(long)]
    router: Option<String>,
    /// What they move now and what limits them: asking has the routers looked at every ten seconds for the next minute
    #[arg(long)]
    traffic: bool,
}

#[derive(Deserialize)]
struct Session {
    router: String,
    username: String,
    service: String,
    calling_station_id: String,
    framed_address: Option<String>,
    started_at: Option<String>,
    upload_octets: u64,
    download_octets: u64,
}

#[derive(Deserialize)]
struct Router {
    name: String,
    last_read_at: Option<String>,
}

impl HotspotArgs {
    /// Lists them. With `--json` the sessions as the server tells them, those of hotspots alone.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        if self.traffic {
            return traffic::run(caller, self.router.as_deref()).await;
        }
        let query = [("state", Some("open")), ("router", self.router.as_deref()), ("limit", Some(PAGE))];
        let pages = all_pages(&caller.client, &["sessions"], &query).await?;
        if caller.terminal.json() {
            return json(caller, &pages.0);
        }
        let routers: Page<Router> = caller.client.get(&["routers"], &[]).await?.read()?;
        let read: HashMap<String, Option<String>> =
            routers.items.into_iter().map(|router| (router.name, router.last_read_at)).collect();
        let mut users = Vec::new();
        for page in &pages.0 {
            caller.note_simulated(page.simulated && users.is_empty());
            users.extend(page.read::<Page<Session>>()?.items.into_iter().filter(is_of_hotspot));
        }
        Ok(caller.terminal.line(&table(&users, &read))?)
    }
}

fn json(caller: &Caller, pages: &[crate::client::Answer]) -> Result<(), Failure> {
    let mut users = Vec::new();
    for page in pages {
        let items = page.read::<Page<serde_json::Value>>()?.items.into_iter();
        users.extend(items.filter(|session| session["service"] == "hotspot"));
    }
    Ok(caller.terminal.line(&serde_json::json!({ "items": users, "next": null }).to_string())?)
}

fn is_of_hotspot(session: &Session) -> bool {
    session.service == "hotspot"
}

fn table(users: &[Session], read: &HashMap<String, Option<String>>) -> String {
    if users.is_empty() {
        return "Nobody is logged in at a hotspot, by the latest readings.".to_owned();
    }
    let headings = ["router", "user", "address", "MAC", ">uptime", ">download", ">upload", "as of"];
    let mut table = Table::new(&headings);
    for user in users {
        let as_of = read.get(&user.router).and_then(Option::as_deref);
        table.row([
            user.router.clone(),
            user.username.clone(),
            user.framed_address.clone().unwrap_or_else(|| "-".to_owned()),
            user.calling_station_id.clone(),
            uptime(user.started_at.as_deref(), as_of).unwrap_or_else(|| "-".to_owned()),
            octets(user.download_octets),
            octets(user.upload_octets),
            instant(as_of),
        ]);
    }
    format!("{table}{}, {} of downloads.", many(users.len() as u64, "user"), octets(downloads(users)))
}

fn downloads(users: &[Session]) -> u64 {
    users.iter().map(|user| user.download_octets).fold(0, u64::saturating_add)
}

/// How long they had been logged in when the router was read; days are not cut off.
fn uptime(started: Option<&str>, read: Option<&str>) -> Option<String> {
    let (started, read): (Timestamp, Timestamp) = (started?.parse().ok()?, read?.parse().ok()?);
    let lasted = read.duration_since(started).max(SignedDuration::ZERO).as_secs();
    let (days, hours, minutes, seconds) =
        (lasted / 86_400, lasted / 3_600 % 24, lasted / 60 % 60, lasted % 60);
    let clock = format!("{hours:02}:{minutes:02}:{seconds:02}");
    Some(if days > 0 { format!("{days}d {clock}") } else { clock })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_uptime_of_days_does_not_wrap_and_one_that_is_not_known_is_none() {
        let read = Some("2026-11-30T12:00:05Z");
        assert_eq!(uptime(Some("2026-11-30T11:00:00Z"), read).as_deref(), Some("01:00:05"));
        assert_eq!(uptime(Some("2026-10-01T12:00:00Z"), read).as_deref(), Some("60d 00:00:05"));
        assert_eq!(uptime(Some("2026-11-30T12:00:06Z"), read).as_deref(), Some("00:00:00"));
        assert_eq!((uptime(None, read), uptime(read, None)), (None, None));
    }
}
