//! How all routers' pollers are doing: the collector writes it, faces read it. What other processes told is there too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use accounting::time::Micros;
use store::NasId;

use crate::phase_log::{PhaseChange, PhaseLog};
use crate::router_status::RouterStatus;
use crate::watching_status::WatchingStatus;

/// The statuses of all routers; cheap to clone, clones show the same.
#[derive(Clone, Debug, Default)]
pub struct StatusBoard {
    routers: Arc<RwLock<HashMap<NasId, RouterStatus>>>,
    phases: Arc<Mutex<PhaseLog>>,
}

impl StatusBoard {
    /// An empty board.
    pub fn new() -> Self {
        StatusBoard::default()
    }

    /// Changes a router's status, which starts as waiting since `now`. `change` must not call the board.
    pub fn update(&self, nas: NasId, now: Micros, change: impl FnOnce(&mut RouterStatus)) {
        let mut routers = self.routers.write().unwrap_or_else(PoisonError::into_inner);
        let status = routers.entry(nas).or_insert_with(|| RouterStatus::new(nas, now));
        if status.node.is_some() {
            *status = RouterStatus::new(nas, now);
        }
        change(status);
        self.phases().note(status);
    }

    /// Shows what a router that this process polls is asked for those who are watched; `false` of one it does not poll.
    pub fn show_watching(&self, nas: NasId, watching: WatchingStatus) -> bool {
        let mut routers = self.routers.write().unwrap_or_else(PoisonError::into_inner);
        let own = routers.get_mut(&nas).filter(|status| status.node.is_none());
        own.map(|status| status.watching = watching).is_some()
    }

    /// What another process tells of a router that this one does not poll.
    pub(crate) fn show_told(&self, told: RouterStatus) {
        let mut routers = self.routers.write().unwrap_or_else(PoisonError::into_inner);
        if routers.get(&told.nas).is_none_or(|shown| shown.node.is_some()) {
            self.phases().note(&told);
            routers.insert(told.nas, told);
        }
    }

    /// Forgets what other processes told of routers that are told of no longer.
    pub(crate) fn forget_untold(&self, is_told: impl Fn(NasId) -> bool) {
        let mut routers = self.routers.write().unwrap_or_else(PoisonError::into_inner);
        routers.retain(|nas, status| status.node.is_none() || is_told(*nas));
    }

    /// Those that this process polls, by router.
    pub fn own(&self) -> Vec<RouterStatus> {
        let mut own = self.all();
        own.retain(|status| status.node.is_none());
        own
    }

    /// Forgets what this process said of a router that it does not poll any more.
    pub fn remove_own(&self, nas: NasId) {
        let mut routers = self.routers.write().unwrap_or_else(PoisonError::into_inner);
        if routers.get(&nas).is_some_and(|status| status.node.is_none()) {
            routers.remove(&nas);
        }
    }

    /// Forgets a router.
    pub fn remove(&self, nas: NasId) {
        self.routers.write().unwrap_or_else(PoisonError::into_inner).remove(&nas);
        self.phases().forget(nas);
    }

    /// How routers changed their state, the newest first: numbers below `below`, before `until`, of those routers.
    pub fn phase_changes(
        &self,
        of: impl Fn(NasId) -> bool,
        below: Option<u64>,
        until: Micros,
        limit: usize,
    ) -> Vec<PhaseChange> {
        self.phases().before(of, below, until, limit)
    }

    /// Changes that are not kept any more although they are not a day old.
    pub fn phase_changes_dropped(&self) -> u64 {
        self.phases().dropped()
    }

    fn phases(&self) -> std::sync::MutexGuard<'_, PhaseLog> {
        self.phases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A router's status; `None` when nobody polls it.
    pub fn get(&self, nas: NasId) -> Option<RouterStatus> {
        self.routers.read().unwrap_or_else(PoisonError::into_inner).get(&nas).cloned()
    }

    /// All statuses, by router.
    pub fn all(&self) -> Vec<RouterStatus> {
        let routers = self.routers.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = routers.values().cloned().collect();
        all.sort_unstable_by_key(|status| status.nas);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router_status::{ErrorKind, Phase};

    #[test]
    fn a_phase_lasts_from_when_it_was_entered() {
        let board = StatusBoard::new();
        let nas = NasId(1);
        board.update(nas, Micros(1), |status| status.enter(Phase::Unreachable, Some("no".into()), Micros(2)));
        board.clone().update(nas, Micros(9), |status| {
            status.enter(Phase::Unreachable, Some("still no".into()), Micros(9));
            status.count_error(ErrorKind::Timeout);
            status.count_error(ErrorKind::Timeout);
        });
        let status = board.get(nas).unwrap();
        assert_eq!((status.since, status.message.as_deref()), (Micros(2), Some("still no")));
        assert_eq!((status.errors[&ErrorKind::Timeout], status.errors_total()), (2, 2));
    }

    #[test]
    fn what_another_process_tells_never_covers_what_this_one_polls() {
        let board = StatusBoard::new();
        let told =
            |nas| RouterStatus { node: Some("east".to_owned()), ..RouterStatus::new(NasId(nas), Micros(1)) };
        board.update(NasId(1), Micros(2), |status| status.enter(Phase::Online, None, Micros(2)));
        [1, 2, 3].into_iter().for_each(|nas| board.show_told(told(nas)));
        board.forget_untold(|nas| nas == NasId(2));
        assert_eq!(board.own().len(), 1);
        assert_eq!(board.all().iter().map(|status| status.nas.0).collect::<Vec<_>>(), [1, 2]);
        board.remove_own(NasId(1));
        board.remove_own(NasId(2));
        assert!(board.get(NasId(1)).is_none() && board.get(NasId(2)).is_some());
        board.update(NasId(2), Micros(3), |status| status.count_error(ErrorKind::Timeout));
        assert_eq!(board.get(NasId(2)).unwrap().node, None, "it is polled here now");
    }
}
