//! No room for everything: crates and modules are named after what they are for.

use super::complaints::Complaints;
use super::lexer::{self, Token};
use crate::repo::TextFile;

const NAMELESS: &[&str] = &["common", "core", "util", "utils", "helper", "helpers"];

/// Looks at folders and files of Rust code, and at modules written inside files.
pub(super) fn check(files: &[TextFile]) -> Complaints {
    files
        .iter()
        .filter(|file| file.is_rust())
        .flat_map(|file| in_path(file).into_iter().chain(inside(file)))
        .collect()
}

fn in_path(file: &TextFile) -> Option<String> {
    let path = file.path.trim_end_matches(".rs");
    let name = path.split('/').find(|part| NAMELESS.contains(part))?;
    Some(complaint(file, name))
}

fn inside(file: &TextFile) -> Vec<String> {
    let tokens = lexer::tokens(&file.text);
    let pairs = tokens.windows(3).filter_map(|window| match window {
        [Token::Word("mod"), Token::Word(name), Token::Mark('{')] if NAMELESS.contains(name) => Some(*name),
        _ => None,
    });
    pairs.map(|name| complaint(file, name)).collect()
}

fn complaint(file: &TextFile, name: &str) -> String {
    format!("{}: `{name}` says nothing about what is inside; name it after its purpose", file.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nameless_folders_files_and_inline_modules_are_found() {
        let files = [
            TextFile::new("crates/store/src/utils.rs", ""),
            TextFile::new("crates/core/src/lib.rs", ""),
            TextFile::new("crates/store/src/rows.rs", "mod helpers { }"),
            TextFile::new("crates/store/src/core_router.rs", "// mod util {\nuse core::fmt;"),
            TextFile::new("docs/util/readme.md", ""),
        ];
        assert_eq!(check(&files).len(), 3);
    }
}
