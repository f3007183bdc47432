//! A Rust file has at most 500 lines, its tests included: one idea a file.

use super::complaints::Complaints;
use crate::repo::TextFile;

const MOST: usize = 500;

pub(super) fn check(files: &[TextFile]) -> Complaints {
    let measured =
        files.iter().filter(|file| file.is_rust()).map(|file| (&file.path, file.text.lines().count()));
    let complain = |(path, lines): (&String, usize)| format!("{path}: {lines} lines; {MOST} is the most");
    measured.filter(|(_, lines)| *lines > MOST).map(complain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_too_many_is_found() {
        let files = [
            TextFile::new("a.rs", &"x\n".repeat(MOST)),
            TextFile::new("b.rs", &"x\n".repeat(MOST + 1)),
            TextFile::new("c.md", &"x\n".repeat(MOST + 1)),
        ];
        assert_eq!(check(&files), ["b.rs: 501 lines; 500 is the most"]);
    }
}
