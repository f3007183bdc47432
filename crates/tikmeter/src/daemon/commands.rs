//! Commands to routers, and watching on them, also on those that another process polls: over Redis, where several share a
//! database.

use std::sync::Arc;

use collector::supervisor::Supervisor;
use operations::{Operations, RouterCommands};
use server::{Asker, LiveBetween, RedisUrl, RemoteRouters, RouterExecutor, Taker};
use store::{Node, Store};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What goes on between this process and others.
#[derive(Default)]
pub(super) struct Between {
    asker: Option<Arc<Asker>>,
    taker: Option<Taker>,
    live: Option<LiveBetween>,
}

/// How routers are commanded here.
pub(super) fn of(
    supervisor: &Arc<Supervisor>,
    store: &Arc<dyn Store>,
    node: &Node,
    redis: Option<RedisUrl>,
) -> (Arc<dyn RouterCommands>, Between) {
    let local: Arc<dyn RouterCommands> = supervisor.clone();
    let Some(redis) = redis.filter(|_| store.is_shared()) else { return (local, Between::default()) };
    let asker = Arc::new(Asker::new(store.clone(), redis.clone(), node));
    let taker = node.role.polls().then(|| {
        let executor = Arc::new(RouterExecutor::new(local.clone(), store.clone()));
        let leader = supervisor.clone();
        Taker::new(store.clone(), redis, node.clone(), executor, Arc::new(move || leader.leads()))
    });
    let remote = RemoteRouters::new(local, store.clone(), asker.clone(), &node.name);
    (Arc::new(remote), Between { asker: Some(asker), taker, live: None })
}

impl Between {
    /// Who is watched is told to others too, where there can be others.
    pub(super) fn watching(self, operations: &Arc<Operations>, redis: Option<RedisUrl>) -> Between {
        let redis = redis.filter(|_| operations.store.is_shared());
        Between { live: redis.map(|redis| LiveBetween::new(operations.clone(), redis)), ..self }
    }

    /// Asks and is asked until `stop`.
    pub(super) fn run(self, tasks: &TaskTracker, stop: &CancellationToken) {
        self.asker.into_iter().for_each(|asker| _ = tasks.spawn(asker.run(stop.clone())));
        self.live.into_iter().for_each(|live| _ = tasks.spawn(live.run(stop.clone())));
        self.taker.into_iter().for_each(|taker| _ = tasks.spawn(taker.run(stop.clone())));
    }
}
