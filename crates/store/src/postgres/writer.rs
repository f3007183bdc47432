//! Who writes at the same time, by locks of the server's.
//!
//! A process writes under a name, which one connection holds for as long as it lives: of one name there is one writer. A
//! connection that was lost may still be at work on the server, in the middle of a commit whose answer is lost too. Its name
//! goes with it, so that whoever has the name sees all that was ever committed under it.
//!
//! Processes of different names write side by side what different routers showed. What a person or a rule does reads and
//! writes anything, and is alone while it does.

use postgres::Client;
use postgres::error::SqlState;

use crate::error::StoreError;
use crate::sql::connection::Shared;
use crate::sql::driver::Reach;

/// "TKM". Locks of this kind are a database's own.
macro_rules! kind {
    () => {
        "5524301"
    };
}
/// So long, for a server that was killed may have left a commit at work.
const WAIT: &str = "SET LOCAL lock_timeout = '3s'";
const CLAIM: &str = concat!("SELECT pg_advisory_lock(", kind!(), ", hashtext($1))");
/// Names begin after the numbers of the other locks, of which `hashtext` hits one in a billion names.
const HOLDER: &str = concat!(
    "SELECT pid, coalesce(host(client_addr), 'the same machine'), application_name FROM pg_locks
     JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND classid::bigint = ",
    kind!(),
    " AND objid::bigint = hashtext($1)::bigint & 4294967295
      AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
);
const OTHERS: &str = concat!(
    "SELECT DISTINCT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock' AND classid::bigint = ",
    kind!(),
    " AND pid <> pg_backend_pid()
      AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
     ORDER BY 1"
);

/// Makes this connection the one that writes under a name. `calls_itself` tells this process' connections from others'.
///
/// # Errors
/// `Unavailable` when another one does, with what is known of it.
pub(super) fn claim(client: &mut Client, name: &str, calls_itself: &str) -> Result<(), StoreError> {
    if try_claim(client, name)? {
        return Ok(());
    }
    let holder = client.query_opt(HOLDER, &[&name])?.map(|row| {
        let (pid, address, program): (i32, String, String) = (row.get(0), row.get(1), row.get(2));
        (pid, address, program)
    });
    match holder {
        // The server has not noticed yet that we lost it.
        Some((pid, _, program)) if program == calls_itself => {
            client.execute("SELECT pg_terminate_backend($1)", &[&pid])?;
            if try_claim(client, name)? { Ok(()) } else { Err(taken(name, None)) }
        }
        holder => Err(taken(name, holder)),
    }
}

/// The same; false when another one does.
pub(crate) fn try_claim(client: &mut Client, name: &str) -> Result<bool, StoreError> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute(WAIT)?;
    match transaction.execute(CLAIM, &[&name]) {
        Ok(_) => transaction.commit().map(|()| true),
        Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
            transaction.rollback().map(|()| false)
        }
        Err(error) => Err(error),
    }
    .map_err(Into::into)
}

fn taken(name: &str, holder: Option<(i32, String, String)>) -> StoreError {
    let holder = holder.map_or_else(
        || "it just ended".to_owned(),
        |(pid, address, program)| format!("{program} from {address}, process {pid} of the server"),
    );
    StoreError::Unavailable(format!(
        "another Tikmeter writes to it under the name {name} ({holder}); nothing was touched. Stop one of them, or give this \
         one a name of its own: node.name in the configuration"
    ))
}

/// Other connections that write, or wrote and are not noticed to be gone; what they call themselves.
pub(crate) fn others(client: &mut Client) -> Result<Vec<String>, StoreError> {
    Ok(client.query(OTHERS, &[])?.iter().map(|row| row.get(0)).collect())
}

/// The lock of whoever changes the tables.
pub(crate) const MIGRATING: &str = concat!("SELECT pg_advisory_lock(", kind!(), ", 4)");
/// It is left.
pub(crate) const MIGRATED: &str = concat!("SELECT pg_advisory_unlock(", kind!(), ", 4)");

/// The lock of whoever folds months; false when somebody else does.
pub(super) const FOLDING: &str = concat!("SELECT pg_try_advisory_lock(", kind!(), ", 5)");

/// The statement a transaction begins with, so that nobody writes beside it who must not.
pub(super) fn opening(reach: Reach) -> Option<&'static str> {
    match reach {
        Reach::Books => Some(concat!("SELECT pg_advisory_xact_lock(", kind!(), ", 0)")),
        Reach::Rounds => Some(concat!("SELECT pg_advisory_xact_lock_shared(", kind!(), ", 0)")),
        Reach::Leases => None,
    }
}

/// The statement that waits for one's turn.
pub(super) fn turn(what: Shared) -> &'static str {
    match what {
        Shared::Devices => concat!("SELECT pg_advisory_xact_lock(", kind!(), ", 1)"),
        Shared::Leases => concat!("SELECT pg_advisory_xact_lock(", kind!(), ", 2)"),
        Shared::Months => concat!("SELECT pg_advisory_xact_lock(", kind!(), ", 3)"),
    }
}
