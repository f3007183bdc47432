//! One layer of values with the place each came from, as a source of the `config` crate.

use ::config::{ConfigError, Map, Source, Value, ValueKind};

use crate::config::key::ROUTERS;

/// Values of one place in the order of precedence. Holds passwords: its `Debug` shows none.
#[derive(Clone, Default)]
pub(crate) struct Layer {
    entries: Vec<Placed>,
}

#[derive(Clone)]
struct Placed {
    path: Vec<String>,
    text: String,
    origin: String,
}

impl Layer {
    /// Sets `section.name`.
    pub(crate) fn set(&mut self, section: &str, name: &str, text: &str, origin: impl Into<String>) {
        self.push(&[section, name], text, origin.into());
    }

    /// Sets a key of one router.
    pub(crate) fn set_router(&mut self, router: &str, key: &str, text: &str, origin: impl Into<String>) {
        self.push(&[ROUTERS, router, key], text, origin.into());
    }

    fn push(&mut self, path: &[&str], text: &str, origin: String) {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        self.entries.push(Placed { path, text: text.to_owned(), origin });
    }
}

impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.entries.iter().map(|entry| (&entry.path, &entry.origin))).finish()
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let mut root = Map::new();
        for entry in &self.entries {
            insert(&mut root, &entry.path, entry);
        }
        Ok(root)
    }
}

fn insert(table: &mut Map<String, Value>, path: &[String], entry: &Placed) {
    match path {
        [] => {}
        [last] => {
            let value = Value::new(Some(&entry.origin), ValueKind::String(entry.text.clone()));
            table.insert(last.clone(), value);
        }
        [first, rest @ ..] => {
            let child = table.entry(first.clone()).or_insert_with(|| Map::<String, Value>::new().into());
            if let ValueKind::Table(child) = &mut child.kind {
                insert(child, rest, entry);
            }
        }
    }
}
