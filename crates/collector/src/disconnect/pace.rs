//! How much time ending a session may take.

use std::time::Duration;

use crate::link::{Deadlines, Target};

/// See the module. All of it together stays below what whoever asks waits for.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Nothing is changed any more so long after it was asked for: who asked may have stopped waiting.
    pub act_within: Duration,
    /// Nothing is removed by an id that is older: the router may have given it to another session (routeros.md §8, trap 9).
    pub fresh: Duration,
    /// Between two looks at what became of it.
    pub look_every: Duration,
    /// For so long it is looked whether the session is gone and nobody came back.
    pub look_for: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            act_within: Duration::from_secs(10),
            fresh: Duration::from_secs(2),
            look_every: Duration::from_secs(1),
            look_for: Duration::from_secs(6),
        }
    }
}

/// Where the router is, with deadlines for somebody who waits for the answer.
pub(super) fn hurried(target: Target) -> Target {
    let (connect, login) = (Duration::from_secs(4), Duration::from_secs(4));
    let (idle, command) = (Duration::from_secs(3), Duration::from_secs(3));
    Target { deadlines: Deadlines { connect, login, idle, command, ..target.deadlines }, ..target }
}
