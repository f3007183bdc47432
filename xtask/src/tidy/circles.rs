//! No file imports its way back to itself (invariant 19): a circle of files can only be understood all at once.
//!
//! A re-export is no import of its own; it is followed to where the item really lies.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::complaints::Complaints;
use super::imports::{self, Imports, ModulePath};
use crate::repo::TextFile;

/// Looks at every crate's sources, and at test binaries of several files, each by itself.
pub(super) fn check(files: &[TextFile]) -> Complaints {
    let mut targets: BTreeMap<&str, Vec<&TextFile>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        if let Some(top) = top(&file.path) {
            targets.entry(top).or_default().push(file);
        }
    }
    targets.into_iter().flat_map(|(top, files)| Target::read(top, &files).circles()).collect()
}

/// The folder of a crate's sources (`.../src/`) or of one test binary (`.../tests/it/`).
fn top(path: &str) -> Option<&str> {
    if let Some(at) = path.find("/src/") {
        return Some(&path[..at + 5]);
    }
    let tests = path.find("/tests/")? + 7;
    let folder = path[tests..].find('/')?;
    Some(&path[..=tests + folder])
}

/// The files that are compiled together, by module.
struct Target<'a> {
    modules: BTreeMap<ModulePath, (&'a str, Imports)>,
}

impl<'a> Target<'a> {
    fn read(top: &str, files: &[&'a TextFile]) -> Self {
        let has_library = files.iter().any(|file| file.path[top.len()..] == *"lib.rs");
        let mut modules = BTreeMap::new();
        for file in files {
            let inner = &file.path[top.len()..];
            // Nothing can import the binary that lies beside a library.
            if !(has_library && inner == "main.rs") {
                let module = module_of(inner);
                let imports = imports::read(&file.text, &module);
                modules.insert(module, (file.path.as_str(), imports));
            }
        }
        let for_tests: Vec<ModulePath> =
            modules.values().flat_map(|(_, imports)| imports.test_modules.clone()).collect();
        modules.retain(|module, _| !for_tests.iter().any(|test| module.starts_with(test)));
        Self { modules }
    }

    fn circles(&self) -> Complaints {
        let edges = self.edges();
        let mut seen = BTreeSet::new();
        let mut complaints = Vec::new();
        for &start in edges.keys() {
            let Some(circle) = shortest_circle(&edges, start) else { continue };
            let members: BTreeSet<&str> = circle.iter().copied().collect();
            if seen.insert(members) {
                complaints.push(format!("{} -> {start}", circle.join(" -> ")));
            }
        }
        complaints
    }

    fn edges(&self) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
        let edge = |(path, imports): &(&'a str, Imports)| {
            let targets =
                imports.needs.iter().filter_map(|need| self.file_of(need)).filter(|target| target != path);
            (*path, targets.collect())
        };
        self.modules.values().map(edge).collect()
    }

    fn file_of(&self, item: &[String]) -> Option<&'a str> {
        let mut item = item.to_vec();
        // Re-exports of re-exports end somewhere; the bound only guards against a circle of them.
        for _ in 0..8 {
            let length = (0..=item.len()).rev().find(|length| self.modules.contains_key(&item[..*length]))?;
            let (path, imports) = &self.modules[&item[..length]];
            let passed =
                item.get(length).and_then(|name| imports.passes_on.iter().find(|(known, _)| known == name));
            let Some((_, really)) = passed else { return Some(path) };
            item = [really.clone(), item[length + 1..].to_vec()].concat();
        }
        None
    }
}

fn module_of(inner: &str) -> ModulePath {
    let stem = inner.trim_end_matches(".rs");
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    if matches!(stem, "lib" | "main") { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
}

/// The files of the shortest way from `start` back to it, `start` first.
fn shortest_circle<'a>(edges: &BTreeMap<&'a str, BTreeSet<&'a str>>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut ways = VecDeque::from([vec![start]]);
    let mut visited = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for &next in way.last().and_then(|file| edges.get(file)).into_iter().flatten() {
            if next == start {
                return Some(way);
            }
            if visited.insert(next) {
                ways.push_back([way.as_slice(), &[next]].concat());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(files: &[(&str, &str)]) -> Complaints {
        let files: Vec<TextFile> = files.iter().map(|(path, text)| TextFile::new(path, text)).collect();
        check(&files)
    }

    #[test]
    fn a_circle_of_three_is_found_once_and_shown() {
        let complaints = checked(&[
            ("crates/x/src/lib.rs", "mod a; mod b; mod c; mod d;"),
            ("crates/x/src/a.rs", "use crate::b::B;"),
            ("crates/x/src/b/mod.rs", "use super::c;"),
            ("crates/x/src/c.rs", "fn f() { crate::a::g() }"),
            ("crates/x/src/d.rs", "use crate::a::A;"),
        ]);
        let shown = "crates/x/src/a.rs -> crates/x/src/b/mod.rs -> crates/x/src/c.rs -> crates/x/src/a.rs";
        assert_eq!(complaints, [shown]);
    }

    #[test]
    fn a_circle_through_a_re_export_is_found() {
        let complaints = checked(&[
            ("crates/x/src/lib.rs", "mod a; mod b; pub use a::A; pub use b::B;"),
            ("crates/x/src/a.rs", "use crate::B;"),
            ("crates/x/src/b.rs", "use crate::A;"),
        ]);
        assert_eq!(complaints, ["crates/x/src/a.rs -> crates/x/src/b.rs -> crates/x/src/a.rs"]);
    }

    #[test]
    fn a_parent_that_uses_a_child_that_uses_it_is_a_circle() {
        let complaints = checked(&[
            ("crates/x/src/lib.rs", "mod a;"),
            ("crates/x/src/a.rs", "mod b; use b::f;"),
            ("crates/x/src/a/b.rs", "use super::A;"),
        ]);
        assert_eq!(complaints.len(), 1);
    }

    #[test]
    fn re_exporting_parents_tests_and_other_crates_make_no_circle() {
        let complaints = checked(&[
            ("crates/x/src/lib.rs", "mod a; mod b; pub use a::A; pub enum Shared {}"),
            ("crates/x/src/main.rs", "use x::A;"),
            ("crates/x/src/a.rs", "use crate::Shared; #[cfg(test)] mod tests { use crate::b::B; }"),
            ("crates/x/src/b.rs", "use crate::A; #[cfg(test)] mod tests;"),
            ("crates/x/src/b/tests.rs", "use super::*; use crate::a;"),
            ("crates/y/src/lib.rs", "mod a; use a::f;"),
            ("crates/y/src/a.rs", "use x::b;"),
            ("crates/y/tests/it/main.rs", "mod a; mod b;"),
            ("crates/y/tests/it/a.rs", "use crate::b::C;"),
        ]);
        assert_eq!(complaints, Vec::<String>::new());
    }

    #[test]
    fn test_binaries_of_several_files_are_looked_at_too() {
        let complaints = checked(&[
            ("crates/y/tests/it/main.rs", "mod a; mod b;"),
            ("crates/y/tests/it/a.rs", "use crate::b::C;"),
            ("crates/y/tests/it/b.rs", "use crate::a::D;"),
        ]);
        assert_eq!(complaints.len(), 1);
    }
}
