//! What processes on one database tell each other of those who are watched: each what it wants, and what its routers say.

use accounting::time::Micros;
use store::NasId;
use uuid::Uuid;

use super::board::Samples;
use super::others::{Hearing, Others, Wants};
use super::sample::RateReading;
use super::stops::Stop;
use super::watch::Standing;
use crate::operations::Operations;

/// What a process tells again and again, and whenever it has news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveTold {
    /// What it wants, in place of what it told before.
    pub wants: Wants,
    /// What others started and is to end; told for some seconds.
    pub stops: Vec<Stop>,
    /// How watching those stands who are watched on the routers that it polls.
    pub stands: Vec<(NasId, Uuid, Standing)>,
}

/// What a router said at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveMoment {
    /// The router's row.
    pub nas: NasId,
    /// The clock of the process that it said it to.
    pub at: Micros,
    /// What it said, each with its number in that process.
    pub readings: Vec<(u64, RateReading)>,
}

impl Operations {
    /// What others are to be told now.
    pub fn live_told(&self) -> LiveTold {
        let now = self.clock.host();
        let stops = self.monitors.change_others(|others| others.stops.told(now));
        let polled = self.monitors.places().into_iter().filter(|(_, nas)| self.polls(*nas));
        let stands = polled.filter_map(|(customer, nas)| {
            let standing = self.monitors.board().stands_on(nas, customer)?;
            Some((nas, customer, standing))
        });
        LiveTold { wants: self.monitors.wants(now), stops, stands: stands.collect() }
    }

    /// Waits until others are to be told otherwise than before.
    pub async fn live_news(&self) {
        self.monitors.wants_news().await;
    }

    /// Whether others could be told; else why not, in a sentence.
    pub fn live_telling(&self, told: Result<(), String>) {
        self.monitors.change_others(|others| others.mute = told.err());
    }

    /// A process told this. Of a router that this one polls it knows better itself.
    pub fn hear_live(&self, node: &str, told: LiveTold) {
        let now = self.clock.host();
        let stops = self.monitors.change_others(|others| {
            others.hear(node, told.wants, now);
            others.stops.obey(told.stops, now)
        });
        stops.into_iter().for_each(|customer| self.monitors.stop_here(customer));
        for (nas, customer, standing) in told.stands {
            if !self.polls(nas) {
                self.monitors.board().stands(nas, customer, standing);
            }
        }
    }

    /// What this process told, heard where it stands among what the others told: whom it told of there for the first time,
    /// beyond the slots that were left, it watches no longer. All hear the same order, so that of two processes which give
    /// the last slot at once one keeps it.
    pub fn hear_own(&self, told: &LiveTold) {
        for customer in self.monitors.give_way(&told.wants) {
            tracing::info!(%customer, "another process took the last slot at the same moment; they are not watched");
        }
    }

    /// A process told what one of its routers said.
    pub fn hear_moment(&self, node: &str, told: LiveMoment) {
        if !self.polls(told.nas) {
            self.monitors.board().relay(node, told.nas, told.at, told.readings);
        }
    }

    /// Whether processes hear each other, and what those want no longer who do not.
    pub fn live_hearing(&self, hearing: Hearing) {
        let now = self.clock.host();
        let silent = self.monitors.change_others(|others| {
            others.hearing = hearing;
            others.forget_silent(now)
        });
        for node in silent {
            tracing::info!(process = node, "what it wants watched is not told any more");
            self.monitors.board().forget(&node);
        }
    }

    /// What is to be told to others of what a router said here: all of it, so that nobody takes a pause for a loss; `None` where
    /// there are none.
    pub fn live_moment(&self, samples: &Samples) -> Option<LiveMoment> {
        let first = samples.first().filter(|_| self.monitors.others(Others::are_heard))?;
        let readings = samples.iter().map(|sample| (sample.no, sample.reading.clone())).collect();
        Some(LiveMoment { nas: first.nas, at: first.at, readings })
    }

    fn polls(&self, nas: NasId) -> bool {
        self.board.get(nas).is_some_and(|status| status.node.is_none())
    }
}
