//! The one stored token that is not revoked: commands on the server's own machine come with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::error::OperationError;

/// Which stored token is in the file, by its row; 0, which no row is, before [`ensure_local_token`](crate::Operations::ensure_local_token).
#[derive(Clone, Debug, Default)]
pub struct LocalToken(Arc<AtomicI64>);

impl LocalToken {
    pub(crate) fn note(&self, id: i64) {
        self.0.store(id, Ordering::Relaxed);
    }

    /// Refuses to end it: commands on this machine would be locked out, and with them the way back in.
    pub(crate) fn refuse_to_revoke(&self, id: i64) -> Result<(), OperationError> {
        if self.0.load(Ordering::Relaxed) != id {
            return Ok(());
        }
        Err(OperationError::Conflict(
            "this is the local token, with which the commands on the server's own machine come; nothing was changed. To \
             replace it, stop the server, delete the file `token` in its data folder and start it again, which makes a \
             new one; then revoke this one"
                .to_owned(),
        ))
    }
}
