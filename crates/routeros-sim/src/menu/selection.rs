//! Which rows and which properties a command asked for.

use std::borrow::Cow;

use routeros_proto::{Query, ReplyWriter, Request};

use super::answer::Complaint;
use super::column::{Column, Menu};
use crate::world::{Switches, UnknownProperty, World};

const USUAL_ARGUMENTS: [&str; 3] = [".proplist", "count-only", "detail"];

/// The rows and properties of one print or listen.
pub(crate) struct Selection {
    pub(crate) menu: &'static Menu,
    columns: Vec<&'static Column>,
    query: Query,
    extra_property: bool,
    duplicate_attribute: bool,
    /// Set when an unknown name in the proplist makes this router send nothing (U12).
    sends_nothing: bool,
}

impl Selection {
    pub(crate) fn of(
        menu: &'static Menu,
        request: &Request<'_>,
        switches: &Switches,
    ) -> Result<Self, Complaint> {
        check_arguments(menu, request)?;
        let query = Query::compile(request.queries()).map_err(|error| (Some(1), error.to_string()))?;
        let (columns, unknown) = columns(menu, request);
        Ok(Self {
            menu,
            columns,
            query,
            extra_property: switches.extra_property,
            duplicate_attribute: switches.duplicate_attribute,
            sends_nothing: unknown && switches.unknown_property == UnknownProperty::DropsRows,
        })
    }

    /// Whether rows carry the counters that the menu has.
    pub(crate) fn shows_counters(&self) -> bool {
        self.menu.counters.iter().all(|name| self.has(name))
    }

    /// Whether rows tell a login: `name` in the session table, `user` in the server tables.
    pub(crate) fn shows_logins(&self) -> bool {
        self.has("user")
            || (self.has("name") && !self.menu.columns.iter().any(|column| column.name == "user"))
    }

    fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    pub(crate) fn matches(&self, world: &World, item: u32) -> bool {
        !self.sends_nothing
            && (self.query.is_empty()
                || self.query.matches(|name| self.menu.value(world, item, name).map(Cow::Owned)))
    }

    /// Appends the attributes of one row; `scratch` only saves allocations.
    pub(crate) fn write(&self, world: &World, item: u32, words: &mut ReplyWriter<'_>, scratch: &mut Vec<u8>) {
        let mut last = None;
        for column in &self.columns {
            scratch.clear();
            if (column.write)(world, item, scratch) {
                words.attribute(column.name.as_bytes(), scratch);
                last = Some(column);
            }
        }
        if self.extra_property {
            words.attribute(b"not-asked-for", b"1");
        }
        if let (true, Some(column)) = (self.duplicate_attribute, last) {
            scratch.clear();
            (column.write)(world, item, scratch);
            words.attribute(column.name.as_bytes(), scratch);
        }
    }
}

fn check_arguments(menu: &Menu, request: &Request<'_>) -> Result<(), Complaint> {
    let known = |name: &[u8]| {
        USUAL_ARGUMENTS.iter().chain(menu.extra_arguments).any(|argument| argument.as_bytes() == name)
    };
    match request.attributes().find(|(name, _)| !known(name)) {
        Some((name, _)) => Err((None, format!("unknown parameter {}", name.escape_ascii()))),
        None => Ok(()),
    }
}

/// The columns asked for, in the menu's order, and whether a name was asked for that the menu does not know.
fn columns(menu: &'static Menu, request: &Request<'_>) -> (Vec<&'static Column>, bool) {
    let Some(names) = request.proplist() else {
        return (menu.columns.iter().collect(), false);
    };
    let names: Vec<&[u8]> = names.collect();
    let asked = |column: &&Column| names.contains(&column.name.as_bytes());
    let unknown = names.iter().any(|name| menu.column(name).is_none());
    (menu.columns.iter().filter(asked).collect(), unknown)
}
