//! Usage as people ask for it.

use accounting::time::Micros;
use store::{Observation, UsagePlace, UsageQuery, UsageRow};

use crate::error::OperationError;
use crate::operations::Operations;
use crate::steps::{Calendar, Step};

/// Which usage is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageRequest {
    /// From when; from the beginning when `None`.
    pub from: Option<Micros>,
    /// Until before when; until now when `None`.
    pub to: Option<Micros>,
    /// Only that router.
    pub router: Option<String>,
    /// Only logins with these bytes.
    pub username: Option<Vec<u8>>,
    /// Only that subscriber (username or id).
    pub subscriber: Option<String>,
}

/// Usage and the window it is really about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageReport {
    /// From when: the begin of the 15-minute bucket asked for; `None` = from the beginning.
    pub from: Option<Micros>,
    /// Until before when: the end of the bucket asked for.
    pub to: Micros,
    /// From when on there are 15-minute entries; before it there are sums of days. `None`: all detail is there.
    pub detail_from: Option<Micros>,
    /// Per (router, login).
    pub rows: Vec<UsageRow>,
}

impl Operations {
    /// Adds up the ledger. The window is widened to whole 15-minute buckets, because an entry belongs to the bucket
    /// it ends in, and to whole days of the installation's zone where the detail is not kept any more; the answer tells the edges. An unknown
    /// router or subscriber is an error.
    pub async fn usage(&self, request: UsageRequest) -> Result<UsageReport, OperationError> {
        self.usage_page(request, None, usize::MAX).await
    }

    /// As [`Self::usage`], at most `most` rows after that place.
    pub async fn usage_page(
        &self,
        request: UsageRequest,
        after: Option<UsagePlace>,
        most: usize,
    ) -> Result<UsageReport, OperationError> {
        let detail_from = self.store.detail_from(request.router.clone(), self.reach.clone()).await?;
        let request = widened(request, detail_from, &Calendar::new(Step::Day, self.zone.clone()));
        let from = request.from.map(|from| Micros(from.bucket() * Micros::BUCKET));
        let to = Micros(end_bucket(request.to.unwrap_or_else(|| self.now())) * Micros::BUCKET);
        let query = self.usage_query(request).await?;
        let router = query.router.clone();
        let begins = after.is_none();
        let rows = self.store.usage_page(query, after, most).await?;
        if let (Some(router), true) = (router, begins && rows.is_empty()) {
            self.router_ever(&router).await?;
        }
        Ok(UsageReport { from, to, detail_from, rows })
    }

    /// What the store is asked for such a request.
    pub(crate) async fn usage_query(&self, request: UsageRequest) -> Result<UsageQuery, OperationError> {
        let to = request.to.unwrap_or_else(|| self.now());
        if request.from.is_some_and(|from| from >= to) {
            return Err(OperationError::Invalid(
                "the window is empty: `from` must be before `to`".to_owned(),
            ));
        }
        let subscriber = match &request.subscriber {
            Some(key) => Some(self.stored_subscriber(key).await?.id),
            None => None,
        };
        // Without an end asked for, entries stamped later than now count too: the wall clock may have been set back.
        let end = request.to.map_or(i64::MAX, end_bucket);
        Ok(UsageQuery {
            buckets: request.from.map_or(i64::MIN, Micros::bucket)..end,
            router: request.router,
            username: request.username,
            subscriber,
            reach: self.reach.clone(),
        })
    }

    /// An error when no router has this name and no removed one of this name ever counted anything: a spelling
    /// mistake must not look like zero usage.
    pub(crate) async fn router_ever(&self, name: &str) -> Result<(), OperationError> {
        let here = self.nas(name).await;
        let everything = UsageQuery {
            buckets: i64::MIN..i64::MAX,
            router: Some(name.to_owned()),
            username: None,
            subscriber: None,
            reach: self.reach.clone(),
        };
        match here {
            Err(OperationError::NotFound(_))
                if !self.store.usage_page(everything, None, 1).await?.is_empty() =>
            {
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }
}

/// Edges that lie where there are only days are moved outward to the days'.
fn widened(request: UsageRequest, detail_from: Option<Micros>, days: &Calendar) -> UsageRequest {
    let Some(edge) = detail_from else { return request };
    let back = |at: Micros| if at < edge { days.step_of(at).start } else { at };
    let on = |at: Micros| if at < edge { days.step_of(Micros(at.0.saturating_sub(1))).end } else { at };
    UsageRequest { from: request.from.map(back), to: request.to.map(on), ..request }
}

/// The first bucket that begins at `to` or later.
fn end_bucket(to: Micros) -> i64 {
    Micros(to.0.saturating_sub(1)).bucket() + 1
}

/// Observed part of the known session time in percent; `None` when there was no session time.
pub fn observed_percent(observation: &Observation) -> Option<f64> {
    let known = observation.observed_us.saturating_add(observation.unseen_us);
    #[expect(clippy::cast_precision_loss, reason = "a percentage for people")]
    (known > 0).then(|| observation.observed_us as f64 * 100.0 / known as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_widened_to_the_next_edge_and_an_edge_stays() {
        let bucket = Micros::BUCKET;
        assert_eq!(end_bucket(Micros(5 * bucket)), 5);
        assert_eq!(end_bucket(Micros(5 * bucket + 1)), 6);
        assert_eq!(end_bucket(Micros(-1)), 0);
    }

    #[test]
    fn edges_before_the_detail_move_to_days() {
        let day = 86_400_000_000;
        let asked = |from, to| UsageRequest {
            from: Some(Micros(from)),
            to: Some(Micros(to)),
            ..UsageRequest::default()
        };
        let edge = Some(Micros(10 * day));
        let utc = Calendar::new(Step::Day, jiff::tz::TimeZone::UTC);
        let widened = |asked, edge| widened(asked, edge, &utc);
        assert_eq!(widened(asked(day + 1, 2 * day + 1), edge), asked(day, 3 * day));
        assert_eq!(widened(asked(day, 2 * day), edge), asked(day, 2 * day));
        assert_eq!(widened(asked(10 * day, 11 * day + 7), edge), asked(10 * day, 11 * day + 7));
        assert_eq!(widened(asked(1, 7), None), asked(1, 7));
    }

    #[test]
    fn percent_is_of_the_known_time() {
        let seen = |observed_us, unseen_us| Observation { observed_us, unseen_us, upper_octets: None };
        assert_eq!(observed_percent(&seen(0, 0)), None);
        assert_eq!(observed_percent(&seen(3, 1)), Some(75.0));
    }
}
