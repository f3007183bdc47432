//! How much a user may use: the caps of its row and the time its profile gives (routeros.md §2.8).

use routeros_proto::value;

use super::super::configured::Item;
use super::super::octets::Octets;
use super::refusal::Refusal;

/// As they were when the login began (routeros.md §8, trap 15); nothing and 0 are no cap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caps {
    /// `limit-uptime`, of all logins of the user, microseconds.
    uptime_us: u64,
    /// `session-timeout` of the profile, of this login, microseconds.
    pub(super) session_us: u64,
    /// `limit-bytes-in` and `limit-bytes-out`.
    octets: Octets,
    /// `limit-bytes-total`.
    total: u64,
}

impl Caps {
    pub(super) fn of(user: &Item, profile: Option<&Item>) -> Self {
        let number = |name| user.get(name).and_then(value::unsigned).unwrap_or(0);
        let time = |item: &Item, name| item.get(name).and_then(value::duration_micros).unwrap_or(0);
        Self {
            uptime_us: time(user, "limit-uptime"),
            session_us: profile.map_or(0, |profile| time(profile, "session-timeout")),
            octets: Octets::new(number("limit-bytes-in"), number("limit-bytes-out")),
            total: number("limit-bytes-total"),
        }
    }

    /// What of the user's is used up.
    pub(super) fn used_up(&self, used: Octets, uptime_us: u64) -> Option<Refusal> {
        let reached = |cap: u64, used: u64| cap > 0 && used >= cap;
        if reached(self.uptime_us, uptime_us) {
            return Some(Refusal::UptimeLimit);
        }
        let moved =
            [(self.octets.input, used.input), (self.octets.output, used.output), (self.total, used.sum())];
        moved.into_iter().any(|(cap, used)| reached(cap, used)).then_some(Refusal::TrafficLimit)
    }
}
