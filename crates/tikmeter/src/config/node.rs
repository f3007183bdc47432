//! This process among those that share a database, and how it uses the database.

use std::time::Duration;

use store::{NODE_ROLES, NodeRole};

use crate::config::database::DatabaseUrl;
use crate::quantity;

/// Shorter, and a busy database would make routers change hands.
const SHORTEST_TERM: Duration = Duration::from_secs(3);
/// Longer, and nobody would read the routers of a process that died.
const LONGEST_TERM: Duration = Duration::from_secs(3_600);
/// More connections than anybody's server would give.
const MOST_READERS: usize = 100;
/// Longest name, as people and the server's lists can show it.
const LONGEST_NAME: usize = 40;

/// This process among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeSettings {
    /// What people call it; no two that share a database have the same.
    pub(crate) name: String,
    /// What it does.
    pub(crate) role: NodeRole,
    /// After so long without a sign of life its routers are another's.
    pub(crate) term: Duration,
}

impl NodeSettings {
    /// A process that shares its database with nobody.
    pub(crate) fn alone() -> Self {
        NodeSettings { name: "alone".to_owned(), role: NodeRole::All, term: Duration::from_secs(15) }
    }

    /// Why this process cannot be what it is told to be.
    pub(crate) fn complaint(&self, database: &DatabaseUrl, lists_routers: bool) -> Option<String> {
        let role = self.role.as_str();
        if self.role != NodeRole::All && matches!(database, DatabaseUrl::Sqlite(_)) {
            return Some(format!(
                "`node.role`: a process that is only `{role}` shares its database with others, and an SQLite file has one \
                 process; give a PostgreSQL database (database.url)"
            ));
        }
        (self.role == NodeRole::Collector && lists_routers).then(|| {
            "`node.role`: a `collector` takes routers of the database; list them in the configuration of one that is `all` or \
             `api`, or add them by hand"
                .to_owned()
        })
    }
}

/// A name.
pub(crate) fn name(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if text.is_empty() || text.len() > LONGEST_NAME || !text.chars().all(fits) {
        return Err(format!(
            "`{}` is no name: 1 to {LONGEST_NAME} letters, digits, `-`, `_` and `.`",
            text.escape_debug()
        ));
    }
    Ok(text.to_owned())
}

/// A role.
pub(crate) fn role(text: &str) -> Result<NodeRole, String> {
    NodeRole::from_name(text).ok_or_else(|| {
        let known: Vec<&str> = NODE_ROLES.iter().map(|(_, name)| *name).collect();
        format!("`{}` is none of {}", text.escape_debug(), known.join(", "))
    })
}

/// A term.
pub(crate) fn term(text: &str) -> Result<Duration, String> {
    let term = Duration::from_millis(quantity::millis(text)?);
    if (SHORTEST_TERM..=LONGEST_TERM).contains(&term) {
        return Ok(term);
    }
    Err(format!("it is from {} s to {} s", SHORTEST_TERM.as_secs(), LONGEST_TERM.as_secs()))
}

/// How many connections only read.
pub(crate) fn readers(text: &str) -> Result<usize, String> {
    let readers = text.parse().ok().filter(|readers| (1..=MOST_READERS).contains(readers));
    readers.ok_or_else(|| format!("`{}` is no number from 1 to {MOST_READERS}", text.escape_debug()))
}

/// How long a statement may take; 0: for ever.
pub(crate) fn statement_timeout(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    match quantity::millis(text)? {
        0..1_000 => Err("it is at least 1s, or 0 for no limit".to_owned()),
        millis => Ok(Duration::from_millis(millis)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(role: NodeRole) -> NodeSettings {
        NodeSettings { name: "east".to_owned(), role, term: SHORTEST_TERM }
    }

    #[test]
    fn a_file_has_one_process_and_a_collector_lists_no_routers() {
        let (file, server) =
            (DatabaseUrl::Sqlite("t.db".into()), DatabaseUrl::Postgres("postgres://h/d".to_owned()));
        assert_eq!(node(NodeRole::All).complaint(&file, true), None);
        assert!(node(NodeRole::Api).complaint(&file, false).unwrap().contains("PostgreSQL"));
        assert_eq!(node(NodeRole::Api).complaint(&server, true), None);
        assert_eq!(node(NodeRole::Collector).complaint(&server, false), None);
        assert!(node(NodeRole::Collector).complaint(&server, true).unwrap().contains("`all` or"));
    }

    #[test]
    fn values_are_judged() {
        assert!(name("east-1.example_2").is_ok());
        for wrong in ["", "with space", "ümlaut", &"x".repeat(41)] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
        assert_eq!(role("collector"), Ok(NodeRole::Collector));
        assert!(role("Collector").unwrap_err().contains("all, collector, api"));
        assert_eq!(term("15s"), Ok(Duration::from_secs(15)));
        assert!(term("1s").is_err() && term("2h").is_err());
        assert_eq!((readers("1"), readers("100")), (Ok(1), Ok(100)));
        assert!(readers("0").is_err() && readers("101").is_err());
        assert_eq!(statement_timeout("0"), Ok(Duration::ZERO));
        assert_eq!(statement_timeout("2m"), Ok(Duration::from_secs(120)));
        assert!(statement_timeout("5ms").is_err());
    }
}
