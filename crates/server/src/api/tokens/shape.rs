//! Tokens towards clients, without their secrets.

use crate::api::model::token::Token;

pub(super) fn token(row: store::Token) -> Token {
    Token {
        id: row.id.to_string(),
        name: row.token.name,
        role: row.token.role.into(),
        created_at: row.created_at.into(),
        expires_at: row.token.expires_at.map(Into::into),
        last_used_at: row.last_used_at.map(Into::into),
        groups: row.token.groups,
        revoked_at: row.revoked_at.map(Into::into),
    }
}
