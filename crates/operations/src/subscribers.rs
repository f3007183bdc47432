//! Subscribers as people use them.

use std::collections::HashMap;

use accounting::Octets;
use accounting::login::LoginName;
use serde_json::json;
use store::{CycleObservation, CycleTotals, NewSubscriber, Scope, Subscriber, SubscriberStatus};
use uuid::Uuid;

use crate::checks::{check_name, check_plan_of, check_scope};
use crate::error::OperationError;
use crate::expiry::Expiry;
use crate::instants::instant_text;
use crate::names::name_to_text;
use crate::operations::Operations;
use crate::services::USUAL_SERVICE;
use crate::static_ip::{checked_login, kind_of_login};
use crate::steps::zone;

/// Subscribers of an export read in one go.
const EXPORT_PAGE: u32 = 1_000;

/// A subscriber to be added.
#[derive(Clone, Debug)]
pub struct SubscriberRequest {
    /// Name to find them by, unique.
    pub username: String,
    /// Name for people.
    pub name: Option<String>,
    /// The login as the router gives it, raw bytes; the username when `None`.
    pub login: Option<Vec<u8>>,
    /// Where the login is theirs.
    pub scope: Scope,
    /// What they use: the name of a service, such as `hotspot`; `pppoe` when `None`.
    pub service: Option<String>,
    /// Name of their plan.
    pub plan: Option<String>,
    /// When their time runs out: an instant, or the end of a day in their zone, their router's, else the installation's.
    pub expiry_at: Option<Expiry>,
    /// The IANA zone in which their days begin and end; their router's, else the installation's, when `None`.
    pub zone: Option<String>,
    /// Anything.
    pub note: Option<String>,
    /// Adopt what their login used without a subscriber from then on: an instant, or the begin of a day in their zone, their
    /// router's, else the installation's.
    pub adopt_from: Option<Expiry>,
}

/// A subscriber and how well the open cycle was observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriberView {
    /// As stored.
    pub subscriber: Subscriber,
    /// Of the open cycle.
    pub observation: CycleObservation,
}

impl Operations {
    /// Adds a subscriber: from now on what their login uses counts into their first cycle, and what it used before if that
    /// shall be adopted; then the subscriber is added only if there is something to adopt.
    pub async fn add_subscriber(
        &self,
        actor: &str,
        new: SubscriberRequest,
    ) -> Result<SubscriberView, OperationError> {
        check_name("username", &new.username)?;
        new.name.as_deref().map(|name| check_name("name", name)).transpose()?;
        new.zone.as_deref().map(zone).transpose()?;
        check_plan_of(new.plan.as_deref())?;
        check_scope(&new.scope)?;
        self.refuse_out_of_reach(&new.scope).await?;
        let login = new.login.clone().unwrap_or_else(|| new.username.as_bytes().to_vec());
        if login.is_empty() {
            return Err(OperationError::Invalid(
                "the login must not be empty; nothing was changed".to_owned(),
            ));
        }
        let kind = kind_of_login(new.service.as_deref(), USUAL_SERVICE, &login)?;
        let named = checked_login(LoginName::new(kind, login), &new.scope)?;
        let login = named.name.to_vec();
        self.check_counter(&named, &new.scope).await?;
        let id = Uuid::new_v4();
        let of_days = self.zone_of_new(&new).await?;
        let of_days = of_days.as_deref();
        let adopt_from = new.adopt_from.map(|from| self.begin_of_adoption(from, of_days)).transpose()?;
        let expiry_at = new.expiry_at.map(|expiry| expiry.instant(&self.of_days(of_days)?)).transpose()?;
        let mut detail = json!({"id": id, "login": name_to_text(&login), "scope": scope_text(&new.scope)});
        if let Some(from) = adopt_from {
            detail["adopted_from"] = instant_text(from).into();
        }
        self.refuse_username_beyond(&new.username).await?;
        let act = self.act(actor, "subscriber.add", &new.username, detail);
        let stored = NewSubscriber {
            id,
            username: new.username,
            name: new.name,
            service: new.service.unwrap_or_else(|| USUAL_SERVICE.to_owned()),
            plan: new.plan,
            status: SubscriberStatus::Active,
            expiry_at,
            zone: new.zone,
            note: new.note,
            kind,
            login,
            scope: new.scope,
        };
        match adopt_from {
            Some(from) => _ = self.store.insert_and_adopt(stored, from, act).await?,
            None => self.store.insert_subscriber(stored, act).await?,
        }
        self.subscriber(&id.to_string()).await
    }

    /// The zone named for the days of a subscriber to be added, or for their router's.
    async fn zone_of_new(&self, new: &SubscriberRequest) -> Result<Option<String>, OperationError> {
        match (&new.zone, &new.scope) {
            (None, Scope::Router(router)) => Ok(self.named_nas(router).await?.zone),
            (named, _) => Ok(named.clone()),
        }
    }

    /// The subscriber with that username or id.
    pub async fn subscriber(&self, key: &str) -> Result<SubscriberView, OperationError> {
        let subscriber = self.stored_subscriber(key).await?;
        self.observed(subscriber).await
    }

    /// A page of subscribers after that username, by username, for an export; empty after the last.
    pub async fn export_subscribers(&self, after: Option<&str>) -> Result<Vec<Subscriber>, OperationError> {
        Ok(self.store.list_subscribers_within(after, EXPORT_PAGE, self.reach.clone()).await?)
    }

    /// At most `limit` of a subscriber's cycles before that number, newest first, and how well each was observed.
    pub async fn cycles(
        &self,
        key: &str,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<(CycleTotals, CycleObservation)>, OperationError> {
        let subscriber = self.stored_subscriber(key).await?;
        let mut cycles = Vec::new();
        for totals in self.store.subscriber_cycles(subscriber.id, before, limit).await? {
            cycles.push((totals, self.store.cycle_observation(totals.id).await?));
        }
        Ok(cycles)
    }

    /// What the counters of the open sessions show, added up by subscriber; of that subscriber, or of all.
    pub async fn open_session_octets(
        &self,
        id: Option<Uuid>,
    ) -> Result<HashMap<Uuid, Octets>, OperationError> {
        Ok(self.store.open_session_octets(id, self.reach.clone()).await?)
    }

    /// The stored subscriber with that username or id.
    pub(crate) async fn stored_subscriber(&self, key: &str) -> Result<Subscriber, OperationError> {
        let found = self.store.find_subscriber_within(key, self.reach.clone()).await?;
        found.ok_or_else(|| {
            let which = if key.is_empty() { "without a name" } else { key };
            OperationError::NotFound(format!(
                "there is no subscriber {which}; list them with: tikmeter subscriber list"
            ))
        })
    }

    pub(crate) async fn observed(
        &self,
        mut subscriber: Subscriber,
    ) -> Result<SubscriberView, OperationError> {
        subscriber.next_cycle_at = self.next_cycle(&subscriber).await?;
        let observation = match &subscriber.cycle {
            Some(cycle) => self.store.cycle_observation(cycle.id).await?,
            None => CycleObservation::default(),
        };
        Ok(SubscriberView { subscriber, observation })
    }
}

/// Where a login counts, for the journal.
pub(crate) fn scope_text(scope: &Scope) -> String {
    match scope {
        Scope::All => "all".to_owned(),
        Scope::Group(group) => format!("group {group}"),
        Scope::Router(router) => format!("router {router}"),
    }
}
