//! Versions of RouterOS that are known to behave otherwise, or of which nothing is known (routeros.md §1.8, §1.11).

use operations::{Finding, FindingCode, MendPlace};
use routeros_proto::value::version;

use crate::checkup::unknown_version;
use crate::link::{Link, LinkError};
use crate::routeros::resource;

/// The command of the manual's reference that brings a router up to date and restarts it (routeros.md §1.12).
const UPDATE: &str = "/system/package/update/install";

pub(super) async fn look(link: &mut Link) -> Result<Vec<Finding>, LinkError> {
    let mut told = None;
    link.print(&resource::print_uptime_and_version(), |row| told = resource::resource(&row).version).await?;
    Ok(told.as_deref().and_then(quirk).into_iter().collect())
}

fn quirk(told: &str) -> Option<Finding> {
    let what = unknown_version(told).or_else(|| known_quirk(told))?;
    Some(Finding::new(FindingCode::VersionQuirk, what).mended(MendPlace::Router, UPDATE))
}

fn known_quirk(told: &str) -> Option<String> {
    let found = version(told.as_bytes())?;
    let what = match (found.major, found.minor, found.patch) {
        (6, ..43, _) => "only the login of before 6.43 is known to it",
        (7, 22, 1) => {
            "its API left rows out of answers of /console/inspect, and whether of other tables too is not established"
        }
        _ => return None,
    };
    Some(format!("It runs RouterOS {told}: {what}. An update restarts the router and ends all sessions."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_with_quirks_are_told_and_others_are_not() {
        for told in ["6.42.12 (long-term)", "7.22.1 (stable)", "8.0", "5.26"] {
            assert!(quirk(told).is_some(), "{told}");
        }
        for told in ["6.43", "6.49.18 (long-term)", "7.22 (stable)", "7.22.2", "7.20.4 (stable)", ""] {
            assert_eq!(quirk(told), None, "{told}");
        }
    }
}
