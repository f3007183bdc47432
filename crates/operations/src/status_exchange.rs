//! What pollers do in other processes on the same database, and what their readings say of rates: told by each of its own
//! routers, shown by all.

use std::collections::HashMap;
use std::time::Duration;

use accounting::time::Micros;
use store::{NasId, Node, SeenNode, StoreError, ToldStatus};

use crate::operations::Operations;
use crate::router_status::{Phase, RouterStatus};
use crate::talkers::RatesExchange;
use crate::told_status;

/// How old what is shown of another process' router may be.
const EVERY: Duration = Duration::from_secs(2);
/// What was told while the last look was taken may become visible a little later; it is looked at again.
const OVERLAP_US: i64 = 10_000_000;

/// So many looks at what is new, and then one at all of it: what is told no longer is forgotten.
const LOOKS: u32 = 30;

/// What was told and heard so far.
#[derive(Default)]
struct Exchange {
    told: HashMap<NasId, RouterStatus>,
    heard: HashMap<NasId, ToldStatus>,
    heard_until: i64,
    looks: u32,
}

impl Operations {
    /// Tells and shows, for as long as it is polled; returns at once where no other process can have the database.
    pub async fn keep_exchanging_statuses(&self) {
        if !self.store.is_shared() {
            return;
        }
        let (mut exchange, mut rates) = (Exchange::default(), RatesExchange::default());
        let mut looks = tokio::time::interval(EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let exchanged = async {
                exchange.tell(self).await?;
                rates.tell(self).await?;
                exchange.hear(self).await
            };
            if let Err(error) = exchanged.await {
                tracing::warn!(%error, "what other processes say of their routers is not heard at the moment");
            }
        }
    }
}

impl Exchange {
    async fn tell(&mut self, operations: &Operations) -> Result<(), StoreError> {
        let own = operations.board.own();
        let news: Vec<RouterStatus> = own
            .into_iter()
            .filter(|status| status.phase != Phase::Disabled && self.told.get(&status.nas) != Some(status))
            .collect();
        if news.is_empty() {
            return Ok(());
        }
        let texts = news.iter().map(|status| (status.nas, told_status::told(status))).collect();
        operations.store.tell_statuses(operations.node.clone(), texts).await?;
        self.told.extend(news.into_iter().map(|status| (status.nas, status)));
        Ok(())
    }

    async fn hear(&mut self, operations: &Operations) -> Result<(), StoreError> {
        let after = if self.looks.is_multiple_of(LOOKS) { i64::MIN } else { self.heard_until };
        let (news, until) = operations.store.told_statuses(after).await?;
        self.looks += 1;
        self.heard_until = until - OVERLAP_US;
        if after == i64::MIN {
            self.heard.clear();
        }
        for told in news {
            if told.node != operations.node.name {
                // It is that process' now; taken back, it is told anew.
                self.told.remove(&told.nas);
            }
            self.heard.insert(told.nas, told);
        }
        let nodes = operations.store.nodes().await?;
        for told in self.heard.values().filter(|told| told.node != operations.node.name) {
            let status = told_status::read(told.nas, &told.node, &told.status)
                .unwrap_or_else(|| not_understood(told, operations.now()));
            operations.board.show_told(as_of(status, &nodes, &operations.node));
        }
        operations.board.forget_untold(|nas| self.heard.contains_key(&nas));
        Ok(())
    }
}

fn not_understood(told: &ToldStatus, now: Micros) -> RouterStatus {
    let message = format!(
        "The process {} reads it, and tells of it in a way that this version does not understand; run the same version in all \
         processes.",
        told.node
    );
    RouterStatus {
        node: Some(told.node.clone()),
        message: Some(message),
        not_listening_because: None,
        ..RouterStatus::new(told.nas, now)
    }
}

/// What a process told that is silent now is not how its routers are.
fn as_of(mut status: RouterStatus, nodes: &[SeenNode], own: &Node) -> RouterStatus {
    let teller = status.node.clone().unwrap_or_default();
    let seen = nodes.iter().find(|node| node.name == teller);
    if seen.is_some_and(|seen| seen.is_alive) {
        return status;
    }
    let since = seen.map_or_else(
        || "has stopped".to_owned(),
        |seen| format!("was last heard of {} s ago", seen.silent_us / 1_000_000),
    );
    status.phase = Phase::Waiting;
    let next = if own.role.polls() { "this one or another" } else { "another" };
    status.message = Some(format!(
        "The process {teller}, which read it, {since}; {next} takes the router over when it can."
    ));
    status
}

#[cfg(test)]
mod tests {
    use store::NodeRole;

    use super::*;

    fn online() -> RouterStatus {
        let mut status = RouterStatus::new(NasId(1), Micros(1));
        status.enter(Phase::Online, None, Micros(2));
        status.node = Some("east".to_owned());
        status
    }

    fn east(is_alive: bool) -> SeenNode {
        SeenNode {
            name: "east".to_owned(),
            role: NodeRole::Collector,
            silent_us: 21_500_000,
            settings: String::new(),
            is_alive,
            routers: 1,
        }
    }

    #[test]
    fn what_a_silent_process_told_is_not_shown_as_if_it_were_so() {
        let own = Node::new("web", NodeRole::Api);
        assert_eq!(as_of(online(), &[east(true)], &own), online());
        let silent = as_of(online(), &[east(false)], &own);
        assert_eq!(silent.phase, Phase::Waiting);
        let message = silent.message.unwrap();
        assert!(
            message.contains("east") && message.contains("21 s ago") && message.contains("another takes"),
            "{message}"
        );
        assert!(as_of(online(), &[], &own).message.unwrap().contains("has stopped"));
    }
}
