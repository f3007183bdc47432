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
    /// Without those that another process told.
    own: broadcast::Sender<Samples>,
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
    /// The process that told of them last, and by which number; `None` for this one.
    told_by: Option<(String, u64)>,
}

impl Default for LiveBoard {
    fn default() -> Self {
        let channel = || broadcast::Sender::new(KEPT);
        LiveBoard { shown: Arc::default(), samples: channel(), own: channel() }
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
        send(&self.own, &samples);
        send(&self.samples, &samples);
    }

    /// Puts up what another process told of a router at one moment, each with the number that it has there.
    pub fn relay(&self, node: &str, nas: NasId, at: Micros, readings: Vec<(u64, RateReading)>) {
        let mut shown = self.shown();
        let samples: Samples =
            readings.into_iter().filter_map(|told| shown.told(node, nas, at, told)).collect();
        drop(shown);
        send(&self.samples, &samples);
    }

    /// A process is not heard any more: what it told of is sought.
    pub fn forget(&self, node: &str) {
        let mut shown = self.shown();
        for on_board in shown.watched.values_mut() {
            if on_board.told_by.take_if(|(told_by, _)| told_by == node).is_some() {
                on_board.standing = Standing::Sought;
            }
        }
    }

    /// Says how watching somebody on a router stands.
    pub fn stands(&self, nas: NasId, customer: Uuid, standing: Standing) {
        let mut shown = self.shown();
        if let Some(on_board) = shown.watched.get_mut(&customer).filter(|on_board| on_board.nas == nas) {
            on_board.standing = standing;
        }
    }

    /// Follows, from now on, what this process' routers say.
    pub fn own_samples(&self) -> broadcast::Receiver<Samples> {
        self.own.subscribe()
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

    /// How watching somebody on a router stands; `None` where they are watched elsewhere, or not at all.
    pub fn stands_on(&self, nas: NasId, customer: Uuid) -> Option<Standing> {
        let shown = self.shown();
        let on_board = shown.watched.get(&customer).filter(|on_board| on_board.nas == nas);
        on_board.map(|on_board| on_board.standing.clone())
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
                let id = customer.id;
                let standing = Standing::Sought;
                let on_board = OnBoard { customer, nas, standing, last: None, samples: 0, told_by: None };
                shown.watched.insert(id, on_board);
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

/// Nobody has to be there.
fn send(to: &broadcast::Sender<Samples>, samples: &Samples) {
    if !samples.is_empty() {
        drop(to.send(samples.clone()));
    }
}

impl Shown {
    fn sample(&mut self, nas: NasId, at: Micros, reading: RateReading) -> Option<LiveSample> {
        let on_board = self.watched.get_mut(&reading.customer).filter(|on_board| on_board.nas == nas)?;
        on_board.told_by = None;
        Some(on_board.sample(1, at, reading))
    }

    /// A number that was left out is one here too; another process begins anew.
    fn told(&mut self, node: &str, nas: NasId, at: Micros, told: (u64, RateReading)) -> Option<LiveSample> {
        let (no, reading) = told;
        let on_board = self.watched.get_mut(&reading.customer).filter(|on_board| on_board.nas == nas)?;
        let before = on_board.told_by.as_ref().filter(|(before, last)| before == node && *last < no);
        let ahead = before.map_or(1, |(_, last)| no - last);
        on_board.told_by = Some((node.to_owned(), no));
        Some(on_board.sample(ahead, at, reading))
    }
}

impl OnBoard {
    fn sample(&mut self, ahead: u64, at: Micros, reading: RateReading) -> LiveSample {
        self.samples = self.samples.saturating_add(ahead);
        self.standing = Standing::Watched;
        let (customer, nas) = (self.customer.clone(), self.nas);
        let sample = LiveSample { customer, nas, no: self.samples, reading, at };
        self.last = Some(sample.clone());
        sample
    }
}
