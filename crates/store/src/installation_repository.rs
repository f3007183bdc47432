//! What is true of the whole installation.

use async_trait::async_trait;

use crate::error::StoreError;

/// The installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// A random name, made with the database.
    pub id: String,
    /// Its routers are simulated; every face says so.
    pub simulated: bool,
}

/// The installation's own row.
#[async_trait]
pub trait InstallationRepository: Send + Sync {
    /// What is true of the installation.
    async fn installation(&self) -> Result<Installation, StoreError>;

    /// Whether the database answers and what is written now will be there after a restart: `Misplaced` when its files
    /// were taken from under it.
    async fn check_ready(&self) -> Result<(), StoreError>;

    /// Marks a database as holding simulated data, for good. `Constraint` when real routers were polled into it.
    async fn mark_simulated(&self) -> Result<(), StoreError>;
}
