//! What clients can do to the world, naming items by `.id` (routeros.md §1.10).

use routeros_proto::value;

use super::model::World;

/// What a router says to an `.id` it does not know (routeros.md §1.4).
pub(crate) const NO_ITEM: &str = "no such item (4)";
const NO_ID: &str = "expected item id (line 1 column 1)";

impl World {
    /// `/interface/reset-counters`, by ids or names.
    pub(crate) fn reset_by_id_or_name(&mut self, ids: &[u8]) -> Result<(), &'static str> {
        let slots: Vec<u32> = items(ids)?.map(|id| self.slot_of(id)).collect::<Option<_>>().ok_or(NO_ITEM)?;
        for slot in slots {
            self.reset_slot(slot);
        }
        Ok(())
    }

    fn slot_of(&self, id_or_name: &[u8]) -> Option<u32> {
        let named = self.names.get(id_or_name).copied().flatten();
        named.or_else(|| {
            let id = value::item_id(id_or_name)?;
            self.live_interfaces.iter().find(|&slot| self.interfaces[slot as usize].id == id)
        })
    }
}

/// The words of a list of items; an empty one is refused (routeros.md §1.10).
pub(crate) fn items(ids: &[u8]) -> Result<impl Iterator<Item = &[u8]>, &'static str> {
    if ids.is_empty() { Err(NO_ID) } else { Ok(ids.split(|&byte| byte == b',')) }
}
