//! The queues of a router as JSON between two processes of one version.

use accounting::Octets;
use operations::RouterQueue;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::RateLimit;

#[derive(Serialize, Deserialize)]
struct Queue {
    name: Vec<u8>,
    target: Vec<u8>,
    rate: Option<(Option<u64>, Option<u64>)>,
    octets: Option<(u64, u64)>,
    is_ours: bool,
    is_dynamic: bool,
    is_off: bool,
    comment: Vec<u8>,
}

pub(super) fn of_queues(queues: Vec<RouterQueue>) -> Json {
    let one = |queue: RouterQueue| Queue {
        name: queue.name,
        target: queue.target,
        rate: queue.rate.map(|rate| (rate.up_bps, rate.down_bps)),
        octets: queue.octets.map(|octets| (octets.input, octets.output)),
        is_ours: queue.is_ours,
        is_dynamic: queue.is_dynamic,
        is_off: queue.is_off,
        comment: queue.comment,
    };
    let queues: Vec<Queue> = queues.into_iter().map(one).collect();
    serde_json::to_value(queues).expect("plain names and numbers are always JSON")
}

pub(super) fn queues(value: &Json) -> Option<Vec<RouterQueue>> {
    let one = |queue: Queue| RouterQueue {
        name: queue.name,
        target: queue.target,
        rate: queue.rate.map(|(up_bps, down_bps)| RateLimit { up_bps, down_bps }),
        octets: queue.octets.map(|(input, output)| Octets::new(input, output)),
        is_ours: queue.is_ours,
        is_dynamic: queue.is_dynamic,
        is_off: queue.is_off,
        comment: queue.comment,
    };
    let queues: Vec<Queue> = serde_json::from_value(value.clone()).ok()?;
    Some(queues.into_iter().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_heard() {
        let queue = RouterQueue {
            name: b"q\xff".to_vec(),
            target: b"10.0.0.7/32".to_vec(),
            rate: Some(RateLimit { up_bps: None, down_bps: Some(7) }),
            octets: Some(Octets::new(1, u64::MAX)),
            is_ours: true,
            is_dynamic: false,
            is_off: true,
            comment: Vec::new(),
        };
        let told = vec![queue.clone(), RouterQueue { rate: None, octets: None, is_dynamic: true, ..queue }];
        assert_eq!(queues(&of_queues(told.clone())), Some(told));
    }
}
