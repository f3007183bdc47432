//! [`SignInRepository`].

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::sign_in_repository::{EndedSignIns, NewSignIn, SignIn, SignInRepository, SignedIn};

use super::connection::Connection;
use super::database::Database;
use super::operator::one;
use super::row::Row;
use super::value::params;
use super::{audit, rows};

/// The columns in the order [`sign_in`] reads them.
macro_rules! sign_ins {
    ($rest:literal) => {
        concat!(
            "SELECT sign_in.id, operator_id, operator.name, began_at, last_at, address, browser
             FROM sign_in JOIN operator ON operator.id = operator_id ",
            $rest
        )
    };
}
const BY_HASH: &str = sign_ins!("WHERE sha256 = ?1");
const LISTED: &str = sign_ins!(
    "WHERE (?1 IS NULL OR operator_id = ?1) AND began_at > ?2 AND last_at > ?3 ORDER BY sign_in.id DESC"
);
const INSERT: &str = "
    INSERT INTO sign_in (operator_id, sha256, began_at, last_at, address, browser)
    VALUES (?1, ?2, ?3, ?3, ?4, ?5) RETURNING id";
const NOTE_LAST: &str = "UPDATE operator SET signed_in_at = ?2 WHERE id = ?1";
const KNOW: &str = "
    INSERT INTO known_browser (sha256, operator_id, last_at) VALUES (?1, ?2, ?3)
    ON CONFLICT (sha256) DO UPDATE SET operator_id = excluded.operator_id, last_at = excluded.last_at";
const END_OVER: &str = "DELETE FROM sign_in WHERE began_at <= ?1 OR last_at <= ?2";
/// Somebody's latest twenty stay.
const END_OLDEST: &str = "
    DELETE FROM sign_in WHERE operator_id = ?1
    AND id NOT IN (SELECT id FROM sign_in WHERE operator_id = ?1 ORDER BY id DESC LIMIT 20)";
const FORGET_BROWSER: &str = "DELETE FROM known_browser WHERE sha256 = ?1 AND operator_id = ?2";
const FORGET_OLDEST: &str = "
    DELETE FROM known_browser WHERE operator_id = ?1 AND sha256 NOT IN
    (SELECT sha256 FROM known_browser WHERE operator_id = ?1 ORDER BY last_at DESC, sha256 LIMIT 20)";
const TOUCH: &str = "UPDATE sign_in SET last_at = ?2 WHERE id = ?1 AND last_at < ?2";
const END: &str = "DELETE FROM sign_in WHERE id = ?1 AND (?2 IS NULL OR operator_id = ?2)";
const END_OTHERS: &str = "DELETE FROM sign_in WHERE operator_id = ?1 AND id <> ?2";
const BROWSER: &str = "SELECT operator_id FROM known_browser WHERE sha256 = ?1";

#[async_trait]
impl<D: Database> SignInRepository for D {
    async fn sign_in(&self, new: NewSignIn, act: NewAudit) -> Result<Option<i64>, StoreError> {
        self.transact(move |connection| {
            let now = one(connection, new.operator.id)?;
            let is_same = now.is_some_and(|now| {
                (now.role, now.disabled, &now.password_hash, &now.reach)
                    == (new.operator.role, false, &new.operator.password_hash, &new.operator.reach)
            });
            if !is_same {
                return Ok(None);
            }
            let id = begin(connection, &new, act.at)?;
            audit::append(connection, &act)?;
            Ok(Some(id))
        })
        .await
    }

    async fn signed_in(&self, sha256: [u8; 32]) -> Result<Option<SignedIn>, StoreError> {
        self.read(move |connection| {
            let Some(sign_in) = rows::first(connection, BY_HASH, params![sha256], sign_in)? else {
                return Ok(None);
            };
            let operator = one(connection, sign_in.operator)?;
            Ok(operator.map(|operator| SignedIn { sign_in, operator }))
        })
        .await
    }

    async fn touch_sign_in(&self, id: i64, at: Micros) -> Result<(), StoreError> {
        self.transact(move |connection| connection.execute(TOUCH, params![id, at.0]).map(drop)).await
    }

    async fn sign_ins(&self, of: Option<i64>, over: EndedSignIns) -> Result<Vec<SignIn>, StoreError> {
        let EndedSignIns { began_by, used_by } = over;
        self.read(move |connection| {
            rows::all(connection, LISTED, params![of, began_by.0, used_by.0], sign_in)
        })
        .await
    }

    async fn end_sign_in(&self, id: i64, of: Option<i64>, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            if connection.execute(END, params![id, of])? == 0 {
                return Err(StoreError::NotFound(format!("the sign-in {id} (or it ended before)")));
            }
            audit::append(connection, &act)
        })
        .await
    }

    async fn end_other_sign_ins(&self, of: i64, kept: i64, act: NewAudit) -> Result<u64, StoreError> {
        self.transact(move |connection| {
            let ended = connection.execute(END_OTHERS, params![of, kept])?;
            if ended > 0 {
                audit::append(connection, &act)?;
            }
            Ok(u64::try_from(ended).unwrap_or(u64::MAX))
        })
        .await
    }

    async fn browser_of(&self, sha256: [u8; 32]) -> Result<Option<i64>, StoreError> {
        self.read(move |connection| rows::first(connection, BROWSER, params![sha256], |row| row.get(0))).await
    }
}

fn begin(connection: &Connection<'_>, new: &NewSignIn, at: Micros) -> Result<i64, StoreError> {
    let (of, over) = (new.operator.id, new.over);
    connection.execute(END_OVER, params![over.began_by.0, over.used_by.0])?;
    let id = rows::insert(connection, INSERT, params![of, new.sha256, at.0, new.address, new.browser])?;
    connection.execute(END_OLDEST, params![of])?;
    connection.execute(NOTE_LAST, params![of, at.0])?;
    // A browser that signs in often is one browser.
    connection.execute(FORGET_BROWSER, params![new.instead_of, of])?;
    connection.execute(KNOW, params![new.browser_sha256, of, at.0])?;
    connection.execute(FORGET_OLDEST, params![of])?;
    Ok(id)
}

fn sign_in(row: &Row<'_>) -> Result<SignIn, StoreError> {
    Ok(SignIn {
        id: row.get(0)?,
        operator: row.get(1)?,
        name: row.get(2)?,
        began_at: Micros(row.get(3)?),
        last_at: Micros(row.get(4)?),
        address: row.get(5)?,
        browser: row.get(6)?,
    })
}
