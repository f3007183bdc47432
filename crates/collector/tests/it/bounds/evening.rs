//! What happens in a street on one evening: the same events whatever the interval of those who look.

use std::time::Duration;

use routeros_sim::world::{Service, SessionKey};

use super::street::{LINK_BPS, Street};

/// Length of the evening.
const EVENING_S: u64 = 3_600;
/// While it lasts nobody can connect.
const OUTAGE_S: std::ops::Range<u64> = 1_500..1_700;
const SESSIONS: u64 = 80;

/// A session of a subscriber who dials in once.
struct Visit {
    from_ms: u64,
    to_ms: u64,
    up_bps: u64,
    down_bps: u64,
}

/// See the module.
pub(super) struct Evening {
    visits: Vec<Visit>,
}

impl Evening {
    /// The evening of that seed.
    pub(super) fn of(seed: u64) -> Evening {
        let mut chance = Chance(seed + 1);
        let visit = |_| {
            let from_ms = chance.between(20_000, EVENING_S * 1_000 - 600_000);
            Visit {
                from_ms,
                to_ms: from_ms + chance.between(5_000, 500_000),
                up_bps: chance.between(0, LINK_BPS),
                down_bps: chance.between(0, LINK_BPS),
            }
        };
        Evening { visits: (0..SESSIONS).map(visit).collect() }
    }

    /// Plays it under the eyes of somebody who looks every `interval_s`.
    pub(super) async fn play(&self, street: &mut Street, interval_s: u64) {
        let mut keys: Vec<Option<SessionKey>> = vec![None; self.visits.len()];
        let mut next_look_s = 0;
        for second in 0..EVENING_S {
            self.happen(street, second, &mut keys);
            street.advance(Duration::from_secs(1));
            if second >= next_look_s {
                next_look_s += interval_s;
                if OUTAGE_S.contains(&second) {
                    street.hang_up();
                } else {
                    street.look().await;
                }
            }
        }
        for _ in 0..4 {
            street.advance(Duration::from_secs(interval_s.max(30)));
            street.look().await;
        }
    }

    fn happen(&self, street: &Street, second: u64, keys: &mut [Option<SessionKey>]) {
        let now = second * 1_000..(second + 1) * 1_000;
        street.sim.with_world(|world| {
            for (number, (visit, key)) in self.visits.iter().zip(keys).enumerate() {
                if now.contains(&visit.from_ms) {
                    let login = format!("visitor{number}");
                    let mac = format!("AA:BB:CC:00:01:{number:02X}");
                    *key = Some(world.connect(login, Service::Pppoe, mac, visit.up_bps, visit.down_bps));
                }
                if let Some(key) = key.filter(|_| now.contains(&visit.to_ms)) {
                    world.disconnect(key);
                }
            }
        });
    }
}

/// Numbers that follow from a seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn between(&mut self, from: u64, to: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        from + (mixed ^ (mixed >> 31)) % (to - from)
    }
}
