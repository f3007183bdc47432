//! Adopting what a subscriber's logins used before they were theirs, from a chosen date on (rule 11), and undoing it.

use accounting::time::Micros;
use jiff::tz::TimeZone;
use serde_json::json;
use store::AdoptedLogin;

use crate::error::OperationError;
use crate::expiry::Expiry;
use crate::instants::instant_text;
use crate::operations::Operations;
use crate::steps::{begin_of_day, zone};

impl Operations {
    /// Adopts, into the open cycle, what the subscriber's logins used without a subscriber from `from` on: an instant, or
    /// the begin of a day in the subscriber's zone.
    ///
    /// # Errors
    /// [`OperationError::Conflict`] when there is nothing to adopt, or it was adopted before.
    pub async fn adopt(
        &self,
        actor: &str,
        key: &str,
        from: Expiry,
    ) -> Result<Vec<AdoptedLogin>, OperationError> {
        let subscriber = self.stored_subscriber(key).await?;
        self.refuse_logins_beyond(&subscriber.id.to_string()).await?;
        let named = subscriber.zone.as_deref().or(subscriber.router_zone.as_deref());
        let from = self.begin_of_adoption(from, named)?;
        let detail = json!({"id": subscriber.id, "from": instant_text(from)});
        let act = self.act(actor, "subscriber.adopt", &subscriber.username, detail);
        Ok(self.store.adopt(subscriber.id, from, act).await?)
    }

    /// Undoes the subscriber's last adoption that was not undone: what it added counts in no cycle any more, no entry
    /// changes, and the logins can be adopted anew. They stay bound.
    ///
    /// # Errors
    /// [`OperationError::Conflict`] when nothing was adopted, or the cycle that it counts in is closed.
    pub async fn undo_adoption(&self, actor: &str, key: &str) -> Result<Vec<AdoptedLogin>, OperationError> {
        let subscriber = self.stored_subscriber(key).await?;
        self.refuse_logins_beyond(&subscriber.id.to_string()).await?;
        let detail = json!({"id": subscriber.id});
        let act = self.act(actor, "subscriber.undo_adoption", &subscriber.username, detail);
        let mut undone = self.store.undo_adoption(subscriber.id, act).await?;
        let reached = self.reached_names().await?;
        undone.retain(|login| reached.has(&login.router));
        Ok(undone)
    }

    /// The zone of that name, else the installation's.
    pub(crate) fn of_days(&self, zone_name: Option<&str>) -> Result<TimeZone, OperationError> {
        zone_name.map_or_else(|| Ok(self.zone.clone()), zone)
    }

    /// The instant to adopt from, for somebody whose days are those of the zone of that name, else the installation's.
    pub(crate) fn begin_of_adoption(
        &self,
        from: Expiry,
        zone_name: Option<&str>,
    ) -> Result<Micros, OperationError> {
        let of_days = self.of_days(zone_name)?;
        let from = match from {
            Expiry::At(at) => at,
            Expiry::EndOf(day) => begin_of_day(day, &of_days)?,
        };
        if from > self.now() {
            return Err(OperationError::Invalid(
                "the date to adopt from is still to come; nothing was changed".to_owned(),
            ));
        }
        Ok(from)
    }
}
