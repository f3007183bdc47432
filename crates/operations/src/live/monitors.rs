//! Watches on subscribers, within a number of slots.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounting::time::HostInstant;
use store::NasId;
use uuid::Uuid;

use super::board::LiveBoard;
use super::error::MonitorError;
use super::held::{Held, Holder, Serial};
use super::place::Place;
use super::sample::LiveSample;
use super::settings::MonitorSettings;
use super::watch::{Customer, Standing};

/// See the module. Cheap to clone; clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Monitors {
    settings: MonitorSettings,
    board: LiveBoard,
    held: Arc<Mutex<Held>>,
}

/// A watch on somebody, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// Who, and on which router.
    pub customer: Arc<Customer>,
    /// Whether it was started, and goes on without a reader.
    pub started: bool,
    /// Readers that look at them.
    pub readers: usize,
    /// How it stands.
    pub standing: Standing,
    /// What came last.
    pub last: Option<LiveSample>,
}

/// All watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitorsStatus {
    /// By the id of who is watched.
    pub monitors: Vec<Monitor>,
    /// How many there can be: none where watching is off.
    pub most: u32,
}

impl Monitors {
    /// Nobody is watched yet; what is wanted of routers and what they say stands on `board`.
    pub fn new(settings: MonitorSettings, board: LiveBoard) -> Self {
        Monitors { settings, board, held: Arc::default() }
    }

    /// Where samples are put up.
    pub fn board(&self) -> &LiveBoard {
        &self.board
    }

    /// Who is watched now.
    pub fn status(&self) -> MonitorsStatus {
        let held = self.held();
        let monitors = held.by_customer.iter().map(|(id, hold)| {
            let (standing, last) = self.board.look(*id);
            let (started, readers) = (hold.started, hold.readers + held.readers_of_all);
            Monitor { customer: hold.customer.clone(), started, readers, standing, last }
        });
        MonitorsStatus { monitors: monitors.collect(), most: self.settings.most() }
    }

    pub(super) fn refuse_disabled(&self) -> Result<(), MonitorError> {
        if self.settings.enabled { Ok(()) } else { Err(MonitorError::Disabled) }
    }

    /// Takes one more hold on who is found there.
    pub(super) fn take(
        &self,
        place: Place,
        holder: Holder,
        now: HostInstant,
    ) -> Result<Serial, MonitorError> {
        let most = self.settings.most();
        let (id, nas, customer) = (place.customer.id, place.nas, place.customer.clone());
        let mut held = self.held();
        let before = held.by_customer.get(&id).map(|hold| hold.nas);
        let serial = held.take(place, holder, most, now).ok_or(MonitorError::SlotsTaken { most })?;
        self.board.put_up(nas, customer);
        self.want(&held, before.into_iter().chain([nas]));
        Ok(serial)
    }

    /// Takes one more hold on who is watched already; `None` of others.
    pub(super) fn take_more(&self, customer: Uuid, holder: Holder) -> Option<Serial> {
        self.held().take_more(customer, holder)
    }

    /// Lets what was started go; without it nothing happens.
    pub(super) fn stop(&self, customer: Uuid) {
        self.release(customer, |held| held.stop(customer));
    }

    /// Lets a reader's hold go; one on a watch that is over is no other's.
    pub(super) fn let_go(&self, customer: Uuid, serial: Serial) {
        self.release(customer, |held| held.let_go(customer, serial));
    }

    fn release(&self, customer: Uuid, was_last: impl FnOnce(&mut Held) -> bool) {
        let mut held = self.held();
        let nas = held.by_customer.get(&customer).map(|hold| hold.nas);
        if was_last(&mut held) {
            self.board.take_down(customer);
            self.want(&held, nas.into_iter());
        }
    }

    /// Lets all holds on somebody go.
    pub(super) fn drop_all(&self, customer: Uuid) {
        let mut held = self.held();
        if let Some(hold) = held.by_customer.remove(&customer) {
            self.board.take_down(customer);
            self.want(&held, [hold.nas].into_iter());
        }
    }

    /// Somebody is found there now.
    pub(super) fn replace(&self, place: Place, now: HostInstant) {
        let (nas, customer) = (place.nas, place.customer.clone());
        let mut held = self.held();
        let Some(before) = held.by_customer.get(&customer.id).map(|hold| hold.nas) else { return };
        held.replace(place, now);
        self.board.put_up(nas, customer);
        self.want(&held, [before, nas].into_iter());
    }

    /// One reader of everybody more, or less.
    pub(super) fn count_reader_of_all(&self, one_more: bool) {
        let mut held = self.held();
        let readers = held.readers_of_all;
        held.readers_of_all = if one_more { readers + 1 } else { readers.saturating_sub(1) };
    }

    /// Ends started ones that nobody has read for long.
    pub(super) fn end_unread(&self, now: HostInstant) {
        let seconds = self.settings.idle.as_secs();
        if seconds == 0 {
            return;
        }
        let unread = self.held().unread_for(seconds, now);
        for customer in unread {
            tracing::info!(%customer, "a monitor that nobody reads was ended");
            self.stop(customer);
        }
    }

    /// Those that are to be looked up again: they were not found, or `seconds` have passed.
    pub(super) fn to_place(&self, seconds: u64, now: HostInstant) -> Vec<Uuid> {
        let held = self.held();
        let due = held.by_customer.iter().filter(|(id, hold)| {
            let age = now.seconds_since(hold.placed_at).unwrap_or(u64::MAX);
            age >= seconds || self.board.look(**id).0 != Standing::Watched
        });
        due.map(|(id, _)| *id).collect()
    }

    fn want(&self, held: &Held, on: impl Iterator<Item = NasId>) {
        on.for_each(|nas| self.board.want(nas, held.on(nas)));
    }

    /// Changes are single steps, so a panic elsewhere leaves consistent holds.
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
