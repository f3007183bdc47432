//! A crate that others may take holds the texts of its licences: a package has nothing from above its own folder.

use super::complaints::Complaints;
use super::crates::Crate;
use crate::repo::TextFile;

const TEXTS: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Every crate without `publish = false`.
pub(super) fn check(files: &[TextFile], crates: &[Crate]) -> Complaints {
    let text = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str());
    let published = |krate: &&Crate| {
        text(&format!("{}/Cargo.toml", krate.folder))
            .is_some_and(|manifest| !manifest.lines().any(|line| line.trim() == "publish = false"))
    };
    let lacking = |krate: &Crate| {
        let folder = krate.folder.clone();
        TEXTS.into_iter().filter_map(move |name| {
            let path = format!("{folder}/{name}");
            let same = text(name).is_some() && text(&path) == text(name);
            (!same).then(|| format!("{path}: must be the same text as {name}, for the package is published"))
        })
    };
    crates.iter().filter(published).flat_map(lacking).collect()
}

#[cfg(test)]
mod tests {
    use super::super::crates;
    use super::*;

    #[test]
    fn a_published_crate_without_a_text_or_with_another_is_found() {
        let manifest = |name: &str, more: &str| {
            let text = format!("[package]\nname = \"{name}\"\n{more}");
            TextFile::new(&format!("crates/{name}/Cargo.toml"), &text)
        };
        let mut files = vec![
            TextFile::new("LICENSE-MIT", "mit"),
            TextFile::new("LICENSE-APACHE", "apache"),
            manifest("own", "publish = false\n"),
            manifest("open", ""),
            TextFile::new("crates/open/LICENSE-MIT", "another"),
        ];
        let complaints = check(&files, &crates::of(&files));
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints[0].starts_with("crates/open/LICENSE-MIT"), "{complaints:?}");
        files.truncate(4);
        files.push(TextFile::new("crates/open/LICENSE-MIT", "mit"));
        files.push(TextFile::new("crates/open/LICENSE-APACHE", "apache"));
        assert_eq!(check(&files, &crates::of(&files)), Complaints::new());
    }
}
