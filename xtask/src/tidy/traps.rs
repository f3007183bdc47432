//! Every trap of routeros.md section 8 has a row in docs/reference/traps.md, and the tests that tables of the reference name
//! exist.

use std::collections::BTreeSet;

use super::complaints::Complaints;
use super::lexer::{self, Token};
use crate::repo::TextFile;

const TABLE: &str = "docs/reference/traps.md";
/// Tables whose last cell names the tests of a promise.
const PROMISES: [&str; 5] = [
    "docs/reference/pppoe-usage-tool.md",
    "docs/reference/customer-traffic-monitor.md",
    "docs/reference/data-usage-monitor.md",
    "docs/reference/faults.md",
    "docs/reference/piso-net-tool.md",
];
const TRAPS: u32 = 41;

/// A row is `| number | trap | guarded by |`; what stands in backticks in the last cell is the name of a test.
pub(super) fn check(files: &[TextFile]) -> Complaints {
    let Some(table) = files.iter().find(|file| file.path == TABLE) else {
        return vec![format!("{TABLE} is missing")];
    };
    let rows: Vec<(u32, &str)> = table.text.lines().filter_map(row).collect();
    let functions = functions(files);
    let mut complaints = numbers(&rows);
    complaints.extend(tests(&rows, &functions));
    complaints.extend(PROMISES.iter().flat_map(|path| promises(path, files, &functions)));
    complaints
}

/// A row is `| promise | shown by |`.
fn promises(path: &str, files: &[TextFile], functions: &BTreeSet<&str>) -> Complaints {
    let Some(table) = files.iter().find(|file| file.path == path) else {
        return vec![format!("{path} is missing")];
    };
    let rows =
        table.text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.rsplit_once(" | "));
    let unshown = rows.skip(1).filter(|(_, shown)| {
        let mut named = shown.split('`').skip(1).step_by(2).peekable();
        named.peek().is_none() || named.any(|name| !functions.contains(name))
    });
    unshown.map(|(promise, shown)| format!("{path}: no test shows \"{promise}\": {shown}")).collect()
}

fn row(line: &str) -> Option<(u32, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let number = cells.next()?.parse().ok()?;
    Some((number, cells.nth(1).unwrap_or_default()))
}

fn numbers(rows: &[(u32, &str)]) -> Complaints {
    let count = |number: u32| rows.iter().filter(|(n, _)| *n == number).count();
    let wrong = (1..=TRAPS).filter(|number| count(*number) != 1);
    let mut complaints: Complaints = wrong
        .map(|number| format!("{TABLE}: trap {number} has {} rows instead of one", count(number)))
        .collect();
    let unguarded = rows.iter().filter(|(_, guard)| guard.is_empty());
    complaints
        .extend(unguarded.map(|(number, _)| format!("{TABLE}: trap {number} does not say what guards it")));
    complaints
}

fn tests(rows: &[(u32, &str)], functions: &BTreeSet<&str>) -> Complaints {
    let named = rows
        .iter()
        .flat_map(|(number, guard)| guard.split('`').skip(1).step_by(2).map(move |name| (number, name)));
    let absent = named.filter(|(_, name)| !functions.contains(name));
    absent
        .map(|(number, name)| {
            format!("{TABLE}: trap {number} is guarded by `{name}`, and no such test exists")
        })
        .collect()
}

fn functions(files: &[TextFile]) -> BTreeSet<&str> {
    files.iter().filter(|file| file.is_rust()).flat_map(|file| functions_in(&file.text)).collect()
}

fn functions_in(text: &str) -> Vec<&str> {
    let tokens = lexer::tokens(text);
    let names = tokens.windows(2).filter_map(|pair| match pair {
        [Token::Word("fn"), Token::Word(name)] => Some(*name),
        _ => None,
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(change: impl Fn(u32) -> String) -> TextFile {
        let rows: String = (1..=TRAPS).map(change).collect();
        TextFile::new(TABLE, &format!("| # | trap | guarded by |\n|---|---|---|\n{rows}"))
    }

    fn promise(shown: &str) -> TextFile {
        TextFile::new(PROMISES[0], &format!("| promise | shown by |\n|---|---|\n| it counts | {shown} |\n"))
    }

    /// Another of the tables.
    fn other(nth: usize) -> TextFile {
        TextFile::new(PROMISES[nth], "| fault | shown by |\n|---|---|\n| it fails | `drop_is_a_reset` |\n")
    }

    fn code() -> TextFile {
        TextFile::new("crates/a/src/lib.rs", "#[test]\nfn drop_is_a_reset() {}\n// fn only_in_words()\n")
    }

    #[test]
    fn a_full_table_is_fine() {
        let full = table(|n| format!("| {n} | words | `drop_is_a_reset`, not built yet: limits |\n"));
        assert_eq!(
            check(&[full, code(), promise("`drop_is_a_reset`"), other(1), other(2), other(3), other(4)]),
            Complaints::new()
        );
    }

    #[test]
    fn a_lost_row_an_empty_guard_and_a_row_twice_are_found() {
        let faulty = table(|n| match n {
            7 => String::new(),
            8 => "| 8 | words |  |\n".to_owned(),
            9 => "| 9 | words | x |\n| 9 | words | x |\n".to_owned(),
            _ => format!("| {n} | words | limits |\n"),
        });
        let complaints =
            check(&[faulty, code(), promise("`drop_is_a_reset`"), other(1), other(2), other(3), other(4)]);
        assert_eq!(complaints.len(), 3, "{complaints:?}");
    }

    #[test]
    fn a_test_that_does_not_exist_is_found() {
        let faulty = table(|n| {
            format!("| {n} | words | `{}` |\n", if n == 3 { "only_in_words" } else { "drop_is_a_reset" })
        });
        let complaints =
            check(&[faulty, code(), promise("`drop_is_a_reset`"), other(1), other(2), other(3), other(4)]);
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].contains("trap 3 is guarded by `only_in_words`"));
    }

    #[test]
    fn a_promise_that_no_test_shows_is_found() {
        for shown in ["the operator", "`drop_is_a_reset`, `gone`"] {
            let full = table(|n| format!("| {n} | words | limits |\n"));
            let complaints = check(&[full, code(), promise(shown), other(1), other(2), other(3), other(4)]);
            assert_eq!(complaints.len(), 1, "{complaints:?}");
        }
    }

    #[test]
    fn a_missing_table_is_found() {
        assert_eq!(check(&[code()]).len(), 1);
    }
}
