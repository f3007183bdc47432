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
    memo: Option<Memo>,
    extra_property: bool,
    duplicate_attribute: bool,
    /// Set when an unknown name in the proplist makes this router send nothing (U12).
    sends_nothing: bool,
    /// Whether rows carry the counters that the menu has.
    pub(crate) shows_counters: bool,
    /// Whether rows tell a login: `name` in the session table, `user` in the server tables.
    pub(crate) shows_logins: bool,
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
        let shows = |name: &str| columns.iter().any(|column| column.name == name);
        Ok(Self {
            menu,
            shows_counters: menu.counters.iter().all(|name| shows(name)),
            shows_logins: shows("user") || (shows("name") && menu.column(b"user").is_none()),
            columns,
            memo: query.only_property().map(|name| Memo::of(menu.column(name))),
            query,
            extra_property: switches.extra_property,
            duplicate_attribute: switches.duplicate_attribute,
            sends_nothing: unknown && switches.unknown_property == UnknownProperty::DropsRows,
        })
    }

    /// Leaves a property out of every row.
    pub(crate) fn withhold(&mut self, name: &str) {
        self.columns.retain(|column| column.name != name);
    }

    pub(crate) fn matches(&mut self, world: &World, item: u32) -> bool {
        if self.sends_nothing || self.query.is_empty() {
            return !self.sends_nothing;
        }
        match &mut self.memo {
            Some(memo) => memo.matches(&self.query, world, item),
            None => self.query.matches(|name| self.menu.value(world, item, name).map(Cow::Owned)),
        }
    }

    /// Appends the attributes of one row.
    pub(crate) fn write(&self, world: &World, item: u32, words: &mut ReplyWriter<'_>) {
        let mut last = None;
        for column in &self.columns {
            if words.attribute_with(column.name.as_bytes(), |out| (column.write)(world, item, out)) {
                last = Some(column);
            }
        }
        if self.extra_property {
            words.attribute(b"not-asked-for", b"1");
        }
        if let (true, Some(column)) = (self.duplicate_attribute, last) {
            words.attribute_with(column.name.as_bytes(), |out| (column.write)(world, item, out));
        }
    }
}

/// What a query said of the value it met last, where it asks for one property alone: rows of one type stand together.
struct Memo {
    column: Option<&'static Column>,
    /// The value met last; `None` where the item lacks the property.
    last: Option<Vec<u8>>,
    verdict: Option<bool>,
    value: Vec<u8>,
}

impl Memo {
    fn of(column: Option<&'static Column>) -> Self {
        Self { column, last: None, verdict: None, value: Vec::new() }
    }

    fn matches(&mut self, query: &Query, world: &World, item: u32) -> bool {
        self.value.clear();
        let has = self.column.is_some_and(|column| (column.write)(world, item, &mut self.value));
        let value = has.then_some(self.value.as_slice());
        match self.verdict {
            Some(verdict) if self.last.as_deref() == value => verdict,
            _ => {
                let verdict = query.matches(|_| value.map(Cow::Borrowed));
                (self.last, self.verdict) = (value.map(<[u8]>::to_vec), Some(verdict));
                verdict
            }
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
