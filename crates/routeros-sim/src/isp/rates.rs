//! How much somebody moves, and how long they do.

use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;

/// Mostly idle, often a video, sometimes a download as fast as the line goes: up and down, in bits per second. A line goes a
/// quarter as fast up.
pub(super) fn of_line(cap_down_bps: u64, rng: &mut StdRng) -> (u64, u64) {
    let down = match rng.random_range(0..10) {
        0..=3 => rng.random_range(2_000..80_000),
        4..=6 => rng.random_range(200_000..3_000_000),
        7..=8 => rng.random_range(2_500_000..9_000_000),
        _ => rng.random_range(cap_down_bps / 2..cap_down_bps),
    };
    let up = down * rng.random_range(2..12) / 100 + rng.random_range(500..20_000);
    (up.min(cap_down_bps / 4), down)
}

pub(super) fn millis(rng: &mut StdRng, from: u64, below: u64) -> Duration {
    Duration::from_millis(rng.random_range(from..below))
}
