//! API tokens: made once, shown once, stored as a hash.

use accounting::time::Micros;
use serde_json::json;
use store::{NewToken, Reach, Role, Token};

use crate::checks::check_name;
use crate::error::OperationError;
use crate::identity::{CameBy, Identity};
use crate::operations::Operations;
use crate::process_token::hash;

/// Leads every token, so that leaked ones can be searched for.
const PREFIX: &str = "tkm_";
/// A token's last use is written down at most this often, microseconds.
const TOUCH_EVERY: i64 = 60_000_000;

/// A token as it is shown, once.
#[derive(Clone)]
pub struct IssuedToken {
    /// Its row.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// What it allows.
    pub role: Role,
    /// Groups of routers that it is bound to; none: all routers.
    pub groups: Vec<String>,
    /// The token itself.
    pub token: secrecy::SecretString,
}

impl Operations {
    /// Makes a token, bound to those groups of routers; with none it reaches all. The answer is the only place where it can be seen.
    pub async fn create_token(
        &self,
        actor: &str,
        name: &str,
        role: Role,
        expires_at: Option<Micros>,
        groups: Vec<String>,
    ) -> Result<IssuedToken, OperationError> {
        check_name("token's name", name)?;
        if expires_at.is_some_and(|at| at <= self.now()) {
            return Err(OperationError::Invalid("a token cannot have expired before it is made".to_owned()));
        }
        let token = new_token();
        let name = name.to_owned();
        let new =
            NewToken { name: name.clone(), sha256: hash(&token), role, expires_at, groups: groups.clone() };
        let id = self.store_token(actor, new).await?;
        Ok(IssuedToken { id, name, role, groups, token: token.into() })
    }

    /// Makes a token work; the answer is its row.
    pub(crate) async fn store_token(&self, actor: &str, new: NewToken) -> Result<i64, OperationError> {
        let detail = json!({"role": new.role.as_str(), "groups": new.groups});
        let act = self.act(actor, "token.create", &new.name, detail);
        Ok(self.store.insert_token(new, act).await?)
    }

    /// Who comes with that token; `None` when it is unknown, expired or revoked.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Identity>, OperationError> {
        let sha256 = hash(token);
        if self.process_token.as_ref().is_some_and(|process| process.is(&sha256)) {
            let name = "TIKMETER_ADMIN_TOKEN".to_owned();
            return Ok(Some(Identity {
                actor: name.clone(),
                role: Role::Admin,
                reach: Reach::Everywhere,
                came_by: CameBy::Token { name },
            }));
        }
        let now = self.now();
        // Looking up a hash tells nothing about the token by the time it takes.
        let Some(found) = self.store.token_by_hash(sha256).await?.filter(|found| works(found, now)) else {
            return Ok(None);
        };
        self.note_use(&found, now).await;
        let NewToken { name, role, .. } = found.token;
        let reach = found.reach;
        Ok(Some(Identity { actor: format!("token {name}"), role, reach, came_by: CameBy::Token { name } }))
    }

    /// All tokens, newest first.
    pub async fn list_tokens(&self) -> Result<Vec<Token>, OperationError> {
        Ok(self.store.list_tokens().await?)
    }

    /// Revokes a token at once; the local one is refused.
    pub async fn revoke_token(&self, actor: &str, id: i64) -> Result<(), OperationError> {
        self.local_token.refuse_to_revoke(id)?;
        let act = self.act(actor, "token.revoke", &id.to_string(), json!({}));
        Ok(self.store.revoke_token(id, act).await?)
    }

    /// A store that is full must not lock people out, so a use that cannot be noted is only logged.
    async fn note_use(&self, token: &Token, now: Micros) {
        if token.last_used_at.is_some_and(|last| now.0.saturating_sub(last.0) < TOUCH_EVERY) {
            return;
        }
        if let Err(error) = self.store.touch_token(token.id, now).await {
            tracing::warn!(%error, token = token.id, "the use of a token could not be noted");
        }
    }
}

/// True when a stored token is accepted at `now`.
pub(crate) fn works(token: &Token, now: Micros) -> bool {
    token.revoked_at.is_none() && token.token.expires_at.is_none_or(|expires| now < expires)
}

/// A token nobody can guess.
pub(crate) fn new_token() -> String {
    format!("{PREFIX}{}", hex::encode(rand::random::<[u8; 32]>()))
}
