//! `./x dist`: what is given to others: a Debian package, a tarball of the same files, and a list of all that is linked into
//! the program.

mod deb;
mod release;
mod sbom;
mod tree;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use self::release::architecture;
pub(crate) use self::release::{Compression, Release};
use crate::stages::web;
use crate::{program, repo};

/// The files that were made.
pub(crate) struct Made {
    pub(crate) deb: PathBuf,
    tar: PathBuf,
    sbom: PathBuf,
}

/// The version of the workspace.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds everything in release mode, into `target/dist`.
pub(crate) fn run() -> ExitCode {
    match built() {
        Ok(made) => {
            for path in [made.deb, made.tar, made.sbom] {
                println!("{}", path.display());
            }
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("x: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn built() -> Result<Made, String> {
    web::build_if_stale()?;
    let target = repo::target();
    let log = target.join("xtask/dist-build.log");
    println!("dist     building in release mode; the compiler's words go to {}", log.display());
    let done =
        program::run_logged(repo::cargo().args(["build", "--release", "--locked", "-p", "tikmeter"]), &log)?;
    if !done.success {
        return Err(program::tail(&done.output, 40));
    }
    let folder = target.join("dist");
    let release = Release {
        program: &target.join("release/tikmeter"),
        version: VERSION,
        folder: &folder,
        compression: Compression::Small,
    };
    make(&release)
}

/// Makes the package, the tarball and the list out of a built program.
///
/// # Errors
/// What could not be written or run.
pub(crate) fn make(release: &Release) -> Result<Made, String> {
    let name = format!("tikmeter_{}_{}", release.version, architecture()?);
    let root = release.folder.join(&name);
    let sbom = release.folder.join(format!("{name}.spdx"));
    tree::empty(&root)?;
    sbom::write(&sbom, release.version)?;
    tree::lay(release.program, &sbom, &root)?;
    let tar = release.folder.join(format!("{name}.tar.gz"));
    pack(&root, &tar)?;
    let deb = release.folder.join(format!("{name}.deb"));
    deb::build(&root, release, &deb)?;
    Ok(Made { deb, tar, sbom })
}

/// The same bytes whoever makes it: nobody's names, and the time of no file.
fn pack(root: &Path, tar: &Path) -> Result<(), String> {
    let mut command = Command::new("tar");
    command.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "-czf"]);
    command.arg(tar).arg("-C").arg(root).arg(".");
    program::capture(&mut command).map(drop)
}
