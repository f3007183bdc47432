//! The installation's own row on SQLite.

use async_trait::async_trait;
use rusqlite::Connection;

use crate::error::StoreError;
use crate::installation_repository::{Installation, InstallationRepository};

use super::database::Sqlite;

#[async_trait]
impl InstallationRepository for Sqlite {
    async fn installation(&self) -> Result<Installation, StoreError> {
        self.read(read).await
    }

    async fn check_ready(&self) -> Result<(), StoreError> {
        self.check_place()?;
        self.read(read).await.map(drop)
    }

    async fn mark_simulated(&self) -> Result<(), StoreError> {
        self.transact(|connection| {
            let routers: i64 = connection.query_row("SELECT count(*) FROM nas", [], |row| row.get(0))?;
            if routers > 0 && !read(connection)?.simulated {
                return Err(StoreError::Constraint(
                    "the database holds real routers; nothing was changed, give the simulation another folder"
                        .to_owned(),
                ));
            }
            connection.execute("UPDATE meta SET simulated = 1", [])?;
            Ok(())
        })
        .await
    }
}

fn read(connection: &Connection) -> Result<Installation, StoreError> {
    let row = |row: &rusqlite::Row<'_>| Ok(Installation { id: row.get(0)?, simulated: row.get(1)? });
    Ok(connection.query_row("SELECT installation, simulated FROM meta", [], row)?)
}
