//! What clients were shown, noted once a print ended cleanly: it decides which octets a meter can answer for.

use super::hidden::HiddenByReset;
use super::model::World;
use super::octets::Octets;
use super::session::{SessionKey, ShownBy};

/// A row that went out in a print. It counts only when the print ended in `!done` without a trap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sighting {
    pub(crate) by: ShownBy,
    /// Whose row it was; an idle binding's row is nobody's.
    pub(crate) session: Option<SessionKey>,
    pub(crate) at_us: u64,
    /// Slot and values, where the row carried both counters.
    pub(crate) counter: Option<(u32, Octets)>,
}

impl World {
    pub(crate) fn note_sightings(&mut self, sightings: impl IntoIterator<Item = Sighting>) {
        for sighting in sightings {
            if let Some(key) = sighting.session {
                self.sessions[key.0 as usize].note_shown(sighting.by, sighting.at_us);
            }
            if let Some((slot, octets)) = sighting.counter {
                self.note_counter(slot, sighting.at_us, octets);
            }
        }
    }

    /// A reset by hand between two clean prints is hidden if the counter overtook, in both directions, what the
    /// print before had shown; a drop in either would have given it away.
    fn note_counter(&mut self, slot: u32, at_us: u64, octets: Octets) {
        let interface = &mut self.interfaces[slot as usize];
        let before = interface.last_shown.replace(octets).unwrap_or_default();
        if interface.hand_resets.is_empty() {
            return;
        }
        let overtook = octets.input >= before.input && octets.output >= before.output;
        let hidden = &mut self.hidden;
        let hidden_here = &mut interface.hidden;
        interface.hand_resets.retain(|reset| {
            let seen_after = reset.at_us <= at_us;
            match reset.session {
                Some(session) if seen_after && overtook => {
                    hidden.push(HiddenByReset { session, at_us: reset.at_us, octets: reset.before });
                }
                None if seen_after && overtook => *hidden_here += reset.before,
                _ => {}
            }
            !seen_after
        });
    }
}
