//! Adopting what a subscriber's logins used before they were theirs, from a chosen date on (rule 11).

use accounting::time::Micros;
use jiff::tz::TimeZone;
use serde_json::json;
use store::AdoptedLogin;

use crate::error::OperationError;
use crate::expiry::Expiry;
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
        let named = subscriber.zone.as_deref().or(subscriber.router_zone.as_deref());
        let of_days = named.map_or_else(|| Ok(self.zone.clone()), zone)?;
        let from = begin(from, &of_days)?;
        if from > self.now() {
            return Err(OperationError::Invalid(
                "the date to adopt from is still to come; nothing was changed".to_owned(),
            ));
        }
        let detail = json!({"id": subscriber.id, "from": from.0});
        let act = self.act(actor, "subscriber.adopt", &subscriber.username, detail);
        Ok(self.store.adopt(subscriber.id, from, act).await?)
    }
}

fn begin(from: Expiry, zone: &TimeZone) -> Result<Micros, OperationError> {
    match from {
        Expiry::At(at) => Ok(at),
        Expiry::EndOf(day) => begin_of_day(day, zone),
    }
}
