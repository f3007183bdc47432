//! Events as they are told: rows unpacked, with the names of what their numbers stand for.

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

/// Those before ?2 whose rows before them held less than ?3 bytes, ever.
const OLDEST: &str = "
    SELECT outbox.seq, outbox.at, outbox.lost_from, outbox.body, nas.name, nas.uuid
    FROM outbox JOIN nas ON nas.id = outbox.nas_id
    WHERE outbox.nas_id = ?1 AND outbox.seq < ?2 AND outbox.bytes_before < ?3
    ORDER BY outbox.seq";
/// See [`crate::OutboxRepository::events`].
pub(super) fn oldest(
    connection: &Connection<'_>,
    of: &[OutboxQueue],
    bytes: u64,
    names: &mut Held<'_>,
) -> Result<Vec<Event>, StoreError> {
    let kept = kept(connection, of, bytes)?;
    let news: Vec<_> = kept.iter().filter_map(|kept| Some((kept.nas, kept.body.as_ref().ok()?))).collect();
    let mut whos = look_up(connection, &news, names)?.into_iter();
    kept.into_iter().map(|kept| event(kept, &mut whos)).collect()
}

/// An event as it is kept.
struct Kept {
    nas: NasId,
    seq: u64,
    at: Micros,
    router: (String, Uuid),
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
            router: (row.get(4)?, Uuid::from_bytes(row.get(5)?)),
            body: lost_from.map_or_else(|| unpack(row.get(3)?).map(Ok), |from| Ok(Err(from)))?,
        });
        Ok(())
    };
    let mut asking = connection.ask_many(OLDEST, &mut see)?;
    for queue in of {
        let end = amount(queue.first + MOST)?;
        let full = amount(queue.bytes_before.saturating_add(bytes.max(1)))?;
        asking.add(params![queue.nas.0, end, full])?;
    }
    asking.finish()?;
    kept.sort_by_key(|kept| (kept.nas, kept.seq));
    Ok(kept)
}

/// Takes who it is about from `whos`, where those of rounds are in their order.
fn event(kept: Kept, whos: &mut impl Iterator<Item = Whos>) -> Result<Event, StoreError> {
    let Kept { nas, seq, at, router: (router, router_id), body } = kept;
    let body = match body {
        Err(from) => EventBody::Lost { from },
        Ok(news) => {
            let nobody =
                || StoreError::Corrupt(format!("an event that waits names nobody at router row {nas}"));
            let Whos { usage, sessions } = whos.next().ok_or_else(nobody)?;
            EventBody::Round { news, usage, sessions }
        }
    };
    Ok(Event { nas, router_id, router, seq, at, body })
}
