//! Stage `tidy`: what must hold of the repository itself, and no compiler checks.
//!
//! Each check is a function from text to complaints. Only this file touches the disk and cargo, so that every check
//! has a test in which a planted fault is found.

mod architecture;
mod circles;
mod complaints;
mod crates;
mod imports;
mod length;
mod lexer;
mod licence_texts;
mod licences;
mod marks;
mod metrics;
mod names;
mod paths;
mod purity;
mod spdx;
mod traps;

use complaints::Complaints;

use crate::program;
use crate::repo::{self, TextFile};
use crate::report::Verdict;

/// Runs every check on the checkout; each counts as one.
pub(crate) fn run() -> Verdict {
    match repo::text_files(&repo::root()) {
        Ok(files) => judge(&all(&files)),
        Err(sentence) => Verdict::fail(sentence),
    }
}

fn all(files: &[TextFile]) -> Vec<(&'static str, Complaints)> {
    let crates = crates::of(files);
    vec![
        ("pure crates stay pure", pure_crates()),
        ("licences", licences::check(&tree(&["--workspace", "--format", "{p}|{l}"]))),
        ("licence texts", licence_texts::check(files, &crates)),
        ("crate folders", crates::check(&crates)),
        ("ARCHITECTURE.md", architecture::check(files, &crates)),
        ("names of modules", names::check(files)),
        ("length of files", length::check(files)),
        ("import circles", circles::check(files)),
        ("unfinished work", marks::check(files)),
        ("machine paths", paths::check(files)),
        ("metrics", metrics::check(files)),
        ("traps", traps::check(files)),
    ]
}

fn pure_crates() -> Complaints {
    let of = |name: &&str| purity::check(name, &tree(&["-p", name, "--format", "{p}"]));
    purity::PURE.iter().flat_map(of).collect()
}

/// `cargo tree` without dev and build dependencies, one package a line.
fn tree(arguments: &[&str]) -> Result<String, String> {
    program::capture(repo::cargo().args(["tree", "--edges", "normal", "--prefix", "none"]).args(arguments))
}

fn judge(checks: &[(&str, Complaints)]) -> Verdict {
    let mut verdict = Verdict::default();
    for (name, complaints) in checks {
        let one = if complaints.is_empty() {
            Verdict::pass()
        } else {
            Verdict::fail(format!("{name}:\n  {}", complaints.join("\n  ")))
        };
        verdict.add(&one);
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_check_counts_once_however_much_it_complains() {
        let verdict = judge(&[("good", vec![]), ("bad", vec!["one".to_owned(), "two".to_owned()])]);
        assert_eq!((verdict.passed, verdict.failed), (1, 1));
        assert_eq!(verdict.details, "bad:\n  one\n  two");
    }
}
