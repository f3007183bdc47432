//! One writer for each database: a lock of the server's that lives as long as its connection.
//!
//! A connection that was lost may still be at work on the server, in the middle of a commit whose answer is lost too. Its
//! lock goes with it, so that whoever holds the lock sees all that was ever committed.

use postgres::Client;
use postgres::error::SqlState;

use crate::error::StoreError;

/// "TKM1". Locks of this kind are a database's own.
const LOCK: i64 = 0x544b_4d31;
/// So long, for a server that was killed may have left a commit at work.
const WAIT: &str = "SET LOCAL lock_timeout = '3s'";
const CLAIM: &str = "SELECT pg_advisory_lock($1)";
const HOLDER: &str = "
    SELECT pid, coalesce(host(client_addr), 'the same machine'), application_name FROM pg_locks
    JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objid::bigint = $1
      AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Makes this connection the one that writes.
///
/// # Errors
/// `Unavailable` when another one is, with what is known of it.
pub(super) fn claim(client: &mut Client) -> Result<(), StoreError> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute(WAIT)?;
    match transaction.execute(CLAIM, &[&LOCK]) {
        Ok(_) => return Ok(transaction.commit()?),
        Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => transaction.rollback()?,
        Err(error) => return Err(error.into()),
    }
    let holder = client.query_opt(HOLDER, &[&LOCK])?.map(|row| {
        let (pid, address, program): (i32, String, String) = (row.get(0), row.get(1), row.get(2));
        format!("{program} from {address}, process {pid} of the server")
    });
    Err(StoreError::Unavailable(format!(
        "another connection writes to it ({}); nothing was touched. If that is another Tikmeter, stop one of them; if it is \
         this one's connection of before, the server lets it go within a minute",
        holder.unwrap_or_else(|| "it just ended".to_owned())
    )))
}
