//! Sessions that the tables of a router showed and no counter print did yet, when the router is removed: nobody will
//! ever read them, so each ends here with a bound (DESIGN rule 9), as accounting would have ended it.

use accounting::Octets;
use accounting::changes::{Glimpse, SessionEnded, SessionRecord};
use accounting::ledger::{LedgerEntry, Reason, Unseen};
use accounting::login::LoginRef;
use accounting::snapshot::OwnerSession;
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::packing::unpack_glimpses;

use super::connection::Connection;
use super::nas_last_look::LastLook;
use super::value::params;
use super::values::{amount, from_amount};
use super::{accounting_logins, accounting_sessions, held, ledger_rows, rows};

const GLIMPSES: &str = "SELECT glimpses, next_no, boot FROM nas WHERE id = ?1";
const FORGET: &str = "UPDATE nas SET glimpses = ?3, next_no = ?2 WHERE id = ?1";

/// Ends them within the caller's transaction.
pub(super) fn end(
    connection: &Connection<'_>,
    nas: NasId,
    group: Option<i64>,
    router: &LastLook,
    at: Micros,
) -> Result<(), StoreError> {
    let (packed, next_no, boot) = rows::first(connection, GLIMPSES, params![nas.0], |row| {
        Ok((row.get::<Vec<u8>>(0)?, from_amount(row.get(1)?)?, row.get(2)?))
    })?
    .ok_or_else(|| StoreError::NotFound("the router".to_owned()))?;
    let mut no = next_no;
    for glimpse in unpack_glimpses(&packed)? {
        let OwnerSession { login: name, service, .. } = &glimpse.session;
        let login = accounting_logins::resolve_one(connection, nas, group, service.kind(), name)?;
        let unseen = unseen(&glimpse, router, at);
        let session = session(glimpse, no, login, boot, router.last_at().unwrap_or(at));
        accounting_sessions::insert(connection, nas, std::slice::from_ref(&session))?;
        let entry = LedgerEntry { no: held::decision_no(connection)?, ..entry(&session, login, unseen, at) };
        ledger_rows::insert_decided(connection, nas, &entry)?;
        no += 1;
    }
    connection.execute(FORGET, params![nas.0, amount(no)?, Vec::<u8>::new()])?;
    Ok(())
}

/// From its begin until the last round, and on until the removal.
fn unseen(glimpse: &Glimpse, router: &LastLook, at: Micros) -> Unseen {
    let lived =
        router.last.zip(glimpse.start).and_then(|(last, start)| start.seconds_until(last.uptime.after));
    let since = router.last_at().and_then(|last_at| router.micros_since(last_at, at));
    let micros = lived.zip(since).map(|(lived, since)| since.saturating_add(lived.saturating_mul(1_000_000)));
    router.unseen_for(micros)
}

fn session(glimpse: Glimpse, no: u64, login: LoginRef, boot: u32, seen: Micros) -> SessionRecord {
    let shown = glimpse.session;
    SessionRecord {
        no,
        login: login.id,
        service: shown.service,
        acct_session_id: shown.acct_session_id,
        boot,
        calling_station_id: (&*shown.calling_station_id).into(),
        framed_address: (&*shown.framed_address).into(),
        started_at: shown.session_time_s.map_or(seen, |seconds| seen.minus_seconds(seconds)),
        first_seen_at: seen,
        ended: Some(SessionEnded { last_seen_at: seen, terminate_cause: None }),
    }
}

/// The entry, without its number, that says what of the session was not seen: all of it.
fn entry(session: &SessionRecord, login: LoginRef, unseen: Unseen, at: Micros) -> LedgerEntry {
    LedgerEntry {
        bucket: at.bucket(),
        no: 0,
        login: Some(login.id),
        session: Some(session.no),
        counter: None,
        cycle: login.cycle,
        reason: Reason::HeardOnly,
        posted: true,
        delta: Octets::ZERO,
        before: Octets::ZERO,
        after: Octets::ZERO,
        from: session.started_at.min(at),
        to: at,
        unseen: Some(unseen),
        polls: 0,
    }
}
