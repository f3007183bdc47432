//! What processes on one database tell each other of those who are watched: each what it wants, and what its routers say.

use accounting::time::Micros;
use store::NasId;
use uuid::Uuid;

use super::board::Samples;
use super::others::{Hearing, Wants};
use super::sample::RateReading;
use super::watch::Standing;
use crate::operations::Operations;

/// What a process tells again and again, and whenever it has news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveTold {
    /// What it wants, in place of what it told before.
    pub wants: Wants,
    /// What others started and is to end.
    pub stops: Vec<Uuid>,
    /// How watching those stands whom others want on the routers that it polls.
    pub stands: Vec<(NasId, Uuid, Standing)>,
}

/// What a router said at one moment of those who are wanted elsewhere.
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
    /// What others are to be told now. What is to end is told once.
    pub fn live_told(&self) -> LiveTold {
        let stops = self.monitors.change_others(|others| others.take_stops());
        let wanted = self.monitors.others(|others| others.places());
        let polled = wanted.into_iter().filter(|(_, nas)| self.polls(*nas));
        let stands = polled.map(|(customer, nas)| (nas, customer, self.monitors.board().look(customer).0));
        LiveTold {
            wants: self.monitors.wants(),
            stops: stops.into_iter().collect(),
            stands: stands.collect(),
        }
    }

    /// Waits until others are to be told otherwise than before.
    pub async fn live_news(&self) {
        self.monitors.wants_news().await;
    }

    /// A process told this.
    pub fn hear_live(&self, node: &str, told: LiveTold) {
        let now = self.clock.host();
        self.monitors.change_others(|others| others.hear(node, told.wants, now));
        told.stops.into_iter().for_each(|customer| self.monitors.stop_here(customer));
        for (nas, customer, standing) in told.stands {
            self.monitors.board().stands(nas, customer, standing);
        }
    }

    /// A process told what one of its routers said.
    pub fn hear_moment(&self, node: &str, told: LiveMoment) {
        self.monitors.board().relay(node, told.nas, told.at, told.readings);
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

    /// What is to be told to others of what a router said here; `None` where nobody there wants any of it.
    pub fn live_moment(&self, samples: &Samples) -> Option<LiveMoment> {
        let (first, all) = (samples.first()?, self.monitors.others(|others| others.read_all()));
        let wanted = self.monitors.others(|others| others.customers());
        let told = samples.iter().filter(|sample| all || wanted.contains(&sample.customer.id));
        let readings: Vec<_> = told.map(|sample| (sample.no, sample.reading.clone())).collect();
        (!readings.is_empty()).then_some(LiveMoment { nas: first.nas, at: first.at, readings })
    }

    fn polls(&self, nas: NasId) -> bool {
        self.board.get(nas).is_some_and(|status| status.node.is_none())
    }
}
