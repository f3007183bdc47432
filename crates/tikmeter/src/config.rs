//! The configuration: defaults, then `tikmeter.toml`, then the environment, then flags; each value with the place it
//! came from.
//!
//! The layers are merged by the `config` crate, whose values carry their origin. The file is read into its layer
//! here, for only a parser with spans can name the line of a wrong key. Loading ([`load`]) and judging
//! ([`Loaded::settings`]) are apart, so that `config show` still shows what `serve` would refuse.

mod backup;
mod credentials;
mod database;
mod dotenv;
mod environment;
mod exposure;
mod file;
mod https;
mod key;
mod layer;
mod listen;
mod loaded;
mod monitor;
mod nearest;
mod node;
mod portal;
mod problem;
mod redis;
mod router;
mod settings;
mod show;
mod surroundings;

pub(crate) use backup::BackupSettings;
pub(crate) use database::DatabaseUrl;
pub(crate) use https::HttpsSettings;
pub(crate) use layer::Layer;
pub(crate) use listen::may_listen;
pub(crate) use loaded::{Loaded, load, of_text};
pub(crate) use node::NodeSettings;
pub(crate) use portal::PortalSettings;
pub(crate) use problem::Problems;
pub(crate) use router::RouterSettings;
pub(crate) use settings::Settings;
pub(crate) use show::shown;
pub(crate) use surroundings::Surroundings;

#[cfg(test)]
mod tests;
