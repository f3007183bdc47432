//! `tikmeter.toml` as a layer: each value with its line, each unknown key with the nearest known one.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::key::{ROUTER_KEYS, ROUTERS, SECTIONS, names};
use crate::config::layer::Layer;
use crate::config::nearest::hint;
use crate::config::problem::{Problem, Problems};

/// Reads the file at `path`.
pub(crate) fn read(path: &Path) -> Result<Layer, Problems> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Problem::new(&shown, format!("the configuration cannot be read: {error}")))?;
    parse(&shown, &text)
}

/// Reads a text that stands in `file`.
pub(super) fn parse(file: &str, text: &str) -> Result<Layer, Problems> {
    let mut reader = Reader { file, text, layer: Layer::default(), problems: Problems::default() };
    match DeTable::parse(text) {
        Ok(document) => reader.document(document.get_ref()),
        Err(error) => {
            let place = reader.place(error.span().unwrap_or_default());
            reader.problems.add(Problem::new(place, error.message()));
        }
    }
    reader.problems.or(reader.layer)
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    layer: Layer,
    problems: Problems,
}

impl Reader<'_> {
    fn document(&mut self, document: &DeTable<'_>) {
        for (section, value) in document {
            match (section.get_ref().as_ref(), value.get_ref()) {
                (ROUTERS, DeValue::Array(routers)) => self.routers(routers.iter()),
                (ROUTERS, _) => {
                    self.wrong(value.span(), "routers are written as `[[routers]]`, one for each")
                }
                (name, _) if !SECTIONS.contains(&name) => {
                    self.unknown(section.span(), name, SECTIONS.into_iter())
                }
                (name, DeValue::Table(table)) => self.section(name, table),
                (name, _) => {
                    self.wrong(value.span(), &format!("`{name}` is a table; write `[{name}]` above its keys"))
                }
            }
        }
    }

    fn section(&mut self, section: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if !names(section).any(|known| known == name) {
                self.unknown(key.span(), name, names(section));
            } else if let Some(text) = self.scalar(name, value) {
                let is_file =
                    matches!(name, "ca_file" | "profiles" | "certificate" | "key" | "passphrase_file");
                let text = if is_file { self.beside(&text) } else { text };
                let place = self.place(key.span());
                self.layer.set(section, name, &text, place);
            }
        }
    }

    fn routers<'v>(&mut self, routers: impl Iterator<Item = &'v Spanned<DeValue<'v>>>) {
        let mut seen = BTreeMap::new();
        for router in routers {
            match router.get_ref() {
                DeValue::Table(table) => self.router(router.span(), table, &mut seen),
                _ => self.wrong(router.span(), "a router is a table; write `[[routers]]` above its keys"),
            }
        }
    }

    fn router(&mut self, span: Range<usize>, table: &DeTable<'_>, seen: &mut BTreeMap<String, String>) {
        let Some(name) = table.get("name").and_then(|name| name.get_ref().as_str()) else {
            return self.wrong(span, "this router has no `name`");
        };
        if let Some(first) = seen.insert(name.to_owned(), self.place(span.clone())) {
            return self
                .wrong(span, &format!("router `{name}` is there already ({first}); names must differ"));
        }
        for (key, value) in table {
            let key_name = key.get_ref().as_ref();
            if !ROUTER_KEYS.contains(&key_name) {
                self.unknown(key.span(), key_name, ROUTER_KEYS.into_iter());
            } else if let Some(text) = self.scalar(key_name, value) {
                let text = if key_name == "password_file" { self.beside(&text) } else { text };
                let place = self.place(key.span());
                self.layer.set_router(name, key_name, &text, place);
            }
        }
    }

    fn scalar(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
            DeValue::Boolean(truth) => Some(truth.to_string()),
            other => {
                self.wrong(
                    value.span(),
                    &format!("`{name}` is a text, a number, true or false, not {}", other.type_str()),
                );
                None
            }
        }
    }

    /// A file named in the configuration lies beside it, unless its path says otherwise.
    fn beside(&self, file: &str) -> String {
        let folder = Path::new(self.file).parent().unwrap_or(Path::new(""));
        folder.join(file).display().to_string()
    }

    fn unknown(&mut self, span: Range<usize>, name: &str, known: impl Iterator<Item = &'static str> + Clone) {
        self.wrong(span, &format!("there is no key `{}`; {}", name.escape_debug(), hint(name, known)));
    }

    fn wrong(&mut self, span: Range<usize>, text: &str) {
        let place = self.place(span);
        self.problems.add(Problem::new(place, text));
    }

    fn place(&self, span: Range<usize>) -> String {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("{}:{line}", self.file)
    }
}
