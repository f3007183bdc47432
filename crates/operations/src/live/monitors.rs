//! Watches on subscribers, within a number of slots.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounting::time::HostInstant;
use store::NasId;
use tokio::sync::Notify;
use uuid::Uuid;

use super::board::LiveBoard;
use super::error::MonitorError;
use super::held::{Held, Hold, Holder, Serial};
use super::others::{Others, Wants};
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
    news: Arc<Notify>,
}

/// A watch on somebody, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// Who, and on which router.
    pub customer: Arc<Customer>,
    /// Whether it was started, and goes on without a reader.
    pub started: bool,
    /// Readers that look at them, in all processes.
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
        Monitors { settings, board, held: Arc::default(), news: Arc::default() }
    }

    /// Where samples are put up.
    pub fn board(&self) -> &LiveBoard {
        &self.board
    }

    /// Who is watched now, for this process and for others.
    pub fn status(&self) -> MonitorsStatus {
        let held = self.held();
        let monitors = held.customers().into_iter().filter_map(|id| {
            let want = held.want(id)?;
            let (standing, last) = self.board.look(id);
            let own = held.by_customer.get(&id).map(|hold| (hold.started, hold.readers));
            let all = held.others.of(id).map(|want| (want.started, want.readers)).chain(own);
            let (started, readers) =
                all.fold((false, held.readers_of_all), |sum, one| (sum.0 | one.0, sum.1 + one.1));
            Some(Monitor { customer: want.customer, started, readers, standing, last })
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
        let (most, customer) = (self.settings.most(), place.customer.id);
        let taken = self.change(customer, |held| held.take(place, holder, most, now));
        taken.ok_or(MonitorError::SlotsTaken { most })
    }

    /// Takes one more hold on who is watched here already; `None` of others.
    pub(super) fn take_more(&self, customer: Uuid, holder: Holder) -> Option<Serial> {
        self.change(customer, |held| held.take_more(customer, holder))
    }

    /// Lets what was started go, in whichever process; without it nothing happens. Whether it was started here.
    pub(super) fn stop(&self, customer: Uuid, now: HostInstant) -> bool {
        self.change(customer, |held| {
            held.others.stop(customer, now);
            held.stop(customer)
        })
    }

    /// Lets what was started in this process go; without it nothing happens.
    pub(super) fn stop_here(&self, customer: Uuid) {
        self.change(customer, |held| _ = held.stop(customer));
    }

    /// Lets a reader's hold go; one on a watch that is over is no other's.
    pub(super) fn let_go(&self, customer: Uuid, serial: Serial) {
        self.change(customer, |held| held.let_go(customer, serial));
    }

    /// Lets all holds of this process on somebody go.
    pub(super) fn drop_all(&self, customer: Uuid) {
        self.change(customer, |held| _ = held.by_customer.remove(&customer));
    }

    /// Lets all holds go on those who are beyond the slots, as all processes hear it; whom.
    pub(super) fn give_way(&self, told: &Wants) -> Vec<Uuid> {
        let beyond = self.held().settle(told, self.settings.most());
        beyond.iter().for_each(|customer| self.drop_all(*customer));
        beyond
    }

    /// Somebody is found there now.
    pub(super) fn replace(&self, place: Place, now: HostInstant) {
        self.change(place.customer.id, |held| held.replace(place, now));
    }

    /// One reader of everybody more, or less.
    pub(super) fn count_reader_of_all(&self, one_more: bool) {
        let mut held = self.held();
        let readers = held.readers_of_all;
        held.readers_of_all = if one_more { readers + 1 } else { readers.saturating_sub(1) };
        self.news.notify_one();
    }

    /// Somebody reads over Redis what is told there of whoever is watched.
    pub fn read_over_redis(&self, now: HostInstant) {
        self.held().read_over_redis = Some(now);
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
            self.stop_here(customer);
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

    /// What this process wants, as others are told of it.
    pub(super) fn wants(&self, now: HostInstant) -> Wants {
        let held = self.held();
        let customers = held.by_customer.values().map(Hold::want).collect();
        Wants { enabled: self.settings.enabled, reads_all: held.is_all_read(now), customers }
    }

    /// Waits until [`Self::wants`] may be otherwise than before.
    pub(super) async fn wants_news(&self) {
        self.news.notified().await;
    }

    /// Who is watched for anybody, and where.
    pub(super) fn places(&self) -> Vec<(Uuid, NasId)> {
        let held = self.held();
        let all = held.customers().into_iter().filter_map(|customer| held.want(customer));
        all.map(|want| (want.customer.id, want.nas)).collect()
    }

    /// Looks at what others want.
    pub(super) fn others<T>(&self, look: impl FnOnce(&Others) -> T) -> T {
        look(&self.held().others)
    }

    /// What others want changes.
    pub(super) fn change_others<T>(&self, act: impl FnOnce(&mut Others) -> T) -> T {
        let mut held = self.held();
        let before = held.others.places();
        let done = act(&mut held.others);
        let now = held.others.places();
        let customers = before.iter().chain(&now).map(|(customer, _)| *customer);
        self.show(&held, &customers.collect(), before.iter().map(|(_, nas)| *nas));
        done
    }

    /// What this process wants of somebody changes.
    fn change<T>(&self, customer: Uuid, act: impl FnOnce(&mut Held) -> T) -> T {
        let mut held = self.held();
        let before = held.want(customer).map(|want| want.nas);
        let done = act(&mut held);
        self.show(&held, &BTreeSet::from([customer]), before.into_iter());
        self.news.notify_one();
        done
    }

    /// Puts up how these are watched now, where they were watched before and where they are.
    fn show(&self, held: &Held, customers: &BTreeSet<Uuid>, before: impl Iterator<Item = NasId>) {
        let mut routers: BTreeSet<NasId> = before.collect();
        for customer in customers {
            match held.want(*customer) {
                None => self.board.take_down(*customer),
                Some(want) => {
                    routers.insert(want.nas);
                    self.board.put_up(want.nas, want.customer);
                }
            }
        }
        // Where watching is switched off no router is asked, whoever wants it.
        let on = |nas| if self.settings.enabled { held.on(nas) } else { Vec::new() };
        routers.into_iter().for_each(|nas| self.board.want(nas, on(nas)));
    }

    /// Changes are single steps, so a panic elsewhere leaves consistent holds.
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
