//! The provider of the demo: three towns with a router each, entered the way a person would enter them.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Method;
use routeros_sim::world::Personality;
use serde::Deserialize;
use serde_json::json;

use crate::client::{Client, Page};
use crate::failure::Failure;
use crate::simulation::RouterPlan;

const USER: &str = "meter";
const PASSWORD: &str = "simulated";
/// What the towns' uplinks can carry.
const LINK_BPS: u64 = 1_000_000_000;
/// How often a router restarts, on average.
const RESTARTS_EVERY: Duration = Duration::from_secs(300);
/// So many logins of each town are subscribers; the others are counted as logins nobody adopted.
pub(super) const SUBSCRIBERS: usize = 5;

/// Towns with their routers' releases and how many people live there.
const TOWNS: [(&str, Personality, usize); 3] =
    [("hill", Personality::V6_49, 90), ("port", Personality::V7_12, 120), ("lake", Personality::V7_20, 100)];

/// A town's router, where it is, and those of its logins that are subscribers.
pub(super) struct Town {
    pub(super) plan: RouterPlan,
    pub(super) address: SocketAddr,
    pub(super) subscribers: Vec<String>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(alias = "username")]
    name: String,
}

/// The routers to simulate.
pub(super) fn routers() -> Vec<RouterPlan> {
    let plan = |(number, (town, personality, people)): (u64, (&str, Personality, usize))| RouterPlan {
        name: town.to_owned(),
        personality,
        port: 0,
        subscribers: people,
        seed: 4_711 + number,
        restarts_every: Some(RESTARTS_EVERY),
        user: USER.to_owned(),
        password: PASSWORD.to_owned(),
    };
    (0..).zip(TOWNS).map(plan).collect()
}

/// How many people dial in, in all.
pub(super) fn people() -> usize {
    TOWNS.iter().map(|(_, _, people)| people).sum()
}

/// Enters routers and subscribers into the server, or where they now are if it knows them from another time.
pub(super) async fn enter(client: &Client, towns: &[Town]) -> Result<(), Failure> {
    let known = names(client, "routers").await?;
    for Town { plan, address, .. } in towns {
        enter_router(client, plan, *address, known.contains(&plan.name)).await?;
    }
    let known = names(client, "subscribers").await?;
    for town in towns {
        for username in town.subscribers.iter().filter(|username| !known.contains(*username)) {
            let subscriber = json!({ "username": username, "router": town.plan.name, "note": "simulated" });
            client.send(Method::POST, &["subscribers"], &subscriber).await?;
        }
    }
    Ok(())
}

async fn enter_router(
    client: &Client,
    plan: &RouterPlan,
    address: SocketAddr,
    known: bool,
) -> Result<(), Failure> {
    let mut router = json!({
        "host": address.ip().to_string(),
        "port": address.port(),
        "username": plan.user,
        "password": plan.password,
        "link_speed_bps": LINK_BPS,
        "enabled": true,
    });
    if known {
        client.send(Method::PATCH, &["routers", &plan.name], &router).await?;
    } else {
        router["name"] = plan.name.clone().into();
        client.send(Method::POST, &["routers"], &router).await?;
    }
    Ok(())
}

async fn names(client: &Client, list: &str) -> Result<HashSet<String>, Failure> {
    let answer = client.get(&[list], &[]).await?;
    Ok(answer.read::<Page<Named>>()?.items.into_iter().map(|item| item.name).collect())
}

#[cfg(test)]
mod tests {
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
