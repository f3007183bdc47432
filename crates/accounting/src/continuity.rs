//! Did the router keep running since the last committed round? Decided on the router's own axis (DESIGN rule 4).

use crate::changes::NasRecord;
use crate::time::RoundTimes;

/// How this round's boot relates to the last committed round's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Continuity {
    /// Nothing was committed before.
    First,
    /// The same boot, and it is proven: one connection, one run of the host's clock, a session-id seen again, or an
    /// uptime that is longer than the time since the last look.
    Proven,
    /// Nothing speaks against the same boot, but an outage longer than the old uptime would look alike.
    Assumed,
    /// The device restarted in between.
    Rebooted,
    /// The device's axis went back, but it has been up for longer than nobody looked: an earlier state of its machine
    /// was restored. What its counters show was mostly counted before.
    SetBack,
    /// Another device answers at this address.
    Replaced,
}

impl Continuity {
    /// True when counters of the last round cannot have survived.
    pub(crate) fn is_new_boot(self) -> bool {
        matches!(self, Continuity::Rebooted | Continuity::SetBack | Continuity::Replaced)
    }
}

/// What the session tables say about the boot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionEvidence {
    /// A known session shows its session-id again, which holds the number of the boot (routeros.md §2.3).
    pub same_session_id: bool,
    /// A known session's start moved backward on the axis.
    pub start_moved_backward: bool,
    /// A session-id holds the number of another boot.
    pub another_boot: bool,
    /// A known counter shows less than before.
    pub counter_fell: bool,
}

/// Judges the boot of a round read at `times` on `device`.
pub(crate) fn judge(
    record: &NasRecord,
    device: &str,
    times: &RoundTimes,
    after_gap: bool,
    evidence: SessionEvidence,
) -> Continuity {
    let Some(last) = &record.last else { return Continuity::First };
    if record.device.as_deref().is_some_and(|known| is_another(known, device, evidence)) {
        return Continuity::Replaced;
    }
    if let Some(broken) = broken_axis(last, times, after_gap, evidence) {
        return broken;
    }
    let clock_agrees = !lags(last, times) && reboot_would_show(last, times);
    if !after_gap || evidence.same_session_id || clock_agrees || too_old(last, times) {
        Continuity::Proven
    } else {
        Continuity::Assumed
    }
}

/// Whether the key is another device's. One device has keys of several kinds (the part before the colon) and tells another
/// one where the print of the first lacked its row; a session that goes on with its id is then no other device's.
fn is_another(known: &str, device: &str, evidence: SessionEvidence) -> bool {
    known != device && (kind(known) == kind(device) || !evidence.same_session_id)
}

fn kind(key: &str) -> Option<&str> {
    key.split_once(':').map(|(kind, _)| kind)
}

/// What the axis shows if it did not simply go on: a restart, which neither a connection nor a session-id survives, or an
/// earlier state restored.
/// A machine that stood still (a virtual one that is paused or moved) lags behind the host's clock and did neither: it
/// has been up for longer than nobody looked; else only session-ids tell the two apart.
fn broken_axis(
    last: &RoundTimes,
    now: &RoundTimes,
    after_gap: bool,
    evidence: SessionEvidence,
) -> Option<Continuity> {
    let fell = now.uptime.before < last.uptime.after;
    let moved_back = evidence.start_moved_backward && !evidence.same_session_id;
    let lags = after_gap && lags(last, now);
    let one_boot = !after_gap || evidence.same_session_id;
    if too_old(last, now) || (fell && one_boot) {
        let restored = fell || moved_back || (lags && evidence.counter_fell);
        return restored.then_some(Continuity::SetBack);
    }
    let another_boot = evidence.another_boot && !evidence.same_session_id;
    (fell || moved_back || (lags && another_boot)).then_some(Continuity::Rebooted)
}

/// Uptime grew less than the host's clock says it must have.
fn lags(last: &RoundTimes, now: &RoundTimes) -> bool {
    let Some(elapsed) = now.host.seconds_since(last.host_after) else { return false };
    now.uptime.after + clock_slack_s(elapsed) < last.uptime.before + elapsed
}

/// The device has been up for longer than the time since `last`: it cannot have restarted since.
fn too_old(last: &RoundTimes, now: &RoundTimes) -> bool {
    host_seconds(last, now).is_some_and(|most| now.uptime.before > most)
}

/// Whether a reboot since `last` would have been told by the host's clock: not without one, and not when the router
/// had been up so briefly that the slack between the clocks hides it.
fn reboot_would_show(last: &RoundTimes, now: &RoundTimes) -> bool {
    let Some(elapsed) = now.host.seconds_since(last.host_after) else { return false };
    let lasted = |round: &RoundTimes| round.host_after.seconds_since(round.host).map_or(0, |s| s + 2);
    last.uptime.before > clock_slack_s(elapsed) + lasted(last) + lasted(now)
}

/// Two clocks may drift apart: 3 s and 1 per mille of the time between.
fn clock_slack_s(elapsed_s: u64) -> u64 {
    3 + elapsed_s / 1_000
}

/// Upper bound of the seconds from a reading in `earlier` to one in `now`; `None` when no clock spans both.
pub(crate) fn seconds_between(continuity: Continuity, earlier: &RoundTimes, now: &RoundTimes) -> Option<u64> {
    match continuity {
        Continuity::First | Continuity::Proven => Some(now.uptime.seconds_since(earlier.uptime)),
        Continuity::Assumed => None,
        Continuity::Rebooted => {
            host_seconds(earlier, now).map(|elapsed| elapsed.saturating_sub(now.uptime.before))
        }
        Continuity::SetBack => {
            host_seconds(earlier, now).map(|elapsed| elapsed.max(by_the_labels(earlier, now)))
        }
        Continuity::Replaced => host_seconds(earlier, now),
    }
}

/// The same by our wall clock, which decides nothing: where our own host stood still, a router that restarted looks like
/// one set back, and only the wall clock tells how long nobody looked. A bound too wide is better than one too narrow.
fn by_the_labels(earlier: &RoundTimes, now: &RoundTimes) -> u64 {
    u64::try_from(now.at.0.saturating_sub(earlier.at.0) / 1_000_000).unwrap_or(0) + 1
}

/// Seconds by which the router's uptime ran ahead of the host's clock, beyond any drift; 0 where no clock spans both. What
/// a session's age says of its start is off by as much.
pub(crate) fn leap_s(last: &RoundTimes, now: &RoundTimes) -> u64 {
    let most = host_seconds(last, now);
    most.map_or(0, |most| now.uptime.after.saturating_sub(last.uptime.before).saturating_sub(most))
}

/// Upper bound of the seconds between two readings of one boot, by the host's clock.
pub(crate) fn host_seconds(earlier: &RoundTimes, now: &RoundTimes) -> Option<u64> {
    let elapsed = now.host_after.seconds_since(earlier.host)? + 1;
    Some(elapsed + clock_slack_s(elapsed))
}

/// The fewest and the most seconds from a reading in `earlier` to one in `now`: by our host's clock if it spans both, else
/// by `most`, as another clock has it; `None` when none does.
pub(crate) fn elapsed_s(earlier: &RoundTimes, now: &RoundTimes, most: Option<u64>) -> Option<(u64, u64)> {
    if let Some(by_host) = now.host_after.seconds_since(earlier.host) {
        return Some((now.host.seconds_since(earlier.host_after)?, by_host + 1));
    }
    let lasted = |round: &RoundTimes| round.uptime.after.saturating_sub(round.uptime.before) + 1;
    most.map(|most| (most.saturating_sub(lasted(earlier) + lasted(now)), most))
}

/// Whether our wall clock, which anybody may set, went on by `micros` in as many seconds as other clocks say.
pub(crate) fn wall_clock_agrees(micros: i64, (fewest, most): (u64, u64)) -> bool {
    let slack = clock_slack_s(most);
    let seconds = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000);
    (seconds(fewest).saturating_sub(seconds(slack))..=seconds(most.saturating_add(slack))).contains(&micros)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{HostInstant, Micros, UptimeSpan};

    fn at(epoch: u128, host_s: u64, uptime: u64) -> RoundTimes {
        let host = HostInstant { epoch, micros: host_s * 1_000_000 };
        RoundTimes {
            uptime: UptimeSpan { before: uptime, after: uptime },
            host,
            host_after: host,
            at: Micros(0),
            bindings: 0,
        }
    }

    fn known(last: RoundTimes) -> NasRecord {
        NasRecord { device: Some("A".into()), last: Some(last), ..NasRecord::default() }
    }

    fn verdict(last: RoundTimes, now: RoundTimes, evidence: SessionEvidence) -> Continuity {
        judge(&known(last), "A", &now, true, evidence)
    }

    #[test]
    fn uptime_below_the_stored_one_is_a_reboot() {
        assert_eq!(verdict(at(1, 0, 500), at(2, 0, 499), SessionEvidence::default()), Continuity::Rebooted);
    }

    #[test]
    fn uptime_longer_than_nobody_looked_is_no_reboot() {
        let fell = SessionEvidence { counter_fell: true, ..SessionEvidence::default() };
        let lagging = at(1, 60, 5_050);
        assert_eq!(verdict(at(1, 0, 5_000), lagging, SessionEvidence::default()), Continuity::Proven);
        assert_eq!(verdict(at(1, 0, 5_000), lagging, fell), Continuity::SetBack);
        assert_eq!(
            verdict(at(1, 0, 5_000), at(1, 60, 4_000), SessionEvidence::default()),
            Continuity::SetBack
        );
    }

    #[test]
    fn of_a_young_router_that_lags_only_session_ids_tell_whether_it_restarted() {
        let told = |evidence| verdict(at(1, 0, 100), at(1, 1_000, 110), evidence);
        let nothing = SessionEvidence::default();
        assert_eq!(told(nothing), Continuity::Assumed);
        assert_eq!(told(SessionEvidence { same_session_id: true, ..nothing }), Continuity::Proven);
        let another = SessionEvidence { another_boot: true, ..nothing };
        assert_eq!(told(another), Continuity::Rebooted);
        // A session of an earlier boot that was believed to go on proves nothing beside one seen again.
        assert_eq!(told(SessionEvidence { same_session_id: true, ..another }), Continuity::Proven);
    }

    #[test]
    fn the_unseen_time_of_a_set_back_is_no_shorter_than_the_wall_clock_says() {
        let (last, now) = (at(1, 0, 5_000), at(1, 60, 4_000));
        let later = RoundTimes { at: Micros(3_600_000_000), ..now };
        let earlier = RoundTimes { at: Micros(-3_600_000_000), ..now };
        let seconds = |now| seconds_between(Continuity::SetBack, &last, &now).unwrap();
        assert_eq!((seconds(now), seconds(earlier), seconds(later)), (64, 64, 3_601));
    }

    #[test]
    fn no_reboot_leaves_a_connection_standing() {
        let (last, now) = (at(1, 0, 100), at(1, 1_000, 110));
        let others = SessionEvidence { another_boot: true, ..SessionEvidence::default() };
        let told = |after_gap| judge(&known(last), "A", &now, after_gap, others);
        assert_eq!((told(false), told(true)), (Continuity::Proven, Continuity::Rebooted));
    }

    #[test]
    fn uptime_that_grew_less_than_the_hosts_clock_is_no_proof_of_the_same_boot() {
        let told = |uptime| verdict(at(1, 0, 500), at(1, 1_000, uptime), SessionEvidence::default());
        assert_eq!((told(600), told(1_497)), (Continuity::Assumed, Continuity::Proven));
    }

    #[test]
    fn without_a_common_clock_the_boot_is_assumed_until_a_session_id_proves_it() {
        assert_eq!(verdict(at(1, 0, 500), at(2, 0, 600), SessionEvidence::default()), Continuity::Assumed);
        let seen_again = SessionEvidence { same_session_id: true, ..SessionEvidence::default() };
        assert_eq!(verdict(at(1, 0, 500), at(2, 0, 600), seen_again), Continuity::Proven);
    }

    #[test]
    fn a_start_that_moved_backward_restarts_the_device() {
        let backward = SessionEvidence { start_moved_backward: true, ..SessionEvidence::default() };
        assert_eq!(verdict(at(1, 0, 500), at(2, 0, 600), backward), Continuity::Rebooted);
    }

    #[test]
    fn another_device_is_never_a_continuation() {
        let now = at(1, 10, 510);
        assert_eq!(
            judge(&known(at(1, 0, 500)), "B", &now, false, SessionEvidence::default()),
            Continuity::Replaced
        );
    }

    #[test]
    fn the_unseen_time_before_a_reboot_ends_at_the_reboot() {
        let seconds = seconds_between(Continuity::Rebooted, &at(1, 0, 500), &at(1, 1_000, 600)).unwrap();
        assert!((401..=410).contains(&seconds), "{seconds}");
        assert_eq!(seconds_between(Continuity::Rebooted, &at(1, 0, 500), &at(2, 0, 10)), None);
    }
}
