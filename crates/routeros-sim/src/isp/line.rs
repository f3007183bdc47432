//! One subscriber's line: what it is, what it does next, and how much it carries meanwhile.

use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;

use super::rates::{self, millis};
use crate::world::{Service, SessionKey, World};

const LONGEST_TWIN_MS: u64 = 20_000;

/// A subscriber's line.
pub(crate) struct Line {
    login: Vec<u8>,
    service: Service,
    caller_id: String,
    cap_down_bps: u64,
    session: Option<SessionKey>,
}

/// What a line does when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Dial,
    Surf,
    /// Ends this session, unless it has ended otherwise.
    HangUp(SessionKey),
}

impl Line {
    pub(crate) fn new(login: Vec<u8>, service: Service, number: usize, rng: &mut StdRng) -> Self {
        let cap_down_bps = [10, 20, 30, 50, 100][rng.random_range(0..5)] * 1_000_000;
        let [.., high, middle, low] = (number as u64 + 0x10).to_be_bytes();
        let caller_id = match service {
            Service::Pppoe => format!("D4:CA:6D:{high:02X}:{middle:02X}:{low:02X}"),
            Service::L2tp | Service::Pptp | Service::Sstp | Service::Ovpn => format!("198.51.100.{low}"),
        };
        Self { login, service, caller_id, cap_down_bps, session: None }
    }

    pub(crate) fn is_up(&self, world: &World) -> bool {
        self.session.is_some_and(|key| world.is_live(key))
    }

    /// Does what is due and says what comes next, and after how long.
    pub(crate) fn act(&mut self, act: Act, world: &mut World, rng: &mut StdRng) -> Vec<(Act, Duration)> {
        match act {
            Act::Dial if self.is_up(world) => Vec::new(),
            Act::Dial => self.dial(world, rng),
            Act::Surf => self.surf(world, rng),
            Act::HangUp(session) if self.session == Some(session) => self.hang_up(session, world, rng),
            Act::HangUp(_) => Vec::new(),
        }
    }

    fn dial(&mut self, world: &mut World, rng: &mut StdRng) -> Vec<(Act, Duration)> {
        if !world.may_dial(&self.login, self.service) {
            return vec![(Act::Dial, millis(rng, 5_000, 30_000))];
        }
        let (up, down) = rates::of_line(self.cap_down_bps, rng);
        let session = world.connect(&self.login, self.service, &self.caller_id, up, down);
        self.session = Some(session);
        vec![(Act::Surf, millis(rng, 2_000, 30_000)), Self::hang_up_later(session, rng)]
    }

    fn surf(&mut self, world: &mut World, rng: &mut StdRng) -> Vec<(Act, Duration)> {
        let Some(session) = self.session.filter(|&key| world.is_live(key)) else {
            // Somebody kicked it: the customer's router dials again.
            return vec![(Act::Dial, millis(rng, 500, 5_000))];
        };
        let (up, down) = rates::of_line(self.cap_down_bps, rng);
        world.set_rates(session, up, down);
        vec![(Act::Surf, millis(rng, 3_000, 40_000))]
    }

    fn hang_up(&mut self, session: SessionKey, world: &mut World, rng: &mut StdRng) -> Vec<(Act, Duration)> {
        if !world.is_live(session) {
            return Vec::new();
        }
        match rng.random_range(0..4) {
            0 => {
                let lingers = Duration::from_millis(rng.random_range(3_000..LONGEST_TWIN_MS));
                let (up, down) = rates::of_line(self.cap_down_bps, rng);
                let twin = world.reconnect_leaving_twin(session, lingers);
                world.set_rates(twin, up, down);
                self.session = Some(twin);
                vec![Self::hang_up_later(twin, rng)]
            }
            1 => {
                let again = world.reconnect(session);
                self.session = Some(again);
                vec![Self::hang_up_later(again, rng)]
            }
            _ => {
                world.disconnect(session);
                vec![(Act::Dial, millis(rng, 1_000, 45_000))]
            }
        }
    }

    fn hang_up_later(session: SessionKey, rng: &mut StdRng) -> (Act, Duration) {
        (Act::HangUp(session), millis(rng, 60_000, 5_400_000))
    }
}
