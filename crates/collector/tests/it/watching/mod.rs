//! Those who are watched on a simulated router: what is asked, and what reaches readers whatever the router does.

mod by_counters;
mod gone;
mod lost;
mod minutes;
mod played;
mod scene;
mod stream;
