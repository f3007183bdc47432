//! API tokens.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::reach::Reach;
use crate::token_repository::{NewToken, Role, Token, TokenRepository};

use super::connection::Connection;
use super::database::Database;
use super::reach::{TOKENS, refuse_bound_admin};
use super::row::Row;
use super::value::params;
use super::{audit, rows};

const INSERT: &str = "
    INSERT INTO api_token (name, sha256, role, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id";
/// The columns in the order [`token`] reads them.
macro_rules! tokens_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, name, sha256, role, expires_at, created_at, last_used_at, revoked_at
             FROM api_token WHERE ",
            $condition,
            " ORDER BY id DESC"
        )
    };
}
const TOUCH: &str = "UPDATE api_token SET last_used_at = ?2 WHERE id = ?1";
const REVOKE: &str = "UPDATE api_token SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";

#[async_trait]
impl<D: Database> TokenRepository for D {
    async fn insert_token(&self, new: NewToken, act: NewAudit) -> Result<i64, StoreError> {
        self.transact(move |connection| {
            refuse_bound_admin(new.role, &new.groups)?;
            let id = insert(connection, &new, act.at)?;
            TOKENS.bind(connection, id, &new.groups)?;
            audit::append(connection, &act)?;
            Ok(id)
        })
        .await
    }

    async fn token_by_hash(&self, sha256: [u8; 32]) -> Result<Option<Token>, StoreError> {
        self.read(move |connection| {
            let found = rows::first(connection, tokens_where!("sha256 = ?1"), params![sha256], token)?;
            let bound = |found: Token| Ok(within(TOKENS.one(connection, found.id)?, found));
            found.map(bound).transpose()
        })
        .await
    }

    async fn list_tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.read(|connection| {
            let mut reaches = TOKENS.all(connection)?;
            let found = rows::all(connection, tokens_where!("TRUE"), params![], token)?.into_iter();
            Ok(found.map(|one| within(reaches.of(one.id), one)).collect())
        })
        .await
    }

    async fn touch_token(&self, id: i64, at: Micros) -> Result<(), StoreError> {
        self.transact(move |connection| {
            connection.execute(TOUCH, params![id, at.0])?;
            Ok(())
        })
        .await
    }

    async fn revoke_token(&self, id: i64, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            if connection.execute(REVOKE, params![id, act.at.0])? == 0 {
                return Err(StoreError::NotFound(format!("the token {id} (or it was revoked before)")));
            }
            audit::append(connection, &act)
        })
        .await
    }
}

fn insert(connection: &Connection<'_>, new: &NewToken, at: Micros) -> Result<i64, StoreError> {
    let expires_at = new.expires_at.map(|at| at.0);
    let values = params![new.name, new.sha256, new.role.as_str(), at.0, expires_at];
    rows::insert(connection, INSERT, values)
}

fn within(reach: Reach, token: Token) -> Token {
    let groups = reach.groups().to_vec();
    Token { reach, token: NewToken { groups, ..token.token }, ..token }
}

/// Without how far it reaches.
fn token(row: &Row<'_>) -> Result<Token, StoreError> {
    let time = |column: usize| -> Result<Option<Micros>, StoreError> {
        Ok(row.get::<Option<i64>>(column)?.map(Micros))
    };
    Ok(Token {
        id: row.get(0)?,
        token: NewToken {
            name: row.get(1)?,
            sha256: row.get(2)?,
            role: role(row, 3)?,
            expires_at: time(4)?,
            groups: Vec::new(),
        },
        reach: Reach::default(),
        created_at: Micros(row.get(5)?),
        last_used_at: time(6)?,
        revoked_at: time(7)?,
    })
}

/// The role in column `at`.
pub(super) fn role(row: &Row<'_>, at: usize) -> Result<Role, StoreError> {
    let name: String = row.get(at)?;
    Role::from_name(&name).ok_or_else(|| StoreError::Corrupt(format!("somebody has the role {name}")))
}
