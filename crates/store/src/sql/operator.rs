//! Operators.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::operator_repository::{Operator, OperatorRepository};
use crate::token_repository::Role;

use super::database::Database;
use super::row::Row;
use super::token::role;
use super::value::params;
use super::{audit, rows};

const TAKEN: &str = "SELECT 1 FROM operator WHERE name = ?1";
const INSERT: &str = "INSERT INTO operator (name, role, password_hash, created_at) VALUES (?1, ?2, ?3, ?4)";
const LIST: &str = "SELECT name, role, password_hash, created_at, disabled FROM operator ORDER BY name";

#[async_trait]
impl<D: Database> OperatorRepository for D {
    async fn insert_operator(
        &self,
        name: &str,
        role: Role,
        password_hash: Option<String>,
        act: NewAudit,
    ) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.transact(move |connection| {
            if rows::first(connection, TAKEN, params![&name], |_| Ok(()))?.is_some() {
                return Err(StoreError::Constraint(format!(
                    "there is already an operator called {name}; nothing was changed, choose another name"
                )));
            }
            let values = params![name, role.as_str(), password_hash, act.at.0];
            connection.execute(INSERT, values)?;
            audit::append(connection, &act)
        })
        .await
    }

    async fn list_operators(&self) -> Result<Vec<Operator>, StoreError> {
        self.read(|connection| rows::all(connection, LIST, params![], operator)).await
    }
}

fn operator(row: &Row<'_>) -> Result<Operator, StoreError> {
    Ok(Operator {
        name: row.get(0)?,
        role: role(row, 1)?,
        password_hash: row.get(2)?,
        created_at: Micros(row.get(3)?),
        disabled: row.get(4)?,
    })
}
