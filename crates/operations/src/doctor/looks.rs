//! A look at one router or at all, and around this process.

use futures_util::StreamExt as _;
use store::Nas;

use super::finding::{Diagnosis, Seen, Unseen};
use super::house::House;
use super::limits::foreign_queues;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::router_commands::RouterCommandError;

/// Routers that are looked at side by side.
const AT_ONCE: usize = 8;

impl Operations {
    /// Looks for what makes figures or limits wrong: on one router, or on all that are reached, and then around this process too. One
    /// login and some narrow prints for each router.
    ///
    /// # Errors
    /// When there is no such router, or the database does not answer: then it is not known either what stands.
    pub async fn diagnose(&self, router: Option<&str>, house: &House) -> Result<Diagnosis, OperationError> {
        let routers = match router {
            Some(router) => vec![self.nas(router).await?],
            None => self.reached_routers().await?,
        };
        let mut diagnosis = Diagnosis { findings: Vec::new(), unseen: Vec::new(), routers: routers.len() };
        if router.is_none() && self.reach.is_everything() {
            diagnosis.take(self.look_around_the_house(house).await);
        }
        let vouchers = self.sells_vouchers().await?;
        let looks = routers.into_iter().map(|nas| self.look_for_faults(nas, house, vouchers));
        let mut looks = futures_util::stream::iter(looks).buffered(AT_ONCE);
        while let Some(seen) = looks.next().await {
            diagnosis.take(seen?);
        }
        diagnosis.findings.sort_by_key(|finding| finding.code.kind().severity);
        Ok(diagnosis)
    }

    async fn look_for_faults(&self, nas: Nas, house: &House, vouchers: bool) -> Result<Seen, OperationError> {
        let mut seen = Seen::default();
        let standing = self.fault_of_standing(&nas);
        let may_ask = standing.iter().all(|finding| !finding.code.keeps_off());
        seen.findings.extend(standing);
        seen.findings.extend(self.unmatched_logins(&nas).await?);
        if may_ask && nas.config.enabled {
            self.ask(&nas, house, vouchers, &mut seen).await?;
        }
        seen.findings.iter_mut().for_each(|finding| finding.router = Some(nas.config.name.clone()));
        seen.unseen.iter_mut().for_each(|unseen| unseen.router = Some(nas.config.name.clone()));
        Ok(seen)
    }

    /// What only the router can say.
    async fn ask(
        &self,
        nas: &Nas,
        house: &House,
        vouchers: bool,
        seen: &mut Seen,
    ) -> Result<(), OperationError> {
        let patient = self.patient(nas, house, vouchers).await?;
        let is_limited = patient.is_limited;
        match self.commands.diagnose(nas.clone(), patient).await {
            Ok(found) => seen.findings.extend(self.with_owners(nas, found).await?),
            Err(why) => {
                seen.unseen.push(not_seen("the router", &why));
                return Ok(());
            }
        }
        if is_limited && house.polls {
            match self.commands.keep_limits(nas.clone(), None, true).await {
                Ok(kept) => seen.findings.extend(foreign_queues(&kept.found)),
                Err(why) => seen.unseen.push(not_seen("how its limits stand", &why)),
            }
        }
        Ok(())
    }
}

fn not_seen(what: &str, why: &RouterCommandError) -> Unseen {
    Unseen { router: None, why: format!("{what} could not be looked at: {why}") }
}
