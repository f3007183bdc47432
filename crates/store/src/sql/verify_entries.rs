//! Where each entry stands: in the quarter of an hour it ended in, under a login that its router can have, and with the login
//! of its session. A session may be moved to another row of its login, by a narrower or wider binding, and what was counted
//! before stays; the user of a hotspot's session may be renamed.

use accounting::time::Micros;

use crate::error::StoreError;
use crate::verify_repository::VerifyReport;

use super::connection::Connection;
use super::rows;
use super::value::params;

const ASTRAY: &str = "
    SELECT entry.no, to_at BETWEEN bucket * ?2 AND bucket * ?2 + ?2 - 1, own.name, its.name
    FROM ledger_entry AS entry
    LEFT JOIN login AS own ON own.id = entry.login_id
    LEFT JOIN session ON session.id = entry.nas_id << 40 | entry.session_no AND session.nas_id = entry.nas_id
    LEFT JOIN login AS its ON its.id = session.login_id
    WHERE entry.nas_id = ?1
      AND (to_at NOT BETWEEN bucket * ?2 AND bucket * ?2 + ?2 - 1
        OR own.scope = 'router' AND own.scope_id <> ?1
        OR own.id IS NOT NULL AND entry.session_no IS NULL AND reason <> 'adopted'
        OR own.id IS DISTINCT FROM its.id AND its.id IS NOT NULL
          AND (own.id IS NULL OR own.kind <> its.kind OR own.name <> its.name AND own.kind <> 'hotspot'))";

/// Checks the entries of one router.
pub(super) fn check(
    connection: &Connection<'_>,
    nas: i64,
    router: &str,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    rows::each(connection, ASTRAY, params![nas, Micros::BUCKET], |row| {
        let (no, in_time): (i64, bool) = (row.get(0)?, row.get(1)?);
        let (own, its): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get(2)?, row.get(3)?);
        report.note(|| {
            if in_time {
                let (own, its) = (told(own), told(its));
                format!("router {router}: entry {no} is of {own}, its session of {its}")
            } else {
                format!("router {router}: entry {no} ended in another quarter of an hour than the one it is kept in")
            }
        });
        Ok(())
    })
}

fn told(login: Option<Vec<u8>>) -> String {
    login.map_or("nobody".to_owned(), |name| format!("the login {}", name.escape_ascii()))
}
