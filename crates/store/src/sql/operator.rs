//! Operators.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::operator_repository::{NewOperator, Operator, OperatorChange, OperatorRepository};
use crate::reach::Reach;
use crate::token_repository::Role;

use super::connection::Connection;
use super::database::Database;
use super::reach::{OPERATORS, refuse_bound_admin};
use super::row::Row;
use super::token::role;
use super::value::params;
use super::{audit, rows};

/// The columns in the order [`operator`] reads them.
macro_rules! operators {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, role, password_hash, created_at, disabled, signed_in_at, language FROM operator ",
            $rest
        )
    };
}
const ALL: &str = operators!("ORDER BY folded");
const NAMED: &str = operators!("WHERE folded = ?1");
const ONE: &str = operators!("WHERE id = ?1");
const INSERT: &str = "
    INSERT INTO operator (name, folded, role, password_hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id";
const CHANGE: &str = "UPDATE operator SET role = ?2, password_hash = ?3, disabled = ?4 WHERE id = ?1";
const SET_LANGUAGE: &str = "UPDATE operator SET language = ?2 WHERE id = ?1";
const REMOVE: &str = "DELETE FROM operator WHERE id = ?1";
const END_SIGN_INS: &str = "DELETE FROM sign_in WHERE operator_id = ?1";
const FORGET_BROWSERS: &str = "DELETE FROM known_browser WHERE operator_id = ?1";
const COUNT: &str = "SELECT count(*) FROM operator";
const ADMINS: &str = "SELECT count(*) FROM operator WHERE role = 'admin' AND disabled = 0";
const KEEP_KEY: &str = "UPDATE meta SET setup_sha256 = ?1, setup_until = ?2";
const OPENS: &str = "SELECT 1 FROM meta WHERE setup_sha256 = ?1 AND setup_until > ?2";
const FORGET_KEY: &str = "UPDATE meta SET setup_sha256 = NULL, setup_until = NULL";

#[async_trait]
impl<D: Database> OperatorRepository for D {
    async fn insert_operator(&self, new: NewOperator, act: NewAudit) -> Result<i64, StoreError> {
        self.transact(move |connection| insert(connection, &new, &act)).await
    }

    async fn list_operators(&self) -> Result<Vec<Operator>, StoreError> {
        self.read(|connection| {
            let mut reaches = OPERATORS.all(connection)?;
            let found = rows::all(connection, ALL, params![], operator)?.into_iter();
            Ok(found.map(|one| Operator { reach: reaches.of(one.id), ..one }).collect())
        })
        .await
    }

    async fn operator_named(&self, folded: &str) -> Result<Option<Operator>, StoreError> {
        let folded = folded.to_owned();
        self.read(move |connection| {
            let found = rows::first(connection, NAMED, params![folded], operator)?;
            found.map(|found| with_reach(connection, found)).transpose()
        })
        .await
    }

    async fn change_operator(
        &self,
        id: i64,
        change: OperatorChange,
        act: NewAudit,
    ) -> Result<Operator, StoreError> {
        self.transact(move |connection| {
            let before = one(connection, id)?.ok_or_else(gone)?;
            if change.instead_of.is_some_and(|hash| hash != before.password_hash) {
                return Err(StoreError::Constraint(
                    "the password was changed by somebody else meanwhile; nothing was changed".to_owned(),
                ));
            }
            let was_admin = keeps_operators(&before);
            let after = Operator {
                role: change.role.unwrap_or(before.role),
                password_hash: change.password_hash.unwrap_or(before.password_hash),
                disabled: change.disabled.unwrap_or(before.disabled),
                ..before
            };
            if let Some(groups) = &change.groups {
                OPERATORS.bind(connection, id, groups)?;
            }
            let after = with_reach(connection, after)?;
            refuse_bound_admin(after.role, after.reach.groups())?;
            let values = params![id, after.role.as_str(), after.password_hash, after.disabled];
            connection.execute(CHANGE, values)?;
            connection.execute(END_SIGN_INS, params![id])?;
            if after.disabled {
                connection.execute(FORGET_BROWSERS, params![id])?;
            }
            refuse_without_admin(connection, was_admin)?;
            audit::append(connection, &act)?;
            Ok(after)
        })
        .await
    }

    async fn set_operator_language(&self, id: i64, language: Option<String>) -> Result<(), StoreError> {
        self.transact(move |connection| match connection.execute(SET_LANGUAGE, params![id, language])? {
            0 => Err(gone()),
            _ => Ok(()),
        })
        .await
    }

    async fn remove_operator(&self, id: i64, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            let was_admin = keeps_operators(&one(connection, id)?.ok_or_else(gone)?);
            connection.execute(END_SIGN_INS, params![id])?;
            connection.execute(FORGET_BROWSERS, params![id])?;
            OPERATORS.forget(connection, id)?;
            connection.execute(REMOVE, params![id])?;
            refuse_without_admin(connection, was_admin)?;
            audit::append(connection, &act)
        })
        .await
    }

    async fn keep_setup_key(&self, sha256: [u8; 32], until: Micros) -> Result<bool, StoreError> {
        self.transact(move |connection| {
            if count(connection, COUNT)? > 0 {
                return Ok(false);
            }
            connection.execute(KEEP_KEY, params![sha256, until.0])?;
            Ok(true)
        })
        .await
    }

    async fn opens_setup(&self, sha256: [u8; 32], at: Micros) -> Result<bool, StoreError> {
        self.read(move |connection| opens(connection, &sha256, at)).await
    }

    async fn insert_first_operator(
        &self,
        sha256: [u8; 32],
        new: NewOperator,
        act: NewAudit,
    ) -> Result<Option<i64>, StoreError> {
        self.transact(move |connection| {
            if !opens(connection, &sha256, act.at)? {
                return Ok(None);
            }
            insert(connection, &new, &act).map(Some)
        })
        .await
    }
}

/// Whoever is there makes keys useless.
fn opens(connection: &Connection<'_>, sha256: &[u8; 32], at: Micros) -> Result<bool, StoreError> {
    let is_it = rows::first(connection, OPENS, params![sha256, at.0], |_| Ok(()))?.is_some();
    Ok(is_it && count(connection, COUNT)? == 0)
}

/// Adds one; whoever is there makes a key for the first one useless.
fn insert(connection: &Connection<'_>, new: &NewOperator, act: &NewAudit) -> Result<i64, StoreError> {
    let NewOperator { name, folded, role, password_hash, groups } = new;
    refuse_bound_admin(*role, groups)?;
    if rows::first(connection, NAMED, params![folded], operator)?.is_some() {
        return Err(StoreError::Constraint(format!(
            "there is already an operator called {name}; nothing was changed, choose another name"
        )));
    }
    connection.execute(FORGET_KEY, params![])?;
    let id = rows::insert(connection, INSERT, params![name, folded, role.as_str(), password_hash, act.at.0])?;
    OPERATORS.bind(connection, id, groups)?;
    audit::append(connection, act)?;
    Ok(id)
}

/// An admin who can sign in.
fn keeps_operators(operator: &Operator) -> bool {
    operator.role == Role::Admin && !operator.disabled
}

/// Called after a change of somebody: where they were the last admin who could sign in and are not any more, its transaction is
/// undone.
fn refuse_without_admin(connection: &Connection<'_>, was_admin: bool) -> Result<(), StoreError> {
    if !was_admin || count(connection, ADMINS)? > 0 {
        return Ok(());
    }
    Err(StoreError::Constraint(
        "they are the last admin who can sign in; nothing was changed. Make another admin first".to_owned(),
    ))
}

fn count(connection: &Connection<'_>, sql: &'static str) -> Result<i64, StoreError> {
    rows::only(connection, sql, params![], |row| row.get(0))
}

/// The operator of that row.
pub(super) fn one(connection: &Connection<'_>, id: i64) -> Result<Option<Operator>, StoreError> {
    let found = rows::first(connection, ONE, params![id], operator)?;
    found.map(|found| with_reach(connection, found)).transpose()
}

fn with_reach(connection: &Connection<'_>, operator: Operator) -> Result<Operator, StoreError> {
    Ok(Operator { reach: OPERATORS.one(connection, operator.id)?, ..operator })
}

fn gone() -> StoreError {
    StoreError::NotFound("the operator".to_owned())
}

/// Without how far they reach.
fn operator(row: &Row<'_>) -> Result<Operator, StoreError> {
    Ok(Operator {
        id: row.get(0)?,
        name: row.get(1)?,
        role: role(row, 2)?,
        password_hash: row.get(3)?,
        created_at: Micros(row.get(4)?),
        disabled: row.get(5)?,
        signed_in_at: row.get::<Option<i64>>(6)?.map(Micros),
        reach: Reach::default(),
        language: row.get(7)?,
    })
}
