//! The logins one router has shown, each with the row and cycle its octets count for. Kept by number, so that a
//! session refers to its login in four bytes and a new cycle reaches all sessions at once.

use rustc_hash::FxHashMap;

use crate::login::LoginRef;

/// Number of a login within a [`Roster`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LoginSlot(u32);

/// Logins by name and number.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    by_name: FxHashMap<Box<[u8]>, LoginSlot>,
    slots: Vec<(Box<[u8]>, LoginRef)>,
}

impl Roster {
    /// The login of that name, if it was supplied.
    pub(crate) fn find(&self, name: &[u8]) -> Option<LoginSlot> {
        self.by_name.get(name).copied()
    }

    /// What the login counts for.
    pub(crate) fn get(&self, slot: LoginSlot) -> LoginRef {
        self.slots[slot.0 as usize].1
    }

    /// The login's name, raw bytes.
    pub(crate) fn name(&self, slot: LoginSlot) -> &[u8] {
        &self.slots[slot.0 as usize].0
    }

    /// All names, for resolving them anew.
    pub(crate) fn names(&self) -> Vec<Box<[u8]>> {
        self.slots.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Sets what `name` counts for. Returns its number and whether its row changed.
    pub(crate) fn supply(&mut self, name: &[u8], login: LoginRef) -> (LoginSlot, bool) {
        if let Some(slot) = self.find(name) {
            let known = &mut self.slots[slot.0 as usize].1;
            let moved = known.id != login.id;
            *known = login;
            return (slot, moved);
        }
        let slot = LoginSlot(u32::try_from(self.slots.len()).expect("a router has fewer than 2^32 logins"));
        self.slots.push((name.into(), login));
        self.by_name.insert(name.into(), slot);
        (slot, false)
    }
}
