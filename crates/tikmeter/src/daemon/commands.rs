//! Commands to routers, and watching on them, also on those that another process polls: over Redis, where several share a
//! database.

use std::sync::Arc;

use collector::supervisor::Supervisor;
use operations::{Operations, RouterCommands};
use server::{
    Asker, Leads, LiveBetween, Performer, RecordedRouters, RedisUrl, RedisUses, RemoteRouters,
    RouterExecutor, Taker, keep_settling,
};
use store::{Node, Store};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What goes on between this process and others.
#[derive(Default)]
pub(super) struct Between {
    asker: Option<Arc<Asker>>,
    taker: Option<Taker>,
    live: Option<LiveBetween>,
    /// Settles what was begun before, where nobody takes commands.
    settling: Option<(Arc<Performer>, Leads)>,
    /// How that stands.
    pub(super) uses: RedisUses,
}

/// How routers are commanded here.
pub(super) fn of(
    supervisor: &Arc<Supervisor>,
    store: &Arc<dyn Store>,
    node: &Node,
    redis: Option<RedisUrl>,
) -> (Arc<dyn RouterCommands>, Between) {
    let own: Arc<dyn RouterCommands> = supervisor.clone();
    let executor = Arc::new(RouterExecutor::new(own.clone(), store.clone()));
    let performer = Arc::new(Performer::new(store.clone(), &node.name, executor));
    let local: Arc<dyn RouterCommands> = Arc::new(RecordedRouters::new(own, performer.clone()));
    let leader = supervisor.clone();
    let leads: Leads = Arc::new(move || leader.leads());
    let polls = node.role.polls();
    let Some(redis) = redis.filter(|_| store.is_shared()) else {
        let settling = polls.then_some((performer, leads));
        return (local, Between { settling, ..Between::default() });
    };
    let uses = RedisUses::default();
    let asker = Arc::new(Asker::new(store.clone(), redis.clone(), node, uses.clone()));
    let taker = polls.then(|| Taker::new(performer, redis, leads, uses.clone()));
    let remote = RemoteRouters::new(local, store.clone(), asker.clone(), &node.name);
    (Arc::new(remote), Between { asker: Some(asker), taker, uses, ..Between::default() })
}

impl Between {
    /// Who is watched is told to others too, where there can be others.
    pub(super) fn watching(self, operations: &Arc<Operations>, redis: Option<RedisUrl>) -> Between {
        let redis = redis.filter(|_| operations.store.is_shared());
        let live = redis.map(|redis| LiveBetween::new(operations.clone(), redis, self.uses.clone()));
        Between { live, ..self }
    }

    /// Asks and is asked until `stop`.
    pub(super) fn run(self, tasks: &TaskTracker, stop: &CancellationToken) {
        self.asker.into_iter().for_each(|asker| _ = tasks.spawn(asker.run(stop.clone())));
        self.live.into_iter().for_each(|live| _ = tasks.spawn(live.run(stop.clone())));
        if let Some((performer, leads)) = self.settling {
            tasks.spawn(keep_settling(performer, leads, stop.clone()));
        }
        self.taker.into_iter().for_each(|taker| _ = tasks.spawn(taker.run(stop.clone())));
    }
}
