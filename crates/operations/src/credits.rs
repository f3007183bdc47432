//! Credits as people give them: beside what was measured, never changing it (rule 11).

use accounting::Octets;
use serde_json::json;
use store::Credit;

use crate::checks::check_name;
use crate::error::OperationError;
use crate::operations::Operations;

/// The most octets of one credit in one direction: a petabyte.
const MOST: u64 = 1_000_000_000_000_000;

impl Operations {
    /// Gives a subscriber octets in the open cycle.
    pub async fn add_credit(
        &self,
        actor: &str,
        key: &str,
        octets: Octets,
        reason: String,
    ) -> Result<Credit, OperationError> {
        check_name("reason", &reason)?;
        check_size(octets)?;
        let subscriber = self.stored_subscriber(key).await?;
        let detail = json!({"id": subscriber.id, "upload_octets": octets.input, "download_octets": octets.output,
            "reason": reason});
        let act = self.act(actor, "credit.add", &subscriber.username, detail);
        Ok(self.store.add_credit(subscriber.id, octets, reason, act).await?)
    }

    /// Takes a credit back, by a line of the same size in the same cycle.
    pub async fn cancel_credit(
        &self,
        actor: &str,
        key: &str,
        credit: i64,
        reason: String,
    ) -> Result<Credit, OperationError> {
        check_name("reason", &reason)?;
        let subscriber = self.stored_subscriber(key).await?;
        let detail = json!({"id": subscriber.id, "credit": credit, "reason": reason});
        let act = self.act(actor, "credit.cancel", &subscriber.username, detail);
        Ok(self.store.cancel_credit(subscriber.id, credit, reason, act).await?)
    }

    /// A subscriber's credits and cancellations before that number, newest first.
    pub async fn credits(
        &self,
        key: &str,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Credit>, OperationError> {
        let subscriber = self.stored_subscriber(key).await?;
        Ok(self.store.credits(subscriber.id, before, limit).await?)
    }
}

fn check_size(octets: Octets) -> Result<(), OperationError> {
    let wrong = if octets.is_zero() {
        "a credit must be of at least 1 octet up or down"
    } else if octets.input.max(octets.output) > MOST {
        "a credit must not have more than 1 PB (10^15 octets) in one direction"
    } else {
        return Ok(());
    };
    Err(OperationError::Invalid(format!("{wrong}; nothing was changed")))
}
