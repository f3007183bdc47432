//! What all connections of one router share: the world behind its lock, faults, hooks, counts, signals.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::stats::Counting;
use crate::faults::{Faults, Hooks};
use crate::world::World;

/// The world and, where it follows the host's time, how many times as fast, and when it was last brought up to it.
struct Clocked {
    world: World,
    synced: Option<(Instant, u32)>,
}

pub(crate) struct Shared {
    clocked: Mutex<Clocked>,
    pub(crate) faults: Faults,
    pub(crate) hooks: Hooks,
    pub(crate) counting: Counting,
    /// Ends the server.
    pub(crate) stop: CancellationToken,
    /// Ends the connections of now; a new one serves the connections to come.
    cut: Mutex<CancellationToken>,
    /// Number of the newest change in the world, for those that listen.
    changed: watch::Sender<u64>,
}

impl Shared {
    /// With `follows_host` the world's time passes that many times as fast as the host's from now on.
    pub(crate) fn new(world: World, follows_host: Option<u32>) -> Self {
        let stop = CancellationToken::new();
        let changed = watch::Sender::new(world.changes.next());
        Self {
            clocked: Mutex::new(Clocked { world, synced: follows_host.map(|times| (Instant::now(), times)) }),
            faults: Faults::default(),
            hooks: Hooks::default(),
            counting: Counting::default(),
            cut: Mutex::new(stop.child_token()),
            stop,
            changed,
        }
    }

    /// Everything that touches the world goes through here, so that what passes follows every change at once, listeners
    /// hear of it, and a reboot breaks every connection.
    pub(crate) fn world<R>(&self, act: impl FnOnce(&mut World) -> R) -> R {
        let mut clocked = self.clocked.lock().unwrap_or_else(PoisonError::into_inner);
        let reboots = clocked.world.reboots();
        clocked.sync();
        let result = act(&mut clocked.world);
        clocked.world.settle();
        let (change, rebooted) = (clocked.world.changes.next(), clocked.world.reboots() != reboots);
        drop(clocked);
        self.changed.send_if_modified(|known| std::mem::replace(known, change) != change);
        if rebooted {
            self.cut_connections();
        }
        result
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Ends when the connections of now are to end.
    pub(crate) fn cut_token(&self) -> CancellationToken {
        self.cut().clone()
    }

    pub(crate) fn cut_connections(&self) {
        let next = self.stop.child_token();
        std::mem::replace(&mut *self.cut(), next).cancel();
    }

    fn cut(&self) -> MutexGuard<'_, CancellationToken> {
        self.cut.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clocked {
    fn sync(&mut self) {
        if let Some((synced, times)) = &mut self.synced {
            let now = Instant::now();
            self.world.advance(now.duration_since(*synced) * *times);
            *synced = now;
        }
    }
}
