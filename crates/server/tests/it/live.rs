//! Watching subscribers live: who is watched, and what reaches whom.

mod compat;
mod monitors;
mod scene;
