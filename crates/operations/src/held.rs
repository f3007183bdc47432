//! Impossible jumps that wait for a decision.

use accounting::time::Micros;
use serde_json::json;
use store::{CountedIn, EntryKey, EntryRow, HeldAct};

use crate::error::OperationError;
use crate::instants::instant_text;
use crate::names::name_to_text;
use crate::operations::Operations;

/// A decision that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldDecision {
    /// Which.
    pub decision: HeldAct,
    /// When.
    pub at: Micros,
    /// The line as it waited.
    pub row: EntryRow,
    /// The cycle in which it counts; `None` where its login is no subscriber's, or it never counts.
    pub counted_in: Option<CountedIn>,
}

impl Operations {
    /// At most `limit` held lines after `after` that nobody decided on yet.
    pub async fn list_held(
        &self,
        after: Option<EntryKey>,
        limit: u32,
    ) -> Result<Vec<EntryRow>, OperationError> {
        Ok(self.store.list_held_within(after, limit, self.reach.clone()).await?)
    }

    /// Releases or rejects the held line of that router, bucket and number, once and for all. The router may have been
    /// removed since.
    pub async fn decide_held(
        &self,
        actor: &str,
        router: &str,
        bucket: i64,
        no: u64,
        decision: HeldAct,
    ) -> Result<HeldDecision, OperationError> {
        let found = self.store.find_held_within(router, bucket, no, self.reach.clone()).await?;
        let row = found.ok_or_else(|| {
            OperationError::NotFound(format!(
                "no entry {bucket}/{no} of a router called {router} was held; list those that wait with: tikmeter held list"
            ))
        })?;
        let action = match decision {
            HeldAct::Released => "held.release",
            HeldAct::Rejected => "held.reject",
        };
        let detail = json!({
            "quarter_hour": instant_text(Micros(bucket.saturating_mul(Micros::BUCKET))),
            "no": no,
            "login": row.username.as_deref().map(name_to_text),
            "upload_octets": row.entry.delta.input,
            "download_octets": row.entry.delta.output,
        });
        let act = self.act(actor, action, router, detail);
        let at = act.at;
        let counted_in = self.store.decide_held(row.key(), decision, act).await?;
        Ok(HeldDecision { decision, at, row, counted_in })
    }
}
