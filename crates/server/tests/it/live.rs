//! Watching subscribers live: who is watched, and what reaches whom.

mod between;
mod compat;
mod crowds;
mod ends;
mod line;
mod monitors;
mod over_redis;
mod questions;
mod reach;
mod refusals;
mod scene;
mod slow;
mod watch;
