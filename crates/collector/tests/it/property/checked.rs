//! What is said of a login or a counter, against what really passed it.

use accounting::Octets;
use accounting::login::LoginKind;

/// A login and what it is a login to.
pub(super) type Subject = (LoginKind, Vec<u8>);

/// What we say of one login.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    pub(super) total: Octets,
    pub(super) upper: Option<u64>,
}

/// How far the check of a script went.
pub(super) enum Checked {
    Bounded,
    Unbounded,
    Beyond,
}

/// What passed.
pub(super) struct Passed {
    pub(super) by_now: Octets,
    /// What had by the beginning and by the end of the first round that showed the counter: in it the truth begins.
    pub(super) seen: [Octets; 2],
    /// What no poller can know of.
    pub(super) hidden: Octets,
    /// No bound can be asked.
    pub(super) beyond: bool,
}

/// total <= truth <= total + bound.
pub(super) fn check(
    login: &str,
    passed: &Passed,
    (total, upper): (Octets, Option<u64>),
) -> Result<Checked, String> {
    let [before, after] = passed.seen;
    let most = passed.by_now.saturating_sub(before);
    if total.input > most.input || total.output > most.output {
        return Err(format!("{login}: said {total:?}, at most {most:?} passed"));
    }
    if passed.beyond {
        return Ok(Checked::Beyond);
    }
    let Some(upper) = upper else { return Ok(Checked::Unbounded) };
    let least = passed.by_now.saturating_sub(after).saturating_sub(passed.hidden);
    if least.both() > total.both() + upper {
        return Err(format!("{login}: said {total:?} and at most {upper} more, {least:?} passed"));
    }
    Ok(Checked::Bounded)
}

/// The simulator's octets as ours.
pub(super) fn octets(sim: routeros_sim::world::Octets) -> Octets {
    Octets::new(sim.input, sim.output)
}
