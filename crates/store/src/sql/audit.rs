//! The journal.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_chain;
use crate::audit_repository::{AuditQuery, AuditRecord, AuditRepository, NewAudit};
use crate::error::StoreError;

use super::audit_reach::{act_on_reached_router, act_on_reached_subscriber, field};
use super::connection::Connection;
use super::database::Database;
use super::reach::{on_reached, reached, subscriber_reached};
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::from_amount;

const LAST: &str = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
const INSERT: &str = "
    INSERT INTO audit (seq, at, actor, action, subject, detail, prev_hash, hash, origin)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const LIST: &str = concat!(
    "SELECT seq, at, actor, action, subject, detail, hash, origin FROM audit
     WHERE seq < ?1 AND (?2 IS NULL OR actor = ?2) AND (?3 IS NULL OR action = ?3) AND (?4 IS NULL OR subject = ?4)
        AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6) AND (?8 IS NULL OR ",
    act_on_reached_router!("?8"),
    " OR ",
    act_on_reached_subscriber!("?8"),
    ") ORDER BY seq DESC LIMIT ?7"
);

/// Appends an act within the caller's transaction.
pub(super) fn append(connection: &Connection<'_>, act: &NewAudit) -> Result<(), StoreError> {
    let last: Option<(i64, [u8; 32])> =
        rows::first(connection, LAST, params![], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (last_seq, before) = last.unwrap_or((0, audit_chain::FIRST));
    let seq = last_seq + 1;
    let hash = audit_chain::hash(&before, seq, act);
    let values =
        params![seq, act.at.0, act.actor, act.action, act.subject, act.detail, before, hash, act.origin];
    connection.execute(INSERT, values).map(drop)
}

#[async_trait]
impl<D: Database> AuditRepository for D {
    async fn append_audit(&self, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| append(connection, &act)).await
    }

    async fn list_audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError> {
        let AuditQuery { actor, action, subject, since, until, before, reach, limit } = query;
        let (since, until) = (since.map(|at| at.0), until.map(|at| at.0));
        let before = before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
        let values = move |connection: &Connection<'_>| {
            let asked = params![before, actor, action, subject, since, until, limit, reach.rows()];
            rows::all(connection, LIST, asked, record)
        };
        self.read(values).await
    }
}

/// A row of the journal: seq, at, actor, action, subject, detail, hash, origin.
pub(super) fn record(row: &Row<'_>) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        seq: from_amount(row.get(0)?)?,
        act: NewAudit {
            at: Micros(row.get(1)?),
            actor: row.get(2)?,
            origin: row.get(7)?,
            action: row.get(3)?,
            subject: row.get(4)?,
            detail: row.get(5)?,
        },
        hash: row.get(6)?,
    })
}
