//! The half that tells.

use std::time::Duration;

use operations::Samples;
use redis::Pipeline;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval};

use super::{LiveBetween, STREAM, wire};
use crate::redis_link::RedisLink;
use crate::redis_uses::RedisUse;

/// How often all that is wanted is told.
const EVERY: Duration = Duration::from_secs(2);
/// Moments that are told at once.
const TOGETHER: usize = 64;
/// After so long without an entry nobody reads the stream any more.
const STREAM_LIVES: Duration = Duration::from_secs(3_600);
/// About how many entries the stream keeps: some seconds of busy routers.
const MOST: u32 = 2_000;

impl LiveBetween {
    pub(super) async fn tell_on(&self) {
        let mut link = RedisLink::to(self.url.clone());
        let mut samples = self.operations.monitors.board().own_samples();
        let mut every = interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let mut entries = redis::pipe();
            tokio::select! {
                _ = every.tick() => self.add_wants(&mut entries),
                () = self.operations.live_news() => self.add_wants(&mut entries),
                moment = samples.recv() => self.add_moments(&mut entries, moment, &mut samples),
            }
            if entries.is_empty() {
                continue;
            }
            let told = link.run::<()>(&entries).await;
            self.uses.went(RedisUse::WatchingTold, &told);
            self.operations.live_telling(told);
        }
    }

    fn add_wants(&self, entries: &mut Pipeline) {
        self.add(entries, "wants", &wire::told(&self.operations.live_told()));
    }

    /// Those that wait too: a way to Redis for each would be too many.
    fn add_moments(
        &self,
        entries: &mut Pipeline,
        first: Result<Samples, RecvError>,
        samples: &mut Receiver<Samples>,
    ) {
        // The numbers of the next samples tell the readers how many were lost; the board lives as long as this.
        let waiting = std::iter::from_fn(|| samples.try_recv().ok());
        for samples in first.into_iter().chain(waiting).take(TOGETHER) {
            let moment = self.operations.live_moment(&samples);
            moment.iter().for_each(|moment| self.add(entries, "moment", &wire::moment(moment)));
        }
    }

    fn add(&self, entries: &mut Pipeline, kind: &str, data: &str) {
        entries.cmd("XADD").arg(STREAM).arg("MAXLEN").arg("~").arg(MOST).arg("*");
        entries.arg("node").arg(&self.node.name).arg("kind").arg(kind).arg("data").arg(data).ignore();
        entries.cmd("EXPIRE").arg(STREAM).arg(STREAM_LIVES.as_secs()).ignore();
    }
}
