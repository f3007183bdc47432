//! The Debian package: what dpkg wants to know, and what is done when it comes and goes.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::release::{Compression, Release, architecture};
use super::tree;
use crate::{program, repo};

const SCRIPTS: [&str; 3] = ["postinst", "prerm", "postrm"];
/// What an upgrade leaves as its owner changed it.
const KEPT: &str = "/etc/tikmeter/tikmeter.toml\n";

/// Packs what lies below `root`.
///
/// # Errors
/// What could not be written, or dpkg's complaint.
pub(super) fn build(root: &Path, release: &Release, deb: &Path) -> Result<(), String> {
    let debian = root.join("DEBIAN");
    let sums = sums(root)?;
    tree::write(&debian.join("control"), &control(root, release.version)?)?;
    tree::write(&debian.join("conffiles"), KEPT)?;
    tree::write(&debian.join("md5sums"), &sums)?;
    for script in SCRIPTS {
        let to = debian.join(script);
        tree::write(&to, &tree::read(&repo::root().join("etc/debian").join(script))?)?;
        fs::set_permissions(&to, fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string())?;
    }
    let how = match release.compression {
        Compression::Small => "-Zxz",
        Compression::Fast => "-Zgzip",
    };
    let mut command = Command::new("dpkg-deb");
    command.args(["--root-owner-group", how, "--build"]).arg(root).arg(deb);
    program::capture(&mut command).map(drop)
}

fn control(root: &Path, version: &str) -> Result<String, String> {
    let kilobytes = program::capture(Command::new("du").args(["-sk", "--apparent-size"]).arg(root))?;
    let kilobytes = kilobytes.split_whitespace().next().unwrap_or("0");
    Ok(format!(
        "Package: tikmeter\n\
         Version: {version}\n\
         Architecture: {}\n\
         Maintainer: The Tikmeter maintainers <maintainers@tikmeter.invalid>\n\
         Installed-Size: {kilobytes}\n\
         Depends: libc6 (>= {}), libgcc-s1, passwd, init-system-helpers\n\
         Recommends: ca-certificates\n\
         Suggests: postgresql, redis-server\n\
         Section: net\n\
         Priority: optional\n\
         Description: exact usage of the subscribers of MikroTik networks\n \
         Reads PPPoE, hotspot and static-IP counters of MikroTik routers and knows to the\n \
         byte what each subscriber used in a billing cycle; shows live traffic, limits\n \
         speed, sells vouchers and disconnects, by a web admin, a command line and an API.\n",
        architecture()?,
        libc()?,
    ))
}

/// The C library that the program was linked with is the oldest that is known to have all it asks for.
fn libc() -> Result<String, String> {
    let version = program::capture(Command::new("dpkg-query").args(["-W", "-f", "${Version}", "libc6"]))?;
    Ok(upstream(&version).to_owned())
}

/// `2.36-9+deb12u10` is Debian's word for 2.36.
fn upstream(version: &str) -> &str {
    version.trim().rsplit_once('-').map_or(version.trim(), |(upstream, _)| upstream)
}

/// By which `dpkg --verify` tells what was changed.
fn sums(root: &Path) -> Result<String, String> {
    let script = "find . -type f -not -path './etc/*' -printf '%P\\0' | sort -z | xargs -0 md5sum";
    program::capture(Command::new("sh").args(["-c", script]).current_dir(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_debian_added_to_a_version_is_no_reason_to_refuse_another_debian() {
        assert_eq!(upstream("2.36-9+deb12u10\n"), "2.36");
        assert_eq!(upstream("2.41"), "2.41");
    }
}
