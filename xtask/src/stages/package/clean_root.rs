//! A machine that has nothing: Debian's smallest system with systemd in a folder, made once and copied for each run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::stages::apt::{self, as_root};
use crate::stages::installed;
use crate::{program, repo};

const MADE: &str = "target/clean-root/made";
/// A server has it; the smallest system that debootstrap makes has not.
const WITH: &str = "--include=systemd";
const AT_WORK: &str = "target/clean-root/at-work";

/// Begins making it, beside the other stages.
pub(crate) fn prepare() {
    std::thread::spawn(|| drop(ready()));
}

/// Waits until it is made.
fn ready() -> Result<PathBuf, String> {
    static READY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    READY.get_or_init(make).clone()
}

fn make() -> Result<PathBuf, String> {
    let folder = repo::root().join(MADE);
    // Written last: a system that was half made has none.
    let stamp = folder.with_extension("whole");
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == WITH) {
        return Ok(folder);
    }
    if program::capture(Command::new("sh").args(["-c", "command -v debootstrap"])).is_err() {
        apt::install("debootstrap", &["debootstrap"])?;
    }
    let started = installed::now();
    let shown = folder.display().to_string();
    println!("install  Debian's smallest system below {shown}");
    as_root(&["rm", "-rf", &shown])?;
    as_root(&["mkdir", "-p", &shown])?;
    as_root(&[
        "env",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "debootstrap",
        "--variant=minbase",
        WITH,
        &suite()?,
        &shown,
    ])?;
    installed::write(&stamp, WITH)?;
    println!("install  ok     {:>6.1} s  beside the other stages", started.elapsed().as_secs_f64());
    Ok(folder)
}

/// This machine's own: packages depend on libraries of the machine that made them.
fn suite() -> Result<String, String> {
    let told =
        program::capture(Command::new("sh").args(["-c", ". /etc/os-release; echo \"$VERSION_CODENAME\""]))?;
    let suite = told.trim();
    if suite.is_empty() {
        Err("/etc/os-release names no suite of Debian".to_owned())
    } else {
        Ok(suite.to_owned())
    }
}

/// One copy of it, which a test may do with as it likes.
pub(super) struct Root(PathBuf);

impl Root {
    /// A copy that is as new.
    pub(super) fn anew() -> Result<Self, String> {
        let made = ready()?;
        let root = Self(repo::root().join(AT_WORK));
        as_root(&["rm", "-rf", &root.shown()])?;
        as_root(&["cp", "-a", &made.display().to_string(), &root.shown()])?;
        Ok(root)
    }

    /// Takes it away.
    pub(super) fn remove(&self) -> Result<(), String> {
        as_root(&["rm", "-rf", &self.shown()]).map(drop)
    }

    /// Where something of it is on this machine.
    pub(super) fn path(&self, within: &str) -> PathBuf {
        self.0.join(within)
    }

    /// Whether something of that name is in it.
    pub(super) fn has(&self, within: &str) -> bool {
        as_root(&["test", "-e", &self.path(within).display().to_string()]).is_ok()
    }

    /// Installs a package, without asking anybody.
    pub(super) fn install(&self, deb: &Path) -> Result<String, String> {
        as_root(&["cp", &deb.display().to_string(), &self.path("tmp/tikmeter.deb").display().to_string()])?;
        self.run(&["env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--install", "/tmp/tikmeter.deb"])
    }

    /// Runs something in it as root.
    pub(super) fn run(&self, words: &[&str]) -> Result<String, String> {
        self.chroot(&[], words)
    }

    /// Runs something in it as the service's user.
    pub(super) fn as_service(&self, words: &[&str]) -> Result<String, String> {
        self.chroot(&["--userspec=tikmeter:tikmeter"], words)
    }

    fn chroot(&self, how: &[&str], words: &[&str]) -> Result<String, String> {
        let shown = self.shown();
        let begin = ["env", "-i", "LC_ALL=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "chroot"];
        let all: Vec<&str> =
            begin.iter().chain(how).copied().chain([shown.as_str()]).chain(words.iter().copied()).collect();
        as_root(&all)
    }

    pub(super) fn shown(&self) -> String {
        self.0.display().to_string()
    }
}
