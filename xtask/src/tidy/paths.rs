//! No path of somebody's own machine: what works only there is of no use to others.

use super::complaints::Complaints;
use crate::repo::TextFile;

/// First folders of absolute paths that only exist on one machine; without their slashes, so that this file passes.
const PRIVATE: &[&str] = &["work", "home", "root", "farm", "Users"];

/// Looks at every text file.
pub(super) fn check(files: &[TextFile]) -> Complaints {
    files.iter().flat_map(in_file).collect()
}

fn in_file(file: &TextFile) -> Vec<String> {
    let complain = |(number, line): (usize, &str)| {
        let folder = private_folder(line)?;
        Some(format!("{}:{}: /{folder}/ is a path of one machine", file.path, number + 1))
    };
    file.text.lines().enumerate().filter_map(complain).collect()
}

fn private_folder(line: &str) -> Option<&'static str> {
    let begins = |folder: &str| {
        let path = format!("/{folder}/");
        line.match_indices(&path).any(|(at, _)| !continues_a_path(&line[..at]))
    };
    PRIVATE.iter().copied().find(|folder| begins(folder))
}

/// `docs/work/x` and `example.com/home/` are not absolute paths of a machine.
fn continues_a_path(before: &str) -> bool {
    before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || "._-}*".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_one_machine_are_found_wherever_they_begin() {
        for folder in PRIVATE {
            for text in [format!("/{folder}/a"), format!("see (/{folder}/a)"), format!("A=\"/{folder}/a\"")] {
                let complaints = check(&[TextFile::new("notes.md", &format!("ok\n{text}\n"))]);
                assert_eq!(complaints.len(), 1, "{text}");
                assert!(complaints[0].starts_with("notes.md:2:"));
            }
        }
    }

    #[test]
    fn folders_inside_other_paths_are_fine() {
        let text = format!("docs/{0}/x https://example.com/{0}/ $HOME/x /etc/x {1}", "work", "/var/lib/home");
        assert_eq!(check(&[TextFile::new("notes.md", &text)]), Complaints::new());
    }
}
