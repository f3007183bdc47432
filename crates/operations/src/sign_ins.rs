//! Signing in by name and password, and what a browser comes with from then on.

use accounting::time::Micros;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::{EndedSignIns, NewSignIn, Operator, SignIn, SignedIn};

use crate::error::OperationError;
use crate::identity::{CameBy, Identity};
use crate::operations::Operations;
use crate::operators::{OperatorPatch, folded};
use crate::passwords::{PasswordLane, check, too_many};
use crate::process_token::hash;

const HOUR_US: i64 = 3_600 * 1_000_000;
/// A sign-in that nobody uses ends after that.
const IDLE_US: i64 = 12 * HOUR_US;
/// However much it is used, it ends after that.
const LONGEST_US: i64 = 14 * 24 * HOUR_US;
/// Its use is written down at most this often.
const TOUCH_EVERY_US: i64 = 60 * 1_000_000;
/// Of what a browser calls itself so much is kept, signs.
const BROWSER_SIGNS: usize = 200;

/// Somebody who says who they are.
pub struct SignInRequest {
    /// Their name, however it is written.
    pub name: String,
    /// Their password.
    pub password: SecretString,
    /// On whose time it is looked at.
    pub lane: PasswordLane,
    /// Where they come from, for people.
    pub address: String,
    /// What the browser calls itself, for people.
    pub browser: String,
    /// The mark with which it came, if it had one.
    pub mark: Option<String>,
}

/// What became of it.
pub enum SignInOutcome {
    /// They are in.
    In(NewBrowser),
    /// The name or the password is wrong, or they are locked out.
    Wrong,
    /// Too many try at this moment; nothing was looked at.
    Crowded,
}

/// What a browser is given; shown nowhere else.
pub struct NewBrowser {
    /// With that it comes from now on.
    pub secret: SecretString,
    /// With that it is known when it signs in again.
    pub mark: SecretString,
    /// Who they are.
    pub identity: Identity,
}

impl Operations {
    /// Signs somebody in whose password is right. A wrong name takes as long as a wrong password.
    pub async fn sign_in(&self, request: SignInRequest) -> Result<SignInOutcome, OperationError> {
        let operator =
            self.store.operator_named(&folded(&request.name)).await?.filter(|found| !found.disabled);
        let password_hash = operator.as_ref().map(|found| found.password_hash.clone());
        let is_right =
            match self.passwords.is_right(request.lane, password_hash, request.password.clone()).await? {
                None => return Ok(SignInOutcome::Crowded),
                Some(is_right) => is_right,
            };
        match operator.filter(|_| is_right) {
            None => Ok(SignInOutcome::Wrong),
            Some(operator) => self.begin_sign_in(operator, request).await,
        }
    }

    async fn begin_sign_in(
        &self,
        operator: Operator,
        SignInRequest { address, browser, mark: before, .. }: SignInRequest,
    ) -> Result<SignInOutcome, OperationError> {
        let (secret, mark) = (new_secret("tks_"), new_secret("tkb_"));
        let actor = actor_of(&operator);
        let act = self.act(&actor, "operator.sign_in", &operator.name, json!({"address": address}));
        let new = NewSignIn {
            operator: operator.clone(),
            sha256: hash(secret.expose_secret()),
            browser_sha256: hash(mark.expose_secret()),
            instead_of: before.map(|mark| hash(&mark)),
            address,
            browser: browser.chars().filter(|sign| !sign.is_control()).take(BROWSER_SIGNS).collect(),
            over: over(self.now()),
        };
        // Whoever was changed while the password was compared is not let in as what they were.
        let Some(id) = self.store.sign_in(new, act).await? else { return Ok(SignInOutcome::Wrong) };
        Ok(SignInOutcome::In(NewBrowser { secret, mark, identity: identity(&operator, id) }))
    }

    /// Who comes with what a browser was given; `None` when it is unknown, ended, or they are locked out. Looked up anew each
    /// time, so that what one process ends no other goes on with.
    pub async fn signed_in(&self, secret: &str) -> Result<Option<Identity>, OperationError> {
        let (found, now) = (self.store.signed_in(hash(secret)).await?, self.now());
        let Some(SignedIn { sign_in, operator }) = found else { return Ok(None) };
        if operator.disabled || is_over(&sign_in, now) {
            return Ok(None);
        }
        if now.0.saturating_sub(sign_in.last_at.0) >= TOUCH_EVERY_US {
            self.note_sign_in(sign_in.id, now).await;
        }
        Ok(Some(identity(&operator, sign_in.id)))
    }

    /// Whether a browser with that mark is the known one of whoever has that name.
    pub async fn knows_browser(&self, mark: &str, name: &str) -> Result<bool, OperationError> {
        let Some(owner) = self.store.browser_of(hash(mark)).await? else { return Ok(false) };
        let named = self.store.operator_named(&folded(name)).await?;
        Ok(named.is_some_and(|operator| operator.id == owner))
    }

    /// Sets the password of whoever is signed in, and signs them out everywhere; false, and nothing is changed, where theirs is
    /// not the one they say. `Conflict` where it is another one by then.
    pub async fn change_own_password(
        &self,
        identity: &Identity,
        now: SecretString,
        new: SecretString,
    ) -> Result<bool, OperationError> {
        let CameBy::SignIn { name, operator: id, .. } = &identity.came_by else { return Ok(false) };
        check(&new)?;
        let operator = self.operator(name).await?;
        let hash = operator.password_hash;
        let is_right = self.passwords.is_right(PasswordLane::Known, Some(hash.clone()), now).await?;
        // Removed meanwhile, and made anew by the same name: somebody else.
        if !is_right.ok_or_else(too_many)? || operator.id != *id {
            return Ok(false);
        }
        let patch = OperatorPatch { password: Some(new), instead_of: Some(hash), ..OperatorPatch::default() };
        self.change_operator(&identity.actor, name, patch).await?;
        Ok(true)
    }

    /// The sign-ins of somebody that go on, the latest first.
    pub async fn sign_ins(&self, of: i64) -> Result<Vec<SignIn>, OperationError> {
        Ok(self.store.sign_ins(Some(of), over(self.now())).await?)
    }

    /// Ends one of somebody's.
    pub async fn end_sign_in(&self, actor: &str, of: i64, id: i64) -> Result<(), OperationError> {
        let act = self.act(actor, "operator.sign_out", &id.to_string(), json!({}));
        Ok(self.store.end_sign_in(id, Some(of), act).await?)
    }

    /// Ends all of somebody's but one; how many those were.
    pub async fn end_other_sign_ins(&self, actor: &str, of: i64, kept: i64) -> Result<u64, OperationError> {
        let act = self.act(actor, "operator.sign_out_others", &kept.to_string(), json!({}));
        Ok(self.store.end_other_sign_ins(of, kept, act).await?)
    }

    /// A database that is full must not lock people out.
    async fn note_sign_in(&self, id: i64, now: Micros) {
        if let Err(error) = self.store.touch_sign_in(id, now).await {
            tracing::warn!(%error, sign_in = id, "the use of a sign-in could not be noted");
        }
    }
}

fn over(now: Micros) -> EndedSignIns {
    EndedSignIns {
        began_by: Micros(now.0.saturating_sub(LONGEST_US)),
        used_by: Micros(now.0.saturating_sub(IDLE_US)),
    }
}

fn is_over(sign_in: &SignIn, now: Micros) -> bool {
    let over = over(now);
    sign_in.began_at <= over.began_by || sign_in.last_at <= over.used_by
}

fn identity(operator: &Operator, sign_in: i64) -> Identity {
    let came_by = CameBy::SignIn {
        operator: operator.id,
        name: operator.name.clone(),
        sign_in,
        language: operator.language.clone(),
    };
    let reach = operator.reach.clone();
    Identity { actor: actor_of(operator), role: operator.role, reach, came_by }
}

fn actor_of(operator: &Operator) -> String {
    format!("operator {}", operator.name)
}

/// A secret nobody can guess.
fn new_secret(prefix: &str) -> SecretString {
    format!("{prefix}{}", hex::encode(rand::random::<[u8; 32]>())).into()
}
