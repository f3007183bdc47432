//! On which router a subscriber is found, and by what.

use std::collections::BTreeSet;
use std::sync::Arc;

use accounting::login::{DEVICE_PREFIX, LoginKind, LoginName};
use accounting::standing::counter_of_login;
use accounting::table::Table;
use store::{BoundLogin, NasId, Scope, SessionPhase, SessionQuery, Subscriber, SubscriberStatus};

use super::error::MonitorError;
use super::others::{Hearing, Others};
use super::place::Place;
use super::watch::{Customer, Watched};
use crate::error::OperationError;
use crate::operations::Operations;
use crate::router_status::RouterStatus;

/// Sessions of one login that are looked through for the subscriber's own: other subscribers may have logins of that
/// name on other routers.
const SESSIONS: u32 = 200;

/// A router, its name, and what of it tells what somebody moves.
type Found = (NasId, String, Watched);

impl Operations {
    /// A subscriber who is served, by username or id.
    pub(super) async fn served(&self, key: &str) -> Result<Subscriber, MonitorError> {
        let found =
            self.store.find_subscriber_within(key, self.reach.clone()).await.map_err(OperationError::from)?;
        let subscriber = found.filter(|subscriber| subscriber.status == SubscriberStatus::Active);
        subscriber.ok_or(MonitorError::Unknown)
    }

    /// Where they are found: the place of their newest session, or of what counts for them, of the first login that has one.
    pub(super) async fn place_of(&self, subscriber: Subscriber) -> Result<Place, MonitorError> {
        if subscriber.logins.is_empty() {
            return Err(MonitorError::NoLogin);
        }
        let mut found: Vec<Found> = Vec::new();
        for login in &subscriber.logins {
            let of_login = match login.kind {
                LoginKind::StaticIp => self.counted_on(login).await?.into_iter().collect(),
                LoginKind::Ppp | LoginKind::Hotspot => self.connected_on(&subscriber, login).await?,
            };
            for one in of_login {
                // Sessions that are watched by the same are one sample.
                if !found.contains(&one) {
                    found.push(one);
                }
            }
        }
        let mut found = found.into_iter();
        let (nas, router, watched) = found.next().ok_or(MonitorError::NoSession)?;
        let also_on = found.map(|(_, router, _)| router).collect();
        Ok(Place { customer: Arc::new(customer(subscriber, router, also_on)), nas, watched })
    }

    /// Where a login of theirs has sessions, the newest first.
    async fn connected_on(
        &self,
        subscriber: &Subscriber,
        login: &BoundLogin,
    ) -> Result<Vec<Found>, OperationError> {
        let query = SessionQuery {
            username: Some(login.name.clone()),
            phase: Some(SessionPhase::Open),
            limit: SESSIONS,
            reach: self.reach.clone(),
            ..SessionQuery::default()
        };
        let theirs = self.store.list_sessions(query).await?.into_iter().filter(|session| {
            session.service.kind() == login.kind && session.subscriber.as_ref() == Some(&subscriber.username)
        });
        let found = theirs.map(|session| {
            let name = session.username.into_boxed_slice();
            let watched = match (login.kind, name.strip_prefix(DEVICE_PREFIX)) {
                (LoginKind::Ppp, _) => Watched::Ppp { login: name, service: session.service },
                (_, Some(mac)) => Watched::Device { mac: mac.into() },
                (_, None) => Watched::Hotspot { user: name },
            };
            (session.nas, session.router, watched)
        });
        Ok(found.collect())
    }

    /// The counter that counts for a static address.
    async fn counted_on(&self, login: &BoundLogin) -> Result<Option<Found>, OperationError> {
        let name = LoginName::new(login.kind, login.name.clone());
        let (Some((table, name)), Scope::Router(router)) = (counter_of_login(&name), &login.scope) else {
            return Ok(None);
        };
        let nas = self.reached_router(router).await?;
        let Some(nas) = nas else { return Ok(None) };
        let watched = match table {
            Table::Queue => Watched::Queue { name: name.into() },
            _ => Watched::Interface { name: name.into() },
        };
        Ok(Some((nas.id, router.clone(), watched)))
    }

    /// Refuses to watch anybody on a router that is not connected.
    pub(super) fn refuse_unconnected(&self, place: &Place) -> Result<(), MonitorError> {
        let refused = |because: &str| {
            let router = place.customer.router.clone();
            Err(MonitorError::NotConnected { router, because: because.to_owned() })
        };
        self.unwatchable(place).map_or(Ok(()), |because| refused(&because))
    }

    /// Why nobody can be watched there, for people.
    pub(super) fn unwatchable(&self, place: &Place) -> Option<String> {
        let status = self.board.get(place.nas);
        let elsewhere = status.as_ref().and_then(|status| status.node.as_deref());
        let deaf = elsewhere.and_then(|node| self.monitors.others(|others| not_through(node, others)));
        deaf.or_else(|| not_connected(status))
    }
}

/// Why a router that another process polls cannot be watched, for people.
fn not_through(node: &str, others: &Others) -> Option<String> {
    let polls = format!("the process {node} polls it");
    if others.hearing == Hearing::No {
        return Some(format!(
            "{polls}, and who is watched is told between processes over Redis only; set redis.url, or ask that process"
        ));
    }
    if let Some(why) = others.why_untold() {
        return Some(format!("{polls}, which cannot be told of it. {why}"));
    }
    match others.lets_watch(node) {
        None => Some(format!("{polls}, which is not heard over Redis at the moment")),
        Some(false) => Some(format!("{polls}, where watching is switched off; set monitor.enabled there")),
        Some(true) => None,
    }
}

/// Why nobody on it can be watched by whoever polls it, for people.
fn not_connected(status: Option<RouterStatus>) -> Option<String> {
    let Some(status) = status else { return Some("nobody polls it".to_owned()) };
    let why = status.message.unwrap_or_else(|| status.phase.as_str().to_owned());
    (!status.phase.is_connected()).then_some(why)
}

fn customer(subscriber: Subscriber, router: String, also_on: BTreeSet<String>) -> Customer {
    let Subscriber { id, username, name, service, plan, .. } = subscriber;
    Customer { id, username, name, service, plan, router, also_on }
}

#[cfg(test)]
mod tests {
    use accounting::time::Micros;

    use super::*;
    use crate::router_status::Phase;

    #[test]
    fn only_a_router_that_is_connected_can_be_watched() {
        let mut status = RouterStatus::new(NasId(1), Micros(0));
        assert_eq!(not_connected(None).as_deref(), Some("nobody polls it"));
        assert_eq!(not_connected(Some(status.clone())).as_deref(), Some("waiting"));
        status.enter(Phase::Online, None, Micros(0));
        assert_eq!(not_connected(Some(status.clone())), None);
    }
}
