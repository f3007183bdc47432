//! Noticing that something is written to a month while it is folded.

use postgres::{Client, Transaction};

use crate::error::StoreError;

use super::patience::SHORT_WAIT;

/// From now on what is written to the month moves a number on, whose value is the answer.
pub(super) fn begin(client: &mut Client, month: &str) -> Result<i64, StoreError> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute(SHORT_WAIT)?;
    // Whoever is writing to it is done then.
    transaction.batch_execute(&format!("LOCK TABLE ledger_entry_{month} IN SHARE ROW EXCLUSIVE MODE"))?;
    let is_there = format!(
        "SELECT 1 FROM pg_trigger WHERE tgrelid = 'ledger_entry_{month}'::regclass AND tgname = 'is_late'"
    );
    if transaction.query_opt(&is_there, &[])?.is_none() {
        transaction.batch_execute(&format!(
            "CREATE TRIGGER is_late AFTER INSERT OR UPDATE OR DELETE ON ledger_entry_{month}
             FOR EACH ROW EXECUTE FUNCTION ledger_is_late()"
        ))?;
    }
    let late = late(&mut transaction)?;
    transaction.commit()?;
    Ok(late)
}

/// How often something was written to months that were being folded.
pub(super) fn late(transaction: &mut Transaction<'_>) -> Result<i64, StoreError> {
    let told = "SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM ledger_late";
    Ok(transaction.query_one(told, &[])?.try_get(0)?)
}
