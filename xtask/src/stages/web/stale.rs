//! Whether the web admin has to be built: it was not yet, or something that it is built of changed since.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// What it is built of.
const SOURCES: [&str; 8] = [
    "web/src",
    "web/public",
    "web/index.html",
    "web/package.json",
    "web/package-lock.json",
    "web/vite.config.ts",
    "web/svelte.config.js",
    "docs/reference/openapi.json",
];
/// The types that a build makes of the OpenAPI document, each time anew.
const MADE: &str = "schema.d.ts";
/// Written by every build.
const BUILT: &str = "web/dist/index.html";

/// Whether a build is due. What cannot be looked at counts as changed.
pub(super) fn is_stale(root: &Path) -> bool {
    let Some(built) = changed(&root.join(BUILT)) else { return true };
    SOURCES.iter().any(|source| newest(&root.join(source)).is_none_or(|at| at > built))
}

/// When the youngest file there was changed; folders are as young as what is in them, and as the last that came or went.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = changed(path)?;
    if !path.is_dir() {
        return Some(own);
    }
    let files = fs::read_dir(path).ok()?.filter_map(Result::ok).filter(|entry| entry.file_name() != MADE);
    let within = files.map(|entry| newest(&entry.path())).collect::<Option<Vec<_>>>()?;
    // The folder of what is made is younger after each build.
    let holds_made = path.join(MADE).exists();
    let newest = within.into_iter().chain((!holds_made).then_some(own)).max();
    Some(newest.unwrap_or(SystemTime::UNIX_EPOCH))
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|about| about.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;

    /// Everything that is looked at, changed at that hour.
    fn checkout(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        for source in SOURCES {
            let path = root.join(source);
            let is_file = source.rsplit('/').next().is_some_and(|last| last.contains('.'));
            let file = if is_file { path } else { path.join("one.ts") };
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "x").unwrap();
        }
        for source in SOURCES {
            let path = root.join(source);
            at(&path, 1);
            if path.is_dir() {
                at(&path.join("one.ts"), 1);
            }
        }
        root
    }

    fn at(path: &Path, hour: u64) {
        let when = SystemTime::UNIX_EPOCH + Duration::from_secs(hour * 3_600);
        File::open(path).unwrap().set_modified(when).unwrap();
    }

    fn build(root: &Path, hour: u64) {
        fs::create_dir_all(root.join("web/dist")).unwrap();
        fs::write(root.join(BUILT), "<html>").unwrap();
        at(&root.join(BUILT), hour);
    }

    #[test]
    fn what_was_never_built_or_changed_since_is_stale() {
        let root = checkout("stale");
        assert!(is_stale(&root), "never built");
        build(&root, 2);
        assert!(!is_stale(&root));
        for changed in ["web/src/one.ts", "web/package-lock.json", "docs/reference/openapi.json"] {
            at(&root.join(changed), 3);
            assert!(is_stale(&root), "{changed}");
            at(&root.join(changed), 1);
        }
        at(&root.join("web/src"), 3);
        assert!(is_stale(&root), "a file came or went");
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn the_types_that_a_build_makes_are_no_change() {
        let root = checkout("made");
        fs::create_dir_all(root.join("web/src/api")).unwrap();
        fs::write(root.join("web/src/api").join(MADE), "y").unwrap();
        at(&root.join("web/src"), 1);
        build(&root, 2);
        assert!(!is_stale(&root));
        fs::write(root.join("web/src/api/client.ts"), "z").unwrap();
        assert!(is_stale(&root));
        fs::remove_dir_all(root).unwrap();
    }
}
