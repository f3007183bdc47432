//! How many sessions of the API are open, and how many may be (routeros.md §1.8). Since 7.16 the router says how many; what happens beyond is
//! not established (U7).

use operations::{Finding, FindingCode, MendPlace, many, router_command};
use routeros_proto::{Command, value};

use super::visit::{Visit, service};
use crate::link::{Link, LinkError};

/// What the manual gives as the usual number.
const USUAL: u64 = 20;
/// What it gives as the largest.
const MOST: u64 = 1_000;

pub(super) async fn look(link: &mut Link, visit: &Visit<'_>) -> Result<Vec<Finding>, LinkError> {
    let name = service(visit.target);
    let print = Command::new("/ip/service/print").proplist(&["name", "max-sessions"]);
    let mut most = None;
    // Some show a row for each open connection too, of the same name and without a number.
    link.print(&print.query(format!("?name={name}")), |row| {
        most = row.get(b"max-sessions").and_then(value::unsigned).or(most);
    })
    .await?;
    let mut open = 0;
    let print = Command::new("/user/active/print").proplist(&["via"]);
    link.print(&print, |row| open += u64::from(row.get(b"via") == Some(name.as_bytes()))).await?;
    Ok(few_left(name, open, most).into_iter().collect())
}

fn few_left(name: &str, open: u64, told: Option<u64>) -> Option<Finding> {
    let most = told.unwrap_or(USUAL);
    let left = most.saturating_sub(open);
    if left > 1 && left * 5 > most {
        return None;
    }
    let what = format!(
        "{} of {name} are open, and it takes {most}; this look is one of them.",
        many(open, "session")
    );
    let finding = Finding::new(FindingCode::ApiSessions, what);
    Some(match told {
        Some(_) => finding.mended(
            MendPlace::Router,
            router_command(
                "/ip/service/set",
                &[("name", name.as_bytes())],
                &format!("max-sessions={}", (most * 2).clamp(USUAL * 2, MOST)),
            ),
        ),
        None => finding.mended(
            MendPlace::Admin,
            "See who is there (/user/active/print) and let programs that nobody needs keep away.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_router_with_places_left_is_well() {
        assert_eq!(few_left("api", 3, Some(20)), None);
        assert_eq!(few_left("api", 15, None), None);
        assert!(few_left("api", 3, Some(4)).unwrap().mend[0].command.ends_with("max-sessions=40"));
        assert!(few_left("api", 17, Some(20)).is_some());
        assert!(few_left("api", 990, Some(1_000)).unwrap().mend[0].command.ends_with("max-sessions=1000"));
        assert_eq!(few_left("api", 16, None).unwrap().mend[0].place, MendPlace::Admin);
    }
}
