//! The three time axes of accounting: our wall clock (only for labels), the host's monotonic clock (for elapsed
//! time within one host boot) and the router's uptime (which alone decides what began when; DESIGN rule 4).

/// Our wall clock: microseconds since 1970-01-01 UTC. Labels entries for people; never decides anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    /// Length of a ledger bucket: 15 minutes.
    pub const BUCKET: i64 = 15 * 60 * 1_000_000;

    /// Number of the 15-minute UTC bucket this instant lies in.
    pub fn bucket(self) -> i64 {
        self.0.div_euclid(Self::BUCKET)
    }

    /// This instant `seconds` earlier.
    pub fn minus_seconds(self, seconds: u64) -> Micros {
        Micros(self.0.saturating_sub(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000)))
    }
}

/// A reading of the host's monotonic clock. `epoch` names the boot of the host (or the process, where the host
/// cannot tell): only readings of one epoch can be subtracted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostInstant {
    /// Which run of the clock this is.
    pub epoch: u128,
    /// Microseconds since that run began.
    pub micros: u64,
}

impl HostInstant {
    /// Microseconds since `earlier`, or `None` when the two come from different runs of the clock.
    pub fn micros_since(self, earlier: HostInstant) -> Option<u64> {
        (self.epoch == earlier.epoch).then(|| self.micros.saturating_sub(earlier.micros))
    }

    /// Whole seconds since `earlier` (rounded down), or `None` when the two come from different runs of the clock.
    pub fn seconds_since(self, earlier: HostInstant) -> Option<u64> {
        self.micros_since(earlier).map(|micros| micros / 1_000_000)
    }
}

/// The router's uptime in whole seconds, read before and after the tables of a round: everything in between was
/// observed within it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UptimeSpan {
    /// Seconds of uptime read before the tables.
    pub before: u64,
    /// Seconds of uptime read after the tables.
    pub after: u64,
}

impl UptimeSpan {
    /// Upper bound of the seconds between a reading in `earlier` and one in `self`, both of the same boot. The
    /// router truncates to whole seconds, hence the one second more.
    pub fn seconds_since(self, earlier: UptimeSpan) -> u64 {
        self.after.saturating_sub(earlier.before) + 1
    }
}

/// When a session began, on the router's own axis: seconds of uptime, as an interval because both the router's
/// uptime and the session's are truncated and read at different moments (DESIGN rule 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartInterval {
    /// It did not begin before this second of uptime (may be negative by the rounding second).
    pub earliest: i64,
    /// It did not begin after this second of uptime.
    pub latest: i64,
}

/// Two starts are different sessions only when their intervals are further apart than this (DESIGN rule 4).
const START_SLACK_S: i64 = 3;

impl StartInterval {
    /// The start of a session that was `session_time_s` old when it was read within `uptime`.
    pub fn of(uptime: UptimeSpan, session_time_s: u64) -> Self {
        let seconds = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        StartInterval {
            earliest: seconds(uptime.before).saturating_sub(seconds(session_time_s)).saturating_sub(1),
            latest: seconds(uptime.after).saturating_sub(seconds(session_time_s)).saturating_add(1),
        }
    }

    /// Upper bound of the seconds from here until a second of uptime that was over.
    pub fn seconds_until(self, until_s: u64) -> Option<u64> {
        let until = i64::try_from(until_s).unwrap_or(i64::MAX).saturating_add(1);
        u64::try_from(until.saturating_sub(self.earliest)).ok()
    }

    /// Seconds of uptime between which another start must reach to be the same: it must not end before the first, nor
    /// begin after the second.
    pub fn may_be_same_as(self) -> (i64, i64) {
        (self.earliest.saturating_sub(START_SLACK_S), self.latest.saturating_add(START_SLACK_S))
    }

    /// True when the two do not share a second.
    pub(crate) fn is_apart_from(self, other: StartInterval) -> bool {
        self.earliest > other.latest || other.earliest > self.latest
    }

    /// The same on an axis that may have leapt ahead by so many seconds while the session's age did not.
    pub(crate) fn before_leap(self, seconds: u64) -> StartInterval {
        StartInterval { earliest: self.earliest.saturating_sub_unsigned(seconds), ..self }
    }

    /// How `self`, read later, compares with the start known so far.
    pub fn compared_to(self, known: StartInterval) -> StartMove {
        if self.earliest > known.latest.saturating_add(START_SLACK_S) {
            StartMove::Forward
        } else if known.earliest > self.latest.saturating_add(START_SLACK_S) {
            StartMove::Backward
        } else {
            StartMove::Same
        }
    }
}

/// Whether a start instant moved between two looks at a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartMove {
    /// The same start, within the slack.
    Same,
    /// It begins later: another session.
    Forward,
    /// It begins earlier on this axis: the axis itself restarted, so the whole device did.
    Backward,
}

/// Which clocks, and which bindings, a round was read under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoundTimes {
    /// The router's uptime around the tables.
    pub uptime: UptimeSpan,
    /// The host's monotonic clock before the round's first request.
    pub host: HostInstant,
    /// The host's monotonic clock after the round's last reply; same epoch as `host`.
    pub host_after: HostInstant,
    /// Our wall clock when the last counter row had arrived.
    pub at: Micros,
    /// The version of the bindings when the round began, by which it is known which renewals came before it, whatever the
    /// clock says; 0 when that is not known.
    pub bindings: u64,
}

impl RoundTimes {
    /// Microseconds from the counters of an earlier round to those of this one; `None` when no monotonic clock spans the two.
    /// The wall clock says when a row arrived within its round, so its difference is taken as long as the monotonic clock
    /// allows it, and what that clock says of the rounds' ends where somebody set the wall clock meanwhile.
    pub fn micros_since(&self, earlier: &RoundTimes) -> Option<u64> {
        if self.host.epoch != earlier.host.epoch {
            return None;
        }
        let least = self.host.micros.checked_sub(earlier.host_after.micros)?;
        let most = self.host_after.micros.saturating_sub(earlier.host.micros);
        let labelled = u64::try_from(self.at.0.saturating_sub(earlier.at.0)).ok();
        let labelled = labelled.filter(|micros| (least..=most).contains(micros));
        Some(labelled.unwrap_or_else(|| self.host_after.micros.saturating_sub(earlier.host_after.micros)))
    }

    /// An instant of our wall clock that no round was read at.
    pub(crate) fn label(at: Micros) -> RoundTimes {
        RoundTimes { at, ..RoundTimes::default() }
    }
}
