//! What is linked into the program: each package with its version, its licence and the sum that the lock file holds, as SPDX 2.3
//! (tag-value), which tools that watch for known faults read.

use std::collections::BTreeMap;
use std::path::Path;

use super::tree;
use crate::{program, repo};

/// A package, as cargo tells it.
#[derive(Debug, PartialEq, Eq)]
struct Package {
    name: String,
    version: String,
    licence: String,
}

/// Writes the list.
///
/// # Errors
/// Cargo's complaint, or what could not be read or written.
pub(super) fn write(file: &Path, version: &str) -> Result<(), String> {
    let mut cargo = repo::cargo();
    cargo.args(["tree", "-p", "tikmeter", "--edges", "normal", "--prefix", "none", "--format", "{p}|{l}"]);
    let packages = packages(&program::capture(&mut cargo)?);
    let lock = tree::read(&repo::root().join("Cargo.lock"))?;
    tree::write(file, &document(version, &packages, &checksums(&lock)))
}

/// One of each; a line is `name v1.2.3 (where from)|licence`, and what was told before ends in `(*)`.
fn packages(told: &str) -> Vec<Package> {
    let mut packages: Vec<Package> = told.lines().filter_map(package).collect();
    packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    packages.dedup();
    packages
}

fn package(line: &str) -> Option<Package> {
    let (what, licence) = line.split_once('|')?;
    let mut words = what.split_whitespace();
    let (name, version) = (words.next()?.to_owned(), words.next()?.trim_start_matches('v').to_owned());
    let licence = licence.trim_end_matches("(*)").trim();
    Some(Package { name, version, licence: licence.replace('/', " OR ") })
}

/// By name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.trim().trim_matches('"').to_owned())
    };
    let of = |block: &str| {
        Some(((value(block, "name = ")?, value(block, "version = ")?), value(block, "checksum = ")?))
    };
    lock.split("[[package]]").filter_map(of).collect()
}

fn document(version: &str, packages: &[Package], sums: &BTreeMap<(String, String), String>) -> String {
    let mut text = format!(
        "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: tikmeter-{version}\n\
         DocumentNamespace: https://tikmeter.invalid/spdx/tikmeter-{version}\nCreator: Tool: x-dist\n\
         Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-tikmeter-{version}\n"
    );
    for package in packages {
        text.push_str(&entry(package, sums));
    }
    text
}

fn entry(package: &Package, sums: &BTreeMap<(String, String), String>) -> String {
    let Package { name, version, licence } = package;
    let sum = sums.get(&(name.clone(), version.clone()));
    let (from, sum) = match sum {
        Some(sum) => (
            format!("ExternalRef: PACKAGE-MANAGER purl pkg:cargo/{name}@{version}\n"),
            format!("PackageChecksum: SHA256: {sum}\n"),
        ),
        // Ours: no registry has them.
        None => (String::new(), String::new()),
    };
    format!(
        "\nPackageName: {name}\nSPDXID: {}\nPackageVersion: {version}\n\
         PackageDownloadLocation: NOASSERTION\nFilesAnalyzed: false\nPackageLicenseDeclared: {licence}\n{sum}{from}",
        id(name, version)
    )
}

/// Of letters, digits, `.` and `-` alone, as SPDX 2.3 wants it.
fn id(name: &str, version: &str) -> String {
    let allowed = |sign: char| if sign.is_ascii_alphanumeric() || sign == '.' { sign } else { '-' };
    format!("SPDXRef-{name}-{version}").chars().map(allowed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "tikmeter v0.1.0 (/somewhere)|MIT OR Apache-2.0\nserde v1.0.1|MIT/Apache-2.0\nserde v1.0.1|MIT/Apache-2.0 (*)\n";
    const LOCK: &str = "[[package]]\nname = \"serde\"\nversion = \"1.0.1\"\nchecksum = \"ab12\"\n\n[[package]]\nname = \"tikmeter\"\nversion = \"0.1.0\"\n";

    #[test]
    fn each_package_is_told_once_with_its_licence_and_sum_and_no_path_of_this_machine() {
        let text = document("0.1.0", &packages(TREE), &checksums(LOCK));
        assert_eq!(text.matches("PackageName: serde").count(), 1, "{text}");
        assert!(
            text.contains("PackageLicenseDeclared: MIT OR Apache-2.0\nPackageChecksum: SHA256: ab12"),
            "{text}"
        );
        assert!(text.contains("purl pkg:cargo/serde@1.0.1"), "{text}");
        assert!(!text.contains("somewhere"), "{text}");
    }
}
