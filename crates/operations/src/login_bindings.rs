//! Whose a login is, changed after its subscriber was added: they dial in with another name, or with two.

use accounting::login::LoginName;
use serde_json::json;
use store::{AdoptedLogin, Scope};

use crate::checks::check_scope;
use crate::error::OperationError;
use crate::expiry::Expiry;
use crate::instants::instant_text;
use crate::names::name_to_text;
use crate::operations::Operations;
use crate::services::login_kind;
use crate::static_ip::{checked_login, kind_of_login};
use crate::subscribers::{SubscriberView, scope_text};

/// A login to be bound, or no longer.
#[derive(Clone, Debug)]
pub struct LoginRequest {
    /// The login as the router gives it, raw bytes.
    pub login: Vec<u8>,
    /// What it is used for, such as `pppoe`; the subscriber's service when `None`.
    pub service: Option<String>,
    /// Where.
    pub scope: Scope,
    /// Adopt what it used without a subscriber from then on: an instant, or the begin of a day in the subscriber's zone.
    pub adopt_from: Option<Expiry>,
}

/// A subscriber whose logins changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebound {
    /// As they are now.
    pub view: SubscriberView,
    /// Routers that show the login and could not be read for it: what it used since their last reading counts with
    /// whoever has it at their next.
    pub unread: Vec<String>,
    /// What was adopted with it.
    pub adopted: Vec<AdoptedLogin>,
}

impl Operations {
    /// Makes a login a subscriber's from now on, beside those they have. The routers that show it are read first, for
    /// 5 s at most, so that what it used until now counts where it did.
    ///
    /// # Errors
    /// [`OperationError::Conflict`] when the login is somebody's there, or there is nothing to adopt that shall be;
    /// [`OperationError::Invalid`] when it cannot be theirs; [`OperationError::NoSuch`] when there is no such router.
    pub async fn bind_login(
        &self,
        actor: &str,
        key: &str,
        asked: LoginRequest,
    ) -> Result<Rebound, OperationError> {
        self.rebind(actor, key, asked, true).await
    }

    /// Ends a subscriber's binding to a login; the entries stay theirs. The routers are read first, as for binding.
    ///
    /// # Errors
    /// [`OperationError::NoSuch`] when the login is not theirs there, or there is no such router.
    pub async fn unbind_login(
        &self,
        actor: &str,
        key: &str,
        asked: LoginRequest,
    ) -> Result<Rebound, OperationError> {
        self.rebind(actor, key, asked, false).await
    }

    async fn rebind(
        &self,
        actor: &str,
        key: &str,
        asked: LoginRequest,
        binds: bool,
    ) -> Result<Rebound, OperationError> {
        let subscriber = self.stored_subscriber(key).await?;
        if asked.login.is_empty() {
            return Err(OperationError::Invalid(
                "the login must not be empty; nothing was changed".to_owned(),
            ));
        }
        check_scope(&asked.scope)?;
        self.refuse_out_of_reach(&asked.scope).await?;
        let named = asked.service.as_deref();
        let kind = match binds {
            true => kind_of_login(named, &subscriber.service, &asked.login)?,
            false => login_kind(named.unwrap_or(&subscriber.service))?,
        };
        let login = checked_login(LoginName { kind, name: asked.login.into() }, &asked.scope)?;
        if binds {
            self.check_counter(&login, &asked.scope).await?;
        }
        let unread = self.read_routers_of_login(&login).await?;
        let named = subscriber.zone.as_deref().or(subscriber.router_zone.as_deref());
        let adopt_from = asked.adopt_from.map(|from| self.begin_of_adoption(from, named)).transpose()?;
        let mut detail = json!({"id": subscriber.id, "kind": kind.as_str(), "login": name_to_text(&login.name),
                            "scope": scope_text(&asked.scope)});
        if let Some(from) = adopt_from {
            detail["adopted_from"] = instant_text(from).into();
        }
        let verb = if binds { "subscriber.bind" } else { "subscriber.unbind" };
        let act = self.act(actor, verb, &subscriber.username, detail);
        let mut adopted = Vec::new();
        match (binds, adopt_from) {
            (true, Some(from)) => {
                adopted = self.store.bind_and_adopt(subscriber.id, login, asked.scope, from, act).await?;
            }
            (true, None) => self.store.bind_login(subscriber.id, login, asked.scope, act).await?,
            (false, _) => self.store.unbind_login(subscriber.id, login, asked.scope, act).await?,
        }
        let unread = self.only_reached(unread).await?;
        Ok(Rebound { view: self.subscriber(&subscriber.id.to_string()).await?, unread, adopted })
    }

    /// Reads the routers that show the login; names of those of which that tells nothing of it.
    async fn read_routers_of_login(&self, login: &LoginName) -> Result<Vec<String>, OperationError> {
        let showing = self.store.routers_of_login(login.clone()).await?;
        let fresh = self.read_routers(&showing.iter().map(|router| router.nas).collect()).await;
        let mut unread = self.store.routers_of_login(login.clone()).await?;
        unread.retain(|router| !router.shown || !fresh.contains_key(&router.nas));
        Ok(unread.into_iter().map(|router| router.name).collect())
    }
}
