//! The API, version 1: one endpoint is one file.

pub mod model;

mod audit;
mod backups;
mod commands;
mod credits;
mod disconnects;
mod doctor;
mod entry_cursor;
mod explain;
mod happenings;
mod held;
pub(crate) mod hidden_codes;
mod holds;
mod hotspot_users;
mod imports;
mod key;
mod limits;
mod logs;
pub(crate) mod monitors;
pub(crate) mod openapi;
mod operators;
mod paging;
mod planned_commands;
mod plans;
mod profiles;
mod retention;
mod routers;
mod routes;
mod searching;
mod session;
mod sessions;
mod setup;
mod sign_ins;
mod status;
mod subscribers;
mod tokens;
mod top;
mod unknown_logins;
mod usage;
mod verify;
mod voucher_batches;
mod vouchers;

pub use doctor::diagnosis_text;
pub(crate) use routes::{open_routes, routes, slow_routes};
pub(crate) use subscribers::change::status_of;
