//! Which slots are in use: a bit each, so that going from one to the next of a hundred thousand costs nothing.

/// Bits in a word.
const BITS: u32 = u64::BITS;

/// Slots in ascending order.
#[derive(Debug, Default)]
pub(crate) struct Slots(Vec<u64>);

impl Slots {
    pub(crate) fn insert(&mut self, slot: u32) {
        let (word, bit) = place(slot);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }

    /// Whether it was there.
    pub(crate) fn remove(&mut self, slot: u32) -> bool {
        let (word, bit) = place(slot);
        let Some(bits) = self.0.get_mut(word) else { return false };
        let was_there = *bits & bit != 0;
        *bits &= !bit;
        was_there
    }

    pub(crate) fn contains(&self, slot: u32) -> bool {
        let (word, bit) = place(slot);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// The first one at or behind `slot`.
    pub(crate) fn at_or_after(&self, slot: u32) -> Option<u32> {
        let (first, bit) = place(slot);
        let behind = self.0.get(first)? & !(bit - 1);
        let later = (first + 1..self.0.len()).map(|word| (word, self.0[word]));
        let (word, bits) = std::iter::once((first, behind)).chain(later).find(|(_, bits)| *bits != 0)?;
        Some(u32::try_from(word).ok()? * BITS + bits.trailing_zeros())
    }

    /// The one behind the given one, or the first.
    pub(crate) fn after(&self, slot: Option<u32>) -> Option<u32> {
        self.at_or_after(slot.map_or(Some(0), |slot| slot.checked_add(1))?)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(self.after(None), |slot| self.after(Some(*slot)))
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let gone: Vec<u32> = self.iter().filter(|slot| !keep(*slot)).collect();
        for slot in gone {
            self.remove(slot);
        }
    }
}

fn place(slot: u32) -> (usize, u64) {
    ((slot / BITS) as usize, 1 << (slot % BITS))
}

#[cfg(test)]
mod tests {
    use super::Slots;
    use std::collections::BTreeSet;

    #[test]
    fn it_holds_what_an_ordered_set_holds() {
        let (mut slots, mut set) = (Slots::default(), BTreeSet::new());
        let mut number = 1_u32;
        for round in 0..3_000 {
            number = number.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let slot = (number >> 16) % 700;
            if round % 3 == 0 {
                assert_eq!(slots.remove(slot), set.remove(&slot));
            } else {
                slots.insert(slot);
                set.insert(slot);
            }
        }
        assert!(slots.iter().eq(set.iter().copied()));
        assert_eq!(slots.len(), set.len());
        for slot in 0..710 {
            assert_eq!(slots.after(Some(slot)), set.range(slot + 1..).next().copied(), "behind {slot}");
        }
        slots.retain(|slot| slot % 2 == 0);
        assert!(slots.iter().eq(set.iter().copied().filter(|slot| slot % 2 == 0)));
        slots.clear();
        assert_eq!((slots.len(), slots.after(None)), (0, None));
        assert_eq!((Slots::default().after(None), slots.after(Some(u32::MAX))), (None, None));
    }
}
