//! A ledger line as a sentence.

use accounting::Octets;
use accounting::ledger::{LedgerEntry, Reason};
use store::{EntryRow, HeldAct};

use crate::names::name_for_people;

/// What a line says, in plain words. Upload is what the router received from the subscriber.
pub fn sentence(line: &EntryRow) -> String {
    let interface = match &line.counter_name {
        Some(name) => format!("interface {}", name_for_people(name)),
        None => "no interface".to_owned(),
    };
    let mut text = what_happened(line, &interface);
    if line.entry.unseen.is_some() {
        text.push_str(&what_was_not_seen(&line.entry));
    }
    text
}

fn what_happened(line: &EntryRow, interface: &str) -> String {
    let entry = &line.entry;
    let (before, after, delta) = (entry.before, entry.after, entry.delta);
    let moved = format!("{interface} went from {} to {}", amount(before), amount(after));
    match entry.reason {
        Reason::Grew => format!("{moved}; read {}", times(entry.polls)),
        Reason::Resumed => format!("{moved} across a gap, within the same session"),
        Reason::SessionStart if before.is_zero() => {
            format!("a session began on {interface}, which stood at {} when first read", amount(after))
        }
        Reason::SessionStart => format!("a session began on {interface}, which was there before: {moved}"),
        Reason::CounterReset => {
            format!("{moved}: it was reset, so all {} after the reset count", amount(delta))
        }
        Reason::RouterReboot => {
            format!("the router restarted; {interface} stood at {} when first read after it", amount(after))
        }
        Reason::Baseline => format!(
            "{interface} stood at {} when first seen; counting begins there, so nothing of it counts",
            amount(after)
        ),
        Reason::SessionEnd => {
            format!("the session on {interface} ended; it was last read at {}", amount(after))
        }
        Reason::HeardOnly => {
            "a session came and went between two readings; no counter of it was read".to_owned()
        }
        Reason::Held => format!("{moved}, more than the link can carry: {}", decided(line.decision)),
        Reason::Released => {
            format!("a held jump of {interface} was released: {} count from here", amount(delta))
        }
    }
}

fn decided(decision: Option<HeldAct>) -> &'static str {
    match decision {
        None => "held, in no total until somebody decides",
        Some(HeldAct::Released) => "held, then released by a line of its own",
        Some(HeldAct::Rejected) => "held, then rejected",
    }
}

fn what_was_not_seen(entry: &LedgerEntry) -> String {
    let Some(unseen) = entry.unseen else { return String::new() };
    let bound = match unseen.upper_octets {
        Some(upper) => format!("at most {} octets", grouped(upper)),
        None => "an unknown number of octets".to_owned(),
    };
    match unseen.micros {
        Some(micros) => {
            format!("; {} s were not seen, {bound} may be missing", grouped(micros.div_ceil(1_000_000)))
        }
        None => format!("; {bound} may be missing"),
    }
}

fn amount(octets: Octets) -> String {
    format!("{} up and {} down", grouped(octets.input), grouped(octets.output))
}

fn times(polls: u32) -> String {
    match polls {
        1 => "once".to_owned(),
        polls => format!("{} times", grouped(polls.into())),
    }
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use accounting::ledger::{REASONS, Unseen};
    use accounting::time::Micros;
    use store::NasId;

    use super::*;

    fn line(reason: Reason) -> EntryRow {
        let entry = LedgerEntry {
            bucket: 0,
            no: 1,
            login: None,
            session: None,
            counter: None,
            cycle: None,
            reason,
            posted: true,
            delta: Octets::new(4_000, 70),
            before: Octets::new(1_000, 0),
            after: Octets::new(5_000, 70),
            from: Micros(0),
            to: Micros(1),
            unseen: None,
            polls: 3,
        };
        EntryRow {
            nas: NasId(1),
            router: "tower".to_owned(),
            entry,
            username: None,
            counter_name: Some(b"<pppoe-ana>".to_vec()),
            session_started_at: None,
            decision: None,
        }
    }

    #[test]
    fn a_line_that_grew_says_from_where_to_where() {
        let text = sentence(&line(Reason::Grew));
        assert_eq!(
            text,
            "interface <pppoe-ana> went from 1,000 up and 0 down to 5,000 up and 70 down; read 3 times"
        );
    }

    #[test]
    fn what_was_not_seen_is_said() {
        let mut line = line(Reason::SessionEnd);
        line.entry.unseen = Some(Unseen { micros: Some(1_500_000), upper_octets: None });
        assert!(sentence(&line).ends_with("; 2 s were not seen, an unknown number of octets may be missing"));
    }

    #[test]
    fn every_reason_has_its_own_sentence() {
        let texts: std::collections::BTreeSet<_> =
            REASONS.iter().map(|(reason, _)| sentence(&line(*reason))).collect();
        assert_eq!(texts.len(), REASONS.len());
    }
}
