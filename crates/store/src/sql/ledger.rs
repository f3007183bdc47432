//! Explaining totals.

use std::collections::HashMap;
use std::ops::Range;

use accounting::Octets;
use accounting::login::LoginKind;
use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::ledger_repository::{CountedIn, EntryKey, EntryRow, HeldAct, LedgerRepository, LedgerSubject};
use crate::reach::Reach;

use super::accounting_logins::every_kind;
use super::connection::Connection;
use super::database::Database;
use super::keys::row_key;
use super::ledger_rows::{entries_where, entry_row, key_columns, ledger_of_login};
use super::open_entry::{session_total, with_open_entry};
use super::reach::{on_reached, reached};
use super::value::{Values, params};
use super::values::{amount, octets};
use super::{held, rows, usage_cycle};

/// Lines of one login, by the index on (login, bucket), which ends in the key.
macro_rules! lines_of {
    ($login:literal) => {
        entries_where!(
            $login,
            " AND (entry.bucket, entry.nas_id, entry.no) > (?2, ?3, ?4)
       AND (?5 IS NULL OR nas.name = ?5 AND entry.reason <> 'adopted')
       AND (?6 IS NULL OR entry.posted = 0 AND entry.to_at > ?10 AND entry.to_at <= ?11
         OR entry.cycle_id IN (SELECT id FROM cycle WHERE id = ?6 OR continues = ?6)
         AND NOT (entry.reason = 'adopted' AND EXISTS (SELECT 1 FROM adoption WHERE adoption.entry_no = entry.no
           AND adoption.nas_id = entry.nas_id AND adoption.bucket = entry.bucket AND superseded_at IS NOT NULL)))
       AND (?7 IS NULL OR entry.nas_id = ?7 AND entry.session_no = ?8)
       AND ",
            reached!("?12", "nas.group_id"),
            "
     ORDER BY entry.bucket, entry.nas_id, entry.no LIMIT ?9"
        )
    };
}
const OF_LOGIN: &str = lines_of!("entry.login_id = ?1");
const OF_NOBODY: &str = lines_of!("entry.login_id IS NULL AND ?1 IS NULL");
const LOGINS_OF_NAME: &str = concat!(
    "SELECT id FROM login WHERE kind IN ",
    every_kind!(),
    " AND name = ?1 AND (?2 IS NULL OR kind = ?2)"
);
/// A session's login row changes when a subscriber is bound, its name does not.
const LOGINS_OF_SESSION: &str = "
    SELECT login.id FROM session JOIN login AS mine ON mine.id = session.login_id
    JOIN login ON login.kind = mine.kind AND login.name = mine.name WHERE session.id = ?1
      AND session.nas_id = ?1 >> 40";
macro_rules! total_of {
    ($login:literal) => {
        concat!(
            "
    SELECT CAST(coalesce(sum(delta_input), 0) AS bigint), CAST(coalesce(sum(delta_output), 0) AS bigint)
    FROM ",
            ledger_of_login!(),
            " JOIN nas ON nas.id = entry.nas_id
    WHERE ",
            $login,
            " AND nas.name = ?2 AND posted = 1 AND entry.reason <> 'adopted' AND ",
            reached!("?3", "nas.group_id")
        )
    };
}
const TOTAL_OF_LOGIN: &str = total_of!("entry.login_id = ?1");
const TOTAL_OF_NOBODY: &str = total_of!("entry.login_id IS NULL AND ?1 IS NULL");
const TOTAL_OF_CYCLE: &str = concat!(
    "
    SELECT CAST(coalesce(sum(input_octets), 0) AS bigint), CAST(coalesce(sum(output_octets), 0) AS bigint)
    FROM cycle LEFT JOIN cycle_total ON cycle_id = cycle.id AND ",
    on_reached!("?2", "cycle_total.nas_id"),
    "
    WHERE cycle.id = ?1 OR continues = ?1 HAVING count(*) > 0"
);
const TOTAL_OF_SESSION: &str = concat!(
    "SELECT ",
    session_total!("input"),
    ", ",
    session_total!("output"),
    " FROM session",
    with_open_entry!("session"),
    "WHERE id = ?1 AND session.nas_id = ?1 >> 40 AND ",
    on_reached!("?2", "session.nas_id")
);

#[async_trait]
impl<D: Database> LedgerRepository for D {
    async fn entries_within(
        &self,
        subject: LedgerSubject,
        after: Option<EntryKey>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<EntryRow>, StoreError> {
        self.read(move |connection| {
            let mut found = Vec::new();
            for login in logins_of(connection, &subject)? {
                found.append(&mut of_login(connection, &subject, login, (after, limit), &reach)?);
            }
            found.sort_unstable_by_key(EntryRow::key);
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(found)
        })
        .await
    }

    async fn explained_total_within(
        &self,
        subject: LedgerSubject,
        reach: Reach,
    ) -> Result<Option<Octets>, StoreError> {
        self.read(move |connection| total(connection, &subject, &reach)).await
    }

    async fn list_held_within(
        &self,
        after: Option<EntryKey>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<EntryRow>, StoreError> {
        self.read(move |connection| held::undecided(connection, after, limit, &reach)).await
    }

    async fn count_held_within(&self, reach: Reach) -> Result<HashMap<NasId, u64>, StoreError> {
        self.read(move |connection| held::count(connection, &reach)).await
    }

    async fn find_held_within(
        &self,
        router: &str,
        bucket: i64,
        no: u64,
        reach: Reach,
    ) -> Result<Option<EntryRow>, StoreError> {
        let router = router.to_owned();
        self.read(move |connection| held::find(connection, &router, (bucket, no), &reach)).await
    }

    async fn decide_held(
        &self,
        key: EntryKey,
        decision: HeldAct,
        act: NewAudit,
    ) -> Result<Option<CountedIn>, StoreError> {
        self.transact(move |connection| held::decide(connection, key, decision, &act)).await
    }
}

/// The login rows that lines of a subject can have, `None` for no login; of a cycle, with the instants between which held ones
/// are the cycle's.
fn logins_of(connection: &Connection<'_>, subject: &LedgerSubject) -> Result<Vec<LoginRow>, StoreError> {
    match subject {
        LedgerSubject::Login { username: None, .. } => Ok(vec![(None, None)]),
        LedgerSubject::Login { username: Some(name), kind, .. } => {
            logins(connection, LOGINS_OF_NAME, params![name, kind.map(LoginKind::as_str)])
        }
        LedgerSubject::Cycle(cycle) => {
            let logins = usage_cycle::Extent::of(connection, *cycle)?.logins(connection, *cycle)?;
            Ok(logins.into_iter().map(|(login, held)| (Some(login), Some(held))).collect())
        }
        LedgerSubject::Session { nas, no } => {
            logins(connection, LOGINS_OF_SESSION, params![row_key(*nas, *no)?])
        }
    }
}

type LoginRow = (Option<i64>, Option<Range<Micros>>);

fn logins(
    connection: &Connection<'_>,
    sql: &'static str,
    key: Values<'_>,
) -> Result<Vec<LoginRow>, StoreError> {
    rows::all(connection, sql, key, |row| Ok((Some(row.get(0)?), None)))
}

fn of_login(
    connection: &Connection<'_>,
    subject: &LedgerSubject,
    (login, held): LoginRow,
    (after, limit): (Option<EntryKey>, u32),
    reach: &Reach,
) -> Result<Vec<EntryRow>, StoreError> {
    let (bucket, after_nas, after_no) = key_columns(after)?;
    let (mut router, mut of_cycle, mut nas, mut session) = (None, None, None, None);
    match subject {
        LedgerSubject::Login { router: name, .. } => router = Some(name),
        LedgerSubject::Cycle(cycle) => of_cycle = Some(cycle),
        LedgerSubject::Session { nas: id, no } => (nas, session) = (Some(id.0), Some(amount(*no)?)),
    }
    let (held_after, held_until) = held.map(|held| (held.start.0, held.end.0)).unzip();
    let values = params![
        login,
        bucket,
        after_nas,
        after_no,
        router,
        of_cycle,
        nas,
        session,
        limit,
        held_after,
        held_until,
        reach.rows()
    ];
    rows::all(connection, if login.is_some() { OF_LOGIN } else { OF_NOBODY }, values, entry_row)
}

fn total(
    connection: &Connection<'_>,
    subject: &LedgerSubject,
    reach: &Reach,
) -> Result<Option<Octets>, StoreError> {
    match subject {
        LedgerSubject::Login { router, .. } => {
            let mut total = Octets::ZERO;
            for (login, _) in logins_of(connection, subject)? {
                let sql = if login.is_some() { TOTAL_OF_LOGIN } else { TOTAL_OF_NOBODY };
                total +=
                    rows::only(connection, sql, params![login, router, reach.rows()], |row| octets(row, 0))?;
            }
            Ok(Some(total))
        }
        LedgerSubject::Cycle(cycle) => {
            rows::first(connection, TOTAL_OF_CYCLE, params![cycle, reach.rows()], |row| octets(row, 0))
        }
        LedgerSubject::Session { nas, no } => {
            let values = params![row_key(*nas, *no)?, reach.rows()];
            rows::first(connection, TOTAL_OF_SESSION, values, |row| octets(row, 0))
        }
    }
}
