//! The owners that a round's tables name, and which of them a counter was found for.

use rustc_hash::FxHashMap;

use crate::snapshot::{Owner, OwnerSession, Snapshot};

/// Owners by the name of their counter.
pub(super) struct Owners<'a> {
    by_name: FxHashMap<&'a [u8], usize>,
    list: &'a [Owner],
    found: Vec<Found>,
    /// By login.
    half_seen: FxHashMap<&'a [u8], Vec<&'a Owner>>,
}

/// What this round knows of an owner's counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// A row of that name that cannot be given to it yet.
    Row,
    /// A counter whose session is the owner's.
    Counter,
}

impl<'a> Owners<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        let list = snapshot.identified.as_ref().map_or(&[][..], |identified| &identified.owners);
        let by_name = list.iter().enumerate().map(|(index, owner)| (&*owner.counter_name, index)).collect();
        let mut half_seen: FxHashMap<&[u8], Vec<&Owner>> = FxHashMap::default();
        for owner in snapshot.identified.iter().flat_map(|identified| &identified.half_seen) {
            if let Some(session) = &owner.session {
                half_seen.entry(&session.login).or_default().push(owner);
            }
        }
        Owners { by_name, list, found: vec![Found::Nothing; list.len()], half_seen }
    }

    /// Sessions of a login that only one table shows and that may run on the counter of that name.
    pub(super) fn half_seen(&self, login: &[u8], name: &[u8]) -> impl Iterator<Item = &'a OwnerSession> {
        let of_login = self.half_seen.get(login).into_iter().flatten();
        let may_be =
            of_login.filter(move |owner| owner.counter_name.is_empty() || *owner.counter_name == *name);
        may_be.filter_map(|owner| owner.session.as_ref())
    }

    /// The owner named for a counter of that name.
    pub(super) fn find(&self, name: &[u8]) -> Option<&'a Owner> {
        if self.list.is_empty() {
            return None;
        }
        self.by_name.get(name).map(|index| &self.list[*index])
    }

    /// The session shown for a name of which no row was printed.
    pub(super) fn rowless(&self, name: &[u8]) -> Option<&'a OwnerSession> {
        let index = *self.by_name.get(name)?;
        self.list[index].session.as_ref().filter(|_| self.found[index] == Found::Nothing)
    }

    pub(super) fn note_counter(&mut self, name: &[u8]) {
        self.note(name, Found::Counter);
    }

    pub(super) fn note_row(&mut self, name: &[u8]) {
        if self.rowless(name).is_some() {
            self.note(name, Found::Row);
        }
    }

    /// Owners with a session for which no counter was found.
    pub(super) fn without_counter(&self) -> impl Iterator<Item = (&'a Owner, &'a OwnerSession)> + '_ {
        let left = self.list.iter().zip(&self.found).filter(|(_, found)| **found != Found::Counter);
        left.filter_map(|(owner, _)| Some((owner, owner.session.as_ref()?)))
    }

    fn note(&mut self, name: &[u8], found: Found) {
        if let Some(index) = self.by_name.get(name) {
            self.found[*index] = found;
        }
    }
}
