//! A file to import, one at a time: each may be large.

use axum::extract::{FromRequest, Request};
use tokio::sync::OwnedSemaphorePermit;

use crate::extract::CsvFile;
use crate::problem::Problem;
use crate::state::ServerState;

/// The file, and the turn to import it.
pub(in crate::api) struct Upload {
    pub(in crate::api) file: Vec<u8>,
    /// Whoever holds it is alone.
    pub(in crate::api) turn: OwnedSemaphorePermit,
}

impl FromRequest<ServerState> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ServerState) -> Result<Self, Problem> {
        let busy = |_| {
            Problem::conflict(
                "Nothing was imported: another import is being made. Try again when it is done.",
            )
        };
        let turn = state.imports.clone().try_acquire_owned().map_err(busy)?;
        let CsvFile(file) = CsvFile::from_request(request, state).await?;
        Ok(Upload { file, turn })
    }
}
