//! What users of the hotspot move, by two looks at their logins. It is shown and never counted (DESIGN rule 3).

use std::collections::HashMap;
use std::time::Duration;

use accounting::Octets;
use operations::{UserQueue, UserTraffic};
use store::RateLimit;
use tokio::time::Instant;

use super::logins::{Login, Logins};
use super::look::Seen;
use super::queue_index::QueueIndex;
use crate::routeros::simple_queue::SimpleQueue;

/// Two looks nearer to each other say nothing of a rate: routers count in lumps (compat.md 001).
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);

/// What a router's users move.
#[derive(Debug)]
pub struct Traffic {
    /// In the router's order.
    pub users: Vec<UserTraffic>,
    /// Users beyond [`operations::MOST_USERS`].
    pub left_off: usize,
}

/// The look before.
#[derive(Debug, Default)]
pub(super) struct Before {
    read_at: Option<Instant>,
    logins: HashMap<u64, Login>,
}

impl Before {
    /// What they move, by this look and the one before; `None` for a look that says nothing, or nothing new yet.
    pub(super) fn look(&mut self, seen: Seen) -> Option<Traffic> {
        let Logins { rows, left_off, read_at, .. } = seen.present.logins;
        let read_at = read_at?;
        let between = self.read_at.map(|before| read_at - before);
        if between.is_some_and(|between| between < BETWEEN_LOOKS) {
            return None;
        }
        let queues = QueueIndex::new(&seen.queues);
        let users = rows.iter().map(|login| self.user(login, between, &queues)).collect();
        *self = Before {
            read_at: Some(read_at),
            logins: rows.into_iter().map(|login| (login.handle, login)).collect(),
        };
        Some(Traffic { users, left_off })
    }

    fn user(&self, login: &Login, between: Option<Duration>, queues: &QueueIndex<'_>) -> UserTraffic {
        let queue = login.address.as_ref().and_then(|address| queues.first_of(address));
        UserTraffic {
            user: login.user.clone(),
            mac: login.mac.clone(),
            uptime_s: login.uptime_s,
            octets: login.octets,
            rate: between.and_then(|between| self.rate(login, between)),
            queue: queue.map(shown),
        }
    }

    /// Of a login that is the same as at the look before: a row may have an id again that another had.
    fn rate(&self, login: &Login, between: Duration) -> Option<(u64, u64)> {
        let is_same = |before: &&Login| {
            before.user == login.user && before.mac == login.mac && before.uptime_s <= login.uptime_s
        };
        let before = self.logins.get(&login.handle).filter(is_same)?;
        let Octets { input, output } = login.octets.grown_since(before.octets)?;
        Some((bps(input, between), bps(output, between)))
    }
}

fn bps(octets: u64, between: Duration) -> u64 {
    let bits_s = u128::from(octets) * 8 * 1_000_000 / between.as_micros().max(1);
    u64::try_from(bits_s).unwrap_or(u64::MAX)
}

fn shown(queue: &SimpleQueue) -> UserQueue {
    let limit = |bps: u64| (bps > 0).then_some(bps);
    UserQueue {
        rate: queue.max_limit.map(|(up, down)| RateLimit { up_bps: limit(up), down_bps: limit(down) }),
        octets: queue.octets.map(|(up, down)| Octets::new(up, down)),
    }
}
