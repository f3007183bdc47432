//! No dependency may bind Tikmeter's users to a GNU licence.

use super::complaints::Complaints;
use super::spdx;

/// `tree` is `cargo tree`'s output with lines of the form `package|licence`.
pub(super) fn check(tree: &Result<String, String>) -> Complaints {
    let tree = match tree {
        Ok(tree) => tree,
        Err(sentence) => return vec![sentence.clone()],
    };
    let mut packages: Vec<(&str, &str)> = tree.lines().filter_map(package).collect();
    packages.sort_unstable();
    packages.dedup();
    if packages.is_empty() {
        return vec!["cargo's dependency tree is empty, so nothing could be checked".to_owned()];
    }
    let unwanted = packages.into_iter().filter(|(_, licence)| !spdx::has_permissive_choice(licence));
    unwanted
        .map(|(name, licence)| format!("{name}: licence \"{licence}\" is not one we may build on"))
        .collect()
}

fn package(line: &str) -> Option<(&str, &str)> {
    let (name, licence) = line.split_once('|')?;
    // cargo marks a package it has already shown.
    Some((name.trim(), licence.trim_end_matches(" (*)").trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copyleft_package_and_one_without_a_licence_are_found_once() {
        let tree =
            "a v1.0.0|MIT OR Apache-2.0\n\nb v2.0.0|AGPL-3.0-only\nb v2.0.0|AGPL-3.0-only (*)\nc v3.0.0|\n";
        let complaints = check(&Ok(tree.to_owned()));
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints[0].starts_with("b v2.0.0") && complaints[1].starts_with("c v3.0.0"));
    }

    #[test]
    fn no_tree_is_no_success() {
        assert_eq!(check(&Ok(String::new())).len(), 1);
        assert_eq!(check(&Err("offline".to_owned())), ["offline"]);
    }
}
