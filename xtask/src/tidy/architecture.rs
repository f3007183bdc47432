//! ARCHITECTURE.md's map is true: its table of crates names every crate and only those; `xtask`, which is no part of
//! the product, stands outside the table.

use std::collections::BTreeSet;

use super::complaints::Complaints;
use super::crates::Crate;
use crate::repo::TextFile;

const MAP: &str = "ARCHITECTURE.md";

/// The table is the one whose first heading is `crate`; the first cell of each row is the name in backticks.
pub(super) fn check(files: &[TextFile], crates: &[Crate]) -> Complaints {
    let Some(map) = files.iter().find(|file| file.path == MAP) else {
        return vec![format!("{MAP} is missing")];
    };
    let named = named(&map.text);
    let real: BTreeSet<&str> =
        crates.iter().map(|c| c.name.as_str()).filter(|name| *name != "xtask").collect();
    let missing = real.difference(&named).map(|name| format!("{MAP}: its table of crates lacks `{name}`"));
    let invented =
        named.difference(&real).map(|name| format!("{MAP}: names the crate `{name}`, which does not exist"));
    missing.chain(invented).collect()
}

fn named(map: &str) -> BTreeSet<&str> {
    let is_heading = |line: &&str| first_cell(line).is_some_and(|cell| cell.eq_ignore_ascii_case("crate"));
    let rows = map.lines().skip_while(|line| !is_heading(line)).skip(2);
    rows.map_while(first_cell).map(|cell| cell.trim_matches('`')).collect()
}

fn first_cell(line: &str) -> Option<&str> {
    line.strip_prefix('|')?.split('|').next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(map: &str, crates: &[&str]) -> Complaints {
        let crates: Vec<Crate> = crates
            .iter()
            .map(|name| Crate { name: (*name).to_owned(), folder: format!("crates/{name}") })
            .collect();
        check(&[TextFile::new(MAP, map)], &crates)
    }

    const TABLE: &str = "# Map\n\n| word | meaning |\n|---|---|\n| `nas` | router |\n\n\
        | crate | what |\n|---|---|\n| `store` | keeps |\n| `accounting` | counts |\n\nNot a crate: `tokio`.\n";

    #[test]
    fn a_true_map_has_no_complaint() {
        assert_eq!(checked(TABLE, &["store", "accounting", "xtask"]), Complaints::new());
    }

    #[test]
    fn a_crate_left_out_and_one_invented_are_found() {
        let complaints = checked(TABLE, &["store", "server"]);
        assert_eq!(complaints.len(), 2);
        assert!(
            complaints[0].contains("lacks `server`")
                && complaints[1].contains("`accounting`, which does not exist")
        );
    }

    #[test]
    fn a_missing_map_or_table_is_found() {
        assert_eq!(check(&[], &[]).len(), 1);
        assert_eq!(checked("# Map\n", &["store"]).len(), 1);
    }
}
