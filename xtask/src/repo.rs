//! The checkout: where it is and what text it holds.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders that hold what was built or downloaded; the same names as in `.gitignore`, plus git's own.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", "dist"];

/// One text file of the checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextFile {
    /// From the top of the checkout, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl TextFile {
    #[cfg(test)]
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// The top of the checkout. Cargo says where this package lies, so a moved checkout needs no rebuild.
pub(crate) fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    let chosen = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    root().join(chosen)
}

/// Where the person stood when they called `./x`.
pub(crate) fn caller_dir() -> PathBuf {
    std::env::var_os("X_CALLER_DIR").map_or_else(root, PathBuf::from)
}

/// The cargo that runs us, at the top of the checkout.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).env("CARGO_TERM_COLOR", "never");
    command
}

/// Every text file below `root`, sorted by path. The folder is walked rather than asked of git, which a minimal
/// machine lacks. Files that are not UTF-8 (pictures, fuzz corpora) are not text.
///
/// # Errors
/// The path that could not be read, and why.
pub(crate) fn text_files(root: &Path) -> Result<Vec<TextFile>, String> {
    let mut files = Vec::new();
    walk(root, String::new(), &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: String, files: &mut Vec<TextFile>) -> Result<(), String> {
    let trouble = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(trouble)? {
        let entry = entry.map_err(trouble)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(trouble)?;
        if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) && path != "data" {
            walk(&entry.path(), format!("{path}/"), files)?;
        } else if kind.is_file() {
            let bytes = std::fs::read(entry.path()).map_err(|e| format!("cannot read {path}: {e}"))?;
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(TextFile { path, text });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_sees_hidden_files_and_leaves_out_what_was_built() {
        let top = std::env::temp_dir().join(format!("xtask-walk-{}", std::process::id()));
        for folder in [".ci", "target/debug", "data", "web/node_modules"] {
            std::fs::create_dir_all(top.join(folder)).unwrap();
        }
        for (path, bytes) in [
            (".ci/run", &b"sh"[..]),
            ("target/debug/x.rs", b"fn"),
            ("data/y.rs", b"fn"),
            ("web/node_modules/z.ts", b"t"),
            ("pixel.png", b"\xff\xfe"),
            ("a.rs", b"fn main() {}"),
        ] {
            std::fs::write(top.join(path), bytes).unwrap();
        }
        let seen = text_files(&top).unwrap();
        std::fs::remove_dir_all(&top).unwrap();
        assert_eq!(seen, [TextFile::new(".ci/run", "sh"), TextFile::new("a.rs", "fn main() {}")]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        assert!(text_files(Path::new("/nonexistent-folder")).unwrap_err().contains("nonexistent-folder"));
    }
}
