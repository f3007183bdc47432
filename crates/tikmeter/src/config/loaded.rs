//! All layers merged, not judged yet.

use std::collections::BTreeMap;
use std::path::Path;

use ::config::{Config, Value, ValueKind};
use store::TlsMode;

use crate::config::credentials;
use crate::config::environment;
use crate::config::file;
use crate::config::key::{KEYS, ROUTERS};
use crate::config::layer::Layer;
use crate::config::problem::{Problem, Problems};
use crate::config::surroundings::Surroundings;
use crate::data_folder;

/// The origin of a value nobody set.
pub(crate) const DEFAULT: &str = "default";

/// A value and where it came from. May be a password: not printable.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The value as written.
    pub(crate) text: String,
    /// Its place.
    pub(crate) origin: String,
}

/// Values by key name.
pub(crate) type Entries = BTreeMap<String, Entry>;

/// The merged configuration.
pub(crate) struct Loaded {
    /// By `section.name`.
    pub(crate) values: Entries,
    /// By router, then by key.
    pub(crate) routers: BTreeMap<String, Entries>,
    /// What is no error but should be said.
    pub(crate) warnings: Vec<String>,
}

/// Reads and merges all layers; `flags` is the highest.
///
/// # Errors
/// When a file cannot be read or parsed, or a key is unknown. Values are not judged here.
pub(crate) fn load(
    surroundings: &Surroundings,
    given_file: Option<&Path>,
    flags: Layer,
) -> Result<Loaded, Problems> {
    let file = surroundings.file(given_file).map(|path| file::read(&path)).transpose()?.unwrap_or_default();
    let environment = environment::read(surroundings)?;
    let credentials = credentials::read(surroundings)?;
    let layers =
        [defaults(), environment.seed_database, file, credentials, environment.seeds, environment.own, flags];
    let mut loaded = merge(layers)?;
    loaded.add_derived_defaults();
    loaded.warn(environment.seed_database_from.as_deref());
    Ok(loaded)
}

/// A file's text alone over the defaults.
///
/// # Errors
/// As [`load`].
pub(crate) fn of_text(file: &str, text: &str) -> Result<Loaded, Problems> {
    let mut loaded = merge([defaults(), file::parse(file, text)?])?;
    loaded.add_derived_defaults();
    Ok(loaded)
}

fn defaults() -> Layer {
    let mut layer = Layer::default();
    for key in &KEYS {
        if let Some(default) = key.default {
            layer.set(key.section, key.name, default, DEFAULT);
        }
    }
    layer
}

fn merge(layers: impl IntoIterator<Item = Layer>) -> Result<Loaded, Problems> {
    let builder = layers.into_iter().fold(Config::builder(), |builder, layer| builder.add_source(layer));
    let merged = builder.build().map_err(|error| Problem::new("configuration", error.to_string()))?;
    let mut loaded = Loaded { values: Entries::new(), routers: BTreeMap::new(), warnings: Vec::new() };
    for (section, table) in children(merged.cache) {
        for (name, value) in children(table) {
            if section == ROUTERS {
                loaded.routers.insert(name, entries(value, ""));
            } else {
                loaded.values.extend(entries_of(name, value, &section));
            }
        }
    }
    Ok(loaded)
}

fn children(value: Value) -> impl Iterator<Item = (String, Value)> {
    let table = if let ValueKind::Table(table) = value.kind { Some(table) } else { None };
    table.into_iter().flatten()
}

fn entries(table: Value, section: &str) -> Entries {
    children(table).flat_map(|(name, value)| entries_of(name, value, section)).collect()
}

/// Layers hold texts only, so anything else has no entry.
fn entries_of(name: String, value: Value, section: &str) -> Option<(String, Entry)> {
    let origin = value.origin().unwrap_or(DEFAULT).to_owned();
    let ValueKind::String(text) = value.kind else { return None };
    let key = if section.is_empty() { name } else { format!("{section}.{name}") };
    Some((key, Entry { text, origin }))
}

/// What the host is called, where it is called something.
fn host_name() -> String {
    let uname = rustix::system::uname();
    let fits = |c: &char| c.is_ascii_alphanumeric() || "-_.".contains(*c);
    let name: String = uname.nodename().to_string_lossy().chars().filter(fits).take(40).collect();
    if name.is_empty() { "alone".to_owned() } else { name }
}

impl Loaded {
    /// The value of `section.name`, if any place set it.
    pub(crate) fn get(&self, path: &str) -> Option<&Entry> {
        self.values.get(path)
    }

    /// Defaults that depend on other values or on the host.
    fn add_derived_defaults(&mut self) {
        let default = |text: String| Entry { text, origin: DEFAULT.to_owned() };
        let folder = || default(data_folder::for_serving(None).display().to_string());
        let data = self.values.entry("server.data".to_owned()).or_insert_with(folder).text.clone();
        let database =
            || default(format!("sqlite://{}", data_folder::database_file(Path::new(&data)).display()));
        self.values.entry("database.url".to_owned()).or_insert_with(database);
        let backups = || default(data_folder::backups(Path::new(&data)).display().to_string());
        self.values.entry("backup.folder".to_owned()).or_insert_with(backups);
        self.values.entry("node.name".to_owned()).or_insert_with(|| default(host_name()));
        for router in self.routers.values_mut() {
            let tls = router.entry("tls".to_owned()).or_insert_with(|| default("off".to_owned()));
            // One that is no mode is refused when it is judged, whatever the port.
            let port = TlsMode::from_name(&tls.text).unwrap_or_default().usual_port();
            router.entry("port".to_owned()).or_insert_with(|| default(port.to_string()));
        }
    }

    fn warn(&mut self, seed_database_from: Option<&str>) {
        let database = self.get("database.url").map_or("", |entry| entry.origin.as_str());
        let overruled = seed_database_from
            .filter(|from| *from != database)
            .map(|from| format!("{from} and its companions are not used: database.url is set ({database})."));
        self.warnings.extend(overruled);
    }
}
