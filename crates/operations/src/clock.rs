//! The host's clocks, behind a trait so that time is an argument everywhere else.

use std::time::UNIX_EPOCH;

use accounting::time::{HostInstant, Micros};
use rustix::time::ClockId;

/// Where times come from.
pub trait Clock: Send + Sync {
    /// The wall clock. It may be set, forwards or backwards; it labels, it decides nothing.
    fn now(&self) -> Micros;

    /// The monotonic clock, which goes on while the host sleeps.
    fn host(&self) -> HostInstant;
}

/// The clocks of this host.
#[derive(Clone, Debug)]
pub struct SystemClock {
    epoch: u128,
}

impl SystemClock {
    /// Reads which boot of the host this is. Where the host does not tell, the epoch is a random number of this
    /// process, so that its readings are never compared with those of another run.
    pub fn new() -> Self {
        SystemClock { epoch: host_boot().unwrap_or_else(rand::random) }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Micros {
        let now = std::time::SystemTime::now();
        let signed = |length: std::time::Duration| i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        Micros(now.duration_since(UNIX_EPOCH).map_or_else(|before| -signed(before.duration()), signed))
    }

    fn host(&self) -> HostInstant {
        let reading = rustix::time::clock_gettime(ClockId::Boottime);
        let micros = reading.tv_sec.unsigned_abs() * 1_000_000 + reading.tv_nsec.unsigned_abs() / 1_000;
        HostInstant { epoch: self.epoch, micros }
    }
}

/// Linux gives each boot a random UUID. Within a time namespace of its own the monotonic clock begins elsewhere.
fn host_boot() -> Option<u128> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let boot = uuid::Uuid::parse_str(text.trim()).ok()?.as_u128();
    let namespace = std::fs::read_link("/proc/self/ns/time").ok();
    Some(boot ^ u128::from(namespace.and_then(|link| apart(link.to_str()?)).unwrap_or(0)))
}

/// The number of a time namespace that is not the host's, from what its link is called.
fn apart(link: &str) -> Option<u64> {
    const HOSTS: u64 = 0xEFFF_FFFA;
    let number = link.strip_prefix("time:[")?.strip_suffix(']')?.parse().ok()?;
    Some(number).filter(|number| *number != HOSTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clocks_of_one_host_can_be_compared() {
        let (earlier, later) = (SystemClock::new().host(), SystemClock::new().host());
        if host_boot().is_some() {
            assert!(later.seconds_since(earlier).is_some());
        } else {
            assert_ne!(earlier.epoch, later.epoch);
        }
        assert!(later.micros >= earlier.micros);
    }

    #[test]
    fn a_time_namespace_that_is_not_the_hosts_is_told_apart() {
        assert_eq!((apart("time:[4026531834]"), apart("time:[4026532199]")), (None, Some(4_026_532_199)));
        assert_eq!((apart("mnt:[1]"), apart("time:[]")), (None, None));
    }

    #[test]
    fn the_wall_clock_is_in_microseconds() {
        let year_2020 = Micros(1_577_836_800_000_000);
        let year_2100 = Micros(4_102_444_800_000_000);
        assert!((year_2020..year_2100).contains(&SystemClock::new().now()));
    }
}
