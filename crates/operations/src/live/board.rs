//! What is wanted of each router's live side, and what came of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounting::time::Micros;
use store::NasId;
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use super::sample::{LiveSample, RateReading};
use super::watch::{Customer, Standing, Watch};

/// Readings put up at once that readers may be behind. Overflow rule: the oldest are lost to who is further behind, and
/// the numbers of the samples show it.
const KEPT: usize = 1_024;

/// Samples that were taken at the same moment.
pub type Samples = Arc<[LiveSample]>;

/// See the module. Cheap to clone; clones show the same.
#[derive(Clone, Debug)]
pub struct LiveBoard {
    shown: Arc<Mutex<Shown>>,
    samples: broadcast::Sender<Samples>,
}

#[derive(Debug, Default)]
struct Shown {
    wanted: HashMap<NasId, watch::Sender<Arc<[Watch]>>>,
    watched: HashMap<Uuid, OnBoard>,
}

/// A watched subscriber.
#[derive(Debug)]
struct OnBoard {
    customer: Arc<Customer>,
    nas: NasId,
    standing: Standing,
    last: Option<LiveSample>,
    samples: u64,
}

impl Default for LiveBoard {
    fn default() -> Self {
        LiveBoard { shown: Arc::default(), samples: broadcast::Sender::new(KEPT) }
    }
}

impl LiveBoard {
    /// Follows who is to be watched on a router.
    pub fn wanted(&self, nas: NasId) -> watch::Receiver<Arc<[Watch]>> {
        self.shown().wanted.entry(nas).or_default().subscribe()
    }

    /// Puts up what a router said at one moment. Of who is not watched there any more nothing is put up.
    pub fn read(&self, nas: NasId, at: Micros, readings: Vec<RateReading>) {
        let mut shown = self.shown();
        let samples: Samples =
            readings.into_iter().filter_map(|reading| shown.sample(nas, at, reading)).collect();
        drop(shown);
        if !samples.is_empty() {
            // Nobody has to be there.
            drop(self.samples.send(samples));
        }
    }

    /// Says how watching somebody on a router stands.
    pub fn stands(&self, nas: NasId, customer: Uuid, standing: Standing) {
        let mut shown = self.shown();
        if let Some(on_board) = shown.watched.get_mut(&customer).filter(|on_board| on_board.nas == nas) {
            on_board.standing = standing;
        }
    }

    /// Follows all samples from now on.
    pub fn samples(&self) -> broadcast::Receiver<Samples> {
        self.samples.subscribe()
    }

    /// How watching somebody stands, and their last sample.
    pub fn look(&self, customer: Uuid) -> (Standing, Option<LiveSample>) {
        let shown = self.shown();
        shown
            .watched
            .get(&customer)
            .map_or_else(Default::default, |on_board| (on_board.standing.clone(), on_board.last.clone()))
    }

    /// Somebody is watched on that router from now on; what was said of them elsewhere is over.
    pub fn put_up(&self, nas: NasId, customer: Arc<Customer>) {
        let mut shown = self.shown();
        match shown.watched.get_mut(&customer.id) {
            Some(on_board) if on_board.nas == nas => on_board.customer = customer,
            Some(on_board) => {
                (on_board.nas, on_board.customer) = (nas, customer);
                on_board.standing = Standing::Sought;
            }
            None => {
                let on_board = OnBoard { nas, standing: Standing::Sought, last: None, samples: 0, customer };
                shown.watched.insert(on_board.customer.id, on_board);
            }
        }
    }

    /// Somebody is watched no longer.
    pub fn take_down(&self, customer: Uuid) {
        self.shown().watched.remove(&customer);
    }

    /// These, and nobody else, are to be watched on that router.
    pub fn want(&self, nas: NasId, wanted: Vec<Watch>) {
        let mut shown = self.shown();
        let sender = shown.wanted.entry(nas).or_default();
        sender.send_if_modified(|now| {
            let news = **now != *wanted;
            *now = wanted.into();
            news
        });
    }

    /// Changes are single steps, so a panic elsewhere leaves a consistent board.
    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shown {
    fn sample(&mut self, nas: NasId, at: Micros, reading: RateReading) -> Option<LiveSample> {
        let on_board = self.watched.get_mut(&reading.customer).filter(|on_board| on_board.nas == nas)?;
        on_board.samples += 1;
        on_board.standing = Standing::Watched;
        let sample = LiveSample { customer: on_board.customer.clone(), no: on_board.samples, reading, at };
        on_board.last = Some(sample.clone());
        Some(sample)
    }
}
