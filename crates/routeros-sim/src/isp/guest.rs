//! A guest of the hotspot: comes with a device, logs in, roams, logs in again by cookie, and leaves.

use std::net::Ipv4Addr;
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;

use super::rates::millis;
use crate::world::{SessionKey, World};

/// Where the guests log in.
const HOTSPOT: &str = "hotspot1";
/// One guest in so many brings a second device.
const TWO_DEVICES_EVERY: usize = 7;
/// One device in so many is a camera or a till: let through without a login.
const BYPASSED_EVERY: usize = 9;
/// The shortest stay is this part of the longest.
const SHORTEST_PART: u64 = 60;

/// A device and whose it is.
pub(crate) struct Guest {
    /// Empty for a device that is let through.
    user: Vec<u8>,
    mac: String,
    /// The longest stay, milliseconds.
    longest_ms: u64,
    session: Option<SessionKey>,
}

/// A device with an address of its own, for whoever runs the simulation to be: a portal believes where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Its MAC address.
    pub mac: &'static str,
    /// From where it asks.
    pub address: Ipv4Addr,
}

impl Visitor {
    /// What it moves once it is let in, bits per second.
    const RATES: (u64, u64) = (400_000, 6_000_000);

    /// It is in sight, also after the router restarted.
    pub(crate) fn stay(self, world: &mut World) {
        world.appear_at(self.mac, self.address, Self::RATES.0, Self::RATES.1);
    }
}

/// What a guest does when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visit {
    Come,
    Surf(SessionKey),
    Go(SessionKey),
}

/// That many devices, and the hotspot they come to; none without a device.
pub(crate) fn guests(devices: usize, longest_stay: Duration, world: &mut World) -> Vec<Guest> {
    if devices > 0 {
        world.add_hotspot(HOTSPOT);
    }
    let longest_ms = u64::try_from(longest_stay.as_millis()).unwrap_or(u64::MAX).max(SHORTEST_PART);
    (0..devices).map(|number| Guest::new(number, longest_ms, world)).collect()
}

impl Guest {
    fn new(number: usize, longest_ms: u64, world: &mut World) -> Self {
        let [.., high, middle, low] = (number as u64 + 1).to_be_bytes();
        let mac = format!("2C:54:91:{high:02X}:{middle:02X}:{low:02X}");
        if number % BYPASSED_EVERY == BYPASSED_EVERY - 1 {
            world.bypass(&mac);
            return Self { user: Vec::new(), mac, longest_ms, session: None };
        }
        // A second device has the first one's voucher.
        let second = number % TWO_DEVICES_EVERY == TWO_DEVICES_EVERY - 1;
        let voucher = if second { number - 1 } else { number };
        let code = (voucher as u64 + 17).wrapping_mul(2_654_435_761) % 1_000_000;
        let prefix = ["wifi", "cafe", "piso"][voucher % 3];
        let user = format!("{prefix}{code:06}").into_bytes();
        // Vouchers are made before anybody has one.
        world.add_hotspot_user(&user);
        Self { user, mac, longest_ms, session: None }
    }

    pub(crate) fn act(
        &mut self,
        visit: Visit,
        world: &mut World,
        rng: &mut StdRng,
    ) -> Vec<(Visit, Duration)> {
        match visit {
            Visit::Come if self.session.is_some_and(|key| world.is_live(key)) => Vec::new(),
            Visit::Come => self.come(world, rng),
            Visit::Surf(key) if self.session == Some(key) => self.surf(key, world, rng),
            Visit::Go(key) if self.session == Some(key) => self.go(key, world, rng),
            Visit::Surf(_) | Visit::Go(_) => Vec::new(),
        }
    }

    fn come(&mut self, world: &mut World, rng: &mut StdRng) -> Vec<(Visit, Duration)> {
        let (up, down) = rates(rng);
        let session = if self.user.is_empty() {
            world.appear(&self.mac, up, down)
        } else if world.admit(&self.user, None, self.mac.as_bytes()).is_ok() {
            Some(world.log_in(&self.user, &self.mac, up, down))
        } else {
            // Whoever is kept out tries again now and then.
            return vec![(Visit::Come, millis(rng, 20_000, 120_000))];
        };
        session.map_or_else(Vec::new, |key| self.stay(key, rng))
    }

    fn stay(&mut self, key: SessionKey, rng: &mut StdRng) -> Vec<(Visit, Duration)> {
        self.session = Some(key);
        vec![
            (Visit::Surf(key), millis(rng, 2_000, 30_000)),
            (Visit::Go(key), millis(rng, self.longest_ms / SHORTEST_PART, self.longest_ms)),
        ]
    }

    fn surf(&mut self, key: SessionKey, world: &mut World, rng: &mut StdRng) -> Vec<(Visit, Duration)> {
        if !world.is_live(key) {
            return vec![(Visit::Come, millis(rng, 1_000, 20_000))];
        }
        let (up, down) = rates(rng);
        world.set_rates(key, up, down);
        vec![(Visit::Surf(key), millis(rng, 3_000, 40_000))]
    }

    fn go(&mut self, key: SessionKey, world: &mut World, rng: &mut StdRng) -> Vec<(Visit, Duration)> {
        if !world.is_live(key) {
            return Vec::new();
        }
        match rng.random_range(0..3) {
            0 if !self.user.is_empty() => {
                let roamed = world.roam(key, None);
                self.stay(roamed, rng)
            }
            1 if !self.user.is_empty() => {
                let again = world.reconnect(key);
                self.stay(again, rng)
            }
            _ => {
                world.leave(key);
                // Who left is not taken for somebody who was cut off and comes back at once.
                self.session = None;
                vec![(Visit::Come, millis(rng, 5_000, 600_000))]
            }
        }
    }
}

/// A phone: little most of the time, a video now and then.
fn rates(rng: &mut StdRng) -> (u64, u64) {
    let down = match rng.random_range(0..10) {
        0..=5 => rng.random_range(1_000..60_000),
        6..=8 => rng.random_range(200_000..2_500_000),
        _ => rng.random_range(2_000_000..8_000_000),
    };
    (down * rng.random_range(3..15) / 100 + rng.random_range(200..8_000), down)
}
