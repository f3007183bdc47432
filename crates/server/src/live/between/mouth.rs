//! The half that tells.

use std::collections::BTreeSet;
use std::time::Duration;

use operations::{LiveTold, Samples};
use redis::Pipeline;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::{LiveBetween, STREAM, wire};
use crate::redis_link::RedisLink;

/// How often all that is wanted is told.
const EVERY: Duration = Duration::from_secs(2);
/// After so long without an entry nobody reads the stream any more.
const STREAM_LIVES: Duration = Duration::from_secs(3_600);
/// About how many entries the stream keeps: some seconds of busy routers.
const MOST: u32 = 2_000;

/// What is told next.
enum Next {
    Wants,
    Moment(Samples),
    Nothing,
}

impl LiveBetween {
    pub(super) async fn tell_on(&self) {
        let mut link = RedisLink::to(self.url.clone());
        let mut samples = self.operations.monitors.board().own_samples();
        let mut every = interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // What could not be told is told with the next.
        let mut stops = BTreeSet::new();
        loop {
            let next = tokio::select! {
                _ = every.tick() => Next::Wants,
                () = self.operations.live_news() => Next::Wants,
                moment = next_moment(&mut samples) => moment,
            };
            let told = match next {
                Next::Wants => self.tell_wants(&mut link, &mut stops).await,
                Next::Moment(samples) => self.tell_moment(&mut link, &samples).await,
                Next::Nothing => Ok(()),
            };
            if let Err(why) = told {
                tracing::debug!(%why, "other processes are not told of who is watched at the moment");
            }
        }
    }

    async fn tell_wants(&self, link: &mut RedisLink, stops: &mut BTreeSet<Uuid>) -> Result<(), String> {
        let told = self.operations.live_told();
        stops.extend(&told.stops);
        let told = LiveTold { stops: stops.iter().copied().collect(), ..told };
        link.run::<()>(&self.entry("wants", &wire::told(&told))).await?;
        stops.clear();
        Ok(())
    }

    async fn tell_moment(&self, link: &mut RedisLink, samples: &Samples) -> Result<(), String> {
        match self.operations.live_moment(samples) {
            Some(moment) => link.run(&self.entry("moment", &wire::moment(&moment))).await,
            None => Ok(()),
        }
    }

    fn entry(&self, kind: &str, data: &str) -> Pipeline {
        let mut all = redis::pipe();
        all.cmd("XADD").arg(STREAM).arg("MAXLEN").arg("~").arg(MOST).arg("*");
        all.arg("node").arg(&self.node.name).arg("kind").arg(kind).arg("data").arg(data).ignore();
        all.cmd("EXPIRE").arg(STREAM).arg(STREAM_LIVES.as_secs()).ignore();
        all
    }
}

async fn next_moment(samples: &mut Receiver<Samples>) -> Next {
    match samples.recv().await {
        Ok(samples) => Next::Moment(samples),
        // The numbers of the next ones tell the readers how many these were.
        Err(RecvError::Lagged(_)) => Next::Nothing,
        Err(RecvError::Closed) => std::future::pending().await,
    }
}
