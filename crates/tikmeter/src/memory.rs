//! Starting a daemon with the memory settings it needs: glibc reads them only when a program starts, so it starts anew.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use collector::memory::{SETTINGS, VARIABLE};

/// Starts this program anew in the same process, with its own words and the settings; returns when they are there
/// already, or anything else is (whoever runs us decided), or when it cannot be done, and why.
pub(crate) fn settle() -> io::Result<()> {
    if cfg!(not(target_env = "gnu")) || !is_wanted(std::env::var_os(VARIABLE).as_deref()) {
        return Ok(());
    }
    let mut words = std::env::args_os();
    let mut anew = Command::new(std::env::current_exe()?);
    if let Some(name) = words.next() {
        anew.arg0(name);
    }
    Err(anew.args(words).env(VARIABLE, SETTINGS).exec())
}

fn is_wanted(set: Option<&OsStr>) -> bool {
    set.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_already_is_left_alone_so_that_it_starts_anew_once() {
        assert!(is_wanted(None));
        assert!(!is_wanted(Some(OsStr::new(SETTINGS))) && !is_wanted(Some(OsStr::new(""))));
    }
}
