//! `/metrics`: how the program and its routers do, for Prometheus. No series is per subscriber.

pub(crate) mod access;
mod backups;
mod events;
mod live;
mod processes;
mod redis_uses;
mod requests;
mod routers;
pub(crate) mod scrape;
mod traffic;

pub(crate) use requests::{Requests, count};
