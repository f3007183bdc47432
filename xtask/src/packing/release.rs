//! What is packed: one version of the program, for this machine's kind.

use std::path::Path;
use std::process::Command;

use crate::program;

/// One version of the program, for this machine's kind.
pub(crate) struct Release<'a> {
    /// The built program.
    pub(crate) program: &'a Path,
    /// As the package has it: `0.1.0`.
    pub(crate) version: &'a str,
    /// Where what is made comes to lie.
    pub(crate) folder: &'a Path,
    pub(crate) compression: Compression,
}

/// How packages are made smaller.
#[derive(Clone, Copy)]
pub(crate) enum Compression {
    /// For others: a third smaller.
    Small,
    /// For a test.
    Fast,
}

/// As Debian calls it: `amd64`.
///
/// # Errors
/// Where there is no dpkg.
pub(super) fn architecture() -> Result<String, String> {
    let told = program::capture(Command::new("dpkg").arg("--print-architecture"))?;
    Ok(told.trim().to_owned())
}
