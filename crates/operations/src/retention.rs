//! How long the ledger keeps its 15-minute entries: older ones become sums of days.

use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use store::{DayOf, Foldable};

use crate::error::OperationError;
use crate::operations::Operations;
use crate::steps::{Calendar, Step};

/// Between two steps of folding, so that readings and questions find the database free.
const REST: Duration = Duration::from_millis(20);

/// Between two looks at whether a step is still to be waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the next run would fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionPreview {
    /// Entries that end before this instant, the begin of a day in the installation's zone, are folded.
    pub before: Micros,
    /// Router by router, removed ones included.
    pub routers: Vec<Foldable>,
}

/// What a run folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetentionRun {
    /// Entries that are no more.
    pub entries: u64,
    /// Names of the routers they were of.
    pub routers: Vec<String>,
}

impl Operations {
    /// What a run that keeps the detail of so many months would fold now.
    pub async fn retention_preview(&self, months: u16) -> Result<RetentionPreview, OperationError> {
        let before = self.fold_edge(months).await?;
        Ok(RetentionPreview { before, routers: self.store.foldable(before.bucket()).await? })
    }

    /// Folds all entries older than so many months into days, a few at a time, as long as `go_on` says so. What was
    /// folded when it stops, or fails, stays folded; the rest waits for the next run.
    pub async fn fold_history(
        &self,
        actor: &str,
        months: u16,
        go_on: impl Fn() -> bool + Send,
    ) -> Result<RetentionRun, OperationError> {
        let before = self.fold_edge(months).await?;
        let mut run = RetentionRun::default();
        let outcome = self.fold_before(before, &mut run, go_on).await;
        if run.entries > 0 {
            let until = Timestamp::from_microsecond(before.0).map(|at| at.to_string()).unwrap_or_default();
            let detail = json!({"before": until, "entries": run.entries, "routers": run.routers});
            self.store.append_audit(self.act(actor, "retention.fold", "ledger", detail)).await?;
        }
        outcome.map(|()| run)
    }

    /// How far the detail of so many months lets folding go.
    async fn fold_edge(&self, months: u16) -> Result<Micros, OperationError> {
        let before = begin_of_detail(self.now(), months, &self.zone)?;
        let edge = self.store.fold_edge(before.bucket(), days_of(self.zone.clone())).await?;
        Ok(Micros(edge.saturating_mul(Micros::BUCKET)))
    }

    async fn fold_before(
        &self,
        before: Micros,
        run: &mut RetentionRun,
        go_on: impl Fn() -> bool + Send,
    ) -> Result<(), OperationError> {
        let day_of = days_of(self.zone.clone());
        while go_on() {
            let step = self.store.fold_some(before.bucket(), day_of.clone());
            let Some(folded) = unless_stopped(step, &go_on).await.transpose()?.flatten() else { break };
            run.entries += folded.entries;
            let new = folded.routers.into_iter().filter(|router| !run.routers.contains(router));
            run.routers.extend(new.collect::<Vec<_>>());
            tokio::time::sleep(REST).await;
        }
        Ok(())
    }
}

/// A step that takes long is not waited for when it is to stop: it is whole or undone without us.
async fn unless_stopped<T>(step: impl Future<Output = T>, go_on: &(impl Fn() -> bool + Send)) -> Option<T> {
    let mut step = std::pin::pin!(step);
    loop {
        if let Ok(done) = tokio::time::timeout(PATIENCE, &mut step).await {
            return Some(done);
        }
        if !go_on() {
            return None;
        }
    }
}

/// The days that old entries become.
fn days_of(zone: TimeZone) -> DayOf {
    let calendar = Calendar::new(Step::Day, zone);
    Arc::new(move |bucket| {
        let day = calendar.step_of(Micros(bucket.saturating_mul(Micros::BUCKET)));
        day.start.bucket()..day.end.bucket()
    })
}

/// The begin of the day so many calendar months ago.
fn begin_of_detail(now: Micros, months: u16, zone: &TimeZone) -> Result<Micros, OperationError> {
    let day = Timestamp::from_microsecond(now.0).map(|now| now.to_zoned(zone.clone()).date());
    let begin = day.and_then(|day| day.checked_sub(i32::from(months).months())?.to_zoned(zone.clone()));
    let begin = begin.map_err(|_| {
        OperationError::Invalid("the host's clock is outside the calendar; nothing was folded".to_owned())
    })?;
    Ok(Micros(begin.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_the_hours_its_zone_gives_it() {
        let day_of = days_of(TimeZone::get("Europe/Berlin").unwrap());
        let bucket = |instant: &str| Micros(instant.parse::<Timestamp>().unwrap().as_microsecond()).bucket();
        let long = day_of(bucket("2026-10-25T12:00:00Z"));
        assert_eq!(
            (long.clone(), long.end - long.start),
            (bucket("2026-10-24T22:00:00Z")..bucket("2026-10-25T23:00:00Z"), 100)
        );
        assert_eq!(day_of(long.start), long);
        assert_eq!(day_of(long.end - 1), long);
        let short = day_of(bucket("2027-03-28T12:00:00Z"));
        assert_eq!(short.end - short.start, 92);
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let begin = |zone: &str, now: &str, months| {
            let now: Timestamp = now.parse().unwrap();
            let zone = TimeZone::get(zone).unwrap();
            let begin = begin_of_detail(Micros(now.as_microsecond()), months, &zone).unwrap();
            Timestamp::from_microsecond(begin.0).unwrap().to_string()
        };
        assert_eq!(begin("UTC", "2027-03-31T13:14:15Z", 1), "2027-02-28T00:00:00Z");
        assert_eq!(begin("UTC", "2027-03-01T00:00:00Z", 13), "2026-02-01T00:00:00Z");
        assert_eq!(begin("Asia/Manila", "2027-03-31T17:00:00Z", 1), "2027-02-28T16:00:00Z");
        assert!(begin_of_detail(Micros(i64::MAX), 1, &TimeZone::UTC).is_err());
    }
}
