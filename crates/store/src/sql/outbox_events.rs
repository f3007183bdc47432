//! Events as they are told: rows unpacked, with the names of what their numbers stand for.

use std::collections::HashMap;

use accounting::time::Micros;
use uuid::Uuid;

use crate::error::StoreError;
use crate::event::{Event, EventBody, RoundNews};
use crate::event_names::Held;
use crate::event_packing::unpack;
use crate::ids::NasId;
use crate::outbox_repository::OutboxQueue;

use super::connection::Connection;
use super::outbox_names::{Whos, look_up};
use super::row::Row;
use super::value::params;
use super::values::{amount, from_amount};

/// Most events of a router that are read at once.
const MOST: u64 = 64;

const OLDEST: &str = "
    SELECT seq, at, lost_from, body FROM outbox
    WHERE nas_id = ?1 AND seq < ?2
      AND bytes_before < ?3 + (SELECT bytes_before FROM outbox WHERE nas_id = ?1 AND seq = ?4)
    ORDER BY seq";
const ROUTER: &str = "SELECT name, uuid FROM nas WHERE id = ?1";
/// See [`crate::OutboxRepository::events`].
pub(super) fn oldest(
    connection: &Connection<'_>,
    of: &[OutboxQueue],
    bytes: u64,
    names: &mut Held<'_>,
) -> Result<Vec<Event>, StoreError> {
    let kept = kept(connection, of, bytes)?;
    let routers = routers(connection, of)?;
    let news: Vec<_> = kept.iter().filter_map(|kept| Some((kept.nas, kept.body.as_ref().ok()?))).collect();
    let mut whos = look_up(connection, &news, names)?.into_iter();
    kept.into_iter().map(|kept| event(kept, &routers, &mut whos)).collect()
}

/// An event as it is kept.
struct Kept {
    nas: NasId,
    seq: u64,
    at: Micros,
    body: Result<RoundNews, u64>,
}

fn kept(connection: &Connection<'_>, of: &[OutboxQueue], bytes: u64) -> Result<Vec<Kept>, StoreError> {
    let mut kept = Vec::new();
    let mut see = |nth: usize, row: &Row<'_>| {
        let lost_from = row.get::<Option<i64>>(2)?.map(from_amount).transpose()?;
        kept.push(Kept {
            nas: of[nth].nas,
            seq: from_amount(row.get(0)?)?,
            at: Micros(row.get(1)?),
            body: lost_from.map_or_else(|| unpack(row.get(3)?).map(Ok), |from| Ok(Err(from)))?,
        });
        Ok(())
    };
    let mut asking = connection.ask_many(OLDEST, &mut see)?;
    for queue in of {
        let (end, first) = (amount(queue.first + MOST)?, amount(queue.first)?);
        asking.add(params![queue.nas.0, end, amount(bytes.max(1))?, first])?;
    }
    asking.finish()?;
    kept.sort_by_key(|kept| (kept.nas, kept.seq));
    Ok(kept)
}

fn routers(
    connection: &Connection<'_>,
    of: &[OutboxQueue],
) -> Result<HashMap<NasId, (String, Uuid)>, StoreError> {
    let mut routers = HashMap::with_capacity(of.len());
    let mut see = |nth: usize, row: &Row<'_>| {
        routers.insert(of[nth].nas, (row.get(0)?, Uuid::from_bytes(row.get(1)?)));
        Ok(())
    };
    let mut asking = connection.ask_many(ROUTER, &mut see)?;
    for queue in of {
        asking.add(params![queue.nas.0])?;
    }
    asking.finish()?;
    Ok(routers)
}

/// Takes who it is about from `whos`, where those of rounds are in their order.
fn event(
    kept: Kept,
    routers: &HashMap<NasId, (String, Uuid)>,
    whos: &mut impl Iterator<Item = Whos>,
) -> Result<Event, StoreError> {
    let gone = |what| StoreError::Corrupt(format!("an event that waits names {what} {}", kept.nas));
    let (router, router_id) = routers.get(&kept.nas).cloned().ok_or_else(|| gone("the router row"))?;
    let body = match kept.body {
        Err(from) => EventBody::Lost { from },
        Ok(news) => {
            let Whos { usage, sessions } = whos.next().ok_or_else(|| gone("nobody at router row"))?;
            EventBody::Round { news, usage, sessions }
        }
    };
    Ok(Event { nas: kept.nas, router_id, router, seq: kept.seq, at: kept.at, body })
}
