//! [`LimitSessionRepository`].

use std::collections::HashMap;

use accounting::time::StartInterval;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::limit_session_repository::{LimitSession, LimitSessionRepository, LimitSessions};
use crate::rate_limit_repository::LimitSubject;

use super::connection::Connection;
use super::database::Database;
use super::keys::number_of;
use super::rate_limit::subject;
use super::rows;
use super::value::params;
use super::values::{from_amount, start};

/// With the login, and the device, of the session that each was set for.
const LIMITS: &str = "
    SELECT kind, subject, rate_limit.session_id, login_id, calling_station_id FROM rate_limit
    CROSS JOIN session ON session.nas_id = rate_limit.nas_id AND session.id = rate_limit.session_id
    WHERE rate_limit.nas_id = ?1
    ORDER BY kind, subject";
const PRESENT: &str = "
    SELECT id, login_id, calling_station_id, acct_session_id FROM session INDEXED BY session_present
    WHERE nas_id = ?1 AND state < 2
    ORDER BY id";
const STARTS: &str = "
    SELECT session_no, session_start_earliest, session_start_latest FROM counter INDEXED BY counter_present
    WHERE nas_id = ?1 AND state < 2 AND session_no IS NOT NULL";

/// A limit, and by whom its sessions are told.
struct Limit {
    subject: LimitSubject,
    until: u64,
    login: i64,
    device: Vec<u8>,
}

struct Present {
    no: u64,
    device: Vec<u8>,
    session_id: Option<u64>,
}

/// Each table of the router is read once, however many limits there are.
#[async_trait]
impl<D: Database> LimitSessionRepository for D {
    async fn limit_sessions(&self, nas: NasId) -> Result<Vec<LimitSessions>, StoreError> {
        self.read(move |connection| {
            let limits = limits(connection, nas)?;
            if limits.is_empty() {
                return Ok(Vec::new());
            }
            let (present, starts) = (present(connection, nas)?, starts(connection, nas)?);
            Ok(limits.into_iter().map(|limit| of_limit(limit, &present, &starts)).collect())
        })
        .await
    }
}

/// As [`super::rate_limit`] ends it: those of the same login, and for a device the same device's, up to the one it was set for.
fn of_limit(
    Limit { subject, until, login, device }: Limit,
    present: &HashMap<i64, Vec<Present>>,
    starts: &HashMap<u64, StartInterval>,
) -> LimitSessions {
    let is_of_device = matches!(subject, LimitSubject::Device(_));
    let its = present.get(&login).into_iter().flatten();
    let its = its.filter(|one| one.no <= until && (!is_of_device || one.device == device));
    let session =
        |one: &Present| LimitSession { session_id: one.session_id, start: starts.get(&one.no).copied() };
    LimitSessions { sessions: its.map(session).collect(), subject, until }
}

fn limits(connection: &Connection<'_>, nas: NasId) -> Result<Vec<Limit>, StoreError> {
    rows::all(connection, LIMITS, params![nas.0], |row| {
        Ok(Limit {
            subject: subject(row.get(0)?, row.get(1)?)?,
            until: number_of(row.get(2)?),
            login: row.get(3)?,
            device: row.get(4)?,
        })
    })
}

/// By login.
fn present(connection: &Connection<'_>, nas: NasId) -> Result<HashMap<i64, Vec<Present>>, StoreError> {
    let mut by_login: HashMap<i64, Vec<Present>> = HashMap::new();
    let read = rows::all(connection, PRESENT, params![nas.0], |row| {
        let session_id = row.get::<Option<i64>>(3)?.map(i64::cast_unsigned);
        Ok((row.get(1)?, Present { no: number_of(row.get(0)?), device: row.get(2)?, session_id }))
    })?;
    read.into_iter().for_each(|(login, session)| by_login.entry(login).or_default().push(session));
    Ok(by_login)
}

/// By the number of the session.
fn starts(connection: &Connection<'_>, nas: NasId) -> Result<HashMap<u64, StartInterval>, StoreError> {
    let read =
        rows::all(connection, STARTS, params![nas.0], |row| Ok((from_amount(row.get(0)?)?, start(row, 1)?)))?;
    Ok(read.into_iter().filter_map(|(no, start)| Some((no, start?))).collect())
}
