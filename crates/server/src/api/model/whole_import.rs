//! Importing routers, plans and subscribers at once.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::import::Imported;
use super::plan::NewPlan;
use super::router::NewRouter;

/// What is to be imported. Routers and plans that are there already, by name, are left as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// Routers to be added.
    #[serde(default)]
    pub routers: Vec<NewRouter>,
    /// Plans to be added.
    #[serde(default)]
    pub plans: Vec<NewPlan>,
    /// A CSV file of subscribers, as `/api/v1/subscribers.csv` takes it.
    pub subscribers: String,
}

/// What it came to, or would come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeImport {
    /// Names of routers added.
    pub new_routers: Vec<String>,
    /// Names of routers that were there already.
    pub known_routers: Vec<String>,
    /// Names of plans added.
    pub new_plans: Vec<String>,
    /// Names of plans that were there already.
    pub known_plans: Vec<String>,
    /// The subscribers.
    pub subscribers: Imported,
}
