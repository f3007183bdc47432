//! Opening the cycles that plans open (rule 11): who is due is found by index, in batches; what was missed while nobody
//! ran is made up for before anything is read again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use accounting::time::Micros;
use jiff::tz::TimeZone;
use store::{DueEdge, NasId, PassedEdges, Subscriber};

use crate::cycle_calendar::CycleCalendar;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::steps::zone;

/// Subscribers whose cycles are opened in one transaction.
const BATCH: u32 = 500;
/// Cycles of one subscriber opened in one transaction; whoever missed more is found again.
const CYCLES_AT_ONCE: usize = 64;
/// How often it is looked who is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Operations {
    /// Opens the cycles that became due while nobody ran; however often the store fails.
    pub async fn open_missed_cycles(&self) {
        loop {
            match self.open_due_cycles().await {
                Ok(0) => return,
                Ok(opened) => {
                    return tracing::info!(opened, "cycles were opened that became due while nobody ran");
                }
                Err(error) => {
                    tracing::error!(%error, "routers are not read before the cycles that are due are open")
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Opens every cycle that is due, again and again while `is_ours` says that this process does it for all that share the
    /// database; for as long as it is polled. Two that do it at once open none twice.
    pub async fn keep_opening_due_cycles(&self, is_ours: impl Fn() -> bool) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if !is_ours() {
                continue;
            }
            if let Err(error) = self.open_due_cycles().await {
                tracing::error!(%error, "cycles that are due could not be opened; it is tried again in a second");
            }
        }
    }

    /// Opens every cycle that is due, as plans say, and answers how many. Routers that show a session of a due
    /// subscriber are read first, each once for all of them.
    ///
    /// # Errors
    /// When the store fails. What was opened before stays so; the rest is due still.
    pub async fn open_due_cycles(&self) -> Result<u64, OperationError> {
        let (mut opened, mut readings) = (0, Readings::default());
        loop {
            let now = self.now();
            let due = self.store.due_edges(now, BATCH).await?;
            if due.is_empty() {
                return Ok(opened);
            }
            self.read_for(&due, &mut readings).await;
            let passed = due.into_iter().map(|due| self.passed(due, now)).collect();
            opened += self.store.pass_edges(passed, readings.fresh(), now).await?;
        }
    }

    /// When a subscriber's plan opens the next cycle, also before anybody looked who is due since it was decided anew;
    /// `None`: only a renewal does.
    pub(crate) async fn next_cycle(&self, subscriber: &Subscriber) -> Result<Option<Micros>, OperationError> {
        if subscriber.next_cycle_at.is_some() || subscriber.plan.is_none() {
            return Ok(subscriber.next_cycle_at);
        }
        let edge = self.store.edge_to_work_out(subscriber.id).await?;
        Ok(edge.and_then(|edge| self.calendar(&edge).edge_after(edge.opened_at, edge.at)))
    }

    /// Reads the routers of those whose edge is due, unless they were read since, or did not answer before.
    async fn read_for(&self, due: &[DueEdge], readings: &mut Readings) {
        let edges = due.iter().filter(|due| due.known);
        let wanted: HashSet<NasId> = edges
            .flat_map(|due| due.routers.iter().map(move |nas| (*nas, due.at)))
            .filter(|(nas, at)| readings.are_wanted(*nas, *at))
            .map(|(nas, _)| nas)
            .collect();
        if wanted.is_empty() {
            return;
        }
        let answered = self.read_routers(&wanted).await;
        readings.0.extend(wanted.into_iter().map(|nas| (nas, answered.get(&nas).copied())));
    }

    fn passed(&self, due: DueEdge, now: Micros) -> PassedEdges {
        let calendar = self.calendar(&due);
        let mut opened = Vec::new();
        let mut next = if due.known { Some(due.at) } else { calendar.edge_after(due.opened_at, due.at) };
        let not_before = due.not_before.map_or(Micros(i64::MIN), |undone| undone.min(now));
        while let Some(edge) = next.filter(|edge| *edge <= now && opened.len() < CYCLES_AT_ONCE) {
            let at = edge.max(not_before);
            opened.push(at);
            next = calendar.edge_after(at, at);
        }
        PassedEdges { due, opened, next }
    }

    fn calendar(&self, due: &DueEdge) -> CycleCalendar {
        CycleCalendar::new(due.cycle, self.zone_of(due))
    }

    /// The zone was checked when it was given; a later release of the zones may lack it.
    fn zone_of(&self, due: &DueEdge) -> TimeZone {
        let named = due.zone.as_deref().map_or_else(|| Ok(self.zone.clone()), zone);
        named.unwrap_or_else(|error| {
            tracing::error!(subscriber = %due.subscriber, %error, "the next cycle opens by the installation's zone");
            self.zone.clone()
        })
    }
}

/// When routers were read while cycles were opened; `None`: they did not answer.
#[derive(Default)]
struct Readings(HashMap<NasId, Option<Micros>>);

impl Readings {
    fn are_wanted(&self, nas: NasId, at: Micros) -> bool {
        self.0.get(&nas).is_none_or(|read| read.is_some_and(|read| read < at))
    }

    fn fresh(&self) -> Vec<(NasId, Micros)> {
        self.0.iter().filter_map(|(nas, read)| Some((*nas, (*read)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_router_is_read_again_for_an_edge_after_its_reading_and_not_when_it_did_not_answer() {
        let readings = Readings(HashMap::from([(NasId(1), Some(Micros(10))), (NasId(2), None)]));
        assert!(!readings.are_wanted(NasId(1), Micros(10)));
        assert!(readings.are_wanted(NasId(1), Micros(11)));
        assert!(!readings.are_wanted(NasId(2), Micros(11)));
        assert!(readings.are_wanted(NasId(3), Micros(11)));
    }
}
