//! The files that a package has, each at its place.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::{program, repo};

/// What lies in the checkout, and where it goes.
const COPIED: [(&str, &str); 6] = [
    ("etc/tikmeter.toml", "etc/tikmeter/tikmeter.toml"),
    ("etc/tikmeter.service", "usr/lib/systemd/system/tikmeter.service"),
    ("etc/grafana-dashboard.json", "usr/share/doc/tikmeter/grafana-dashboard.json"),
    ("etc/prometheus-alerts.yml", "usr/share/doc/tikmeter/prometheus-alerts.yml"),
    ("README.md", "usr/share/doc/tikmeter/README.md"),
    ("CHANGELOG.md", "usr/share/doc/tikmeter/changelog"),
];
/// What completes words in each shell, where it looks for it.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "usr/share/bash-completion/completions/tikmeter"),
    ("zsh", "usr/share/zsh/vendor-completions/_tikmeter"),
    ("fish", "usr/share/fish/vendor_completions.d/tikmeter.fish"),
];
const MANUAL: &str = "usr/share/man/man1";
const PROGRAM: &str = "usr/bin/tikmeter";

/// Makes a folder without anything in it.
///
/// # Errors
/// Which folder, and why not.
pub(super) fn empty(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("cannot empty {}: {error}", folder.display()))?;
    }
    make(folder)
}

/// Lays all files below `root`.
///
/// # Errors
/// What could not be copied, or the program's own complaint.
pub(super) fn lay(program: &Path, sbom: &Path, root: &Path) -> Result<(), String> {
    copy(program, &root.join(PROGRAM), 0o755)?;
    for (from, to) in COPIED {
        copy(&repo::root().join(from), &root.join(to), 0o644)?;
    }
    copy(sbom, &root.join("usr/share/doc/tikmeter/tikmeter.spdx"), 0o644)?;
    write(&root.join("usr/share/doc/tikmeter/copyright"), &copyright()?)?;
    let told = |words: &[&str]| program::capture(Command::new(program).args(words));
    for (shell, to) in COMPLETIONS {
        write(&root.join(to), &told(&["completions", shell])?)?;
    }
    let manual = root.join(MANUAL);
    make(&manual)?;
    told(&["manual", &manual.display().to_string()])?;
    compress(&manual)?;
    compress_one(&root.join("usr/share/doc/tikmeter/changelog"))
}

/// The licences of what is ours; those of what is linked stand in the list beside it.
fn copyright() -> Result<String, String> {
    let of = |name: &str| read(&repo::root().join(name));
    let head = "Tikmeter is licensed under the MIT licence or the Apache licence 2.0, as you choose.\n\
                What is linked into the program, with its licences: tikmeter.spdx in this folder.\n";
    Ok(format!("{head}\n{}\n\n{}", of("LICENSE-MIT")?, of("LICENSE-APACHE")?))
}

fn compress(folder: &Path) -> Result<(), String> {
    let entries =
        fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    for entry in entries {
        compress_one(&entry.map_err(|error| error.to_string())?.path())?;
    }
    Ok(())
}

fn compress_one(file: &Path) -> Result<(), String> {
    program::capture(Command::new("gzip").arg("-9n").arg(file)).map(drop)
}

fn copy(from: &Path, to: &Path, mode: u32) -> Result<(), String> {
    let trouble =
        |error: std::io::Error| format!("cannot copy {} to {}: {error}", from.display(), to.display());
    make(to.parent().unwrap_or(to))?;
    fs::copy(from, to).map_err(trouble)?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode)).map_err(trouble)
}

/// Writes a text that everybody may read.
///
/// # Errors
/// Which file, and why not.
pub(super) fn write(file: &Path, text: &str) -> Result<(), String> {
    make(file.parent().unwrap_or(file))?;
    fs::write(file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    fs::set_permissions(file, fs::Permissions::from_mode(0o644)).map_err(|error| error.to_string())
}

/// Reads a text of the checkout.
///
/// # Errors
/// Which file, and why not.
pub(super) fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}

/// Makes a folder that everybody may look into, and those above it.
fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))
}
