//! Rules that FastTrack (routeros.md §2.9).

use operations::{Finding, FindingCode, many};

use super::visit::row;
use crate::link::{Link, LinkError};
use crate::routeros::fasttrack;

pub(super) async fn look(link: &mut Link) -> Result<Vec<Finding>, LinkError> {
    let mut rules = 0;
    link.print(&fasttrack::print(), |rule| rules += u64::from(fasttrack::is_on(&rule))).await?;
    let what = || format!("Traffic is FastTracked by {} of the firewall.", many(rules, "rule"));
    Ok((rules > 0)
        .then(|| row(FindingCode::FastTrack, what(), "/ip/firewall/filter/set", RULES, "disabled=yes"))
        .into_iter()
        .collect())
}

const RULES: &[(&str, &[u8])] = &[("action", b"fasttrack-connection")];
