//! What a menu is made of: columns that write one property of one row, and a way through its rows.

use super::schema::Schema;
use crate::world::{Listened, SessionKey, ShownBy, World};

/// One property of a menu's rows.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    /// Appends the value of one item; false where this item lacks the property.
    pub(crate) write: fn(&World, u32, &mut Vec<u8>) -> bool,
}

/// Whose session a row shows.
pub(crate) type Reveals = fn(&World, u32) -> Option<SessionKey>;

/// One menu of the router.
pub(crate) struct Menu {
    pub(crate) path: &'static str,
    pub(crate) columns: &'static [Column],
    /// The item after the given one, or the first.
    pub(crate) next: fn(&World, Option<u32>) -> Option<u32>,
    pub(crate) reveals: Reveals,
    /// As what its rows count.
    pub(crate) shown_by: ShownBy,
    /// Whether an item's two counters are those of its interface slot.
    pub(crate) counts: bool,
    /// Its two counters, without which a row tells a meter nothing; none where it shows none.
    pub(crate) counters: &'static [&'static str],
    pub(crate) listened: Option<Listened>,
    /// Arguments its `print` knows besides the usual ones (routeros.md §1.7).
    pub(crate) extra_arguments: &'static [&'static str],
    /// Commands besides print, getall and listen.
    pub(crate) commands: &'static [&'static str],
    /// What clients may add, set and remove here, if anything.
    pub(crate) schema: Option<&'static Schema>,
}

impl Menu {
    pub(crate) fn column(&self, name: &[u8]) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name.as_bytes() == name)
    }

    /// The value of one property of one item.
    pub(crate) fn value(&self, world: &World, item: u32, name: &[u8]) -> Option<Vec<u8>> {
        let mut value = Vec::with_capacity(32);
        let column = self.column(name)?;
        (column.write)(world, item, &mut value).then_some(value)
    }
}

/// For menus that say nothing about sessions.
pub(crate) fn reveals_nothing(_: &World, _: u32) -> Option<SessionKey> {
    None
}

/// The way through a menu of exactly one row.
pub(crate) fn single(_: &World, after: Option<u32>) -> Option<u32> {
    match after {
        None => Some(0),
        Some(_) => None,
    }
}
