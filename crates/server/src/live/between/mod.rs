//! Watching between processes on one database: what each wants, and what its routers say, over the Redis stream [`STREAM`],
//! which all of them write and read.
//!
//! It is for display and lives in memory at both ends. A process tells all it wants every two seconds, so an entry that is
//! lost is made good by the next; samples that are lost show by their numbers.

mod ear;
mod mouth;
mod wire;

use std::sync::Arc;

use operations::{Hearing, Operations};
use store::Node;
use tokio_util::sync::CancellationToken;

use crate::redis_link::RedisUrl;
use crate::redis_uses::RedisUses;

/// Where they are told.
const STREAM: &str = "tikmeter:live";

/// See the module.
pub struct LiveBetween {
    operations: Arc<Operations>,
    url: RedisUrl,
    node: Node,
    uses: RedisUses,
}

impl LiveBetween {
    /// Tells others what this process wants, and lets it hear them, once it is run; `uses` shows how that goes.
    pub fn new(operations: Arc<Operations>, url: RedisUrl, uses: RedisUses) -> LiveBetween {
        let node = operations.node.clone();
        operations.live_hearing(Hearing::Begins);
        LiveBetween { operations, url, node, uses }
    }

    /// Tells and hears until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let both = async { tokio::join!(self.tell_on(), self.hear_on()) };
        stop.run_until_cancelled(both).await;
    }
}
