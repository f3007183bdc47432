//! Routers and plans that come with a file of subscribers, all of it in one transaction.

use store::{LoginOwner, NewAudit, NewNas, Plan, Scope};

use super::report::ImportReport;
use super::row::Row;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::plans::check_plan;
use crate::router_requests::NewRouter;
use crate::router_rules::check_new;

/// What comes with a file of subscribers. Who is there already, by name, is left as they are.
#[derive(Debug, Default)]
pub struct Beside {
    /// Routers to be added.
    pub routers: Vec<NewRouter>,
    /// Plans to be added.
    pub plans: Vec<Plan>,
}

/// What it came to, or would come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BesideReport {
    /// Names of routers added.
    pub new_routers: Vec<String>,
    /// Names of routers that were there already.
    pub known_routers: Vec<String>,
    /// Names of plans added.
    pub new_plans: Vec<String>,
    /// Names of plans that were there already.
    pub known_plans: Vec<String>,
    /// The subscribers.
    pub subscribers: ImportReport,
}

/// What is added before the subscribers.
#[derive(Debug, Default)]
pub(super) struct Coming {
    pub(super) routers: Vec<(NewNas, NewAudit)>,
    pub(super) plans: Vec<(Plan, NewAudit)>,
}

impl Coming {
    pub(super) fn plan_names(&self) -> impl Iterator<Item = String> {
        self.plans.iter().map(|(plan, _)| plan.name.clone())
    }

    /// Whose a row's login is: on a router that is added now it is nobody's.
    pub(super) fn owner(&self, row: &Row, owner: LoginOwner) -> LoginOwner {
        let comes = |name: &str| self.routers.iter().any(|(router, _)| router.name == name);
        match (&owner, &row.scope) {
            (LoginOwner::NoPlace, Some(Scope::Router(name))) if comes(name) => LoginOwner::Free,
            _ => owner,
        }
    }
}

impl Operations {
    /// Adds the routers and plans that are not there yet, then the subscribers of a CSV file as
    /// [`Operations::import_subscribers`] does: all of it or nothing. `dry_run`: only tells what would happen.
    ///
    /// # Errors
    /// `Invalid` for a router or plan that cannot be. A file with faults is no error but a report.
    pub async fn import_beside(
        &self,
        actor: &str,
        beside: Beside,
        file: Vec<u8>,
        dry_run: bool,
    ) -> Result<BesideReport, OperationError> {
        let (mut report, mut coming) = (BesideReport::default(), Coming::default());
        let _sealing = self.vault.sealing().await;
        let routers: Vec<String> =
            self.store.list_nas().await?.into_iter().map(|nas| nas.config.name).collect();
        for new in beside.routers {
            check_new(&new, &self.addresses).map_err(|error| named("router", &new.name, &error))?;
            let added = coming.routers.iter().any(|(router, _)| router.name == new.name);
            if added || routers.contains(&new.name) {
                report.known_routers.push(new.name);
            } else {
                report.new_routers.push(new.name.clone());
                coming.routers.push(self.to_add(actor, new));
            }
        }
        let plans: Vec<String> = self.store.list_plans().await?.into_iter().map(|plan| plan.name).collect();
        for plan in beside.plans {
            check_plan(&plan).map_err(|error| named("plan", &plan.name, &error))?;
            let added = coming.plan_names().any(|name| name == plan.name);
            if added || plans.contains(&plan.name) {
                report.known_plans.push(plan.name);
            } else {
                report.new_plans.push(plan.name.clone());
                let act = self.add_act(actor, &plan);
                coming.plans.push((plan, act));
            }
        }
        report.subscribers = self.import_with(actor, file, coming, dry_run).await?;
        if !dry_run && report.subscribers.faults_total == 0 && !report.new_routers.is_empty() {
            self.commands.reload().await;
        }
        Ok(report)
    }
}

fn named(what: &str, name: &str, error: &OperationError) -> OperationError {
    OperationError::Invalid(format!("the {what} \"{}\" is not taken: {error}", name.escape_debug()))
}
