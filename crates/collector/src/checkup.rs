//! Looks a router over for its operator: one login, a few narrow prints, an answer for each item. Nothing is counted and
//! nothing on the router is changed.

pub mod address;
pub(crate) mod clock;
mod connecting;
mod item;
pub(crate) mod rights;

use accounting::time::Micros;
use operations::{Check, CheckItem, CheckState, many};
use routeros_proto::Command;
use routeros_proto::value::version;
use store::NasId;

use crate::devices::{Devices, Refusal};
use crate::link::{Link, LinkError, Security, Target};
use crate::round::{self, RoundError, ppp as ppp_tables};
use crate::routeros::{fasttrack, resource};
use item::{check, failure};

/// What a router says nothing of: what it lacks, and what that is for.
pub const NO_PPP: &str = "The router has no PPP: its ppp package is not installed or not enabled (`/system package print`). \
    All else on it is counted.";

/// Where the device of a router may be listed already.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// Who counts which device.
    pub devices: &'a Devices,
    /// The entry that is tested; `None`: an address that has none yet.
    pub nas: Option<NasId>,
}

/// Tests an address, of which nobody knows whether an entry counts its device. `now` is our clock, to judge the router's by.
pub async fn check_up(target: &Target, now: Micros) -> Vec<Check> {
    check_up_entry(target, now, None).await
}

/// Tests a router, as [`check_up`] does; with its entry also whether another one counts its device.
pub async fn check_up_entry(target: &Target, now: Micros, entry: Option<Entry<'_>>) -> Vec<Check> {
    let with_tls = !matches!(target.security, Security::Plain);
    match Link::open(target).await {
        Ok(mut link) => {
            let mut checks = connecting::succeeded(with_tls);
            let around = Around { user: &target.user, now, entry };
            look_around(&mut link, around, &mut checks).await;
            checks
        }
        Err(error) => connecting::failed(&error, with_tls),
    }
}

/// What is known before the login.
struct Around<'a> {
    user: &'a str,
    now: Micros,
    entry: Option<Entry<'a>>,
}

/// Everything behind the login.
async fn look_around(link: &mut Link, around: Around<'_>, checks: &mut Vec<Check>) {
    checks.extend(rights_and_version(link, &around).await);
    let servers = count(link, Command::new("/ip/hotspot/print").proplist(&[".id"])).await;
    checks.push(presence(CheckItem::Hotspot, servers, "hotspot server", "No hotspot server is configured."));
    checks.push(ppp(link).await);
    checks.push(fasttrack_rules(link).await);
    checks.push(clock::look(link, around.now).await);
}

async fn rights_and_version(link: &mut Link, around: &Around<'_>) -> [Check; 3] {
    let mut version = None;
    let read = link
        .print(&resource::print_uptime_and_version(), |row| version = resource::resource(&row).version)
        .await;
    let rights = match read {
        Ok(_) => rights::look(link, around.user).await,
        Err(error) => failure(CheckItem::Rights, &error),
    };
    [rights, device(link, around.entry).await, judged(version.as_deref())]
}

async fn device(link: &mut Link, entry: Option<Entry<'_>>) -> Check {
    match round::device_key(link).await {
        Ok(key) => counted_by(&key, entry).await,
        Err(RoundError::Link(error)) => failure(CheckItem::Device, &error),
        Err(error) => {
            let told =
                format!("{error} Until one does, the server does not count this router (protocol_error).");
            check(CheckItem::Device, CheckState::Failed, told)
        }
    }
}

/// A device that another entry counts is not counted by this one.
async fn counted_by(key: &str, entry: Option<Entry<'_>>) -> Check {
    let held = match entry {
        Some(Entry { devices, nas: Some(nas) }) => devices.may_claim(key, nas).await,
        Some(Entry { devices, nas: None }) => devices.may_be_added(key).await,
        None => Ok(()),
    };
    match held {
        Ok(()) => check(CheckItem::Device, CheckState::Ok, format!("It is told from others by {key}.")),
        Err(Refusal::Held(told)) => check(CheckItem::Device, CheckState::Failed, told),
        Err(Refusal::NotKnown(error)) => {
            let told = format!(
                "It is told from others by {key}, but whether another entry counts it is not known: {error}."
            );
            check(CheckItem::Device, CheckState::NotObserved, told)
        }
    }
}

/// A version of which nothing is known is no reason not to count: what decides are the tables, and each is judged by
/// itself.
fn judged(told: Option<&str>) -> Check {
    match (told.filter(|told| !told.is_empty()), told.and_then(unknown_version)) {
        (None, _) => {
            check(CheckItem::Version, CheckState::NotObserved, "The router did not tell its version.")
        }
        (Some(_), Some(warning)) => check(CheckItem::Version, CheckState::Attention, warning),
        (Some(told), None) => check(CheckItem::Version, CheckState::Ok, format!("RouterOS {told}.")),
    }
}

/// What to tell people of a version that is none of those known here; `None` of one that is, or was not told.
pub fn unknown_version(told: &str) -> Option<String> {
    let major = version(told.as_bytes()).map(|version| version.major);
    let known = told.is_empty() || matches!(major, Some(6 | 7));
    (!known).then(|| {
        format!(
            "The router calls its version \"{}\", and only RouterOS 6 and 7 are known here: it is read all the same, and \
             a table that does not look as expected is refused, not guessed. Compare its totals with the router's before \
             you bill by them.",
            told.escape_debug()
        )
    })
}

/// How many rows a print has.
async fn count(link: &mut Link, print: Command) -> Result<u64, LinkError> {
    let mut rows = 0;
    link.print(&print, |_| rows += 1).await.map(|_| rows)
}

fn presence(item: CheckItem, rows: Result<u64, LinkError>, what: &str, none: &str) -> Check {
    match rows {
        Ok(0) => check(item, CheckState::Absent, none),
        Ok(rows) => check(item, CheckState::Ok, format!("{}.", many(rows, what))),
        Err(error) => failure(item, &error),
    }
}

/// Without its package a router has neither sessions nor servers, and the rest of it is counted. Servers that carry
/// sessions while the session table is missing cannot be counted.
async fn ppp(link: &mut Link) -> Check {
    let found = match ppp_tables::look(link).await {
        Ok(found) => found,
        Err(missing @ LinkError::MissingMenu(_)) => {
            return check(CheckItem::Ppp, CheckState::Failed, missing.to_string());
        }
        Err(error) => return failure(CheckItem::Ppp, &error),
    };
    match (found.sessions, found.unserved.told()) {
        (None, _) => check(CheckItem::Ppp, CheckState::Absent, NO_PPP),
        (Some(_), Some(unserved)) => check(CheckItem::Ppp, CheckState::Failed, unserved),
        (Some(sessions), None) => {
            presence(CheckItem::Ppp, Ok(sessions), "PPP session", "No PPP session at the moment.")
        }
    }
}

/// What keeps the router, or sessions on it, from being counted, each as a sentence.
pub(crate) async fn uncounted(link: &mut Link) -> Result<Vec<String>, LinkError> {
    let mut told = Vec::new();
    match round::device_key(link).await {
        Ok(_) => {}
        Err(RoundError::Link(error)) => return Err(error),
        Err(error) => told.push(error.to_string()),
    }
    match ppp_tables::look(link).await {
        Ok(found) => told.extend(found.sessions.and(found.unserved.told())),
        Err(missing @ LinkError::MissingMenu(_)) => told.push(missing.to_string()),
        Err(error) => return Err(error),
    }
    Ok(told)
}

/// FastTracked traffic passes by simple queues, so they neither limit nor count it (routeros.md §2.8).
async fn fasttrack_rules(link: &mut Link) -> Check {
    let mut rules = 0;
    let read = link.print(&fasttrack::print(), |row| rules += u64::from(fasttrack::is_on(&row))).await;
    match (read, rules) {
        (Err(error), _) => failure(CheckItem::FastTrack, &error),
        (Ok(_), 0) => check(CheckItem::FastTrack, CheckState::Ok, "No rule FastTracks traffic."),
        (Ok(_), rules) => check(
            CheckItem::FastTrack,
            CheckState::Attention,
            format!(
                "Traffic is FastTracked ({}): it passes by simple queues, which then neither limit nor count it. PPP \
                 sessions and interfaces are counted all the same; whether a hotspot's counters are, nobody has established. \
                 To have queues see it: `/ip firewall filter disable [find action=fasttrack-connection]`.",
                many(rules, "rule")
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_nobody_knows_is_said() {
        let state = |told| judged(told).state;
        assert_eq!([Some("7.20.4 (stable)"), Some("6.49.10 (long-term)")].map(state), [CheckState::Ok; 2]);
        assert_eq!([None, Some("")].map(state), [CheckState::NotObserved; 2]);
        assert_eq!(unknown_version(""), None);
        for told in ["banana", "5.26", "8.0", "banana\u{1b}[2J"] {
            let check = judged(Some(told));
            assert_eq!(check.state, CheckState::Attention, "{told}");
            assert!(
                check.told.contains("RouterOS 6 and 7") && !check.told.contains('\u{1b}'),
                "{}",
                check.told
            );
        }
    }
}
