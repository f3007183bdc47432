//! The installation's own row.

use async_trait::async_trait;

use crate::error::StoreError;
use crate::installation_repository::{Installation, InstallationRepository};

use super::connection::Connection;
use super::database::Database;
use super::rows;
use super::value::params;

const READ: &str = "SELECT installation, simulated FROM meta";
const ROUTERS: &str = "SELECT count(*) FROM nas";

#[async_trait]
impl<D: Database> InstallationRepository for D {
    async fn installation(&self) -> Result<Installation, StoreError> {
        self.read(read).await
    }

    async fn check_ready(&self) -> Result<(), StoreError> {
        self.check_kept()?;
        self.read(read).await.map(drop)
    }

    async fn mark_simulated(&self) -> Result<(), StoreError> {
        self.transact(|connection| {
            let routers = rows::only(connection, ROUTERS, params![], |row| row.get::<i64>(0))?;
            if routers > 0 && !read(connection)?.simulated {
                return Err(StoreError::Constraint(
                    "the database holds real routers; nothing was changed, give the simulation another folder"
                        .to_owned(),
                ));
            }
            connection.execute("UPDATE meta SET simulated = 1", params![])?;
            Ok(())
        })
        .await
    }
}

fn read(connection: &Connection<'_>) -> Result<Installation, StoreError> {
    rows::only(connection, READ, params![], |row| {
        Ok(Installation { id: row.get(0)?, simulated: row.get(1)? })
    })
}
