//! Changing a subscriber: the date, the plan, and with it their next cycle (rule 11).

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use accounting::time::Micros;
use serde_json::{Value, json};
use store::{Changed, NasId, Renews, Subscriber, SubscriberChange};

use crate::checks::{check_name, check_plan_of};
use crate::error::OperationError;
use crate::expiry::Expiry;
use crate::instants::instant_text;
use crate::operations::Operations;
use crate::subscribers::SubscriberView;

/// However many routers there are to read before something counts from now on, nobody waits longer.
const READINGS_WITHIN: Duration = Duration::from_secs(5);

/// What to change of a subscriber; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct SubscriberPatch {
    /// New name for people, or none any more.
    pub name: Option<Option<String>>,
    /// Whether they are served.
    pub status: Option<store::SubscriberStatus>,
    /// New plan, or none any more.
    pub plan: Option<Option<String>>,
    /// When their time runs out, or never.
    pub expiry: Option<Option<Expiry>>,
    /// New IANA zone, or none any more.
    pub zone: Option<Option<String>>,
    /// A new note, or none any more.
    pub note: Option<Option<String>>,
    /// Whether it opens the next cycle.
    pub renews: Renews,
}

/// What a change came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSubscriber {
    /// As they are now.
    pub view: SubscriberView,
    /// The next cycle was opened.
    pub renewed: bool,
    /// When their time ran out before it.
    pub expiry_before: Option<Micros>,
    /// Routers that could not be read for it: their next reading is split between the cycles by time.
    pub unread: Vec<String>,
}

impl Operations {
    /// Changes a subscriber. A renewal first reads the routers on which they are, for 5 s at most, and happens in any
    /// case. What changes nothing leaves no trace.
    pub async fn change_subscriber(
        &self,
        actor: &str,
        key: &str,
        patch: SubscriberPatch,
    ) -> Result<ChangedSubscriber, OperationError> {
        let before = self.stored_subscriber(key).await?;
        let mut change = self.wanted(&before, patch)?;
        let renews = change.renews.decide(before.expiry_at, change.expiry_at.flatten(), self.now());
        if renews {
            change.fresh = self.read_routers_of(&before).await?;
        }
        let changed = match detail(&before, &change) {
            None if !renews => Changed::default(),
            detail => self.apply(actor, &before, change, detail.unwrap_or_else(|| of(&before))).await?,
        };
        let view = self.subscriber(&before.id.to_string()).await?;
        let Changed { renewed, unread } = changed;
        let unread = self.only_reached(unread).await?;
        Ok(ChangedSubscriber { view, renewed, expiry_before: before.expiry_at, unread })
    }

    async fn apply(
        &self,
        actor: &str,
        before: &Subscriber,
        change: SubscriberChange,
        detail: Value,
    ) -> Result<Changed, OperationError> {
        let edit = self.act(actor, "subscriber.edit", &before.username, detail.clone());
        let renewal = self.act(actor, "subscriber.renew", &before.username, detail);
        Ok(self.store.change_subscriber(before.id, change, edit, renewal).await?)
    }

    /// Undoes a subscriber's last renewal: what was counted since counts with the cycle of before, no entry changes, and
    /// the expiry is again what it was unless it was changed since.
    ///
    /// # Errors
    /// [`OperationError::Conflict`] when the open cycle was not opened by a renewal, or it was undone before.
    pub async fn undo_renewal(&self, actor: &str, key: &str) -> Result<SubscriberView, OperationError> {
        let before = self.stored_subscriber(key).await?;
        let detail = json!({"id": before.id, "expiry_at_before": before.expiry_at.map(instant_text)});
        let act = self.act(actor, "subscriber.undo_renewal", &before.username, detail);
        self.store.undo_renewal(before.id, act).await?;
        self.subscriber(&before.id.to_string()).await
    }

    fn wanted(
        &self,
        before: &Subscriber,
        patch: SubscriberPatch,
    ) -> Result<SubscriberChange, OperationError> {
        let SubscriberPatch { name, status, plan, expiry, zone: new_zone, note, renews } = patch;
        if let Some(Some(name)) = &name {
            check_name("name", name)?;
        }
        check_plan_of(plan.as_ref().and_then(Option::as_deref))?;
        let named = new_zone.as_ref().unwrap_or(&before.zone).as_deref();
        let of_days = self.of_days(named.or(before.router_zone.as_deref()))?;
        let expiry_at = match expiry {
            Some(Some(expiry)) => Some(Some(expiry.instant(&of_days)?)),
            other => other.map(|_| None),
        };
        let rest = SubscriberChange::default();
        Ok(SubscriberChange { name, status, plan, expiry_at, zone: new_zone, note, renews, ..rest })
    }

    /// Reads the routers on which a subscriber is; those that answered in time.
    async fn read_routers_of(&self, subscriber: &Subscriber) -> Result<Vec<NasId>, OperationError> {
        let routers = self.store.routers_of_subscriber(subscriber.id).await?.into_iter().collect();
        Ok(self.read_routers(&routers).await.into_keys().collect())
    }

    /// Reads routers before something that counts from now on, all at once and for 5 s at most; when those were read that
    /// answered in time.
    pub(crate) async fn read_routers(&self, routers: &HashSet<NasId>) -> HashMap<NasId, Micros> {
        let mut readings = tokio::task::JoinSet::new();
        for nas in routers.iter().copied() {
            let commands = self.commands.clone();
            readings.spawn(async move { (nas, commands.read_now(nas).await) });
        }
        let mut fresh = HashMap::new();
        let reading = async {
            while let Some(answer) = readings.join_next().await {
                match answer {
                    Ok((nas, Ok(read))) => _ = fresh.insert(nas, read.at),
                    Ok((nas, Err(error))) => {
                        tracing::warn!(%nas, %error, "goes on without a fresh reading of this router")
                    }
                    Err(error) => tracing::error!(%error, "a fresh reading came to nothing"),
                }
            }
        };
        if tokio::time::timeout(READINGS_WITHIN, reading).await.is_err() {
            tracing::warn!("goes on without having waited for all routers");
        }
        fresh
    }
}

/// Whom an act is about, for the journal.
fn of(subscriber: &Subscriber) -> Value {
    json!({"id": subscriber.id})
}

/// What changes of a subscriber, old and new, for the journal; null: none. Who sends a whole subscriber back changes only
/// what differs; `None`: nothing.
fn detail(before: &Subscriber, change: &SubscriberChange) -> Option<Value> {
    let (mut detail, mut differs) = (of(before), false);
    let mut tell = |name: &str, old: Value, new: Option<Value>| {
        if let Some(new) = new.filter(|new| *new != old) {
            differs = true;
            detail[name] = new;
            detail[format!("{name}_before")] = old;
        }
    };
    let expiry = |expiry: Option<Micros>| expiry.map(instant_text).into();
    tell("expiry_at", expiry(before.expiry_at), change.expiry_at.map(expiry));
    tell("status", before.status.as_str().into(), change.status.map(|status| status.as_str().into()));
    for (name, old, new) in [
        ("plan", &before.plan, &change.plan),
        ("name", &before.name, &change.name),
        ("zone", &before.zone, &change.zone),
        ("note", &before.note, &change.note),
    ] {
        tell(name, old.clone().into(), new.clone().map(Into::into));
    }
    differs.then_some(detail)
}
