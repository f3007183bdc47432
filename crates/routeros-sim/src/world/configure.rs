//! What clients write into configurable tables, and that listeners hear of it.

use super::changes::{Change, Listened};
use super::configured::{Place, Rows, Settings};
use super::model::World;
use super::profile::{HOTSPOT_USERS, IP_BINDINGS};
use super::rename::SECRETS;

static NONE: Rows = Rows::NONE;

impl World {
    /// The table of this menu path.
    pub(crate) fn configured(&self, path: &'static str) -> &Rows {
        self.configured.get(path).unwrap_or(&NONE)
    }

    /// Adds an item behind the others and gives its `.id`.
    pub(crate) fn add_configured(&mut self, path: &'static str, settings: Settings) -> u64 {
        let item = self.put_configured(path, settings, Place::Last);
        self.configured(path).item(item).id
    }

    /// Adds an item in its place.
    pub(crate) fn put_configured(&mut self, path: &'static str, settings: Settings, place: Place) -> u32 {
        let item = self.rows(path).add(settings, place);
        self.tell_configured(path, item, false);
        item
    }

    /// Lets `edit` change what is set on an item.
    pub(crate) fn edit_configured(
        &mut self,
        path: &'static str,
        item: u32,
        edit: impl FnOnce(&mut Settings),
    ) {
        let settings = &mut self.rows(path).item_mut(item).settings;
        let name = |settings: &Settings| settings.get("name").cloned();
        let before = name(settings);
        edit(settings);
        let after = name(settings);
        self.tell_configured(path, item, false);
        match (path, before, after) {
            (SECRETS, Some(before), Some(after)) => self.secret_was_renamed(&before, &after),
            (HOTSPOT_USERS, Some(before), Some(after)) if before != after => {
                self.user_was_renamed(item, &before);
            }
            _ => {}
        }
    }

    pub(crate) fn remove_configured(&mut self, path: &'static str, item: u32) {
        if self.rows(path).remove(item) {
            self.tell_configured(path, item, true);
        }
    }

    fn rows(&mut self, path: &'static str) -> &mut Rows {
        self.configured.entry(path).or_default()
    }

    fn tell_configured(&mut self, path: &'static str, item: u32, dead: bool) {
        let id = self.configured(path).item(item).id;
        self.changes.push(Change { table: Listened::Configured(path), item, id, dead });
        match path {
            HOTSPOT_USERS => self.user_was_set(item),
            IP_BINDINGS => self.devices_follow_bindings(),
            _ => self.queues_follow(path, item),
        }
    }
}
