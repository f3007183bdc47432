//! A `listen` under way: it tells changes, no initial table, and never counters (routeros.md §1.7).

use super::answer::Answer;
use super::selection::Selection;
use crate::world::{Change, DeadWord, Listened, SessionKey, ShownBy, Sighting, World};

/// One `listen` of one connection.
pub(crate) struct Listener {
    pub(crate) answer: Answer,
    selection: Selection,
    table: Listened,
    next_change: u64,
}

impl Listener {
    /// Listens from now on; `None` where the menu cannot be listened to.
    pub(crate) fn new(world: &World, answer: Answer, selection: Selection) -> Option<Self> {
        let table = selection.menu.listened?;
        Some(Self { answer, selection, table, next_change: world.changes.next() })
    }

    /// Appends what happened since the last call, and says whom its rows showed.
    pub(crate) fn tell(&mut self, world: &World, out: &mut Vec<u8>) -> Vec<Sighting> {
        let mut sightings = Vec::new();
        for change in world.changes.since(self.next_change).filter(|change| change.table == self.table) {
            if change.dead {
                self.dead(world, change, out);
            } else if self.selection.matches(world, change.item) {
                self.row(world, change, out);
                sightings.extend(self.sighting(world, change));
            }
        }
        self.next_change = world.changes.next();
        sightings
    }

    fn row(&self, world: &World, change: Change, out: &mut Vec<u8>) {
        self.answer.row(out, |words| self.selection.write(world, change.item, words));
    }

    /// Only the `.id`: no name, no address (routeros.md §1.7).
    fn dead(&self, world: &World, change: Change, out: &mut Vec<u8>) {
        let mut id = Vec::new();
        routeros_proto::value::write_item_id(change.id, &mut id);
        let word: &[u8] = match world.device.switches.dead_word {
            DeadWord::True => b"true",
            DeadWord::Yes => b"yes",
        };
        self.answer.row(out, |words| {
            words.attribute(b".id", &id).attribute(b".dead", word);
        });
    }

    fn sighting(&self, world: &World, change: Change) -> Option<Sighting> {
        let session = match self.table {
            Listened::Sessions => Some(SessionKey(change.item)),
            Listened::Interfaces => world.interfaces[change.item as usize].session,
            Listened::Configured(_) => None,
        };
        session.map(|_| Sighting { by: ShownBy::Listen, session, at_us: world.now_us(), counter: None })
    }
}
