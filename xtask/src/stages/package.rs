//! Stage `package`: the Debian package comes to a machine that has nothing, the service runs as its unit says, an upgrade keeps what
//! was measured and configured, removing leaves it, purging takes it away. The program within is the one that the tests use.

mod clean_root;
mod service;

use std::path::{Path, PathBuf};

use self::clean_root::Root;
pub(crate) use self::clean_root::prepare;
use self::service::Service;
use super::product;
use crate::packing::{self, Compression, Release, VERSION};
use crate::repo;
use crate::report::Verdict;

/// What the package of a machine's next version is called.
const NEXT: &str = "99.0";
const CONFIG: &str = "etc/tikmeter/tikmeter.toml";
const DATABASE: &str = "var/lib/tikmeter/tikmeter.db";
/// Written by whoever runs the machine.
const OWN_WORDS: &str = "# changed by hand";

pub(crate) fn run() -> Verdict {
    let mut checks = Checks::default();
    if let Err(sentence) = came_and_went(&mut checks) {
        checks.0.add(&Verdict::fail(sentence));
    }
    checks.0
}

/// One line of the verdict each.
#[derive(Default)]
struct Checks(Verdict);

impl Checks {
    fn that(&mut self, what: &str, is_so: bool) {
        let told = || Verdict::fail(format!("{what}: it is not so"));
        self.0.add(&if is_so { Verdict::pass() } else { told() });
    }

    fn done(&mut self, what: &str, outcome: Result<String, String>) -> String {
        match outcome {
            Ok(told) => {
                self.0.add(&Verdict::pass());
                told
            }
            Err(sentence) => {
                self.0.add(&Verdict::fail(format!("{what}: {sentence}")));
                String::new()
            }
        }
    }
}

fn came_and_went(checks: &mut Checks) -> Result<(), String> {
    product::build()?;
    let (now, next) = (package(VERSION)?, package(NEXT)?);
    let root = Root::anew()?;
    installed(checks, &root, &now)?;
    upgraded(checks, &root, &next)?;
    removed(checks, &root)?;
    root.remove()
}

fn package(version: &str) -> Result<PathBuf, String> {
    let folder = repo::target().join("xtask/package");
    let compression = Compression::Fast;
    let release = Release { program: &product::path(), version, folder: &folder, compression };
    Ok(packing::make(&release)?.deb)
}

fn installed(checks: &mut Checks, root: &Root, deb: &Path) -> Result<(), String> {
    checks.done("the package installs on a machine that has nothing", root.install(deb));
    checks.done("the service has a user of its own", root.run(&["getent", "passwd", "tikmeter"]));
    checks.done("the program runs", root.run(&["tikmeter", "--version"]));
    let owner = root.run(&["stat", "-c", "%U:%G %a", &format!("/{CONFIG}")])?;
    checks.that("only the service and root read its configuration", owner.trim() == "root:tikmeter 640");
    let owner = root.run(&["stat", "-c", "%U:%G %a", "/var/lib/tikmeter"])?;
    checks.that("the data are the service's own", owner.trim() == "tikmeter:tikmeter 750");
    for page in ["usr/share/man/man1/tikmeter.1.gz", "usr/share/man/man1/tikmeter-router-add.1.gz"] {
        checks.that(page, root.has(page));
    }
    let completes =
        root.run(&["bash", "-c", ". /usr/share/bash-completion/completions/tikmeter; complete -p tikmeter"]);
    checks.done("the shell completes its words", completes);
    // It ends well whatever it finds: what is not as it was packed it names.
    let differing = root.run(&["dpkg", "--verify", "tikmeter"])?;
    checks.that(&format!("what dpkg installed is what was packed {differing}"), differing.is_empty());
    checks.done("systemd takes the unit", service::unit_is_valid(root));
    checks.done("the service has few rights", service::is_confined(root));
    served(checks, root, |root| {
        root.as_service(&["tikmeter", "token", "create", "kept", "--role", "viewer"]).map(drop)
    })
}

/// Runs the service and does something with it.
fn served(
    checks: &mut Checks,
    root: &Root,
    work: impl Fn(&Root) -> Result<(), String>,
) -> Result<(), String> {
    let mut service = Service::start(root)?;
    checks.done("the service says when it can be asked", service.waits_for("READY=1"));
    checks.done("it says that it lives", service.waits_for("WATCHDOG=1"));
    checks.done("it is there for its machine", root.as_service(&["tikmeter", "status"]));
    checks.done("what is asked of it is done", work(root).map(|()| String::new()));
    checks.done("it says that it stops, and ends well", service.stop());
    Ok(())
}

fn upgraded(checks: &mut Checks, root: &Root, deb: &Path) -> Result<(), String> {
    root.run(&["sh", "-c", &format!("echo '{OWN_WORDS}' >> /{CONFIG}")])?;
    checks.done("it is upgraded", root.install(deb));
    let version = root.run(&["dpkg-query", "-W", "-f", "${Version}", "tikmeter"])?;
    checks.that("the next version is there", version == NEXT);
    checks.that("the configuration is as its owner changed it", has_own_words(root));
    served(checks, root, |root| {
        let told = root.as_service(&["tikmeter", "token", "list"])?;
        if told.contains("kept") { Ok(()) } else { Err(format!("the data are not those of before:\n{told}")) }
    })
}

fn removed(checks: &mut Checks, root: &Root) -> Result<(), String> {
    checks.done("it is removed", root.run(&["dpkg", "--remove", "tikmeter"]));
    checks.that("the program is gone", !root.has("usr/bin/tikmeter"));
    checks.that("what was measured is left", root.has(DATABASE));
    checks.that("the configuration is left", has_own_words(root));
    checks.done("it is purged", root.run(&["dpkg", "--purge", "tikmeter"]));
    for gone in ["var/lib/tikmeter", "etc/tikmeter"] {
        checks.that(&format!("nothing is left in {gone}"), !root.has(gone));
    }
    checks.that("the user is gone", root.run(&["getent", "passwd", "tikmeter"]).is_err());
    Ok(())
}

fn has_own_words(root: &Root) -> bool {
    root.run(&["tail", "-n", "1", &format!("/{CONFIG}")]).is_ok_and(|line| line.trim() == OWN_WORDS)
}
