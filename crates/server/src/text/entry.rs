//! Why a ledger entry exists, as a sentence in the operator's words.

use accounting::ledger::{Reason, Unseen};
use accounting::login::LoginKind;
use accounting::octets::Octets;
use accounting::time::Micros;
use operations::{grouped, many};
use store::HeldAct;

use super::figures::{duration, minute};
use super::printable::printable;

/// What the sentence is made of.
pub(crate) struct EntryFacts<'a> {
    pub(crate) reason: Reason,
    pub(crate) counter: Option<&'a [u8]>,
    /// The counter is a queue.
    pub(crate) is_queue: bool,
    /// The counter is that of a device that the hotspot lets through without a login.
    pub(crate) is_let_through: bool,
    /// What its login is a login to.
    pub(crate) kind: Option<LoginKind>,
    pub(crate) session_started_at: Option<Micros>,
    pub(crate) delta: Octets,
    pub(crate) before: Octets,
    pub(crate) after: Octets,
    /// As sums have it.
    pub(crate) unseen: Option<Unseen>,
    pub(crate) polls: u32,
    /// How many entries it stands for, if it brings them forward.
    pub(crate) folded: Option<u64>,
    /// What a person decided, for a held entry.
    pub(crate) decision: Option<HeldAct>,
}

/// One or two sentences: what the counter did, and what that means for the total.
pub(crate) fn sentence(facts: &EntryFacts<'_>) -> String {
    let mut text = what_happened(facts);
    if let Some(unseen) = unseen(facts) {
        text.push_str("; ");
        text.push_str(&if facts.reason == Reason::Tail { may_be_reset(unseen) } else { not_seen(unseen) });
    }
    text
}

/// What was not seen of it, where it is not told otherwise: that a held jump nobody decided on is itself its bound is.
fn unseen(facts: &EntryFacts<'_>) -> Option<Unseen> {
    let is_told =
        facts.reason == Reason::Undercounted || facts.reason == Reason::Held && facts.decision.is_none();
    facts.unseen.filter(|_| !is_told)
}

fn what_happened(facts: &EntryFacts<'_>) -> String {
    let (counter, session, moved) = (counter(facts), session(facts), moved(facts));
    let (stands, added) = (value(facts.after), value(facts.delta));
    match facts.reason {
        Reason::SessionStart if facts.before.is_zero() => format!(
            "{counter} was first read at {stands}; {} while this router was watched, so all of it counts",
            began(facts)
        ),
        Reason::SessionStart => {
            format!(
                "{session} began on {counter}, which outlives sessions: it {moved}, and the difference counts"
            )
        }
        Reason::Grew => format!("{counter} {moved} within {session}; read {}", times(facts.polls)),
        Reason::Undercounted => format!(
            "{counter} {moved}; read {}. Rules of the router's firewall FastTrack traffic, which passes queues by, so the \
             subscriber may have used more",
            times(facts.polls)
        ),
        Reason::Resumed => {
            format!("{counter} {moved} across a gap; it is still {session}, so the difference counts")
        }
        Reason::CounterReset => {
            format!("{counter} {moved}: it was reset, so it counts from 0 and {added} are added")
        }
        Reason::RouterReboot => {
            format!(
                "the router restarted, {counter} began again at 0 and was read at {stands}, all of which counts"
            )
        }
        Reason::Baseline => baseline(facts),
        Reason::SessionEnd => format!("{session} ended after {counter} was last read at {stands}"),
        Reason::Tail => tail(&session, &counter, &added, &stands),
        Reason::HeardOnly => {
            format!("{session} came and went between two readings; no counter of it was read")
        }
        Reason::EdgeUnobserved => format!(
            "{counter} {moved} on one side of the edge between two cycles, at which this router could not be read: the growth \
             across it is split between them by time"
        ),
        Reason::Held => {
            format!("{counter} {moved}, faster than this router's link allows: {}", held(facts, &added))
        }
        Reason::NotConfirmed => format!(
            "{counter} {moved}: the next reading did not confirm the value that was held back, so it is taken for none of its \
             own, and counting goes on from {stands}"
        ),
        Reason::Released => {
            format!("{added} of {counter} that were held back were released; they count from here")
        }
        Reason::BroughtForward => brought_forward(facts, &added),
        Reason::Adopted => format!(
            "{added} that the login used before it had a subscriber were adopted, the sum of its entries from the chosen \
             date on; they stay where they are and count in this cycle by this entry"
        ),
    }
}

fn tail(session: &str, counter: &str, added: &str, stands: &str) -> String {
    format!(
        "{session} ended after {counter} was last read; what the router adds up for its user, which had moved with it, shows \
         that {added} more passed, up to {stands}"
    )
}

fn baseline(facts: &EntryFacts<'_>) -> String {
    let (counter, moved, stands) = (counter(facts), moved(facts), value(facts.after));
    match facts.is_let_through {
        true if facts.before != facts.after => format!(
            "{counter} {moved} while it was not seen let through all the time: what it moved under a login counts there, so \
             nothing is added, and counting goes on from {stands}"
        ),
        true => format!(
            "{counter} already stood at {stands} when it was first seen let through without a login; nothing is added, \
             counting starts there"
        ),
        false => format!(
            "{counter} already stood at {stands} when it could be trusted first; nothing is added, counting starts there"
        ),
    }
}

fn brought_forward(facts: &EntryFacts<'_>, added: &str) -> String {
    let of = match facts.session_started_at {
        Some(at) => format!("the session that began {}", minute(at)),
        None => "this day".to_owned(),
    };
    let entries = match facts.folded {
        Some(entries) => many(entries, "entry"),
        None => "entries".to_owned(),
    };
    format!(
        "{added} are brought forward from {entries} of {of} within a day, read {}, whose detail is not kept any more",
        times(facts.polls)
    )
}

fn held(facts: &EntryFacts<'_>, added: &str) -> String {
    match facts.decision {
        None => format!("{added} wait for a decision; until then they are in no total, and in the bound"),
        Some(HeldAct::Released) => format!("{added} were held back, then released by an entry of their own"),
        Some(HeldAct::Rejected) => format!("{added} were held back, then rejected; they never count"),
    }
}

fn counter(facts: &EntryFacts<'_>) -> String {
    match facts.counter {
        Some(b"") if facts.kind == Some(LoginKind::Hotspot) => "a device without a MAC address".to_owned(),
        Some(name) if facts.kind == Some(LoginKind::Hotspot) => format!("device {}", printable(name)),
        Some(name) if facts.is_queue => format!("queue {}", printable(name)),
        Some(name) => format!("interface {}", printable(name)),
        None => "a counter that was never read".to_owned(),
    }
}

fn session(facts: &EntryFacts<'_>) -> String {
    match (facts.session_started_at, facts.kind) {
        (Some(at), Some(LoginKind::StaticIp)) => format!("the enrolment counted since {}", minute(at)),
        (Some(at), _) if facts.is_let_through => format!("its stay in sight since {}", minute(at)),
        (Some(at), _) => format!("the session that began {}", minute(at)),
        (None, _) => "a session the router never named".to_owned(),
    }
}

fn began(facts: &EntryFacts<'_>) -> String {
    match facts.session_started_at {
        Some(at) if facts.is_let_through => format!("it came in sight, let through, {}", minute(at)),
        Some(at) => format!("its session began {}", minute(at)),
        None => "its session began".to_owned(),
    }
}

fn moved(facts: &EntryFacts<'_>) -> String {
    let (before, after) = (facts.before, facts.after);
    format!(
        "went from {} to {} octets up and from {} to {} down",
        grouped(before.input),
        grouped(after.input),
        grouped(before.output),
        grouped(after.output)
    )
}

fn value(octets: Octets) -> String {
    format!("{} octets up and {} down", grouped(octets.input), grouped(octets.output))
}

fn times(polls: u32) -> String {
    if polls == 1 { "once".to_owned() } else { format!("{} times", grouped(u64::from(polls))) }
}

/// A tail holds what the sum showed; a bound remains for a reset of the sum that nothing shows (docs/adr/0016).
fn may_be_reset(unseen: Unseen) -> String {
    let since = unseen
        .micros
        .map_or_else(|| "since then".to_owned(), |micros| format!("in the {} since", duration(micros)));
    let most = match unseen.upper_octets {
        Some(upper) => format!("at most {} octets besides", grouped(upper)),
        None => "without a bound (configure the router's link speed to get one)".to_owned(),
    };
    format!("had somebody reset that sum {since}, more can have passed: {most}")
}

fn not_seen(unseen: Unseen) -> String {
    let stretch = match unseen.micros {
        Some(micros) => format!("{} were not seen", duration(micros)),
        None => "how long nobody looked is not known".to_owned(),
    };
    match unseen.upper_octets {
        Some(upper) => format!("{stretch}, in which at most {} octets passed", grouped(upper)),
        None => format!(
            "{stretch}, and how much passed then has no bound (configure the router's link speed to get one)"
        ),
    }
}

#[cfg(test)]
mod tests {
    use accounting::ledger::REASONS;

    use super::*;

    fn facts(reason: Reason) -> EntryFacts<'static> {
        EntryFacts {
            reason,
            counter: Some(b"<pppoe-ana>"),
            is_queue: false,
            is_let_through: false,
            kind: Some(LoginKind::Ppp),
            session_started_at: Some(Micros(1_795_000_000_000_000)),
            delta: Octets::new(4_000, 7_000),
            before: Octets::new(1_000, 2_000),
            after: Octets::new(5_000, 9_000),
            unseen: None,
            polls: 3,
            folded: None,
            decision: None,
        }
    }

    #[test]
    fn what_is_brought_forward_says_what_it_stands_for() {
        assert_eq!(
            sentence(&EntryFacts { folded: Some(96), counter: None, ..facts(Reason::BroughtForward) }),
            "4,000 octets up and 7,000 down are brought forward from 96 entries of the session that began \
             2026-11-18 11:06 UTC within a day, read 3 times, whose detail is not kept any more"
        );
    }

    #[test]
    fn growth_tells_from_where_to_where() {
        assert_eq!(
            sentence(&facts(Reason::Grew)),
            "interface <pppoe-ana> went from 1,000 to 5,000 octets up and from 2,000 to 9,000 down within the \
             session that began 2026-11-18 11:06 UTC; read 3 times"
        );
    }

    /// Whatever was unseen besides, the bound holds the jump itself until somebody decides.
    #[test]
    fn a_held_jump_is_told_with_the_bound_that_sums_have() {
        let unseen = Some(Unseen { micros: Some(11_000_000), upper_octets: Some(11_000) });
        let told = |decision| sentence(&EntryFacts { unseen, decision, ..facts(Reason::Held) });
        assert!(told(None).ends_with("until then they are in no total, and in the bound"), "{}", told(None));
        let rejected = told(Some(HeldAct::Rejected));
        assert!(
            rejected.ends_with("11 s were not seen, in which at most 11,000 octets passed"),
            "{rejected}"
        );
    }

    #[test]
    fn what_a_tail_leaves_open_is_a_reset_of_the_sum() {
        let unseen = Some(Unseen { micros: Some(11_000_000), upper_octets: Some(9_000) });
        let told = sentence(&EntryFacts { unseen, ..facts(Reason::Tail) });
        assert!(
            told.ends_with("had somebody reset that sum in the 11 s since, more can have passed: at most 9,000 octets besides"),
            "{told}"
        );
    }

    #[test]
    fn what_was_not_seen_is_said_with_its_bound() {
        let unseen = |micros, upper_octets| {
            sentence(&EntryFacts {
                unseen: Some(Unseen { micros, upper_octets }),
                ..facts(Reason::SessionEnd)
            })
        };
        assert!(
            unseen(Some(30_000_000), Some(1_250_000))
                .ends_with("30 s were not seen, in which at most 1,250,000 octets passed")
        );
        assert!(unseen(None, None).contains("has no bound"));
    }

    #[test]
    fn every_reason_has_a_sentence_of_its_own() {
        let told: std::collections::HashSet<_> =
            REASONS.iter().map(|(reason, _)| sentence(&facts(*reason))).collect();
        assert_eq!(told.len(), REASONS.len());
    }

    #[test]
    fn a_decision_is_told() {
        let told = |decision| sentence(&EntryFacts { decision, ..facts(Reason::Held) });
        assert!(told(None).contains("wait for a decision"));
        assert!(told(Some(HeldAct::Released)).contains("then released"));
        assert!(told(Some(HeldAct::Rejected)).ends_with("they never count"));
    }

    #[test]
    fn a_hotspot_login_is_told_by_its_device() {
        let on_hotspot = |name| {
            let kind = Some(LoginKind::Hotspot);
            sentence(&EntryFacts { kind, counter: Some(name), ..facts(Reason::Baseline) })
        };
        assert!(on_hotspot(b"2C:54:91:00:00:01").starts_with("device 2C:54:91:00:00:01 already stood"));
        assert!(on_hotspot(b"").starts_with("a device without a MAC address already stood"));
    }

    #[test]
    fn a_device_that_is_let_through_is_told_apart_from_a_login() {
        let of_device = |facts: EntryFacts<'static>| {
            let kind = Some(LoginKind::Hotspot);
            sentence(&EntryFacts { kind, is_let_through: true, counter: Some(b"2C:54:91:00:00:01"), ..facts })
        };
        let whole = of_device(EntryFacts { before: Octets::ZERO, ..facts(Reason::SessionStart) });
        assert!(
            whole.contains("; it came in sight, let through, 2026-11-18 11:06 UTC while this router was"),
            "{whole}"
        );
        assert!(of_device(facts(Reason::Grew)).contains("within its stay in sight since 2026-"));
        assert!(of_device(facts(Reason::SessionEnd)).starts_with("its stay in sight since 2026-"));
        let again = of_device(facts(Reason::Baseline));
        assert!(again.starts_with("device 2C:54:91:00:00:01 went from 1,000 to 5,000 octets up"), "{again}");
        assert!(again.contains("what it moved under a login counts there, so nothing is added"), "{again}");
        let first = of_device(EntryFacts { before: Octets::new(5_000, 9_000), ..facts(Reason::Baseline) });
        assert!(first.contains("when it was first seen let through without a login"), "{first}");
    }

    #[test]
    fn what_counts_for_a_static_address_is_told_by_its_kind_and_a_queue_that_is_passed_by_says_so() {
        let of_static = |is_queue, reason| {
            let kind = Some(LoginKind::StaticIp);
            let unseen = Some(Unseen { micros: None, upper_octets: None });
            sentence(&EntryFacts { kind, is_queue, counter: Some(b"ana"), unseen, ..facts(reason) })
        };
        let grew = of_static(false, Reason::Grew);
        assert!(
            grew.starts_with("interface ana went") && grew.contains("the enrolment counted since 20"),
            "{grew}"
        );
        let passed_by = of_static(true, Reason::Undercounted);
        assert!(passed_by.starts_with("queue ana went"), "{passed_by}");
        assert!(passed_by.ends_with("so the subscriber may have used more"), "{passed_by}");
    }

    #[test]
    fn a_session_on_a_counter_that_was_there_before_counts_the_difference() {
        assert!(sentence(&facts(Reason::SessionStart)).ends_with("and the difference counts"));
        let new = EntryFacts { before: Octets::ZERO, ..facts(Reason::SessionStart) };
        assert!(sentence(&new).ends_with("so all of it counts"));
    }

    #[test]
    fn a_name_that_hurts_is_escaped() {
        let text = sentence(&EntryFacts { counter: Some(b"<pppoe-\x1b[2J>"), ..facts(Reason::Baseline) });
        assert!(text.contains("<pppoe-\\x1b[2J>") && !text.contains('\u{1b}'), "{text}");
    }
}
