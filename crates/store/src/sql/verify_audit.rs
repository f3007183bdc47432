//! The journal's hashes, computed anew from the first act on.

use crate::audit_chain;
use crate::error::StoreError;
use crate::verify_repository::VerifyReport;

use super::audit::record;
use super::connection::Connection;
use super::rows;
use super::value::params;

const ALL: &str = "SELECT seq, at, actor, action, subject, detail, hash, origin FROM audit ORDER BY seq";

/// Checks places and hashes.
pub(super) fn check(connection: &Connection<'_>, report: &mut VerifyReport) -> Result<(), StoreError> {
    let (mut expected, mut before) = (1, audit_chain::FIRST);
    rows::each(connection, ALL, params![], |row| {
        let record = record(row)?;
        let hash = audit_chain::hash(&before, record.seq.cast_signed(), &record.act);
        report.audit_checked += 1;
        if record.seq != expected {
            report.note(|| format!("the journal lacks the acts from {expected} to {}", record.seq - 1));
        } else if record.hash != hash {
            report.note(|| format!("act {expected} of the journal was changed, or one before it was"));
        }
        // From the stored hash on, so that one changed act is told once.
        (expected, before) = (record.seq + 1, record.hash);
        Ok(())
    })
}
