//! What is wanted, and how it stands.

use std::collections::{BTreeMap, HashMap};

use accounting::time::Micros;
use store::{LimitSubject, NasId, WantedLimit};

use super::board::LimitsSeen;
use super::kept::LimitFound;
use super::planned::planned_limits;
use crate::error::OperationError;
use crate::operations::Operations;

/// A limit that is wanted, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitView {
    /// The router.
    pub router: String,
    /// What is wanted.
    pub wanted: WantedLimit,
    /// Nobody set it: it is the speed of the plan that they are on.
    pub is_planned: bool,
    /// How it stood when the router was looked at last, and when that was; `None` where this process has not looked.
    pub seen: Option<(Micros, Result<LimitFound, String>)>,
}

impl Operations {
    /// What is wanted, of one router or of all: what somebody set, and for everybody else the speeds of their plans.
    pub async fn list_limits(&self, router: Option<&str>) -> Result<Vec<LimitView>, OperationError> {
        // What lasts for a while is told as it ends now, after a clock that was set.
        self.lasting_now().await?;
        let nas = match router {
            Some(router) => Some(self.nas(router).await?.id),
            None => None,
        };
        let routers: HashMap<NasId, String> =
            self.reached_routers().await?.into_iter().map(|nas| (nas.id, nas.config.name)).collect();
        let mut all: BTreeMap<(NasId, LimitSubject), (WantedLimit, bool)> = BTreeMap::new();
        all.extend(
            planned_limits(&*self.store, nas, self.reach.clone())
                .await?
                .into_iter()
                .map(|(of, limit)| (of, (limit, true))),
        );
        let set = self.store.limits_within(nas, self.reach.clone()).await?.into_iter();
        all.extend(set.map(|limit| ((limit.nas, limit.subject.clone()), (limit, false))));
        let mut stands = Stands { of: |nas| self.limits.of(nas), routers: HashMap::new() };
        let view = |(wanted, is_planned): (WantedLimit, bool)| {
            let router = routers.get(&wanted.nas)?.clone();
            let seen = stands.seen(&wanted);
            Some(LimitView { router, wanted, is_planned, seen })
        };
        Ok(all.into_values().filter_map(view).collect())
    }
}

/// How each router was seen, looked up once.
struct Stands<F> {
    of: F,
    routers: HashMap<NasId, Option<Seen>>,
}

struct Seen {
    at: Micros,
    found: Result<HashMap<LimitSubject, LimitFound>, String>,
}

impl<F: Fn(NasId) -> Option<LimitsSeen>> Stands<F> {
    fn seen(&mut self, wanted: &WantedLimit) -> Option<(Micros, Result<LimitFound, String>)> {
        let router = self.routers.entry(wanted.nas).or_insert_with(|| (self.of)(wanted.nas).map(Seen::from));
        let Seen { at, found } = router.as_ref()?;
        match found {
            Ok(found) => Some((*at, Ok(found.get(&wanted.subject)?.clone()))),
            Err(why) => Some((*at, Err(why.clone()))),
        }
    }
}

impl From<LimitsSeen> for Seen {
    fn from(seen: LimitsSeen) -> Seen {
        Seen { at: seen.at, found: seen.kept.map(|kept| kept.found.into_iter().collect()) }
    }
}
