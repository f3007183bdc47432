//! What users of a hotspot move, as JSON between two processes of one version.

use accounting::Octets;
use accounting::time::Micros;
use operations::{TrafficLook, UserQueue, UserTraffic};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::RateLimit;

#[derive(Serialize, Deserialize)]
struct Look {
    at: Option<(i64, u64)>,
    users: Vec<User>,
    left_off: usize,
    trouble: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct User {
    user: Vec<u8>,
    mac: Vec<u8>,
    uptime_s: u64,
    octets: (u64, u64),
    rate: Option<(u64, u64)>,
    queue: Option<Queue>,
}

/// Both directions of each, up first.
#[derive(Serialize, Deserialize)]
struct Queue {
    rate: Option<(Option<u64>, Option<u64>)>,
    octets: Option<(u64, u64)>,
}

pub(super) fn of_look(look: TrafficLook) -> Json {
    let TrafficLook { at, users, left_off, trouble } = look;
    let at = at.map(|(at, age_s)| (at.0, age_s));
    let look = Look { at, users: users.into_iter().map(of_user).collect(), left_off, trouble };
    serde_json::to_value(look).expect("plain names and numbers are always JSON")
}

pub(super) fn look(value: &Json) -> Option<TrafficLook> {
    let Look { at, users, left_off, trouble } = serde_json::from_value(value.clone()).ok()?;
    let at = at.map(|(at, age_s)| (Micros(at), age_s));
    Some(TrafficLook { at, users: users.into_iter().map(user).collect(), left_off, trouble })
}

fn of_user(of: UserTraffic) -> User {
    let UserTraffic { user, mac, uptime_s, octets, rate, queue } = of;
    let queue = queue.map(|queue| Queue {
        rate: queue.rate.map(|rate| (rate.up_bps, rate.down_bps)),
        octets: queue.octets.map(|octets| (octets.input, octets.output)),
    });
    User { user, mac, uptime_s, octets: (octets.input, octets.output), rate, queue }
}

fn user(of: User) -> UserTraffic {
    let User { user, mac, uptime_s, octets: (input, output), rate, queue } = of;
    let queue = queue.map(|queue| UserQueue {
        rate: queue.rate.map(|(up_bps, down_bps)| RateLimit { up_bps, down_bps }),
        octets: queue.octets.map(|(input, output)| Octets::new(input, output)),
    });
    UserTraffic { user, mac, uptime_s, octets: Octets::new(input, output), rate, queue }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_heard() {
        let rate = RateLimit { up_bps: Some(5), down_bps: None };
        let queue = UserQueue { rate: Some(rate), octets: Some(Octets::new(1, 2)) };
        let ana = UserTraffic {
            user: b"an\xff".to_vec(),
            mac: b"AA:BB:CC:DD:EE:FF".to_vec(),
            uptime_s: 7,
            octets: Octets::new(3, 4),
            rate: Some((5, 6)),
            queue: Some(queue),
        };
        let bob =
            UserTraffic { rate: None, queue: Some(UserQueue { rate: None, octets: None }), ..ana.clone() };
        let cat = UserTraffic { queue: None, ..ana.clone() };
        let told = TrafficLook {
            at: Some((Micros(-5), 9)),
            users: vec![ana, bob, cat],
            left_off: 3,
            trouble: Some("nobody listens".to_owned()),
        };
        for told in [told, TrafficLook::default()] {
            assert_eq!(look(&of_look(told.clone())), Some(told));
        }
    }
}
