//! The environment as layers: our own variables, and the names that the tools before this one used.

use std::collections::BTreeMap;

use crate::config::dotenv;
use crate::config::key::{KEYS, OTHER_VARIABLES};
use crate::config::layer::Layer;
use crate::config::nearest::hint;
use crate::config::problem::{Problem, Problems};
use crate::config::surroundings::Surroundings;

const PREFIX: &str = "TIKMETER_";

/// The router that `MIKROTIK_HOST` and its companions describe.
const SEED_ROUTER: &str = "mikrotik";

/// Key of that router, by variable.
const SEED_ROUTER_VARIABLES: [(&str, &str); 4] = [
    ("MIKROTIK_HOST", "host"),
    ("MIKROTIK_PORT", "port"),
    ("MIKROTIK_USER", "username"),
    ("MIKROTIK_PASS", "password"),
];

/// Other keys of the same tools: the variable, the table and the name.
const SEED_KEYS: [(&str, &str, &str); 2] =
    [("ENABLE_TRAFFIC_MONITOR", "monitor", "enabled"), ("MAX_CONCURRENT_MONITORS", "monitor", "slots")];

/// The database of the same tools.
const SEED_DATABASE_VARIABLES: [&str; 5] = ["DB_HOST", "DB_PORT", "DB_USER", "DB_PASSWORD", "DB_NAME"];

/// What the environment says.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// `DB_*`, below the file: an explicit `database.url` wins wherever it stands.
    pub(crate) seed_database: Layer,
    /// The first of the `DB_*` that is set, with its place.
    pub(crate) seed_database_from: Option<String>,
    /// `MIKROTIK_*`, `REDIS_ADDR` and those of live monitoring.
    pub(crate) seeds: Layer,
    /// `TIKMETER_*`.
    pub(crate) own: Layer,
}

/// Reads the process's variables, and `.env` for those it lacks.
pub(crate) fn read(surroundings: &Surroundings) -> Result<Environment, Problems> {
    let variables = Variables::read(surroundings)?;
    let mut environment = Environment::default();
    variables.seed_database(&mut environment);
    variables.seeds(&mut environment.seeds);
    variables.own(&mut environment.own)?;
    Ok(environment)
}

/// Value and origin by name.
struct Variables(BTreeMap<String, (String, String)>);

impl Variables {
    fn read(surroundings: &Surroundings) -> Result<Self, Problem> {
        let mut all = BTreeMap::new();
        for (name, value) in dotenv::read(&surroundings.folder)? {
            let origin = format!("{} {name}", dotenv::NAME);
            all.entry(name).or_insert((value, origin));
        }
        for (name, value) in &surroundings.variables {
            all.insert(name.clone(), (value.clone(), format!("environment {name}")));
        }
        Ok(Variables(all))
    }

    /// An empty variable is one that is not set: that is how compose files and units leave one out.
    fn get(&self, name: &str) -> Option<(&str, &str)> {
        let (value, origin) = self.0.get(name)?;
        (!value.is_empty()).then_some((value, origin))
    }

    fn seed_database(&self, environment: &mut Environment) {
        let set = SEED_DATABASE_VARIABLES.iter().find_map(|name| self.get(name));
        let Some((_, origin)) = set else { return };
        let part = |name, default| self.get(name).map_or(default, |(value, _)| value);
        let password = match self.get("DB_PASSWORD") {
            Some((password, _)) => format!(":{}", percent_encoded(password)),
            None => String::new(),
        };
        let url = format!(
            "postgres://{user}{password}@{host}:{port}/{name}",
            user = percent_encoded(part("DB_USER", "postgres")),
            host = part("DB_HOST", "localhost"),
            port = part("DB_PORT", "5432"),
            name = percent_encoded(part("DB_NAME", "postgres")),
        );
        environment.seed_database.set("database", "url", &url, origin);
        environment.seed_database_from = Some(origin.to_owned());
    }

    fn seeds(&self, layer: &mut Layer) {
        for (name, key) in SEED_ROUTER_VARIABLES {
            if let Some((value, origin)) = self.get(name) {
                layer.set_router(SEED_ROUTER, key, value, origin);
            }
        }
        for (variable, section, name) in SEED_KEYS {
            if let Some((value, origin)) = self.get(variable) {
                layer.set(section, name, value, origin);
            }
        }
        if let Some((address, origin)) = self.get("REDIS_ADDR") {
            let url = if address.contains("://") { address.to_owned() } else { format!("redis://{address}") };
            layer.set("redis", "url", &url, origin);
        }
    }

    fn own(&self, layer: &mut Layer) -> Result<(), Problems> {
        let mut problems = Problems::default();
        for name in self.0.keys().filter(|name| name.starts_with(PREFIX)) {
            match KEYS.iter().find(|key| key.variable == name) {
                Some(key) => {
                    if let Some((value, origin)) = self.get(name) {
                        layer.set(key.section, key.name, value, origin);
                    }
                }
                None if OTHER_VARIABLES.contains(&name.as_str()) => {}
                None => problems.add(self.unknown(name)),
            }
        }
        problems.or(())
    }

    fn unknown(&self, name: &str) -> Problem {
        let known = KEYS.iter().map(|key| key.variable).chain(OTHER_VARIABLES);
        let place = self.0.get(name).map_or("environment", |(_, origin)| origin);
        Problem::new(place, format!("there is no variable of that name; {}", hint(name, known)))
    }
}

/// For the parts of a URL.
fn percent_encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
