//! The pure crates depend on nothing that does I/O, reads clocks, spawns, logs or draws random numbers (invariant 14).

use super::complaints::Complaints;

/// The crates that must stay pure.
pub(super) const PURE: &[&str] = &["routeros-proto", "accounting"];

const IMPURE: &[&str] = &[
    "async-std",
    "axum",
    "chrono",
    "hyper",
    "jiff",
    "log",
    "mio",
    "rand",
    "reqwest",
    "rusqlite",
    "smol",
    "socket2",
    "sqlx",
    "tokio",
    "tracing",
];

/// `tree` is the output of `cargo tree` for the crate `name`, one package a line.
pub(super) fn check(name: &str, tree: &Result<String, String>) -> Complaints {
    let tree = match tree {
        Ok(tree) => tree,
        Err(sentence) => return vec![format!("{name}: {sentence}")],
    };
    let packages: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    if packages.first() != Some(&name) {
        return vec![format!(
            "{name}: cargo's dependency tree does not begin with it, so nothing could be checked"
        )];
    }
    let mut found: Vec<&str> = packages.into_iter().filter(|package| IMPURE.contains(package)).collect();
    found.sort_unstable();
    found.dedup();
    found
        .into_iter()
        .map(|package| format!("{name}: depends on `{package}`; this crate must stay pure"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(tree: &str) -> Complaints {
        check("accounting", &Ok(tree.to_owned()))
    }

    #[test]
    fn a_clock_far_down_the_tree_is_found_once() {
        let tree =
            "accounting v0.1.0 (path)\nthiserror v2.0.1\nchrono v0.4.1\nlog v0.4.2\nchrono v0.4.1 (*)\n";
        let complaints = checked(tree);
        assert_eq!(complaints.len(), 2);
        assert!(complaints[0].contains("`chrono`") && complaints[1].contains("`log`"));
    }

    #[test]
    fn a_name_that_only_begins_like_a_banned_one_is_fine() {
        assert_eq!(checked("accounting v0.1.0 (path)\nlog-free v1.0.0\nrandom v1.0.0\n"), Complaints::new());
    }

    #[test]
    fn a_tree_that_could_not_be_had_is_a_complaint() {
        assert_eq!(check("accounting", &Err("no such package".to_owned())).len(), 1);
        assert_eq!(checked("").len(), 1);
    }
}
