//! Nothing unfinished lands: no marks of work left for later, no test switched off.

use super::complaints::Complaints;
use crate::repo::TextFile;

/// Words that must stand alone to count.
const WORDS: &[&str] = &["TODO", "FIXME", "XXX"];
const SNIPPETS: &[&str] = &["todo!(", "unimplemented!(", "#[ignore"];

/// Looks at every text file but this program's own sources, which must be able to name what they look for.
pub(super) fn check(files: &[TextFile]) -> Complaints {
    files.iter().filter(|file| !file.path.starts_with("xtask/")).flat_map(in_file).collect()
}

fn in_file(file: &TextFile) -> Vec<String> {
    let complain = |(number, line): (usize, &str)| {
        let mark = mark_in(line)?;
        Some(format!("{}:{}: `{mark}` marks unfinished work", file.path, number + 1))
    };
    file.text.lines().enumerate().filter_map(complain).collect()
}

fn mark_in(line: &str) -> Option<&'static str> {
    let snippet = SNIPPETS.iter().find(|snippet| line.contains(*snippet));
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    snippet.copied().or_else(|| words.find_map(|word| WORDS.iter().copied().find(|mark| *mark == word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_with_its_line() {
        let text = "fine\n// TODO: later\n    todo!()\nunimplemented!()\n#[ignore]\n#[ignore = \"slow\"]\n# FIXME\nXXX\n";
        let complaints = check(&[TextFile::new("crates/a/src/lib.rs", text)]);
        assert_eq!(complaints.len(), 7, "{complaints:?}");
        assert!(complaints[0].starts_with("crates/a/src/lib.rs:2:"));
    }

    #[test]
    fn lints_longer_words_and_our_own_sources_are_no_marks() {
        let files = [
            TextFile::new("Cargo.toml", "todo = \"warn\"\n"),
            TextFile::new("a.rs", "let mac = \"XXXX\"; // ignored, TODOS_SEEN\n"),
            TextFile::new("xtask/src/tidy/marks.rs", "TODO"),
        ];
        assert_eq!(check(&files), Complaints::new());
    }
}
