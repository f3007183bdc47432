//! How fast those are to be who are connected and on a plan whose speeds are set on the routers.

use accounting::login::LoginName;
use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::rate_limit_repository::RateLimit;
use crate::reach::Reach;

/// A session that is there, of somebody on such a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanSpeed {
    /// The router.
    pub nas: NasId,
    /// The login.
    pub login: LoginName,
    /// Calling-Station-Id, raw bytes.
    pub caller: Vec<u8>,
    /// The plan's name.
    pub plan: String,
    /// Its speeds; one of them at least.
    pub rate: RateLimit,
    /// When the session was first seen.
    pub since: Micros,
}

/// Whose speeds are thought of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpeedsOf {
    /// All who are on the plan of that name.
    Plan(String),
    /// The subscriber of that username.
    Subscriber(String),
}

/// See the module.
#[async_trait]
pub trait PlanSpeedRepository: Send + Sync {
    /// Of one router or of all, in the order in which the sessions were first seen on their router. A session that the last rounds
    /// missed is there yet.
    async fn plan_speeds(&self, nas: Option<NasId>) -> Result<Vec<PlanSpeed>, StoreError> {
        self.plan_speeds_within(nas, Reach::Everywhere).await
    }

    /// The same of routers that are reached.
    async fn plan_speeds_within(
        &self,
        nas: Option<NasId>,
        reach: Reach,
    ) -> Result<Vec<PlanSpeed>, StoreError>;

    /// Of those sessions on reached routers as if a plan of that name set that speed for them, whatever their plan says.
    async fn plan_speeds_if(
        &self,
        of: SpeedsOf,
        speed: (String, RateLimit),
        reach: Reach,
    ) -> Result<Vec<PlanSpeed>, StoreError>;
}
