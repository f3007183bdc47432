//! Whom somebody may see who reaches only some routers: a watch is everybody's, and goes where its subscriber goes.

use std::collections::HashSet;

use super::error::MonitorError;
use super::watch::Customer;
use crate::error::OperationError;
use crate::operations::Operations;
use uuid::Uuid;

/// Names of the routers that somebody reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReachedRouters(Option<HashSet<String>>);

impl ReachedRouters {
    /// Whether the router of that name is among them.
    pub(crate) fn has(&self, router: &str) -> bool {
        self.0.as_ref().is_none_or(|names| names.contains(router))
    }

    /// Whether what is told of that subscriber names no other router.
    pub fn show(&self, customer: &Customer) -> bool {
        self.has(&customer.router) && customer.also_on.iter().all(|router| self.has(router))
    }
}

impl Operations {
    /// Names of the routers that are reached now.
    pub async fn reached_names(&self) -> Result<ReachedRouters, OperationError> {
        if self.reach.is_everything() {
            return Ok(ReachedRouters(None));
        }
        let routers = self.reached_routers().await?;
        Ok(ReachedRouters(Some(routers.into_iter().map(|nas| nas.config.name).collect())))
    }

    /// Whoever is watched already may be so on a router that is not reached; of that nobody is told.
    pub(super) async fn refuse_beyond_reach(&self, customer: Uuid) -> Result<(), MonitorError> {
        let names = self.reached_names().await?;
        let watched = self.monitors.status().monitors.into_iter().find(|one| one.customer.id == customer);
        match watched {
            Some(watched) if !names.show(&watched.customer) => Err(MonitorError::NoSession),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_more_on_a_router_that_is_not_reached_is_not_shown() {
        let reached = ReachedRouters(Some(HashSet::from(["tower".to_owned()])));
        let on = |router: &str, also_on: &[&str]| Customer {
            id: Uuid::from_u128(1),
            username: "ana".to_owned(),
            name: None,
            service: "pppoe".to_owned(),
            plan: None,
            router: router.to_owned(),
            also_on: also_on.iter().map(|name| (*name).to_owned()).collect(),
        };
        assert!(reached.show(&on("tower", &[])));
        assert!(!reached.show(&on("hill", &[])) && !reached.show(&on("tower", &["hill"])));
        assert!(ReachedRouters(None).show(&on("hill", &["sea"])));
    }
}
