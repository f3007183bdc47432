//! The provider of the demo: three towns with a router each, entered as a person would enter them.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use operations::{NewRouter, OperationError, Operations, RouterPatch, SubscriberRequest};
use routeros_sim::isp::Visitor;
use routeros_sim::world::{Personality, Policies};
use store::{Scope, TlsMode};

use crate::failure::Failure;
use crate::simulation::{RouterPlan, UserSums, WRITER};

/// Who does it, for the journal.
const ACTOR: &str = "demo";
const PASSWORD: &str = "simulated";
/// What the towns' uplinks can carry.
const LINK_BPS: u64 = 1_000_000_000;
/// How often a router restarts, on average.
const RESTARTS_EVERY: Duration = Duration::from_secs(300);
/// So many logins of each town are subscribers; the others are counted as logins nobody adopted.
pub(super) const SUBSCRIBERS: usize = 5;

/// Devices that come to the hotspot of each town.
const GUESTS: usize = 12;
/// How long one of them stays at most.
const GUESTS_STAY: Duration = Duration::from_secs(3_600);
/// Towns with their routers' releases and how many people live there.
const TOWNS: [(&str, Personality, usize); 3] =
    [("hill", Personality::V6_49, 90), ("port", Personality::V7_12, 120), ("lake", Personality::V7_20, 100)];

/// Where a browser of this machine is a device that waits to be let in, so that a voucher can be entered as a guest would.
const VISITED: &str = "lake";
const VISITOR: Visitor = Visitor { mac: "2C:54:91:7F:00:01", address: Ipv4Addr::LOCALHOST };

/// A town's router, where it is, and those of its logins that are subscribers.
pub(super) struct Town {
    pub(super) plan: RouterPlan,
    pub(super) address: SocketAddr,
    pub(super) subscribers: Vec<String>,
}

/// The routers to simulate.
pub(super) fn routers() -> Vec<RouterPlan> {
    let plan = |(number, (town, personality, people)): (u64, (&str, Personality, usize))| RouterPlan {
        name: town.to_owned(),
        personality,
        port: 0,
        subscribers: people,
        guests: GUESTS,
        guests_stay: GUESTS_STAY,
        visitor: (town == VISITED).then_some(VISITOR),
        static_addresses: 0,
        fasttracks: false,
        user_sums: UserSums::Live,
        time_lapse: 1,
        seed: 4_711 + number,
        restarts_every: Some(RESTARTS_EVERY),
        user: WRITER.to_owned(),
        password: PASSWORD.to_owned(),
        trouble: None,
        faults: Vec::new(),
        // So that limits and disconnects can be tried.
        policies: Policies::FULL,
        api_ssl: None,
    };
    (0..).zip(TOWNS).map(plan).collect()
}

/// The address to which that router's login page would send that browser.
pub(super) fn hand_over(portal: &str) -> String {
    let mac = VISITOR.mac.replace(':', "%3A");
    format!("{portal}/portal?router={VISITED}&mac={mac}&ip={}", VISITOR.address)
}

/// How many people dial in, in all. Guests of the hotspots come beside them, and are counted too.
pub(super) fn people() -> usize {
    TOWNS.iter().map(|(_, _, people)| people).sum()
}

/// Enters routers and subscribers, or where the routers now are if they are known from another time. Meant to be
/// done before polling begins, for nobody is at the old addresses any more.
pub(super) async fn enter(operations: &Operations, towns: &[Town]) -> Result<(), Failure> {
    for town in towns {
        enter_router(operations, town).await.map_err(Failure::from_display)?;
        for username in &town.subscribers {
            enter_subscriber(operations, &town.plan.name, username).await.map_err(Failure::from_display)?;
        }
    }
    Ok(())
}

async fn enter_router(operations: &Operations, town: &Town) -> Result<(), OperationError> {
    let Town { plan, address, .. } = town;
    match operations.router(&plan.name).await {
        Ok(_) => {
            let patch = RouterPatch {
                host: Some(address.ip().to_string()),
                port: Some(address.port()),
                username: Some(plan.user.clone()),
                password: Some(plan.password.clone().into()),
                enabled: Some(true),
                ..RouterPatch::default()
            };
            operations.edit_router(ACTOR, &plan.name, patch).await.map(drop)
        }
        Err(OperationError::NotFound(_)) => operations.add_router(ACTOR, new_router(town)).await.map(drop),
        Err(error) => Err(error),
    }
}

fn new_router(Town { plan, address, .. }: &Town) -> NewRouter {
    NewRouter {
        name: plan.name.clone(),
        host: address.ip().to_string(),
        port: address.port(),
        tls: TlsMode::Off,
        fingerprint: None,
        username: plan.user.clone(),
        password: plan.password.clone().into(),
        link_speed_bps: Some(LINK_BPS),
        interval_ms: None,
        group: None,
        enabled: true,
    }
}

async fn enter_subscriber(
    operations: &Operations,
    router: &str,
    username: &str,
) -> Result<(), OperationError> {
    match operations.subscriber(username).await {
        Ok(_) => Ok(()),
        Err(OperationError::NotFound(_)) => {
            let request = SubscriberRequest {
                username: username.to_owned(),
                name: None,
                login: None,
                scope: Scope::Router(router.to_owned()),
                service: None,
                plan: None,
                expiry_at: None,
                zone: None,
                note: Some("simulated".to_owned()),
                adopt_from: None,
            };
            operations.add_subscriber(ACTOR, request).await.map(drop)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::simulation::Fleet;

    #[test]
    fn a_few_hundred_people_live_on_three_different_devices() {
        let plans = routers();
        let seeds: HashSet<_> = plans.iter().map(|plan| plan.seed).collect();
        assert_eq!((plans.len(), seeds.len()), (3, 3));
        assert!((200..=400).contains(&people()));
    }

    #[tokio::test]
    async fn no_two_subscribers_of_the_towns_share_a_username() {
        let fleet = Fleet::start(&routers()).await.unwrap();
        let all = fleet.easy_logins(SUBSCRIBERS).concat();
        let different: HashSet<_> = all.iter().collect();
        assert_eq!((all.len(), different.len()), (3 * SUBSCRIBERS, 3 * SUBSCRIBERS), "{all:?}");
    }
}
