//! Counters that are somebody's because they were enrolled.

use accounting::login::{LoginName, LoginRef};
use accounting::standing::{Enrolled, counter_of_login};
use accounting::table::Table;

use crate::accounting_repository::Asked;
use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::{Batch, Connection};
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::login_kind;

/// Those that somebody has now, in the order they were enrolled.
macro_rules! enrolled {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM enrolment
             JOIN login ON login.id = enrolment.login_id
             JOIN login_binding AS bound ON bound.login_id = login.id AND bound.to_at IS NULL
             LEFT JOIN cycle ON cycle.subscriber_id = bound.subscriber_id AND cycle.closed_at IS NULL
             WHERE enrolment.nas_id = ?1 ORDER BY bound.id"
        )
    };
}
const ENROLLED: &str = enrolled!(
    "counter_table, enrolment.name, login.name, login.id, cycle.id,
     (SELECT max(session.boot) FROM session WHERE session.login_id = login.id AND session.nas_id = ?1
                                              AND first_seen_at >= bound.from_at), login.kind"
);
const ASKED: &str = enrolled!("counter_table, enrolment.name, login.name");
const HANDLES: &str = "
    SELECT handle FROM counter
    WHERE nas_id = ?1 AND boot = (SELECT boot FROM nas WHERE id = ?1) AND session_login = ?2 AND state < 2
      AND handle >= 144115188075855872";
const OTHER_OWNER: &str = "
    SELECT username FROM enrolment
    JOIN login_binding AS bound ON bound.login_id = enrolment.login_id AND bound.to_at IS NULL
    JOIN subscriber ON subscriber.id = bound.subscriber_id
    JOIN login ON login.id = enrolment.login_id
    WHERE enrolment.nas_id = ?1 AND counter_table = ?2 AND enrolment.name = ?3 AND login.name <> ?4";
const ENROL: &str = "
    INSERT INTO enrolment (login_id, nas_id, counter_table, name) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (login_id) DO UPDATE SET name = excluded.name";
const RENAME: &str = "UPDATE enrolment SET name = ?2 WHERE login_id = ?1";

/// What counts for somebody on a router, with the row of their login and their open cycle.
pub(super) fn of_router(
    connection: &Connection<'_>,
    nas: NasId,
) -> Result<Vec<(Enrolled, LoginRef)>, StoreError> {
    rows::all(connection, ENROLLED, params![nas.0], |row| {
        let kind =
            login_kind(row, 6)?.ok_or_else(|| StoreError::Corrupt("a login has no kind".to_owned()))?;
        let enrolled = Enrolled {
            table: table(row)?,
            name: row.get::<Vec<u8>>(1)?.into(),
            login: LoginName::new(kind, row.get::<Vec<u8>>(2)?),
            counted_in: row.get(5)?,
        };
        Ok((enrolled, LoginRef { id: row.get(3)?, cycle: row.get(4)? }))
    })
}

/// What a round asks a router for.
pub(super) fn asked(connection: &Connection<'_>, nas: NasId) -> Result<Vec<Asked>, StoreError> {
    let mut asked = rows::all(connection, ASKED, params![nas.0], |row| {
        Ok((Asked { table: table(row)?, name: row.get(1)?, ids: Vec::new() }, row.get::<Vec<u8>>(2)?))
    })?;
    let mut ids = Vec::new();
    let mut see = |nth: usize, row: &Row<'_>| {
        ids.push((nth, Table::id(row.get::<i64>(0)?.cast_unsigned())));
        Ok(())
    };
    let mut asking = connection.ask_many(HANDLES, &mut see)?;
    asked.iter().try_for_each(|(_, login)| asking.add(params![nas.0, login]))?;
    asking.finish()?;
    for (nth, id) in ids {
        asked[nth].0.ids.push(id);
    }
    Ok(asked.into_iter().map(|(asked, _)| asked).collect())
}

fn table(row: &Row<'_>) -> Result<Table, StoreError> {
    let number: u8 = row.get(0)?;
    let table = Table::ALL.get(usize::from(number)).copied().filter(|table| table.is_standing());
    table.ok_or_else(|| StoreError::Corrupt(format!("nothing can be enrolled in the table {number}")))
}

/// A login that names a counter was bound: from now on the counter is read. One that somebody has under another login,
/// because it was renamed since, is refused.
pub(super) fn enrol(
    connection: &Connection<'_>,
    login: (i64, &LoginName),
    (scope, nas): (&str, i64),
) -> Result<(), StoreError> {
    let (id, login) = login;
    let Some((table, name)) = counter_of_login(login) else { return Ok(()) };
    if scope != "router" {
        return Err(StoreError::Constraint(
            "what counts for a static address is on one router; nothing was changed, name the router"
                .to_owned(),
        ));
    }
    let number = table.index() as i64;
    if let Some(owner) = other_owner(connection, login, nas)? {
        return Err(StoreError::Constraint(format!(
            "that counter is the subscriber {owner}'s already, who had it enrolled under another name; nothing was changed"
        )));
    }
    connection.execute(ENROL, params![id, nas, number, name])?;
    Ok(())
}

/// Who has the counter that a login names under another login.
pub(super) fn other_owner(
    connection: &Connection<'_>,
    login: &LoginName,
    nas: i64,
) -> Result<Option<String>, StoreError> {
    let Some((table, name)) = counter_of_login(login) else { return Ok(None) };
    let key = params![nas, table.index() as i64, name, login.name];
    rows::first(connection, OTHER_OWNER, key, |row| row.get(0))
}

/// Notes what the router calls enrolled counters now, by the rows of their logins.
pub(super) fn rename(connection: &Connection<'_>, renamed: &[(i64, Box<[u8]>)]) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, RENAME)?;
    renamed.iter().try_for_each(|(login, name)| batch.add(params![login, name]))?;
    batch.finish()
}
