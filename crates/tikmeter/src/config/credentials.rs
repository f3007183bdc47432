//! What the service manager hands over in files (`LoadCredential=`): URLs with passwords, which then stand in no configuration file.

use crate::config::layer::Layer;
use crate::config::problem::Problem;
use crate::config::surroundings::Surroundings;
use crate::password_file;

/// The file's name, and the table and name of the key that it gives.
const CREDENTIALS: [(&str, &str, &str); 2] =
    [("tikmeter.database-url", "database", "url"), ("tikmeter.redis-url", "redis", "url")];

/// Those that are there.
pub(super) fn read(surroundings: &Surroundings) -> Result<Layer, Problem> {
    let mut layer = Layer::default();
    let Some(folder) = surroundings.credentials() else { return Ok(layer) };
    for (name, section, key) in CREDENTIALS {
        let (file, origin) = (folder.join(name), format!("credential {name}"));
        if file.exists() {
            let line = password_file::first_line(&file).map_err(|text| Problem::new(&origin, text))?;
            layer.set(section, key, line.trim(), origin);
        }
    }
    Ok(layer)
}
