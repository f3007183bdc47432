//! The configuration for people: every value with its origin, no secret among them.

use serde::Serialize;

use crate::config::database::without_password;
use crate::config::key::ROUTERS;
use crate::config::loaded::{Entry, Loaded};

/// One line of `config show`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Shown {
    /// `server.listen`, `routers.tower.host`.
    pub(crate) key: String,
    /// The value, `***` for a password.
    pub(crate) value: String,
    /// File and line, variable, flag or `default`.
    pub(crate) origin: String,
}

/// All values in the order of their keys.
pub(crate) fn shown(loaded: &Loaded) -> Vec<Shown> {
    let values = loaded.values.iter().map(|(key, entry)| line(key.clone(), key, entry));
    let routers = loaded.routers.iter().flat_map(|(router, entries)| {
        let keys = entries.iter().filter(|(key, _)| *key != "name");
        keys.map(move |(key, entry)| line(format!("{ROUTERS}.{router}.{key}"), key, entry))
    });
    values.chain(routers).collect()
}

fn line(key: String, name: &str, entry: &Entry) -> Shown {
    let value = match name {
        "password" => "***".to_owned(),
        name if name.ends_with(".url") => without_password(&entry.text),
        _ => entry.text.clone(),
    };
    Shown { key, value, origin: entry.origin.clone() }
}
