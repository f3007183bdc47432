//! Debian packages that a fresh machine lacks.

use std::io::IsTerminal;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::tools;
use crate::program;

/// Installs `packages`, as root or through sudo, and says so.
///
/// # Errors
/// A sentence with what a person can do.
pub(crate) fn install(what: &str, packages: &[&str]) -> Result<(), String> {
    // Stages install beside each other, and apt-get refuses to.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let by_hand = format!("install it by hand (Debian: apt-get install {})", packages.join(" "));
    let prefix = prefix().map_err(|why| format!("{what} is missing and {why}; {by_hand}"))?;
    println!("install  no {what} here: installing {} with {}apt-get", packages.join(" "), shown(prefix));
    // Package lists may be missing or old; what is there may do.
    drop(run(prefix, &["update"]));
    let mut words = vec!["install", "-y", "--no-install-recommends"];
    words.extend(packages);
    let log = run(prefix, &words).map_err(|why| format!("{what} is missing and {why}; {by_hand}"))?;
    if log.success {
        Ok(())
    } else {
        Err(format!("{what} is missing and apt-get failed; {by_hand}:\n{}", program::tail(&log.output, 20)))
    }
}

/// Runs something as root or through sudo; gives what it says.
///
/// # Errors
/// Its own complaint, or why nobody can.
pub(crate) fn as_root(words: &[&str]) -> Result<String, String> {
    let all: Vec<&str> = prefix()?.iter().chain(words).copied().collect();
    program::capture(Command::new(all[0]).args(&all[1..]))
}

/// What goes before `apt-get`.
///
/// # Errors
/// Why nobody can be root.
pub(super) fn prefix() -> Result<&'static [&'static str], &'static str> {
    if !has("apt-get") {
        return Err("there is no apt-get");
    }
    if program::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
        return Ok(&[]);
    }
    if !has("sudo") {
        return Err("installing needs root or sudo");
    }
    // Without a terminal nobody can type a password: fail at once instead of waiting for one.
    Ok(if std::io::stdin().is_terminal() { &["sudo"] } else { &["sudo", "-n"] })
}

fn has(name: &str) -> bool {
    program::capture(Command::new("sh").args(["-c", "command -v \"$1\"", "sh", name])).is_ok()
}

fn shown(prefix: &[&str]) -> &'static str {
    if prefix.is_empty() { "" } else { "sudo " }
}

fn run(prefix: &[&str], words: &[&str]) -> Result<program::Finished, String> {
    let mut all = prefix.to_vec();
    all.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    all.extend(words);
    program::run_logged(Command::new(all[0]).args(&all[1..]), &tools::log_path(&format!("apt-{}", words[0])))
}
