//! Session totals against the posted lines of each session.

use accounting::Octets;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::verify_repository::VerifyReport;

use super::connection::Connection;
use super::keys::keys_of;
use super::open_entry::{session_total, with_open_entry};
use super::rows;
use super::value::params;
use super::values::{from_amount, octets};

/// Sessions beside the sums of their lines; one that is not there has none of the columns of a session.
const SESSIONS: &str = concat!(
    "SELECT coalesce(shown.no, added.session_no), shown.input, shown.output, coalesce(added.input, 0),
            coalesce(added.output, 0), shown.strays
     FROM (SELECT id - ?2 AS no, ",
    session_total!("input"), " AS input, ", session_total!("output"), " AS output, CASE WHEN open_no IS NOT NULL AND open_entry.session_no IS DISTINCT FROM id - ?2 THEN 1 ELSE 0 END AS strays
           FROM session",
    with_open_entry!("session"),
    "WHERE session.nas_id = ?1) AS shown
     FULL JOIN (SELECT session_no, CAST(sum(delta_input) AS bigint) AS input, CAST(sum(delta_output) AS bigint) AS output
                FROM ledger_entry WHERE nas_id = ?1 AND posted = 1 AND session_no IS NOT NULL
                GROUP BY session_no) AS added ON added.session_no = shown.no
     ORDER BY 1"
);

/// Checks one router's sessions.
pub(super) fn check(
    connection: &Connection<'_>,
    nas: i64,
    router: &str,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let first_key = *keys_of(NasId(nas))?.start();
    rows::each(connection, SESSIONS, params![nas, first_key], |row| {
        let (no, added) = (from_amount(row.get(0)?)?, octets(row, 3)?);
        let Some(strays) = row.get::<Option<bool>>(5)? else {
            report.note(|| format!("router {router}: entries name the session {no}, which is not there"));
            return Ok(());
        };
        report.sessions_checked += 1;
        if strays {
            report.note(|| format!("router {router}: session {no} names an open entry that is not its own"));
        }
        let total = octets(row, 1)?;
        if added != total {
            report.note(|| mismatch(router, no, total, added));
        }
        Ok(())
    })
}

fn mismatch(router: &str, no: u64, total: Octets, added: Octets) -> String {
    format!(
        "router {router}: session {no} has a total of {} octets up and {} down, its entries add up to {} and {}",
        total.input, total.output, added.input, added.output
    )
}
