//! The half that hears.

use std::time::Duration;

use operations::Hearing;
use redis::from_redis_value_ref;
use redis::streams::{StreamId, StreamRangeReply, StreamReadReply};

use super::{LiveBetween, STREAM, wire};
use crate::redis_link::RedisLink;
use crate::redis_uses::RedisUse;

/// How long Redis is asked to wait for the next entry.
const BLOCK: Duration = Duration::from_secs(2);
/// Between two tries after a failure.
const AGAIN: Duration = Duration::from_secs(1);
/// Entries that are taken at once.
const AT_ONCE: usize = 500;

impl LiveBetween {
    pub(super) async fn hear_on(&self) {
        let mut link = RedisLink::waiting(self.url.clone(), BLOCK);
        loop {
            let Err(why) = self.hear_until_it_fails(&mut link).await;
            self.uses.went(RedisUse::WatchingHeard, &Err::<(), _>(why.clone()));
            self.operations.live_hearing(Hearing::Trouble(why));
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn hear_until_it_fails(&self, link: &mut RedisLink) -> Result<std::convert::Infallible, String> {
        let mut last = newest(link).await?;
        loop {
            self.operations.live_hearing(Hearing::Yes);
            self.uses.went(RedisUse::WatchingHeard, &Ok(()));
            let mut next = redis::pipe();
            next.cmd("XREAD").arg("COUNT").arg(AT_ONCE).arg("BLOCK").arg(BLOCK.as_millis().to_string());
            next.arg("STREAMS").arg(STREAM).arg(&last);
            let (read,): (Option<StreamReadReply>,) = link.run(&next).await?;
            for entry in read.into_iter().flat_map(|read| read.keys).flat_map(|key| key.ids) {
                self.hear(&entry);
                last = entry.id;
            }
        }
    }

    /// What another version tells otherwise is not understood and left.
    fn hear(&self, entry: &StreamId) {
        let text = |name: &str| from_redis_value_ref::<String>(entry.map.get(name)?).ok();
        let (Some(node), Some(kind), Some(data)) = (text("node"), text("kind"), text("data")) else { return };
        if node == self.node.name {
            let told = (kind == "wants").then(|| wire::read_told(&data)).flatten();
            told.into_iter().for_each(|told| self.operations.hear_own(&told));
            return;
        }
        match &*kind {
            "wants" => {
                wire::read_told(&data).into_iter().for_each(|told| self.operations.hear_live(&node, told))
            }
            "moment" => {
                wire::read_moment(&data)
                    .into_iter()
                    .for_each(|told| self.operations.hear_moment(&node, told));
            }
            _ => {}
        }
    }
}

/// What was told before is told again where it still holds.
async fn newest(link: &mut RedisLink) -> Result<String, String> {
    let mut look = redis::pipe();
    look.cmd("XREVRANGE").arg(STREAM).arg("+").arg("-").arg("COUNT").arg(1);
    let (found,): (StreamRangeReply,) = link.run(&look).await?;
    Ok(found.ids.into_iter().next().map_or_else(|| "0-0".to_owned(), |entry| entry.id))
}
