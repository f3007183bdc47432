//! Impossible jumps that wait for a decision.

use accounting::time::Micros;
use serde_json::json;
use store::{EntryKey, EntryRow, HeldAct};

use crate::error::OperationError;
use crate::instants::instant_text;
use crate::operations::Operations;

impl Operations {
    /// At most `limit` held lines after `after` that nobody decided on yet.
    pub async fn list_held(
        &self,
        after: Option<EntryKey>,
        limit: u32,
    ) -> Result<Vec<EntryRow>, OperationError> {
        Ok(self.store.list_held(after, limit).await?)
    }

    /// Releases or rejects the held line of that router, bucket and number, once and for all.
    pub async fn decide_held(
        &self,
        actor: &str,
        router: &str,
        bucket: i64,
        no: u64,
        decision: HeldAct,
    ) -> Result<(), OperationError> {
        let nas = self.nas(router).await?;
        let action = match decision {
            HeldAct::Released => "held.release",
            HeldAct::Rejected => "held.reject",
        };
        let act = self.act(
            actor,
            action,
            router,
            json!({"quarter_hour": instant_text(Micros(bucket.saturating_mul(Micros::BUCKET))), "no": no}),
        );
        Ok(self.store.decide_held(EntryKey { bucket, nas: nas.id, no }, decision, act).await?)
    }
}
