//! What every part of a look goes by, and how rows are named.

use accounting::time::Micros;
use operations::{Finding, FindingCode, MendPlace, Patient, router_command, router_value};

use crate::link::{Security, Target};

/// What a look is by.
pub(super) struct Visit<'a> {
    pub(super) target: &'a Target,
    pub(super) patient: &'a Patient,
    /// Our clock.
    pub(super) now: Micros,
}

/// The service that we came in by, as `/ip/service` names it.
pub(super) fn service(target: &Target) -> &'static str {
    if matches!(target.security, Security::Plain) { "api" } else { "api-ssl" }
}

/// A finding about the rows that say so, mended by a command about them.
pub(super) fn row(
    code: FindingCode,
    what: String,
    command: &str,
    finds: &[(&str, &[u8])],
    settings: &str,
) -> Finding {
    Finding::new(code, what).mended(MendPlace::Router, router_command(command, finds, settings))
}

/// A row named by one of its values, for a sentence.
pub(super) fn named(value: &[u8]) -> String {
    router_value(value)
}
