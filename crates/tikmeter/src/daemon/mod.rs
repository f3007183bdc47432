//! A running Tikmeter: the database, the pollers and the API, put together and taken down in order. `serve` and
//! `demo` run the same one.

mod alike;
mod alone;
mod backups;
mod certificates;
mod commands;
mod events;
mod file_routers;
mod https;
mod keys;
mod listening;
mod lost_files;
mod opening;
mod plan;
mod portal;
mod profiles;
mod retention;
mod running;
mod service_manager;
mod url_file;

pub(crate) use alone::operations_alone;
pub(crate) use file_routers::FileRouters;
pub(crate) use opening::Daemon;
pub(crate) use plan::Plan;
