//! Adding up the time that sessions share with a window, a chunk at a time.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use accounting::time::Micros;

use crate::error::StoreError;
use crate::tally::shared_us;

use super::connection::Connection;
use super::coverage::Looks;
use super::row::Row;
use super::rows;
use super::usage_plan::{Plan, Router, Sums, last_look};
use super::value::params;
use super::values::source;

/// Ended sessions read in one go.
const SESSIONS: i64 = 50_000;

const PRESENT: &str = "
    SELECT login_id, started_at, last_seen_at, session.id, kind, name FROM session INDEXED BY session_present
    JOIN login ON login.id = login_id
    WHERE nas_id = ?1 AND state < 2 AND started_at < ?2";
const ENDED: &str = "
    SELECT login_id, started_at, last_seen_at, session.id, kind, name FROM session INDEXED BY session_ended
    CROSS JOIN login ON login.id = login_id
    WHERE nas_id = ?1 AND state = 2 AND (last_seen_at, session.id) > (?2, ?3)
    ORDER BY last_seen_at, session.id LIMIT ?4";
const OF_LOGIN: &str = "
    SELECT login_id, started_at, last_seen_at, session.id, kind, name FROM session INDEXED BY session_login
    JOIN login ON login.id = login_id
    WHERE login_id = ?1 AND nas_id = ?2";

/// Where to go on reading a router's sessions.
#[derive(Debug)]
pub(super) struct Chunk {
    window: Range<Micros>,
    nas: i64,
    last_at: Option<Micros>,
    looks: Looks,
    logins: Option<Arc<HashSet<i64>>>,
    after: Option<(i64, i64)>,
}

impl Chunk {
    /// All of a router's sessions that a question is about.
    pub(super) fn first(window: &Range<Micros>, plan: &Plan, router: &Router) -> Chunk {
        Chunk {
            window: window.clone(),
            nas: router.id,
            last_at: router.last_at,
            looks: router.looks,
            logins: plan.logins.clone(),
            after: None,
        }
    }

    /// An open session was observed to the last look at its source. What passed on the router since then, while that could
    /// not be read, was not.
    fn add(&self, row: &Row<'_>, sums: &mut Sums) -> Result<(), StoreError> {
        let (login, started_at): (i64, i64) = (row.get(0)?, row.get(1)?);
        let last_seen_at = row.get::<Option<i64>>(2)?.map(Micros);
        let source = source(row, 4)?;
        let window = self.looks.covered(source, &self.window);
        let until = last_seen_at.or_else(|| last_look(&self.looks, self.last_at, source));
        let until = until.unwrap_or(Micros(started_at));
        let observed = shared_us(&(Micros(started_at)..until), &window);
        let now = self.last_at.filter(|_| last_seen_at.is_none()).unwrap_or(until);
        let unread = shared_us(&(until.max(Micros(started_at))..now), &window);
        if observed > 0 || unread > 0 {
            let sum = sums.entry((self.nas, Some(login))).or_default();
            sum.add_session(observed);
            sum.add_unread(unread);
        }
        Ok(())
    }
}

/// Adds up a chunk; answers the next one, if there is more.
pub(super) fn sum(connection: &Connection<'_>, chunk: Chunk) -> Result<(Sums, Option<Chunk>), StoreError> {
    if chunk.logins.is_some() {
        return Ok((sum_of_logins(connection, &chunk)?, None));
    }
    let mut sums = Sums::new();
    let Some((after, after_id)) = chunk.after else {
        let values = params![chunk.nas, chunk.window.end.0];
        rows::each(connection, PRESENT, values, |row| chunk.add(row, &mut sums))?;
        let after = Some((chunk.window.start.0, i64::MIN));
        return Ok((sums, Some(Chunk { after, ..chunk })));
    };
    let (mut read, mut last) = (0, (after, after_id));
    rows::each(connection, ENDED, params![chunk.nas, after, after_id, SESSIONS], |row| {
        read += 1;
        last = (row.get(2)?, row.get(3)?);
        chunk.add(row, &mut sums)
    })?;
    Ok((sums, (read == SESSIONS).then_some(Chunk { after: Some(last), ..chunk })))
}

/// Adds up all sessions of the chunk's logins on its router.
pub(super) fn sum_of_logins(connection: &Connection<'_>, chunk: &Chunk) -> Result<Sums, StoreError> {
    let mut sums = Sums::new();
    for login in chunk.logins.iter().flat_map(|logins| logins.iter()) {
        rows::each(connection, OF_LOGIN, params![login, chunk.nas], |row| chunk.add(row, &mut sums))?;
    }
    Ok(sums)
}
