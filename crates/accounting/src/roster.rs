//! The logins one router has shown, each with the row and cycle its octets count for. Kept by number, so that a
//! session refers to its login in four bytes and a new cycle reaches all sessions at once.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::login::{LOGIN_KINDS, LoginKind, LoginName, LoginRef};

/// Number of a login within a [`Roster`]: its kind and its place among the logins of that kind, in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LoginSlot(u32);

const KINDS: usize = LOGIN_KINDS.len();

/// What became of a login that was supplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Supplied {
    /// It was not known.
    New,
    /// It has another row now.
    Moved,
    /// It has the row it had, and no subscriber, as before.
    StaysNobodys,
    /// It has the row it had.
    Stays,
}

impl Supplied {
    fn of(before: LoginRef, now: LoginRef) -> Self {
        if before.id != now.id {
            Supplied::Moved
        } else if before.cycle.is_none() && now.cycle.is_none() {
            Supplied::StaysNobodys
        } else {
            Supplied::Stays
        }
    }
}

/// Logins by name and number, those of each kind apart: each name is held once.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    kinds: [IndexMap<Box<[u8]>, LoginRef, FxBuildHasher>; KINDS],
}

impl LoginSlot {
    fn new(kind: LoginKind, place: usize) -> Self {
        let slot = place * KINDS + kind as usize;
        LoginSlot(u32::try_from(slot).expect("a router has far fewer than 2^32 logins"))
    }

    /// What it is a login to.
    pub(crate) fn kind(self) -> LoginKind {
        LOGIN_KINDS[self.0 as usize % KINDS].0
    }

    fn place(self) -> usize {
        self.0 as usize / KINDS
    }
}

impl Roster {
    /// The login of that name, if it was supplied.
    pub(crate) fn find(&self, kind: LoginKind, name: &[u8]) -> Option<LoginSlot> {
        self.kinds[kind as usize].get_index_of(name).map(|place| LoginSlot::new(kind, place))
    }

    /// What the login counts for.
    pub(crate) fn get(&self, slot: LoginSlot) -> LoginRef {
        self.kinds[slot.kind() as usize][slot.place()]
    }

    /// The login's name, raw bytes.
    pub(crate) fn name(&self, slot: LoginSlot) -> &[u8] {
        let known = self.kinds[slot.kind() as usize].get_index(slot.place());
        known.expect("logins are never taken out").0
    }

    /// The login's kind and name.
    pub(crate) fn login_name(&self, slot: LoginSlot) -> LoginName {
        LoginName::new(slot.kind(), self.name(slot))
    }

    /// All logins, for resolving them anew.
    pub(crate) fn names(&self) -> Vec<LoginName> {
        let kinds = LOGIN_KINDS.iter().zip(&self.kinds);
        kinds
            .flat_map(|((kind, _), one)| one.keys().map(|name| LoginName::new(*kind, name.clone())))
            .collect()
    }

    /// Sets what a login counts for. Returns its number and what became of it.
    pub(crate) fn supply(
        &mut self,
        LoginName { kind, name }: &LoginName,
        login: LoginRef,
    ) -> (LoginSlot, Supplied) {
        let one = &mut self.kinds[*kind as usize];
        if let Some((place, _, known)) = one.get_full_mut(name) {
            let before = std::mem::replace(known, login);
            return (LoginSlot::new(*kind, place), Supplied::of(before, login));
        }
        let (place, _) = one.insert_full(name.clone(), login);
        (LoginSlot::new(*kind, place), Supplied::New)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_of_two_kinds_is_two_logins() {
        let mut roster = Roster::default();
        for (id, (kind, _)) in (1..).zip(LOGIN_KINDS) {
            for name in ["ana", "bob"] {
                let login = LoginRef { id: id * 10 + i64::from(name == "bob"), cycle: None };
                roster.supply(&LoginName { kind, name: name.as_bytes().into() }, login);
            }
        }
        let ppp = roster.find(LoginKind::Ppp, b"bob").unwrap();
        let hotspot = roster.find(LoginKind::Hotspot, b"bob").unwrap();
        assert_eq!((roster.get(ppp).id, roster.get(hotspot).id), (11, 21));
        assert_eq!((roster.name(hotspot), hotspot.kind()), (&b"bob"[..], LoginKind::Hotspot));
        assert_eq!(roster.names().len(), 2 * LOGIN_KINDS.len());
    }
}
