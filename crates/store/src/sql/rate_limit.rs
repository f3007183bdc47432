//! [`RateLimitRepository`].

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::rate_limit_repository::{
    LimitSubject, LimitUntil, LimitsDue, RateLimit, RateLimitRepository, ReplacedLimit, SET_BY_VOUCHER,
    WantedLimit,
};
use crate::reach::Reach;

use super::audit;
use super::connection::Connection;
use super::database::Database;
use super::keys::{number_of, row_key};
use super::reach::on_reached;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{amount, from_amount};

/// The columns in the order [`limit`] and [`replaced`] read them.
macro_rules! limits {
    ($rest:expr) => {
        concat!(
            "SELECT nas_id, kind, subject, input_bps, output_bps, session_id, until_at, set_by, set_at,
                    beneath_input_bps, beneath_output_bps, beneath_set_by, beneath_set_at, lasts_until
             FROM rate_limit ",
            $rest
        )
    };
}
const ONE: &str = limits!("WHERE nas_id = ?1 AND kind = ?2 AND subject = ?3");
const ALL: &str = limits!(concat!(
    "WHERE (?1 IS NULL OR nas_id = ?1) AND ",
    on_reached!("?2", "nas_id"),
    " ORDER BY nas_id, kind, subject"
));
/// Of sessions of one login, or device, that are there at once the last one ends it; who connects anew has a later number. One whose
/// session is not in the books, as after a restore, has ended too, and one on a router that was removed.
const OVER: &str = limits!(
    "WHERE until_at <= ?1 OR lasts_until <= ?2
        OR session_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM session AS newest
            JOIN session AS present ON present.login_id = newest.login_id AND present.nas_id = newest.nas_id
                AND present.id <= newest.id AND present.state < 2
                AND (kind <> 'device' OR present.calling_station_id = newest.calling_station_id)
            WHERE newest.nas_id = rate_limit.nas_id AND newest.id = session_id)
        OR EXISTS (SELECT 1 FROM nas WHERE nas.id = nas_id AND removed_at IS NOT NULL)
     ORDER BY nas_id, kind, subject"
);
const SET: &str = "
    INSERT INTO rate_limit (nas_id, kind, subject, input_bps, output_bps, session_id, until_at, set_by, set_at,
        beneath_input_bps, beneath_output_bps, beneath_set_by, beneath_set_at, lasts_until)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
    ON CONFLICT (nas_id, kind, subject) DO UPDATE SET input_bps = excluded.input_bps, output_bps = excluded.output_bps,
        session_id = excluded.session_id, until_at = excluded.until_at, set_by = excluded.set_by, set_at = excluded.set_at,
        beneath_input_bps = excluded.beneath_input_bps, beneath_output_bps = excluded.beneath_output_bps,
        beneath_set_by = excluded.beneath_set_by, beneath_set_at = excluded.beneath_set_at,
        lasts_until = excluded.lasts_until";
/// Whether a voucher lets the device in yet, whose speed stands beneath another limit.
const VOUCHER_LETS_IN: &str = "
    SELECT 1 FROM voucher_device WHERE nas_id = ?1 AND mac = ?2 AND state < 2 AND leaving_at IS NULL";
const REMOVE: &str = "DELETE FROM rate_limit WHERE nas_id = ?1 AND kind = ?2 AND subject = ?3";
const MARK: &str = "INSERT INTO limited_router (nas_id) VALUES (?1) ON CONFLICT DO NOTHING";
const MARKED: &str = "SELECT nas_id FROM limited_router ORDER BY nas_id";
const FREE: &str = "
    DELETE FROM limited_router
    WHERE nas_id = ?1 AND NOT EXISTS (SELECT 1 FROM rate_limit WHERE rate_limit.nas_id = ?1)";

#[async_trait]
impl<D: Database> RateLimitRepository for D {
    async fn set_limit(
        &self,
        wanted: WantedLimit,
        act: NewAudit,
    ) -> Result<Option<ReplacedLimit>, StoreError> {
        self.transact(move |connection| {
            let before = one(connection, wanted.nas, &wanted.subject)?;
            set(connection, &wanted, before.as_ref().and_then(|before| beneath(&wanted, before)))?;
            connection.execute(MARK, params![wanted.nas.0])?;
            audit::append(connection, &act)?;
            Ok(before)
        })
        .await
    }

    async fn remove_limit(
        &self,
        nas: NasId,
        subject: LimitSubject,
        act: NewAudit,
    ) -> Result<Option<WantedLimit>, StoreError> {
        self.transact(move |connection| {
            let before = one(connection, nas, &subject)?;
            if before.is_some() {
                remove(connection, nas, &subject)?;
                audit::append(connection, &act)?;
            }
            Ok(before.map(|before| before.limit))
        })
        .await
    }

    async fn undo_limit(
        &self,
        wanted: WantedLimit,
        before: Option<ReplacedLimit>,
        act: NewAudit,
    ) -> Result<(), StoreError> {
        self.transact(move |connection| {
            if one(connection, wanted.nas, &wanted.subject)?.is_none_or(|there| !there.limit.is(&wanted)) {
                return Ok(());
            }
            match &before {
                Some(before) => set(connection, &before.limit, before.beneath.as_ref())?,
                None => remove(connection, wanted.nas, &wanted.subject)?,
            }
            audit::append(connection, &act)
        })
        .await
    }

    async fn limits_within(&self, nas: Option<NasId>, reach: Reach) -> Result<Vec<WantedLimit>, StoreError> {
        let nas = nas.map(|nas| nas.0);
        self.read(move |connection| rows::all(connection, ALL, params![nas, reach.rows()], limit)).await
    }

    async fn end_limits(&self, now: LimitsDue) -> Result<Vec<WantedLimit>, StoreError> {
        let over = self
            .read(move |connection| rows::all(connection, OVER, params![now.wall.0, now.lasting.0], limit))
            .await?;
        if over.is_empty() {
            return Ok(over);
        }
        // Whoever set one anew meanwhile wants another.
        self.transact(move |connection| {
            let over = rows::all(connection, OVER, params![now.wall.0, now.lasting.0], replaced)?;
            over.into_iter().map(|over| end(connection, over, now.wall)).collect()
        })
        .await
    }

    async fn end_limits_seen_over(
        &self,
        over: Vec<WantedLimit>,
        now: Micros,
    ) -> Result<Vec<WantedLimit>, StoreError> {
        self.transact(move |connection| {
            let mut ended = Vec::new();
            for limit in &over {
                let there = one(connection, limit.nas, &limit.subject)?;
                if let Some(there) = there.filter(|there| there.limit == *limit) {
                    ended.push(end(connection, there, now)?);
                }
            }
            Ok(ended)
        })
        .await
    }

    async fn limited_routers(&self) -> Result<Vec<NasId>, StoreError> {
        self.read(move |connection| rows::all(connection, MARKED, params![], |row| Ok(NasId(row.get(0)?))))
            .await
    }

    async fn mark_limited(&self, routers: Vec<NasId>) -> Result<(), StoreError> {
        self.transact(move |connection| {
            routers.iter().try_for_each(|nas| connection.execute(MARK, params![nas.0]).map(drop))
        })
        .await
    }

    async fn free_of_limits(&self, nas: NasId) -> Result<(), StoreError> {
        self.transact(move |connection| connection.execute(FREE, params![nas.0]).map(drop)).await
    }
}

fn one(
    connection: &Connection<'_>,
    nas: NasId,
    subject: &LimitSubject,
) -> Result<Option<ReplacedLimit>, StoreError> {
    let (kind, name) = subject.parts();
    rows::first(connection, ONE, params![nas.0, kind, name], replaced)
}

/// What is wanted again when `wanted` ends that was set in the place of `before`.
fn beneath<'b>(wanted: &WantedLimit, before: &'b ReplacedLimit) -> Option<&'b WantedLimit> {
    let gives_back = match wanted.until {
        LimitUntil::At(_) | LimitUntil::Lasting(_) => true,
        LimitUntil::Session(_) => wanted.rate != RateLimit::default(),
        LimitUntil::Removed => false,
    };
    let stays = match before.limit.until {
        LimitUntil::Removed => Some(&before.limit),
        LimitUntil::At(_) | LimitUntil::Lasting(_) | LimitUntil::Session(_) => before.beneath.as_ref(),
    };
    stays.filter(|_| gives_back)
}

fn set(
    connection: &Connection<'_>,
    wanted: &WantedLimit,
    beneath: Option<&WantedLimit>,
) -> Result<(), StoreError> {
    let (kind, name) = wanted.subject.parts();
    let bps = |bps: Option<u64>| bps.map(amount).transpose();
    let (session, until, lasts) = match wanted.until {
        LimitUntil::Session(no) => (Some(row_key(wanted.nas, no)?), None, None),
        LimitUntil::At(at) => (None, Some(at.0), None),
        LimitUntil::Lasting(until) => (None, None, Some(until.0)),
        LimitUntil::Removed => (None, None, None),
    };
    let (up, down) = (bps(wanted.rate.up_bps)?, bps(wanted.rate.down_bps)?);
    let (nas, set_by, set_at) = (wanted.nas.0, &wanted.set_by, wanted.set_at.0);
    let again_up = bps(beneath.and_then(|beneath| beneath.rate.up_bps))?;
    let again_down = bps(beneath.and_then(|beneath| beneath.rate.down_bps))?;
    let again_by = beneath.map(|beneath| &*beneath.set_by);
    let again_at = beneath.map(|beneath| beneath.set_at.0);
    connection
        .execute(
            SET,
            params![
                nas, kind, name, up, down, session, until, set_by, set_at, again_up, again_down, again_by,
                again_at, lasts
            ],
        )
        .map(drop)
}

fn remove(connection: &Connection<'_>, nas: NasId, subject: &LimitSubject) -> Result<(), StoreError> {
    let (kind, name) = subject.parts();
    connection.execute(REMOVE, params![nas.0, kind, name]).map(drop)
}

/// It ended by itself; what stood beneath it is wanted again.
fn end(
    connection: &Connection<'_>,
    ReplacedLimit { limit, beneath }: ReplacedLimit,
    now: Micros,
) -> Result<WantedLimit, StoreError> {
    let again = match beneath {
        Some(again) if is_wanted_again(connection, &again)? => Some(again),
        _ => None,
    };
    match &again {
        Some(again) => set(connection, again, None)?,
        None => remove(connection, limit.nas, &limit.subject)?,
    }
    audit::append(connection, &end_act(&limit, again.is_some(), now))?;
    Ok(limit)
}

/// What a voucher set is not, where its device was put out meanwhile: access and queue go together.
fn is_wanted_again(connection: &Connection<'_>, beneath: &WantedLimit) -> Result<bool, StoreError> {
    let LimitSubject::Device(mac) = &beneath.subject else { return Ok(true) };
    if beneath.set_by != SET_BY_VOUCHER {
        return Ok(true);
    }
    let mac = String::from_utf8_lossy(mac).into_owned();
    let is_in =
        rows::first(connection, VOUCHER_LETS_IN, params![beneath.nas.0, mac], |row| row.get::<i64>(0))?;
    Ok(is_in.is_some())
}

/// A line of the journal: nobody did it.
fn end_act(limit: &WantedLimit, is_followed: bool, now: Micros) -> NewAudit {
    let (kind, name) = limit.subject.parts();
    let RateLimit { up_bps, down_bps } = limit.rate;
    let json = |bps: Option<u64>| bps.map_or("null".to_owned(), |bps| bps.to_string());
    let with_session = matches!(limit.until, LimitUntil::Session(_));
    let followed = if is_followed { r#","the_one_before_is_wanted_again":true"# } else { "" };
    let detail = format!(
        r#"{{"nas":{},"kind":"{kind}","up_bps":{},"down_bps":{},"with_its_session":{with_session}{followed}}}"#,
        limit.nas.0,
        json(up_bps),
        json(down_bps)
    );
    let act = NewAudit::by_system(now, "limit.end", &name.escape_ascii().to_string());
    NewAudit { detail, ..act }
}

fn limit(row: &Row<'_>) -> Result<WantedLimit, StoreError> {
    let (session, at) = (row.get::<Option<i64>>(5)?, row.get::<Option<i64>>(6)?);
    let until = match (session, at, row.get::<Option<i64>>(13)?) {
        (Some(session), ..) => LimitUntil::Session(number_of(session)),
        (None, Some(at), _) => LimitUntil::At(Micros(at)),
        (None, None, Some(until)) => LimitUntil::Lasting(Micros(until)),
        (None, None, None) => LimitUntil::Removed,
    };
    Ok(WantedLimit {
        nas: NasId(row.get(0)?),
        subject: subject(row.get(1)?, row.get(2)?)?,
        rate: rate(row, 3)?,
        until,
        set_by: row.get(7)?,
        set_at: Micros(row.get(8)?),
    })
}

/// With what stands beneath it.
fn replaced(row: &Row<'_>) -> Result<ReplacedLimit, StoreError> {
    let limit = limit(row)?;
    let Some((set_by, set_at)) = row.get::<Option<String>>(11)?.zip(row.get(12)?) else {
        return Ok(ReplacedLimit { limit, beneath: None });
    };
    let (rate, until) = (rate(row, 9)?, LimitUntil::Removed);
    let beneath = WantedLimit { rate, until, set_by, set_at: Micros(set_at), ..limit.clone() };
    Ok(ReplacedLimit { limit, beneath: Some(beneath) })
}

fn rate(row: &Row<'_>, at: usize) -> Result<RateLimit, StoreError> {
    let bps = |column| row.get::<Option<i64>>(column)?.map(from_amount).transpose();
    Ok(RateLimit { up_bps: bps(at)?, down_bps: bps(at + 1)? })
}

/// The columns of a subject.
pub(super) fn subject(kind: String, name: Vec<u8>) -> Result<LimitSubject, StoreError> {
    LimitSubject::from_parts(&kind, name)
        .ok_or_else(|| StoreError::Corrupt(format!("a limit is of the kind {kind}")))
}
