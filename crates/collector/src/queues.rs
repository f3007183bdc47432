//! The simple queues of a router, for whoever looks: with one login of its own, and nothing is changed.

use accounting::Octets;
use operations::RouterQueue;
use store::RateLimit;

use crate::link::{Link, LinkError, Target};
use crate::routeros::queue_target::write_list;
use crate::routeros::simple_queue::{SimpleQueue, print, queue};
use operations::Marks;

/// All of them, in the router's order. `mark`: of this installation.
///
/// # Errors
/// What kept the router from saying.
pub async fn list(target: &Target, mark: &Marks) -> Result<Vec<RouterQueue>, LinkError> {
    let mut queues = Vec::new();
    Link::open(target).await?.print(&print(), |row| queues.extend(queue(&row, mark).map(shown))).await?;
    Ok(queues)
}

fn shown(queue: SimpleQueue) -> RouterQueue {
    let bps = |bps: u64| (bps > 0).then_some(bps);
    RouterQueue {
        is_ours: queue.is_ours(),
        target: write_list(&queue.targets),
        rate: queue.max_limit.map(|(up, down)| RateLimit { up_bps: bps(up), down_bps: bps(down) }),
        octets: queue.octets.map(|(up, down)| Octets::new(up, down)),
        is_dynamic: queue.dynamic,
        is_off: queue.is_off,
        name: queue.name,
        comment: queue.comment,
    }
}
