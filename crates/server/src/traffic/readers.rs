//! Whether anybody reads the stream: who reads it over Redis alone is no reader that this program sees, and a watch that nobody
//! reads ends after a while. Consumer groups can be asked for, and each consumer for when it asked for more.

use std::sync::Arc;
use std::time::Duration;

use operations::{Clock, Monitors};
use redis::streams::{StreamInfoConsumersReply, StreamInfoGroupsReply};

use super::TRAFFIC_STREAM;
use super::board::TrafficBoard;
use crate::redis_link::{RedisLink, RedisUrl};

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// A consumer that asked for more within so many milliseconds reads.
const READS_WITHIN: usize = 2 * 60_000;
/// Groups that are looked at; more than these tell nothing new.
const MOST_GROUPS: usize = 20;

/// See the module.
pub(super) struct Readers {
    pub(super) redis: RedisUrl,
    pub(super) monitors: Monitors,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) board: TrafficBoard,
}

impl Readers {
    /// Looks for them again and again.
    pub(super) async fn look_on(&self) {
        let (mut link, mut every) = (RedisLink::to(self.redis.clone()), tokio::time::interval(LOOK_EVERY));
        let mut last = String::new();
        loop {
            every.tick().await;
            let found = readers(&mut link).await;
            // What cannot be looked at may be read: for that no watch ends.
            if !matches!(found, Ok(0)) {
                self.monitors.read_over_redis(self.clock.host());
            }
            self.board.read_by(found.as_ref().ok().copied());
            let why = found.err().unwrap_or_default();
            if !why.is_empty() && why != last {
                tracing::warn!(%why, "it is not known whether live samples are read over Redis, so that no watch ends for want of readers");
            }
            last = why;
        }
    }
}

/// Consumers of groups that read now.
async fn readers(link: &mut RedisLink) -> Result<usize, String> {
    let (is_there,): (bool,) = link.run(redis::pipe().cmd("EXISTS").arg(TRAFFIC_STREAM)).await?;
    if !is_there {
        return Ok(0);
    }
    let mut look = redis::pipe();
    let (found,): (StreamInfoGroupsReply,) =
        link.run(look.cmd("XINFO").arg("GROUPS").arg(TRAFFIC_STREAM)).await?;
    let mut reading = 0;
    for group in found.groups.iter().take(MOST_GROUPS) {
        let mut look = redis::pipe();
        look.cmd("XINFO").arg("CONSUMERS").arg(TRAFFIC_STREAM).arg(&group.name);
        let (found,): (StreamInfoConsumersReply,) = link.run(&look).await?;
        reading += found.consumers.iter().filter(|consumer| consumer.idle <= READS_WITHIN).count();
    }
    Ok(reading)
}
