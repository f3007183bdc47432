//! The crates of the workspace, and that each lies in a folder of its own name.

use super::complaints::Complaints;
use crate::repo::TextFile;

/// A package of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Crate {
    pub(super) name: String,
    /// From the top of the checkout, without a `/` at its end.
    pub(super) folder: String,
}

/// Every `Cargo.toml` that names a package.
pub(super) fn of(files: &[TextFile]) -> Vec<Crate> {
    let manifest = |file: &TextFile| {
        let folder = file.path.strip_suffix("/Cargo.toml")?.to_owned();
        Some(Crate { name: package_name(&file.text)?, folder })
    };
    files.iter().filter_map(manifest).collect()
}

/// Folder name = crate name.
pub(super) fn check(crates: &[Crate]) -> Complaints {
    if crates.is_empty() {
        return vec!["no crate was found, so nothing could be checked".to_owned()];
    }
    let strayed = |c: &&Crate| c.folder.rsplit('/').next() != Some(c.name.as_str());
    let complain = |c: &Crate| {
        format!("{}: holds the crate `{}`; folder and crate must share one name", c.folder, c.name)
    };
    crates.iter().filter(strayed).map(complain).collect()
}

fn package_name(manifest: &str) -> Option<String> {
    let package = manifest.split("[package]").nth(1)?;
    let section = package.split("\n[").next()?;
    let value = section.lines().find_map(|line| line.strip_prefix("name")?.trim_start().strip_prefix('='))?;
    Some(value.trim().trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(path: &str, name: &str) -> TextFile {
        TextFile::new(
            path,
            &format!("[package]\nname = \"{name}\"\nversion = \"1\"\n\n[lib]\nname = \"other\"\n"),
        )
    }

    #[test]
    fn a_folder_with_another_name_is_found() {
        let files =
            [manifest("crates/store/Cargo.toml", "store"), manifest("crates/meter/Cargo.toml", "accounting")];
        let complaints = check(&of(&files));
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].contains("crates/meter") && complaints[0].contains("`accounting`"));
    }

    #[test]
    fn the_workspace_manifest_is_no_crate_and_a_tree_without_crates_is_no_success() {
        let files = [TextFile::new("Cargo.toml", "[workspace]\nmembers = []\n")];
        assert_eq!(of(&files), []);
        assert_eq!(check(&[]).len(), 1);
    }
}
