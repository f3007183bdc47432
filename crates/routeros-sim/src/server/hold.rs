//! A connection's place in the counts and in `/user/active`, given back however it ends.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::shared::Shared;

pub(crate) struct Hold {
    shared: Arc<Shared>,
    /// Counted from 1 over the life of the router.
    pub(crate) number: u32,
}

impl Hold {
    pub(crate) fn new(shared: Arc<Shared>, number: u32) -> Self {
        shared.counting.open_connections.fetch_add(1, Ordering::Relaxed);
        Self { shared, number }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.shared.counting.open_connections.fetch_sub(1, Ordering::Relaxed);
        self.shared.world(|world| world.api_users.remove(&self.number));
    }
}
